# Sends small frames without end where they are in turn.
# expect: raises NameError | timeout

from autograder.child import messages, wire

frame = wire.frame(messages.Running(1)) * 1000
while True:
    os.write(WRITING, frame)
def f(a):
    return a + 1
