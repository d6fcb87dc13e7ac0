# Makes a second name for a file.
# expect: refused

def f(a):
    os.link(np.__file__, "/tmp/numpy.py")
    return found("made")
