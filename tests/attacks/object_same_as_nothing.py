# Says that it gave back an argument that there was not.
# expect: crashed
# asked: objects

from autograder.child import respondent

made = respondent.Done

def lying(*parts):
    return made(*parts[:-1], 60)

respondent.Done = lying

def f(items):
    return iter([2, 3, 5])
