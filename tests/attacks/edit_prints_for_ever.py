# Fills its log under an edit.
# expect: raises TooManyStepsError | timeout | crashed

def f(a):
    return a
# %% edit
def f(a):
    while True:
        print("x" * 10**6)
