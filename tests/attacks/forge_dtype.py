# Returns an array whose dtype carries objects, titles and metadata.
# expect: wrong

def f(a):
    return np.zeros(3, np.dtype([("x", "f8"), ("y", "O")], metadata={"score": 10}))
