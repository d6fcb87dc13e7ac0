"""The mistakes that students make in `times_table`: each is a function that prints so."""

from autograder.author import Misconception

LESSON = "The times table"


def _last_left_out(number: int, lines: int = 10) -> None:
    for times in range(1, lines):
        print(f"{times} x {number} = {times * number}")


def _from_nought(number: int, lines: int = 10) -> None:
    for times in range(lines):
        print(f"{times} x {number} = {times * number}")


def _no_spaces(number: int, lines: int = 10) -> None:
    for times in range(1, lines + 1):
        print(f"{times}x{number}={times * number}")


def _turned(number: int, lines: int = 10) -> None:
    for times in range(1, lines + 1):
        print(f"{number} x {times} = {times * number}")


def _always_ten(number: int, lines: int = 10) -> None:
    for times in range(1, 11):
        print(f"{times} x {number} = {times * number}")


MISCONCEPTIONS = {
    "times_table": (
        Misconception(
            id="times_table.last-left-out",
            title="The last line is missing",
            step=None,
            symptom=_last_left_out,
            why="A range ends before its second number.",
            look="times_table(3, 2)  # two lines",
            read=LESSON,
        ),
        Misconception(
            id="times_table.from-nought",
            title="The table begins with nought",
            step=None,
            symptom=_from_nought,
            why="A range begins at 0 where it is not told where to begin. The table begins with one time the number.",
            look="times_table(3, 1)  # 1 x 3 = 3",
            read=LESSON,
        ),
        Misconception(
            id="times_table.no-spaces",
            title="The spaces are missing",
            step=None,
            symptom=_no_spaces,
            why="What is printed is compared letter by letter, and a space is one of them.",
            look="times_table(3, 1)  # compare it with the lines in the docstring",
            read=LESSON,
        ),
        Misconception(
            id="times_table.turned",
            title="The two numbers stand the other way round",
            step=None,
            symptom=_turned,
            why="The product is the same, but what grows from line to line stands on the left.",
            look="times_table(3, 2)  # compare it with the lines in the docstring",
            read=LESSON,
        ),
        Misconception(
            id="times_table.always-ten",
            title="There are ten lines, whatever is asked for",
            step=None,
            symptom=_always_ten,
            why="The second argument says how many lines there are, and it was not used.",
            look="times_table(3, 2)  # two lines",
            read=LESSON,
        ),
    ),
}
