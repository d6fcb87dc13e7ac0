# Makes its calls as a 32-bit program would, by machine code.
# expect: crashed
# only: x86_64

def f(a):
    import mmap

    memory = mmap.mmap(-1, 4096, prot=7)
    memory.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")  # mov eax, getpid; int 0x80; ret
    return found(ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))())
