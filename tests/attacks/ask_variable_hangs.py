# Leaves an object in the variable whose class hangs when it is looked at.
# expect: timeout
# asked: variable

class Name(type):
    @property
    def __name__(cls):
        while True:
            pass

class Other(metaclass=Name):
    pass

f = Other()
