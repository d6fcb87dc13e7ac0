# Asks the trusted side for the answer to the very function that is graded.
# expect: crashed

def f(a):
    from autograder.child import messages, packing, unpacking, wire

    say(messages.Ask("f", [packing.pack_array(a)]))
    return unpacking.unpack_array(wire.read_message(READING).value)
