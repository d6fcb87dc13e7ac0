# Asks the trusted side for the answer to the very function that is graded.
# expect: crashed

def f(a):
    from autograder.child import wire

    say(wire.Ask("f", [wire.pack_array(a)]))
    return wire.unpack_array(wire.read_message(READING).value)
