# Watches what others do to files.
# expect: refused

def f(a):
    return found(call("inotify_init1", 0) + 1)
