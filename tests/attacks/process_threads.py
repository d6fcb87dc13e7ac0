# Starts threads without end.
# expect: raises RuntimeError | raises MemoryError | timeout

def f(a):
    while True:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
# %% twin: a few threads, one after another and at once
def f(a):
    done = []
    for _ in range(3):
        threads = [threading.Thread(target=done.append, args=(1,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return a + len(done) / 12
