# Sends a frame that is ten times as large once it is decoded.
# expect: crashed

def f(a):
    body = b"\x96\xa5ready\xc3\xc0\x01\xdd\x01\x00\x00\x00" + b"\xa0" * 2**24 + b"\x90"
    view = memoryview(len(body).to_bytes(4, "little") + body)
    while view:
        view = view[os.write(WRITING, view) :]
    return a + 1
