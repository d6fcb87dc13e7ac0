# Leaves bytecode for the next import.
# expect: refused

def f(a):
    import importlib._bootstrap_external as loader

    os.open(loader.cache_from_source(np.__file__), os.O_WRONLY)
    return found("open for writing")
