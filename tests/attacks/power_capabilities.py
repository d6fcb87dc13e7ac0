# Takes back capabilities.
# expect: refused

def f(a):
    header = ctypes.create_string_buffer(b"\x22\x05\x08\x20" + bytes(4))
    call("capset", header, ctypes.create_string_buffer(b"\xff" * 24))
    return found("taken")
