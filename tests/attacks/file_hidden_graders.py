# Walks every folder it can find for hidden graders.
# expect: refused | timeout

def f(a):
    import autograder

    root = os.path.dirname(os.path.dirname(autograder.__file__))
    for folder in ("/", "/srv", "/opt", "/home", root):
        for where, _, names in os.walk(folder, onerror=None):
            hits = [name for name in names if name in ("test_hidden.py", ".autograder-secret", "gradebook.db")]
            if hits:
                return found(hits)
    return found("")
