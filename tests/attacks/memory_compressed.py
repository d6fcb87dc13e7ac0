# Unpacks a bomb.
# expect: raises MemoryError | timeout

def f(a):
    import zlib

    return found(zlib.decompress(zlib.compress(bytes(10**8))) * 100)
# %% twin: unpacking what is fair
def f(a):
    import zlib

    return a + (len(zlib.decompress(zlib.compress(bytes(10**6)))) == 10**6)
