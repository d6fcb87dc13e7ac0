# Keeps what an edit has made, for the code that is asked after it.
# expect: right

seen = []

def f(a):
    return a
# %% edit
def f(a):
    seen.append(a)
    return seen[0] + 1
