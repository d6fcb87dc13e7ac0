# Ways in which students write times_table. Each cell is a notebook cell; its heading says what graders should find.

# %% right one print of all lines
def times_table(number, lines=10):
    print("\n".join(f"{k} x {number} = {k * number}" for k in range(1, lines + 1)), end="\n" if lines else "")

# %% right while, adding
def times_table(n, lines=10):
    k, product = 0, 0
    while k < lines:
        k += 1
        product += n
        print(k, "x", n, "=", product)

# %% times_table.last-left-out range to lines
def times_table(number, lines=10):
    for k in range(1, lines):
        print(k, "x", number, "=", k * number)

# %% times_table.no-spaces an f-string without them
def times_table(number, lines=10):
    for k in range(1, lines + 1):
        print(f"{k}x{number}={k * number}")

# %% times_table.always-ten the second argument is not used
def times_table(number, lines=10):
    for k in range(1, 11):
        print(f"{k} x {number} = {k * number}")
