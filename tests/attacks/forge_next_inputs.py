# Reads the next call ahead of its turn, to answer it from there.
# expect: wrong | timeout | crashed

seen = []

def f(a):
    os.set_blocking(READING, False)
    try:
        seen.append(os.read(READING, 10**6))
    except BlockingIOError:
        pass
    os.set_blocking(READING, True)
    return np.array([float(len(seen[0]) if seen else 0)])
