# Opens a socket to the kernel's ciphers, a frequent place of bugs.
# expect: refused

def f(a):
    return found(socket.socket(38, 5, 0).fileno())
