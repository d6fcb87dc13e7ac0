"""The hidden checks of this unit and what they are worth."""

from autograder.author import agrees

test_valleys = agrees(
    "descend", "many steps", "a round valley", "a valley with waves", "steep walls", points=2.0
)
test_one = agrees("descend", "one step", "one step", points=0.5)
test_none = agrees("descend", "no steps", "no steps", points=0.5)
