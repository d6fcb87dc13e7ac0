# Has the kernel send it signals by timers, whose number has no limit of its own.
# expect: refused

def f(a):
    timer = ctypes.c_int()
    words = (ctypes.c_long * 4)(0, 1000, 0, 1000)
    for name, *rest in (
        ("timer_create", 0, None, ctypes.byref(timer)),
        ("setitimer", 0, words, None),
        ("timerfd_create", 0, 0),
    ):
        try:
            return found(call(name, *rest) + 1)
        except OSError as error:
            last = error
    raise last
# %% twin: waiting for a moment
def f(a):
    time.sleep(0.01)
    return a + 1
