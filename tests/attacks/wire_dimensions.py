# Sends an array of more dimensions than any formula here has.
# expect: wrong

def f(a):
    return a.reshape((1,) * 20 + a.shape)
