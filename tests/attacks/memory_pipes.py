# Fills the kernel's memory through pipes.
# expect: refused | raises OSError
# modes: all

def f(a):
    while True:
        _, writing = os.pipe()
        os.set_blocking(writing, False)
        try:
            while True:
                os.write(writing, bytes(2**16))
        except BlockingIOError:
            pass
