# Reads the course's secret, from which all hidden inputs are drawn.
# expect: refused

def f(a):
    import autograder

    root = os.path.dirname(os.path.dirname(autograder.__file__))
    for name in (".autograder-secret", "secret", ".git"):
        try:
            return found(open(os.path.join(root, name), "rb").read())
        except OSError as error:
            last = error
    raise last
