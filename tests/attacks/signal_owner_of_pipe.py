# Has the kernel signal another process when a pipe is ready.
# expect: refused

def f(a):
    import fcntl

    fcntl.fcntl(WRITING, 8, os.getppid())
    return found("set")
