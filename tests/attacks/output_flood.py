# Prints for ever.
# expect: crashed | timeout

def f(a):
    while True:
        print("x" * 10**6)
# %% twin: a long, honest print
def f(a):
    for number in range(4000):
        print(number, "a line that is neither short nor long, of the kind that people print")
    return a + 1
