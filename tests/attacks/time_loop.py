# Loops without end.
# expect: timeout

def f(a):
    while True:
        pass
