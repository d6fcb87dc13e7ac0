# Opens an IPv6 socket.
# expect: refused

def f(a):
    return found(socket.socket(socket.AF_INET6).fileno())
