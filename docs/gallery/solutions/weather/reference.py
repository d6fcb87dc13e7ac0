"""The value of a variable: the data stand in the lesson, and everyone has the same."""

from autograder.author import plain

PROCEDURES = {"week": plain({"rainy": 5, "wettest": "Thursday", "mean": 23.5 / 7})}
