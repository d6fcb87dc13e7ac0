# Loops not while it is called, but while its answer is looked at.
# expect: timeout

class Name(type):
    @property
    def __name__(cls):
        while True:
            pass

class Other(metaclass=Name):
    pass

def f(a):
    return Other()
