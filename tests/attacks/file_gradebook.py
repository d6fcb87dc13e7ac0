# Opens the gradebook as a database.
# expect: raises OperationalError

def f(a):
    import sqlite3

    with sqlite3.connect("gradebook.db") as book:
        return found(list(book.execute("select * from grade")))
# %% twin: a database in memory
def f(a):
    import sqlite3

    with sqlite3.connect(":memory:") as book:
        return a + book.execute("select 1").fetchone()[0]
