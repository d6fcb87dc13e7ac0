"""The hidden checks of this unit and what they are worth."""

from autograder.author import agrees, leaves_inputs_alone

test_shallow = agrees("flatten", "a box in a box", "a box in a box", "no box inside", points=0.5)
test_deep = agrees(
    "flatten", "boxes one in another", "boxes one in another", "a box first and a box last", points=1.0
)
test_twice = agrees("flatten", "a number that comes twice", "a number twice", points=0.5)
test_empty = agrees("flatten", "empty boxes", "an empty box among others", "nothing at all", points=0.5)
test_inputs = leaves_inputs_alone("flatten", points=0.5)
