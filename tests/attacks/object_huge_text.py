# Describes itself in gigabytes, or would never come to its end.
# expect: right
# asked: objects

class Items:
    def __iter__(self):
        return iter([2, 3, 5])

    def __str__(self):
        return "x" * 10**10

    def __repr__(self):
        return "x" * 10**8

def f(items):
    return Items()
