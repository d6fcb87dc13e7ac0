# Is an object that has every method, each of which is the object again.
# expect: wrong
# asked: script

class f:
    def __init__(self, *args):
        pass

    def __getattr__(self, name):
        return self

    def __call__(self, *args):
        return self
