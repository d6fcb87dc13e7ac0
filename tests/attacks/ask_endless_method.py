# Has a method that never returns.
# expect: timeout
# asked: script

class f:
    def __init__(self, items):
        self.items = items

    def pop(self):
        while True:
            pass
# %% twin: a class that works
class f:
    def __init__(self, items):
        self.items = list(items)
        self.size = len(items)

    def pop(self):
        self.size -= 1
        return self.items.pop()
