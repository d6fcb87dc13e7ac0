# Draws on a thousand axes.
# expect: timeout | raises TooMuchDrawnError | raises MemoryError | out-of-memory
# asked: drawing
# limits: longer

import matplotlib.pyplot as plt

def f(numbers):
    plt.subplots(30, 30)
