# Looks something up for ever, where it is asked for an attribute.
# expect: timeout
# asked: objects

class Items:
    def __getattr__(self, name):
        while True:
            pass

def f(items):
    return Items()
