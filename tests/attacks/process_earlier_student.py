# Searches its memory, which is a copy of the zygote's, for what an earlier student wrote.
# expect: refused

import re

def f(a):
    # The kernel refuses to write from an address that is not mapped, where reading it would end us.
    reading, writing = os.pipe()
    # A pattern that does not match itself: copies of it that lie about are no hits.
    words = re.compile(b"the earlier( student's)( own words)")
    libc.write.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]
    libc.write.restype = ctypes.c_ssize_t
    pages, hits = 0, 0
    around = {id(thing) >> 20 for thing in gc.get_objects()} | {id(np) >> 20, id(words) >> 20}
    for place in sorted({page for near in around for page in range(near - 1, near + 2)}):
        for address in range(place << 20, (place + 1) << 20, 4096):
            size = libc.write(writing, address, 4096)
            if size > 0:
                pages += 1
                hits += words.search(os.read(reading, size)) is not None
    assert pages > 1000
    return found(hits)
