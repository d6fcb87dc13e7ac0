# Patches what reads the drawing, and sends what is right without drawing it.
# expect: wrong | raises TypeError
# asked: drawing

import matplotlib.pyplot as plt
from autograder.child import figures

figures.drawn = figures._figure = lambda *_: "a right drawing"

def f(numbers):
    return None
