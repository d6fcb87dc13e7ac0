# Has the drawing's text set by LaTeX, which is another program.
# expect: refused | raises RuntimeError | raises FileNotFoundError | raises PermissionError
# asked: drawing

import matplotlib.pyplot as plt

def f(numbers):
    plt.rcParams["text.usetex"] = True
    plt.rcParams["text.latex.preamble"] = r"\input{/etc/passwd}"
    plt.plot(numbers, numbers + 1)
    plt.title("x")
    plt.gcf().canvas.draw()
