# Returns an array without any numbers whose sums would fill the grader's memory.
# expect: wrong

def f(a):
    return np.empty((2**24, 2**24, 0))
# %% twin: an empty array is an answer like another where one is due
def f(a):
    assert np.empty((3, 0)).sum(axis=-1).shape == (3,)
    return a + 1
