# An edit of so many lines that reading it takes its time.
# expect: right | timeout | raises MemoryError

def f(a):
    return a
# %% edit
exec("def f(a):\n" + "    a = a\n" * 300_000 + "    return a + 1")
