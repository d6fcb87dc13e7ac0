# Prints without end where what is printed is asked for.
# expect: timeout
# asked: printed

def f(numbers):
    while True:
        print("x" * 10**5)
# %% twin: far too much printed to another place
import io

def f(numbers):
    elsewhere = io.StringIO()
    for _ in range(1000):
        print("x" * 1000, file=elsewhere)
    for number in numbers:
        print(number + 1)
