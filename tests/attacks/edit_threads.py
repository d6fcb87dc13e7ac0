# Leaves a thread behind that goes on while others are asked.
# expect: right | refused | raises RuntimeError | crashed | timeout

def f(a):
    return a
# %% edit
def f(a):
    threading.Thread(target=lambda: [None for _ in iter(int, 1)], daemon=True).start()
    return a + 1
