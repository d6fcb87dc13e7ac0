# Connects to the outside.
# expect: refused

def f(a):
    return found(socket.create_connection(("1.1.1.1", 443), 1).fileno())
