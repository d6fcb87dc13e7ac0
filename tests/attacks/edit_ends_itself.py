# Ends its process under an edit.
# expect: crashed

def f(a):
    return a
# %% edit
def f(a):
    os._exit(0)
