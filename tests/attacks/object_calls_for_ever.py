# Calls a function of the test's for ever.
# expect: timeout
# asked: called back

def f(more, items):
    while True:
        more(1)
# %% twin: a call for each item
def f(more, items):
    return list(map(more, items))
