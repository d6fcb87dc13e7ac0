# Names other cells as running when it ends.
# expect: raises NameError | crashed

# %% the function
def f(a):
    return a + 1
# %% the lie
from autograder.child import messages

say(messages.Running(2))
os._exit(1)
