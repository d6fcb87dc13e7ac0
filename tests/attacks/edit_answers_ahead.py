# Writes answers for all edits that are to come, before it is asked.
# expect: crashed

def f(a):
    return a
# %% edit
from autograder.child import messages, wire
from autograder.child.values import value_data

for number in range(2**10):
    wire.write_message(WRITING, messages.Result(number, value_data(np.array([2.0, 3.0, 5.0])), []))

def f(a):
    return a
