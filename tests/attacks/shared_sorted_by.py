# Hands a method that keeps things to a function that calls it.
# expect: raises IndexError
# asked: together

seen = []

def g(a):
    sorted([a, a], key=lambda one: (seen.append(one), 0)[1])
    return a

def f(a):
    return seen[-1]
