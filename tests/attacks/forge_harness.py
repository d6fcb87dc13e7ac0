# Patches the child's own functions.
# expect: wrong

from autograder import child, wire

child._value_data = lambda value: wire.pack_array(np.zeros(3))
child.needed_cells = wire.clip = wire.write_message = wire.write_message

def f(a):
    return a + 1
