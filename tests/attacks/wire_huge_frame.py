# Announces a frame of four gigabytes.
# expect: crashed

def f(a):
    os.write(WRITING, b"\xff\xff\xff\xff")
    time.sleep(60)
