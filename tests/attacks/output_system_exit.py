# Leaves as a program does.
# expect: raises SystemExit

def f(a):
    sys.exit(0)
