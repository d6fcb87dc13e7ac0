"""Printed output: what comes back plays no part, and what is printed counts to the letter."""

from autograder.author import plain


def times_table(number: int, lines: int = 10) -> None:
    for times in range(1, lines + 1):
        print(times, "x", number, "=", times * number)


PROCEDURES = {"times_table": plain(times_table)}
