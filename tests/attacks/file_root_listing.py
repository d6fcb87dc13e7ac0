# Lists the root folder.
# expect: refused

def f(a):
    return found(os.listdir("/"))
