# Patches the child's own functions.
# expect: wrong

from autograder.child import session, wire

session._value_data = lambda value: wire.pack_array(np.zeros(3))
session.needed_cells = wire.clip = wire.write_message = wire.write_message

def f(a):
    return a + 1
