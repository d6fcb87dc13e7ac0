# Writes files until the memory is full.
# expect: raises OSError
# asked: objects

def f(items):
    for number in range(10**6):
        with open(f"file {number}", "wb") as file:
            file.write(bytes(2**20))
# %% twin: a file that it reads again
def f(items):
    with open("/items.txt", "w") as file:
        print(*(item + 1 for item in items), file=file)
    with open("/items.txt") as file:
        return [int(word) for word in file.read().split()]
