# Raises an error of its own that only has the name of the right one.
# expect: wrong
# asked: script

class IndexError(Exception):
    pass

class f:
    def __init__(self, items):
        self.items = items

    @property
    def size(self):
        return len(self.items)

    def pop(self):
        if not self.items:
            raise IndexError
        return self.items.pop()
# %% twin: an error of its own that is one of the right kind
class Empty(IndexError):
    pass

class f:
    def __init__(self, items):
        self.items = items

    @property
    def size(self):
        return len(self.items)

    def pop(self):
        if not self.items:
            raise Empty
        return self.items.pop()
