# Never ends once the line that ends it is taken away.
# expect: raises TooManyStepsError

def f(a):
    i = 0
    while i < len(a):
        i += 1
    return a
# %% edit
def f(a):
    i = 0
    while i < len(a):
        pass
    return a
