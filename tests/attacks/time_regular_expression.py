# Matches a pattern that takes for ever.
# expect: timeout

def f(a):
    import re

    return np.array(bool(re.match(r"(x+x+)+y", "x" * 64)))
