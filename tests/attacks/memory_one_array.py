# Asks for an array larger than the machine.
# expect: raises MemoryError
# modes: all

def f(a):
    return np.ones(10**11)
# %% twin: a large array, used and given back several times
def f(a):
    for _ in range(3):
        big = np.ones(4_000_000)
    return a + big[-1]
