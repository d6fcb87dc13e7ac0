# Names other cells as running when it ends.
# expect: raises NameError | crashed

# %% the function
def f(a):
    return a + 1
# %% the lie
from autograder.child import wire

say(wire.Running(2))
os._exit(1)
