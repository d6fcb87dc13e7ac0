# Raises what cannot be printed.
# expect: raises Odd

class Odd(BaseException):
    def __str__(self):
        raise SystemExit

def f(a):
    raise Odd
