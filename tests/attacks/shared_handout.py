# Rebinds what an honest helper of its own reads.
# expect: raises IndexError
# asked: together

kept = []

def helper(a, kept=kept):
    kept.append(a)
    return a

def g(a):
    return helper(a)

def f(a):
    return kept[-1]
