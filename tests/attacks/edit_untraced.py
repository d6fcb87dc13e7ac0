# Switches off what counts its lines, and does not end.
# expect: timeout

def f(a):
    return a
# %% edit
def f(a):
    sys.settrace(None)
    sys._getframe().f_trace = None
    while True:
        pass
