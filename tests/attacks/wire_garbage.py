# Sends noise.
# expect: crashed

def f(a):
    os.write(WRITING, os.urandom(1000))
    return a + 1
