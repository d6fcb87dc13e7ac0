# Returns a table with column names of every kind: markup, a tuple, nothing, the same twice, a megabyte.
# expect: wrong | raises ModuleNotFoundError
# asked: table

def f(table):
    import pandas as pd

    names = ["<img src=x onerror=alert(1)>", (1, (2, "\x1b[31m")), None, None, "x" * 10**6, float("nan"), b"\xff"]
    return pd.DataFrame(np.zeros((3, len(names))), columns=pd.Index(names, dtype=object))
# %% twin: an honest table with a new column
def f(table):
    table = table.copy()
    table["y"] = table["x"] + 1
    return table[["y"]].rename(columns={"y": "x"})
