# Returns an array whose strides lead far out of its memory.
# expect: crashed | wrong

def f(a):
    return np.lib.stride_tricks.as_strided(a, shape=(3,), strides=(2**40,))
