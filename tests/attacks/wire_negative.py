# Claims negative dimensions.
# expect: crashed

def f(a):
    from autograder.child import nodes, packing

    packing.pack_array = lambda array: nodes.ArrayData("<f8", (-1, -3), bytes(24))
    return a + 1
