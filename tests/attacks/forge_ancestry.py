# Hands over an exception with thousands of ancestors, none of which it has.
# expect: crashed

from autograder.child import messages

def f(a):
    say(messages.Failure(1, "Wrong", "", None, ["ValueError"] * 100_000))
    return a + 1
# %% twin: an exception that is caught and has an ancestor of its own
class Unknown(ValueError):
    pass
def f(a):
    try:
        raise Unknown
    except ValueError:
        return a + 1
