# Writes to another process's memory.
# expect: refused

def f(a):
    words = (ctypes.c_void_p * 2)(0, 0)
    call("process_vm_writev", os.getppid(), words, 1, words, 1, 0)
    return found("written")
