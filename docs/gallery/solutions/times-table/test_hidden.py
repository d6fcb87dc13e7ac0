"""The hidden checks of this unit and what they are worth."""

from autograder.author import agrees

test_ten = agrees("times_table", "ten lines", "ten lines", points=1.0)
test_few = agrees("times_table", "as many lines as asked for", "a few lines", "many lines", points=1.0)
test_negative = agrees("times_table", "a negative number", "a negative number", points=0.5)
test_none = agrees("times_table", "no lines", "no lines", points=0.5)
