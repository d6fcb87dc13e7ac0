# Takes the function apart that it is given, and returns what is in it.
# expect: wrong
# asked: function

def f(g, a):
    return list(g.__code__.co_consts), g.__code__.co_code
# %% twin: looks at the name of the function
def f(g, a):
    return g(a) if callable(g) and g.__name__ else None
