# Ignores every signal that can be ignored.
# expect: timeout
# modes: all

def f(a):
    import signal

    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    while True:
        pass
