# Connects to the host of the virtual machine.
# expect: refused

def f(a):
    return found(socket.socket(40, socket.SOCK_STREAM).fileno())
