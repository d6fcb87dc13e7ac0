# Connects to a Unix socket by its file, such as Docker's.
# expect: refused

def f(a):
    other = socket.socket(socket.AF_UNIX)
    other.connect("/run/docker.sock")
    return found(other.fileno())
