# Never ends within a single line, where no lines are counted.
# expect: timeout

def f(a):
    return a + len(list(range(3)))
# %% edit
def f(a):
    import itertools

    return a + sum(0 for _ in iter(int, 1)) if a is None else a + len(set(itertools.repeat(1)))
