"""The hidden checks of this unit and what they are worth."""

from autograder.author import agrees

test_week = agrees("week", "the three numbers of the week", points=2.0)
