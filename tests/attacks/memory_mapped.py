# Maps memory until there is no more.
# expect: refused | raises OSError
# modes: all

def f(a):
    import mmap

    kept = []
    while True:
        kept.append(mmap.mmap(-1, 2**26))
