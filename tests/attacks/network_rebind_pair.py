# Makes a server of the kind of socket that event loops are allowed.
# expect: refused

def f(a):
    one, _ = socket.socketpair()
    one.listen()
    return found("listens")
