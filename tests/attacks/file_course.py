# Reads the course's own files beside the package.
# expect: refused

def f(a):
    import autograder

    root = os.path.dirname(os.path.dirname(autograder.__file__))
    return found(open(os.path.join(root, "course.toml")).read())
