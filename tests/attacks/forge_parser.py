# Replaces what reads the cells that come after it.
# expect: wrong

from autograder import celltext
from autograder.child import cells

cells.python = celltext.plain = celltext.tidied = lambda source: "def f(a): return a + 1"
celltext.is_ordinary = lambda source: False
# %%
def f(a):
    return a
