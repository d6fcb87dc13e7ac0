# Turns off the shuffling of addresses for what comes after.
# expect: refused

def f(a):
    call("personality", 0x0040000)
    return found("set")
