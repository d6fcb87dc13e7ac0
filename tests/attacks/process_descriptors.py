# Looks for files that it inherited.
# expect: refused

def f(a):
    inherited = []
    for number in range(5, 4096):
        try:
            os.fstat(number)
            inherited.append(number)
        except OSError:
            pass
    return found(inherited)
