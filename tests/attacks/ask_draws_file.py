# Writes the drawing into a file past what is switched off.
# expect: refused
# asked: drawing

import matplotlib.pyplot as plt

def f(numbers):
    plt.plot(numbers, numbers + 1)
    plt.gcf().canvas.print_figure("/tmp/drawing.png")
# %% twin: savefig, which does nothing here
import matplotlib.pyplot as plt

def f(numbers):
    plt.plot(numbers, numbers + 1)
    plt.savefig("drawing.png")
