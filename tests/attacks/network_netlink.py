# Asks the kernel for network settings.
# expect: refused

def f(a):
    return found(socket.socket(16, socket.SOCK_RAW, 0).fileno())
