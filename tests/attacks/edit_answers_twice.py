# Answers with its own number, and then once more for the edit after it.
# expect: crashed | wrong

def f(a):
    return a
# %% edit
import inspect
from autograder.child import messages, wire
from autograder.child.values import value_data

def f(a):
    frame = inspect.currentframe()
    while frame is not None and "identity" not in frame.f_locals:
        frame = frame.f_back
    mine = frame.f_locals["identity"] if frame is not None else 0
    for _ in range(3):
        wire.write_message(WRITING, messages.Result(mine, value_data(a), []))
    return a
