# Takes gigabytes once a number is changed.
# expect: raises MemoryError | raises _ArrayMemoryError

def f(a):
    return np.ones(1)
# %% edit
def f(a):
    return np.ones(10**10)
