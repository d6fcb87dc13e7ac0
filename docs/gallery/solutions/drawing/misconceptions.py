"""The mistakes that students make in `plot_growth`: each is a function that draws so."""

import matplotlib.pyplot as plt
import numpy as np

from autograder.author import Array, Misconception

LESSON = "A sunflower grows"


def _lines(weeks: Array, mine: Array, his: Array, **names: str) -> None:
    plt.plot(weeks, mine, label=names.get("mine", "mine"))
    plt.plot(weeks, his, label=names.get("his", "his"))
    plt.xlabel("week")
    plt.ylabel("height in cm")
    plt.legend()


def _axes_swapped(weeks: Array, mine: Array, his: Array) -> None:
    plt.plot(mine, weeks, label="mine")
    plt.plot(his, weeks, label="his")
    plt.xlabel("week")
    plt.ylabel("height in cm")
    plt.legend()


def _weeks_left_out(weeks: Array, mine: Array, his: Array) -> None:
    _lines(np.arange(len(weeks)), mine, his)


def _one_line(weeks: Array, mine: Array, his: Array) -> None:
    plt.plot(weeks, mine, label="mine")
    plt.xlabel("week")
    plt.ylabel("height in cm")
    plt.legend()


def _names_swapped(weeks: Array, mine: Array, his: Array) -> None:
    _lines(weeks, his, mine)


MISCONCEPTIONS = {
    "plot_growth": (
        Misconception(
            id="plot_growth.axes-swapped",
            title="Weeks and heights are on each other's axis",
            step=None,
            symptom=_axes_swapped,
            why="What is named first goes to the right, and what is named second goes up.",
            look="Look at which numbers stand along the axis that goes to the right",
            read=LESSON,
        ),
        Misconception(
            id="plot_growth.weeks-left-out",
            title="The lines begin at week 0, whenever they were measured",
            step=None,
            symptom=_weeks_left_out,
            why="Where only the heights are given, they are numbered from 0. Then two weeks look like one.",
            look="Look at where the lines begin, and draw heights of every other week",
            read=LESSON,
        ),
        Misconception(
            id="plot_growth.one-line",
            title="One of the sunflowers is missing",
            step=None,
            symptom=_one_line,
            why="Both lines belong into one drawing, so that they can be compared.",
            look="Count the lines",
            read=LESSON,
        ),
        Misconception(
            id="plot_growth.names-swapped",
            title="Each line has the label of the other",
            step=None,
            symptom=_names_swapped,
            why="The lines are right, and your neighbour gets your sunflower.",
            look="Compare the end of each line with the last number",
            read=LESSON,
        ),
    ),
}
