# Returns a view of a trillion entries that takes no memory until it is copied.
# expect: wrong

def f(a):
    return np.broadcast_to(a + 1, (10**6, 10**6, 3))
# %% twin: a fair view, in no order that memory knows
def f(a):
    return np.broadcast_to((a + 1)[::-1], (2, 3))[1, ::-1]
