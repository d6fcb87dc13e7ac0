# Writes to standard error for ever.
# expect: crashed | timeout

def f(a):
    while True:
        os.write(2, bytes(2**16))
# %% twin: a warning of NumPy's
def f(a):
    np.zeros(1) / np.zeros(1)
    return a + 1
