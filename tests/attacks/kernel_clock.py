# Sets the clock.
# expect: refused

def f(a):
    call("clock_settime", 0, (ctypes.c_long * 2)(0, 0))
    return found("set")
# %% twin: reading clocks, and a short sleep
def f(a):
    begun = time.perf_counter(), time.process_time(), time.monotonic()
    time.sleep(0.01)
    return a + (time.time() > 0 and time.perf_counter() > begun[0])
