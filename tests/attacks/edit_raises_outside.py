# Raises what no handler takes, outside of any function.
# expect: raises SystemExit

def f(a):
    return a
# %% edit
raise SystemExit

def f(a):
    return a + 1
