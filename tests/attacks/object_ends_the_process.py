# Ends its process where it is asked for its text.
# expect: crashed
# asked: objects

import os

class Items(list):
    def __str__(self):
        os._exit(0)

def f(items):
    return Items([2, 3, 5])
