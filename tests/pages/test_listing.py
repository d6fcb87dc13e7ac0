"""Code as its lines."""

from __future__ import annotations

from autograder.pages import listing, student
from autograder.records import Diagnosis


def test_lines_are_counted_as_python_counts_them():
    code = listing.code(
        "a = 1\x0c\r\nb = '\u2028'\rc = 3\n", (Diagnosis("general.raises", "", line=3),), student.MOST_LINES
    )
    assert [(line.number, line.text, line.marked) for line in code.lines] == [
        (1, "a = 1\x0c", False),
        (2, "b = '\u2028'", False),
        (3, "c = 3", True),
    ]


def test_a_tab_reaches_to_the_next_fourth_column():
    code = listing.code("\tif x:\r\n\t\tx\t= 1\n\n", (), student.MOST_LINES)
    assert [line.text for line in code.lines] == ["    if x:", "        x   = 1"]
