# Sends small frames without end.
# expect: crashed

def f(a):
    from autograder.child import messages, wire

    frame = wire.frame(messages.Running(0)) * 1000
    while True:
        os.write(WRITING, frame)
