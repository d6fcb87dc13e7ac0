# Changes the variables of the functions that called it: which call is answered, with what, and what came of the inputs.
# expect: crashed | wrong

def f(a):
    from autograder.child import messages

    frame = sys._getframe(1)
    while frame is not None:
        for name, value in list(frame.f_locals.items()):
            if isinstance(value, messages.Call):
                value.id += 1
                value.args.clear()
            if isinstance(value, messages.Calls):
                value.calls.clear()
        try:
            frame.f_locals["args"] = [a + 1]  # later Pythons hand this through
            ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), 1)  # earlier ones need to be told
        except (AttributeError, TypeError):
            pass
        frame = frame.f_back
    return a
