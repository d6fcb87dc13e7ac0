# Reads another process's memory.
# expect: refused

def f(a):
    into = ctypes.create_string_buffer(16)
    ours = (ctypes.c_void_p * 2)(ctypes.addressof(into), 16)
    theirs = (ctypes.c_void_p * 2)(id(np), 16)
    call("process_vm_readv", os.getppid(), ours, 1, theirs, 1, 0)
    return found("read")
