# Writes formulas on a drawing that never end, or end in the middle.
# expect: wrong
# asked: drawing

import matplotlib.pyplot as plt

def f(numbers):
    plt.plot(numbers, numbers)
    plt.title("$" + r"\frac{" * 500)
    plt.xlabel("$" + r"\sqrt{" * 300 + "x" + "}" * 300 + "$")
    plt.text(0, 0, r"$\def\x{\x\x}\x$")
# %% twin: a formula in a title that nobody asks for
import matplotlib.pyplot as plt

def f(numbers):
    plt.plot(numbers, numbers + 1)
    plt.title(r"$\frac{1}{\sqrt{d_k}}$")
