# Leaves a list in the variable that claims to hold what is right.
# expect: wrong
# asked: variable

class Liar(list):
    __eq__ = lambda *_: True
    __iter__ = lambda self: iter([2, 3, 5])

f = Liar()
# %% twin: a variable that is made in steps
f = []
for number in (1, 2, 4):
    f.append(number + 1)
