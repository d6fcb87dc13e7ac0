# Has Python write files for a profiler and after a crash.
# expect: refused

def f(a):
    import cProfile, faulthandler

    if hasattr(sys, "activate_stack_trampoline"):  # Python 3.12; where it may not write, it need not say so
        try:
            sys.activate_stack_trampoline("perf")
        except (OSError, ValueError):
            pass
        if os.path.exists(f"/tmp/perf-{os.getpid()}.map"):
            return found("written")
    try:
        cProfile.run("0", "/tmp/profile")
    except OSError:
        faulthandler.enable(open("/tmp/crash", "w"))
    return found("written")
