"""The mistakes that students make in `plot_growth`, as changed lines of the solution."""

from autograder.author import edit

LESSON = "A sunflower grows"

MISCONCEPTIONS = {
    "plot_growth": (
        edit(
            "plot_growth.axes-swapped",
            "Weeks and heights are on each other's axis",
            ("weeks, mine, label", "mine, weeks, label"),
            ("weeks, his, label", "his, weeks, label"),
            why="What is named first goes to the right, and what is named second goes up.",
            look="Look at which numbers stand along the axis that goes to the right",
            read=LESSON,
        ),
        edit(
            "plot_growth.weeks-left-out",
            "The lines begin at week 0, whenever they were measured",
            ("weeks, mine, label", "mine, label"),
            ("weeks, his, label", "his, label"),
            why="Where only the heights are given, they are numbered from 0. Then two weeks look like one.",
            look="Look at where the lines begin, and draw heights of every other week",
            read=LESSON,
        ),
        edit(
            "plot_growth.one-line",
            "One of the sunflowers is missing",
            ('plt.plot(weeks, his, label="his")', "pass"),
            why="Both lines belong into one drawing, so that they can be compared.",
            look="Count the lines",
            read=LESSON,
        ),
        edit(
            "plot_growth.names-swapped",
            "Each line has the label of the other",
            ('mine, label="mine"', 'mine, label="his"'),
            ('his, label="his"', 'his, label="mine"'),
            why="The lines are right, and your neighbour gets your sunflower.",
            look="Compare the end of each line with the last number",
            read=LESSON,
        ),
    ),
}
