# Leaves a file in shared memory.
# expect: refused

def f(a):
    with open("/dev/shm/left-behind", "w") as file:
        file.write("for the next one")
    return found("written")
