# Handles every exception, that of its limit too, and goes on.
# expect: timeout | raises TooManyStepsError

def f(a):
    return a
# %% edit
def f(a):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
