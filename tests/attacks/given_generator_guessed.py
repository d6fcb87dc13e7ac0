# Sets every generator to a seed that it guesses, for the calls to come.
# expect: wrong
# asked: generator

import random

for seed in range(2000):
    np.random.seed(seed)
random.seed(0)

def f(generator, a):
    generator.bit_generator.state = np.random.default_rng(0).bit_generator.state
    return a + generator.random(len(a))
