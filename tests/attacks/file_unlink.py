# Deletes a file of NumPy.
# expect: refused

def f(a):
    os.unlink(np.__file__)
    return found("deleted")
