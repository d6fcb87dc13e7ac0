# Makes a pair of sockets from which it can send to any other.
# expect: refused

def f(a):
    return found(socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].fileno())
