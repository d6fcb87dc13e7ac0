"""The hidden checks of this unit and what they are worth."""

from autograder.author import agrees, leaves_inputs_alone

test_days = agrees("best_sellers", "what two days brought in", "a quiet day", "a busy day", points=1.5)
test_single = agrees("best_sellers", "things that are sold once", "nothing twice", "one sale", points=1.0)
test_inputs = leaves_inputs_alone("best_sellers", points=0.5)
