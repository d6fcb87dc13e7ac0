# Splits its memory into as many pieces as the kernel keeps account of.
# expect: raises OSError | raises MemoryError | timeout | crashed
# modes: all

import mmap

memories = []

def f(a):
    pages = 200_000
    for _ in range(pages // 64):
        memories.append(mmap.mmap(-1, 128 * 4096))
        start = ctypes.addressof(ctypes.c_char.from_buffer(memories[-1]))
        for page in range(0, 128, 2):
            call("mprotect", start + page * 4096, 4096, 1)
    return found(pages)
