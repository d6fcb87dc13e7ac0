"""What full marks earn in this unit: who looks at whom in the sentence, by the student's own functions."""

import numpy as np

from autograder.author import FullMarks, Shown
from solutions.self_attention.learned import PLACE, SENTENCE, learned

# The weights of the lesson that have learned something: with them the maps mean something.
LEARNED = learned("self-attention")
TOKENS = SENTENCE.split()
EMBEDDINGS = LEARNED["table"][[PLACE[token] for token in TOKENS]]
QUERY, KEY = EMBEDDINGS @ LEARNED["W_Q"], EMBEDDINGS @ LEARNED["W_K"]
SCORES = QUERY @ KEY.T / np.sqrt(KEY.shape[-1])
LOOKS = "“{row}” looks most at “{column}” ({number})"

FULL_MARKS = {
    "scaled_scores": FullMarks(
        "You now know how well one word is what another one looks for: a single number for each pair, from their dot"
        " product. You also know why that number is scaled: so that long vectors do not shout.",
        stretch="Shuffle the words of the sentence. What happens to the matrix of scores, and which number in it stays"
        " the same?",
        shown=Shown(
            (QUERY, KEY),
            rows=TOKENS,
            columns=TOKENS,
            titles=("Your scores: the row looks, the column is looked at",),
            says="“{row}” fits “{column}” best ({number})",
            of=("tennis",),
        ),
    ),
    "softmax": FullMarks(
        "You now know how any numbers become shares that add up to 1, and how the large ones get most. You also know how"
        " to do that without an overflow: only the distances from the largest number count.",
        stretch="Multiply the scores by 10 before your softmax, then by 0.1. What does a word do then that looks at all"
        " others: does it choose one, or listen to everybody?",
        shown=Shown(
            (SCORES,),
            rows=TOKENS,
            columns=TOKENS,
            titles=("Your softmax of the scores: each row is shared out",),
            says="“{row}” gives most to “{column}” ({number})",
            of=("tennis",),
        ),
    ),
    "attend": FullMarks(
        "You now know what attention is: each word takes a little from every other, and most from those that fit what it"
        " looks for. You have built equation 1 of the paper that today's language models rest on.",
        stretch="A dictionary gives back the one value whose key is equal. Find queries and keys with which your attend"
        " does nearly the same, and say what it does when no key is equal.",
        # With the identity matrix in the place of Value, what comes back is the weights.
        shown=Shown(
            (QUERY, KEY, np.eye(len(TOKENS))),
            rows=TOKENS,
            columns=TOKENS,
            titles=("Who looks at whom, by your attend",),
            form="arrows",
            says=LOOKS,
            of=("tennis", "very", "skilled"),
        ),
    ),
}
