# Connects to a server on the grading machine.
# expect: refused

def f(a):
    return found(socket.create_connection(("127.0.0.1", 22), 1).fileno())
