# Claims an array of a trillion entries.
# expect: crashed

def f(a):
    from autograder.child import nodes, packing

    packing.pack_array = lambda array: nodes.ArrayData("<f8", (10**6, 10**6), b"12345678")
    return a + 1
