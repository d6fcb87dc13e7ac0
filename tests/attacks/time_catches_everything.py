# Loops and catches whatever would end it.
# expect: timeout

def f(a):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
