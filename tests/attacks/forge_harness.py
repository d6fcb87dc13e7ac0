# Patches the child's own functions.
# expect: wrong

from autograder.child import cells, messages, packing, session, values, wire

session.value_data = values.value_data = lambda value: packing.pack_array(np.zeros(3))
cells.needed = messages.clip = wire.write_message = wire.write_message

def f(a):
    return a + 1
