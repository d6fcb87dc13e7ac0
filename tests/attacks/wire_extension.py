# Sends MessagePack's extension types, and numbers and moments that no field has room for.
# expect: crashed

def f(a):
    import struct

    bodies = [
        b"\x93\xa6result\xc7\x08\x01" + b"x" * 8,  # an extension where a number is due
        b"\x92\xa7running\xd7\xff" + b"\xff" * 8,  # a moment after the end of time
        b"\x92\xa7running\xcf" + b"\xff" * 8,
    ]
    os.write(WRITING, b"".join(struct.pack("<I", len(body)) + body for body in bodies))
    return a + 1
