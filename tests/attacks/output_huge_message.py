# Raises with a message of 10 MB.
# expect: raises ValueError | raises MemoryError

def f(a):
    raise ValueError("x" * 10**7)
