# Hands out an object that takes for ever to be copied.
# expect: timeout
# asked: script

class Slow:
    def __deepcopy__(self, memo):
        while True:
            pass

class f:
    def __init__(self, items):
        self.size = Slow()

    def pop(self):
        return Slow()
