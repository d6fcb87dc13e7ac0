# Draws a thousand million points that take no room.
# expect: raises MemoryError | raises TooMuchDrawnError | out-of-memory | timeout
# asked: drawing
# limits: fair

import matplotlib.pyplot as plt

def f(numbers):
    plt.plot(np.broadcast_to(0.0, (10**9,)))
# %% twin: some thousands of points, and then the three
import matplotlib.pyplot as plt

def f(numbers):
    plt.plot(np.zeros(20_000))
    plt.clf()
    plt.plot(numbers, numbers + 1)
