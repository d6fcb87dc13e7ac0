# Computes a number without end, in one step that no signal interrupts.
# expect: timeout

def f(a):
    return np.array(9**9**9)
# %% twin: a large power that ends
def f(a):
    return a + 7**1000 % 2
