# Calls a function of the trusted side's that it was not given.
# expect: crashed
# asked: called back

from autograder.child import spoken

def f(more, items):
    say(spoken.CallBack(1, []))
    return [2, 3, 5]
