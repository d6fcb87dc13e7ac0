# Sends a frame by one byte now and then.
# expect: timeout

def f(a):
    os.write(WRITING, b"\x00\x00\x10\x00")
    while True:
        os.write(WRITING, b"x")
        time.sleep(0.05)
