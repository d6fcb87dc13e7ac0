# Talks to the hardware.
# expect: refused
# only: x86_64

def f(a):
    call("iopl", 3)
    return found("open")
