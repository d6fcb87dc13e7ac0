# Returns a set of things whose hash, asked a second time, never comes.
# expect: wrong | timeout
# asked: list

class Thing:
    asked = False

    def __hash__(self):
        while self.asked:
            pass
        self.asked = True
        return 1

    __eq__ = lambda *_: True

def f(numbers):
    return {Thing()}
