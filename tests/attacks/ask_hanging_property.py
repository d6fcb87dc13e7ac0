# Has a property that hangs when it is read.
# expect: timeout
# asked: script

class f:
    def __init__(self, items):
        self.items = items

    def pop(self):
        return self.items.pop()

    @property
    def size(self):
        while True:
            pass
# %% twin: a property that is worked out
class f:
    def __init__(self, items):
        self.items = items

    def pop(self):
        return self.items.pop()

    @property
    def size(self):
        return len(self.items)
