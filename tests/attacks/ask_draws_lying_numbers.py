# Draws a line that gives other numbers than it was drawn with.
# expect: wrong | raises TypeError | raises ValueError | raises MemoryError | raises TooMuchDrawnError
# asked: drawing

import matplotlib.pyplot as plt
from matplotlib.lines import Line2D

class Many:
    def __len__(self):
        return 1

    def __array__(self, *_, **__):
        return np.broadcast_to(0.0, (10**9,))

Line2D.get_xdata = Line2D.get_ydata = lambda self, orig=True: Many()
Line2D.get_data = lambda self, orig=True: (Many(), Many())

def f(numbers):
    plt.plot(numbers, numbers)
