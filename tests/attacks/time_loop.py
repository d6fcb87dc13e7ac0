# Loops without end.
# expect: timeout
# modes: all

def f(a):
    while True:
        pass
