"""The mistakes that students make in `week`, as changed lines of the solution."""

from autograder.author import edit

LESSON = "A rainy week"

MISCONCEPTIONS = {
    "week": (
        edit(
            "week.place-not-name",
            "The wettest day is a number, not its name",
            ("days[rain.argmax()]", "rain.argmax()"),
            why="What was found is the place of the largest number. The list of days knows which day that is.",
            look='week["wettest"]  # the name of a day',
            read=LESSON,
        ),
        edit(
            "week.rainy-mean",
            "The mean is that of the rainy days alone",
            ("rain.mean()", "rain[rain > 0].mean()"),
            why="Days without rain count in a mean as well, with 0.",
            look='week["mean"] * 7  # all the rain of the week',
            read=LESSON,
        ),
        edit(
            "week.all-days",
            "All days were counted, the dry ones too",
            ("np.count_nonzero(rain > 0)", "len(rain)"),
            why="The length of the list is the number of all days. Only those with more than 0 mm are rainy.",
            look="rain > 0  # True for each rainy day",
            read=LESSON,
        ),
    ),
}
