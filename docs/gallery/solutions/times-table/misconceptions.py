"""The mistakes that students make in `times_table`, as changed lines of the solution."""

from autograder.author import edit

LESSON = "The times table"

MISCONCEPTIONS = {
    "times_table": (
        edit(
            "times_table.last-left-out",
            "The last line is missing",
            ("lines + 1", "lines"),
            why="A range ends before its second number.",
            look="times_table(3, 2)  # two lines",
            read=LESSON,
        ),
        edit(
            "times_table.from-nought",
            "The table begins with nought",
            ("range(1, lines + 1)", "range(lines)"),
            why="A range begins at 0 where it is not told where to begin. The table begins with one time the number.",
            look="times_table(3, 1)  # 1 x 3 = 3",
            read=LESSON,
        ),
        edit(
            "times_table.no-spaces",
            "The spaces are missing",
            ("{times} x {number} = {times", "{times}x{number}={times"),
            why="What is printed is compared letter by letter, and a space is one of them.",
            look="times_table(3, 1)  # compare it with the lines in the docstring",
            read=LESSON,
        ),
        edit(
            "times_table.turned",
            "The two numbers stand the other way round",
            ("{times} x {number}", "{number} x {times}"),
            why="The product is the same, but what grows from line to line stands on the left.",
            look="times_table(3, 2)  # compare it with the lines in the docstring",
            read=LESSON,
        ),
        edit(
            "times_table.always-ten",
            "There are ten lines, whatever is asked for",
            ("lines + 1", "11"),
            why="The second argument says how many lines there are, and it was not used.",
            look="times_table(3, 2)  # two lines",
            read=LESSON,
        ),
    ),
}
