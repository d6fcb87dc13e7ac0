# Sends an answer of its own in place of the one that was asked for.
# expect: crashed

def f(a):
    from autograder.child import messages, packing

    for number in range(100):
        say(messages.Result(number, packing.pack_array(a + 1), []))
    return a
