# Keeps it in a generator that has begun.
# expect: raises TypeError
# asked: together

def keeping():
    seen = None
    while True:
        given = yield seen
        seen = seen if given is None else given

box = keeping()
next(box)

def g(a):
    box.send(a)
    return a

def f(a):
    return next(box) + 0
