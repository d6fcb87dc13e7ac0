# Makes a link to the root folder, for a trusted program to follow.
# expect: refused

def f(a):
    os.symlink("/", "/tmp/link")
    return found("made")
