# Raises what has no end when printed.
# expect: timeout | raises MemoryError | crashed

class Endless(Exception):
    def __str__(self):
        while True:
            pass

def f(a):
    raise Endless
