# Returns what compares as neither right nor wrong.
# expect: wrong

def f(a):
    return a * np.nan
