# Makes ten thousand files.
# expect: refused

def f(a):
    for number in range(10_000):
        os.close(os.open(f"/tmp/{number}", os.O_CREAT | os.O_WRONLY))
    return found("made")
