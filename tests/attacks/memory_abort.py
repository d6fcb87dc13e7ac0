# Ends by the C library's own alarm.
# expect: crashed

def f(a):
    os.abort()
