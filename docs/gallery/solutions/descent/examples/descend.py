# Ways in which students write descend. Each cell is a notebook cell; its heading says what graders should find.

# %% right recursion
def descend(f, x, lr, n):
    return x if n == 0 else descend(f, x - lr * f(x), lr, n - 1)

# %% right while, and a NumPy number
import numpy as np

def descend(slope, x, rate, steps):
    here = np.float64(x)
    while steps > 0:
        here -= slope(here) * rate
        steps -= 1
    return here

# %% descend.uphill a plus
def descend(slope, x, rate, steps):
    for _ in range(steps):
        x += rate * slope(x)
    return x

# %% descend.felt-once outside of the loop
def descend(slope, x, rate, steps):
    down = slope(x)
    for _ in range(steps):
        x -= rate * down
    return x

# %% descend.off-by-one from 1
def descend(slope, x, rate, steps):
    for i in range(1, steps):
        x = x - rate * slope(x)
    return x

# %% general.rounded two digits
def descend(slope, x, rate, steps):
    for i in range(steps):
        x = x - rate * slope(x)
    return round(x, 2)
