# Sends a datagram with what it has seen.
# expect: refused

def f(a):
    return found(socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(a.tobytes(), ("127.0.0.1", 53)))
