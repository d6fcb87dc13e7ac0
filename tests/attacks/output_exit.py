# Leaves with the code of success.
# expect: crashed

def f(a):
    os._exit(0)
