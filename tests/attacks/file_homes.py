# Lists people's homes.
# expect: refused

def f(a):
    for folder in ("/root", "/home", os.path.expanduser("~")):
        try:
            return found(os.listdir(folder))
        except OSError as error:
            last = error
    raise last
