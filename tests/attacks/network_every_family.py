# Tries every family and kind of socket that Linux has.
# expect: refused

def f(a):
    for family in range(50):
        for kind in (1, 2, 3, 4, 5, 10):
            try:
                return found(call("socket", family, kind, 0) + 1)
            except OSError as error:
                if error.errno != 1:  # it came past the filter
                    return found(1)
                last = error
    raise last
