# Reads the system's list of users.
# expect: refused

def f(a):
    return found(open("/etc/passwd").read())
