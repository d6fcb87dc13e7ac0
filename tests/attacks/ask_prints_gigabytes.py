# Prints one text of gigabytes.
# expect: raises MemoryError | out-of-memory | wrong
# asked: printed

def f(numbers):
    print("x" * 10**9 * 4)
