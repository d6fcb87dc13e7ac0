# Imports the reference solutions as a module.
# expect: refused | wrong | raises ModuleNotFoundError

def f(a):
    sys.path[:0] = ["/srv/course", "."]
    import solutions.multi_head.reference as reference

    return reference.multi_head(a)
# %% twin: importing what the standard library and NumPy have to offer, late
def f(a):
    import colorsys, decimal, fractions, json, statistics, unicodedata
    import numpy.polynomial

    return a + int(decimal.Decimal(1))
