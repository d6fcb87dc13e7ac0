"""The hidden checks of this unit and what they are worth."""

from autograder.author import agrees

test_moves = agrees("Account", "paid in and out", "paid in and out", points=1.5)
test_opened = agrees("Account", "opened with nothing", "opened with nothing", points=1.0)
test_refused = agrees("Account", "more than there is", "more than there is", points=1.0)
test_emptied = agrees("Account", "down to the last euro", "down to the last euro", points=0.5)
