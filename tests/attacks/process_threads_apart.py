# Makes threads that each have open files of their own, whose pipes and sockets would fill the kernel's memory.
# expect: refused

def f(a):
    # CLONE_VM, CLONE_FS, CLONE_SIGHAND, CLONE_THREAD and CLONE_SYSVSEM, without CLONE_FILES.
    return found(call("clone", 0x100 | 0x200 | 0x800 | 0x10000 | 0x40000, 0, 0, 0, 0))
