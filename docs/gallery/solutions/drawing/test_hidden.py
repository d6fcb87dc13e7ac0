"""The hidden checks of this unit and what they are worth."""

from autograder.author import agrees

test_month = agrees("plot_growth", "a month", "a month", points=1.0)
test_summer = agrees("plot_growth", "a whole summer", "a whole summer", points=1.0)
test_other = agrees("plot_growth", "every other week", "every other week", points=1.0)
