# Gives new objects for ever, each of which would be kept.
# expect: raises TooManyHeldError
# asked: objects

class Thing:
    pass

class Things:
    def __contains__(self, thing):
        return False

    def __iter__(self):
        while True:
            yield Thing()

def f(items):
    return Things()
