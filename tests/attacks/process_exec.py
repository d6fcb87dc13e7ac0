# Becomes another program.
# expect: refused

def f(a):
    os.execv("/bin/true", ["true"])
