# Asks a name server, and so tells it something.
# expect: raises gaierror

def f(a):
    return found(socket.getaddrinfo("what-i-have-seen.example.org", 80))
