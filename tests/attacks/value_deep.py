# Returns lists within lists, deeper than anyone can follow.
# expect: wrong | raises RecursionError
# asked: list

def f(numbers):
    for _ in range(5000):
        numbers = [numbers]
    return numbers
# %% twin: a tree that is some levels deep on the way
def f(numbers):
    tree = None
    for number in reversed(numbers):
        tree = [number + 1, tree]
    row = []
    while tree:
        number, tree = tree
        row.append(number)
    return row
