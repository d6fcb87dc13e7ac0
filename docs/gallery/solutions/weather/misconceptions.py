"""The mistakes that students make in `week`: each is a value."""

from typing import Any

from autograder.author import Misconception, Procedure, plain

LESSON = "A rainy week"


def _but(**other: Any) -> Procedure:
    return plain({"rainy": 5, "wettest": "Thursday", "mean": 23.5 / 7} | other)


MISCONCEPTIONS = {
    "week": (
        Misconception(
            id="week.place-not-name",
            title="The wettest day is a number, not its name",
            step=None,
            symptom=_but(wettest=3),
            why="What was found is the place of the largest number. The list of days knows which day that is.",
            look='week["wettest"]  # the name of a day',
            read=LESSON,
        ),
        Misconception(
            id="week.rainy-mean",
            title="The mean is that of the rainy days alone",
            step=None,
            symptom=_but(mean=23.5 / 5),
            why="Days without rain count in a mean as well, with 0.",
            look='week["mean"] * 7  # all the rain of the week',
            read=LESSON,
        ),
        Misconception(
            id="week.all-days",
            title="All days were counted, the dry ones too",
            step=None,
            symptom=_but(rainy=7),
            why="The length of the list is the number of all days. Only those with more than 0 mm are rainy.",
            look="rain > 0  # True for each rainy day",
            read=LESSON,
        ),
    ),
}
