# Answers one fair call after another with as much as a frame holds.
# expect: crashed

def f(a):
    return np.zeros(4_100_000)
# %% twin: an answer of several megabytes, within the limits, on the way to a small one
def f(a):
    return (np.ones((1000, 1000)) @ np.ones((1000, 3)) / 1000)[0] + a
