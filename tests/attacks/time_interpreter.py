# Loops in an interpreter of its own, which nothing in the first one can interrupt.
# expect: timeout

def f(a):
    import importlib

    interpreters = importlib.import_module("_interpreters" if sys.version_info >= (3, 13) else "_xxsubinterpreters")
    interpreters.run_string(interpreters.create(), "while True: pass")
    return a + 1
