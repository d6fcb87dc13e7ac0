# Opens a file for its name alone, which Landlock does not forbid, and reads it through that.
# expect: refused
# without bubblewrap: refused | raises OSError

def f(a):
    place = os.open("/etc/passwd", os.O_PATH)
    return found(os.read(place, 100) or os.pread(place, 100, 0))
