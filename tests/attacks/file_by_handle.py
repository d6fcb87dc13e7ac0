# Opens a file by its number in the file system, past all paths.
# expect: refused

def f(a):
    handle = ctypes.create_string_buffer(b"\x08\x00\x00\x00\x01\x00\x00\x00" + bytes(128))
    mount = ctypes.c_int()
    call("name_to_handle_at", -100, b"/usr", handle, ctypes.byref(mount), 0)
    return found(call("open_by_handle_at", -100, handle, os.O_RDONLY) + 1)
