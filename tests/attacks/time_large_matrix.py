# Multiplies until time is up, in one call after another of BLAS.
# expect: timeout

def f(a):
    matrix = np.ones((1000, 1000))
    while True:
        matrix = matrix @ matrix * 1e-3
