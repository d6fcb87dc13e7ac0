# Asks for the size of a file that it cannot read.
# expect: refused
# without bubblewrap: returns

def f(a):
    return found(os.stat("/etc/passwd").st_size)
