# Guesses hidden inputs from the seeds that it is given.
# expect: wrong

def f(a):
    return np.random.default_rng(np.random.get_state()[1][0]).normal(size=3)
# %% twin: random numbers, drawn and thrown away
def f(a):
    np.random.seed(3)
    np.random.default_rng(3).normal(size=3)
    return a + np.random.default_rng(3).integers(1, 2)
