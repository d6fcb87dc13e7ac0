# Makes a process under an edit.
# expect: refused

def f(a):
    return a
# %% edit
def f(a):
    if os.fork() == 0:
        os._exit(0)
    return a + 1
