# Loops without end where the notebook runs, before the function is ever called.
# expect: raises NameError
# limits: short

while True:
    pass
def f(a):
    return a + 1
