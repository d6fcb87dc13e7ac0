# Connects to a Unix socket that has no file, such as that of a desktop session.
# expect: refused

def f(a):
    other = socket.socket(socket.AF_UNIX)
    other.connect("\0/tmp/.X11-unix/X0")
    return found(other.fileno())
