# Returns a figure whose axes never end.
# expect: timeout | wrong | raises TypeError | raises MemoryError | raises TooMuchDrawnError
# asked: drawing
# limits: longer

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

class Liar(Figure):
    @property
    def axes(self):
        axes = plt.gca()
        while True:
            yield axes

def f(numbers):
    return Liar()
