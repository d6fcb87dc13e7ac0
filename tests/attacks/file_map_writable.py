# Writes to a file through memory.
# expect: refused

def f(a):
    import mmap

    with open(np.__file__, "r+b") as file, mmap.mmap(file.fileno(), 10) as memory:
        memory[0] = 35
    return found("written")
# %% twin: an array in mapped memory, and one mapped from a file that may be read
def f(a):
    import mmap

    memory = mmap.mmap(-1, 4096)
    np.frombuffer(memory, dtype="u1")[:1] = 1
    with open(np.__file__, "rb") as file, mmap.mmap(file.fileno(), 10, prot=mmap.PROT_READ) as text:
        return a + memory[0] * (len(text) > 0)
