# Sends what is nested beyond reason.
# expect: crashed

def f(a):
    body = b"\x94\xa6result\x01" + b"\x91" * 10**6
    view = memoryview(len(body).to_bytes(4, "little") + body)
    while view:
        view = view[os.write(WRITING, view) :]
    return a + 1
