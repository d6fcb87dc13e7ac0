# Claims an array of objects, for the other side to unpickle or to follow.
# expect: crashed

def f(a):
    from autograder.child import nodes, packing

    packing.pack_array = lambda array: nodes.ArrayData("|O", (3,), id(a).to_bytes(8, "little") * 3)
    return a + 1
