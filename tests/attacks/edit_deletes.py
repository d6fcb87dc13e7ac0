# Deletes a file once the name of its path is changed.
# expect: refused

mine, yours = "/tmp/mine", "/etc/passwd"

def f(a):
    return a
# %% edit
def f(a):
    os.remove(yours)
    return a + 1
