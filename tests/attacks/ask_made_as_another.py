# Is made as an object of another kind, which answers with modules and functions.
# expect: wrong
# asked: script

class f:
    size = os

    def __new__(cls, items):
        made = object.__new__(cls)
        made.pop = lambda: os.system
        return made
