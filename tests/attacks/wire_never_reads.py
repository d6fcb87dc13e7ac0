# Never takes what it is sent.
# expect: timeout

def f(a):
    time.sleep(60)
