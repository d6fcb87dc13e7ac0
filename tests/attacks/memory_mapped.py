# Maps memory until there is no more.
# expect: refused | raises OSError

def f(a):
    import mmap

    kept = []
    while True:
        kept.append(mmap.mmap(-1, 2**26))
