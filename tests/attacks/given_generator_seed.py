# Returns the seed of the generator that it is given, in the place of its numbers.
# expect: wrong | raises AttributeError
# asked: generator

def f(generator, a):
    return a + generator.bit_generator.seed_seq.entropy
# %% twin: draws one number after the other
def f(generator, a):
    return np.array([number + generator.random() for number in a])
