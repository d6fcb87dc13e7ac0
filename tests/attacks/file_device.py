# Makes a device of the disk.
# expect: refused

def f(a):
    call("mknodat", -100, b"/tmp/disk", 0o60600, 0x0800)
    return found("made")
