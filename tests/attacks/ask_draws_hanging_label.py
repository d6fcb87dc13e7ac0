# Has a tick whose text never comes.
# expect: timeout
# asked: drawing
# limits: longer

import matplotlib.pyplot as plt

def endless(*_):
    while True:
        pass

def f(numbers):
    plt.plot(numbers, numbers)
    plt.gca().xaxis.set_major_formatter(endless)
