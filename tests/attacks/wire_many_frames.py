# Sends small frames without end.
# expect: crashed

def f(a):
    from autograder.child import wire

    frame = wire.frame(wire.Running(0)) * 1000
    while True:
        os.write(WRITING, frame)
