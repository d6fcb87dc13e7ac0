# Writes a title of a hundred megabytes.
# expect: wrong | raises MemoryError | timeout
# asked: drawing
# limits: fair

import matplotlib.pyplot as plt

def f(numbers):
    plt.plot(numbers, numbers)
    plt.title("x" * 10**8)
