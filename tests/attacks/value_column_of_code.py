# Sends a table whose columns have dtypes and names that are code and markup.
# expect: wrong
# asked: table

from autograder.child import nodes, session

session.value_data = lambda value: nodes.Tree(
    [
        nodes.TableData("DataFrame", 2, 1),
        *(nodes.ColumnData("__import__('os').abort()"), nodes.PlainData("<script>alert(1)</script>")),
        nodes.ArrayData("<f8", (3,), bytes(24)),
        *(nodes.ColumnData("category"), nodes.PlainData("\x1b[2J")),
        *(nodes.ManyData("tuple", 3), nodes.PlainData("{{ 7 * 7 }}"), nodes.PlainData("$\\frac{$"), nodes.PlainData(None)),
        *(nodes.ColumnData("M8[ns]"), nodes.PlainData(None), nodes.ManyData("tuple", 3), *[nodes.PlainData("=1+1")] * 3),
    ]
)

def f(table):
    return table
