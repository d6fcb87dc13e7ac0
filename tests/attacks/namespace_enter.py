# Enters the namespaces of another process.
# expect: refused

def f(a):
    call("setns", READING, 0)
    return found("entered")
