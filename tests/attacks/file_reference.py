# Reads the reference solutions.
# expect: refused

def f(a):
    import autograder

    root = os.path.dirname(os.path.dirname(autograder.__file__))
    return found(open(os.path.join(root, "solutions", "self-attention", "self-attention.py")).read())
