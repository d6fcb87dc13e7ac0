# Leaves answers in names that the grader takes back to what they stood for.
# expect: wrong

answers = {}
def f(a):
    globals()["sum"] = answers.setdefault("last", a * 0)
    globals()["f"] = lambda a: sum
    return sum
# %%
sum = 3
f = f(np.zeros(3))
