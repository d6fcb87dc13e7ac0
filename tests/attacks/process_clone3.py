# Makes a process by the newest call, whose arguments no filter can read.
# expect: refused

def f(a):
    words = ctypes.create_string_buffer(88)
    words[32] = 17
    if call("clone3", words, 88) == 0:
        os._exit(0)
    return found("made")
