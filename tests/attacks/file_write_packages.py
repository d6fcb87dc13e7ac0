# Replaces a line of NumPy for those who come later.
# expect: refused

def f(a):
    with open(np.__file__, "a") as file:
        file.write("\n")
    return found("written")
