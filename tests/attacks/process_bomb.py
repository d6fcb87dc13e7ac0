# Makes processes that make processes, each leaving its session.
# expect: refused

def f(a):
    while True:
        if os.fork() == 0:
            os.setsid()
