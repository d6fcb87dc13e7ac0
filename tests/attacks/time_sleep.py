# Sleeps for ever.
# expect: timeout
# modes: all

def f(a):
    while True:
        time.sleep(1000)
# %% twin: sleeping for longer than the limit on CPU time
def f(a):
    time.sleep(0.3)
    return a + 1
