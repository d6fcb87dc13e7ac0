# Raises an error whose class says that it is another, and whose ancestors lie.
# expect: wrong | raises TypeError | raises AttributeError | raises StopIteration
# asked: script

class Meta(type):
    __mro__ = property(lambda cls: [1, 2])

class Error(Exception, metaclass=Meta):
    pass

class f:
    size = 3

    def __init__(self, items):
        pass

    def pop(self):
        raise Error
