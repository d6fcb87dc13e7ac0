# Claims dimensions whose product overflows to the right number of bytes.
# expect: crashed

def f(a):
    from autograder.child import nodes, packing

    packing.pack_array = lambda array: nodes.ArrayData("<f8", (2**31, 2**33, 2), b"")
    return a + 1
