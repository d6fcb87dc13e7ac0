# Hands out an object whose copy is another one, and whose copying leaves its mark on all that follows.
# expect: wrong
# asked: script

class Sly:
    def __deepcopy__(self, memo):
        return [4, 2, 1]

class f:
    def __init__(self, items):
        self.size = 3

    def pop(self):
        return Sly()
