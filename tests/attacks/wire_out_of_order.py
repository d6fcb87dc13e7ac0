# Finds the calls that are still to come in the frames below it, and answers the last of them first.
# expect: crashed | raises NameError

from autograder.child import messages, packing

def f(a):
    frame = sys._getframe()
    while frame is not None:
        calls = frame.f_locals.get("calls")
        if isinstance(calls, messages.Calls):
            say(messages.Result(calls.calls[-1].id, packing.pack_array(a + 1), []))
            return a + 1
        frame = frame.f_back
    raise NameError("no calls are there to be seen")
