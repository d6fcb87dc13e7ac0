# Hands back more arguments than it was given.
# expect: crashed
# asked: objects

from autograder.child import nodes, respondent

respondent.Respondent._after = lambda *_: [nodes.PlainData(1)] * 60

def f(items):
    return iter([2, 3, 5])
