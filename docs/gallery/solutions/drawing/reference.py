"""A drawing: what is on it is compared, and not its colours or where the legend stands."""

import matplotlib.pyplot as plt

from autograder.author import Array, plain


def plot_growth(weeks: Array, mine: Array, his: Array) -> None:
    _, axes = plt.subplots()
    axes.plot(weeks, mine, label="mine")
    axes.plot(weeks, his, label="his")
    axes.set(xlabel="week", ylabel="height in cm")
    axes.legend()


PROCEDURES = {"plot_growth": plain(plot_growth)}
