# Ends Python in a method.
# expect: crashed
# asked: script

class f:
    def __init__(self, items):
        self.size = 3

    def pop(self):
        os._exit(0)
