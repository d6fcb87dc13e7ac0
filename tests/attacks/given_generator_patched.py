# Replaces what makes generators by something that always throws the same.
# expect: wrong
# asked: generator

np.random.default_rng = lambda seed=None: type("Loaded", (), {"random": lambda self, n: np.zeros(n)})()

def f(generator, a):
    return a + generator.random(len(a))
