# Patches the clocks, so that no time seems to pass.
# expect: timeout

for name in ("time", "monotonic", "perf_counter", "process_time", "clock_gettime"):
    setattr(time, name, lambda *_: 0.0)

def f(a):
    while True:
        pass
