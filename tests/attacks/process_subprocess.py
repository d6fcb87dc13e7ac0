# Starts a shell.
# expect: refused

def f(a):
    import subprocess

    return found(subprocess.check_output(["/bin/sh", "-c", "id"]))
# %% twin: a shell command in a notebook, which is passed over
!ls -l
%timeit sum(range(10))
def f(a):
    return a + 1
