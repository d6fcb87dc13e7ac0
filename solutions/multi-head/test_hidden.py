"""The hidden checks of this unit and what they are worth."""

from autograder.author import agrees, has_shape, leaves_inputs_alone

test_multi_head_two_heads = agrees("multi_head", "two heads", "two heads", points=1.5)
test_multi_head_three_heads = agrees("multi_head", "three heads", "three heads", points=1.0)
test_multi_head_one_head = agrees("multi_head", "one head", "one head", points=0.5)
test_multi_head_filled = agrees(
    "multi_head", "heads that fill the model", "heads that fill the model", points=0.75
)
test_multi_head_equal = agrees("multi_head", "all sizes equal", "all sizes equal", points=0.5)
test_multi_head_one_token = agrees("multi_head", "one token", "one token", points=0.25)
test_multi_head_huge = agrees("multi_head", "huge scores", "huge scores", points=0.5)
test_multi_head_shape = has_shape(
    "multi_head",
    "a row as wide as its embedding for each token",
    "two heads",
    "three heads",
    "one head",
    points=0.5,
    shape=lambda embeddings, *weights: embeddings.shape,
    otherwise="The result should have the same shape as the embeddings.",
)
test_multi_head_inputs = leaves_inputs_alone("multi_head", points=0.5)
