# Draws a million lines.
# expect: timeout | raises TooMuchDrawnError | raises MemoryError | out-of-memory
# asked: drawing
# limits: longer

import matplotlib.pyplot as plt

def f(numbers):
    for _ in range(10**6):
        plt.plot(numbers, numbers + 1)
# %% twin: some lines that are taken away again
import matplotlib.pyplot as plt

def f(numbers):
    for size in range(5):
        (line,) = plt.plot(numbers, numbers + size)
        if size != 1:
            line.remove()
