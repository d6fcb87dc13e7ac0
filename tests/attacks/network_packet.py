# Listens to all packets.
# expect: refused

def f(a):
    return found(socket.socket(17, socket.SOCK_RAW, 0x0300).fileno())
