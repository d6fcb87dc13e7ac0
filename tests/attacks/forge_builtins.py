# Patches Python's builtins.
# expect: raises NameError | wrong | crashed

import builtins

builtins.isinstance = lambda *_: True
builtins.abs = builtins.max = lambda *_: 0
builtins.all = lambda *_: True

def f(a):
    return a
