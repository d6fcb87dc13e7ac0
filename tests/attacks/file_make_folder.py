# Makes a folder.
# expect: refused

def f(a):
    os.mkdir("/tmp/folder")
    return found("made")
