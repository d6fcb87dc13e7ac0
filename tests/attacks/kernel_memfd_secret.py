# Makes memory that no one else can look into.
# expect: refused

def f(a):
    return found(call("memfd_secret", 0) + 1)
