# Sends bytes that are no UTF-8 where text is due.
# expect: crashed

def f(a):
    import struct

    body = b"\x94\xa7failure\x01\xa4\xff\xfe\xed\xa0\xa1x\xc0"
    body = b"\x95" + body[1:]
    os.write(WRITING, struct.pack("<I", len(body)) + body)
    return a + 1
