# Waits for a lock that it holds.
# expect: timeout

def f(a):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
