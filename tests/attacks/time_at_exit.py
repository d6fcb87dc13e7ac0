# Leaves work for when the process ends.
# expect: right

import atexit

def work():
    while True:
        pass

atexit.register(work)

class Slow:
    def __del__(self):
        work()

slow = Slow()

def f(a):
    return a + 1
