# Patches pytest and the modules of tests, should they be here.
# expect: wrong
# modes: all

import importlib

for name in ("pytest", "unittest", "autograder.checking.graders", "autograder.checking.compare"):
    try:
        module = importlib.import_module(name)
        for each in list(vars(module)):
            setattr(module, each, lambda *_, **__: True)
    except BaseException:
        pass

def f(a):
    return a
