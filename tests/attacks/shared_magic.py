# Keeps it in a variable that a magic makes.
# expect: raises IndexError
# asked: together

%time seen = []

def g(a):
    seen.append(a)
    return a

def f(a):
    return seen[-1]
