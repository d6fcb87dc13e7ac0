# Says early that all is well, and goes on to define the function.
# expect: crashed

from autograder.child import messages

say(messages.Ready(True, 0, 1, [], []))
def f(a):
    return a + 1
