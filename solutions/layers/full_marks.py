"""What full marks earn in this unit: what is now understood, and where to go on."""

from autograder.author import FullMarks, Shown

_WORDS = ("Carlos", "Alcaraz", "plays", "tennis", "on", "the", "court", ".")
_FEATURES = ("sin 0", "cos 0", "sin 1", "cos 1", "sin 2", "cos 2")

FULL_MARKS = {
    "causal_mask": FullMarks(
        "You now know how a model is kept from copying the answer: what comes later gets a score of minus infinity, and so"
        " a weight of exactly 0.",
        stretch="Some models let each token see itself and no more than the three before it. What does their mask look like?",
    ),
    "positional_encoding": FullMarks(
        "You now know how the order of words gets into a model that does not see it: each position has a row of numbers of"
        " its own, made of waves from quick to slow.",
        stretch="Take the dot product of each row with each other one, and draw it. What does it tell of near and far?",
        shown=Shown(
            (len(_WORDS), len(_FEATURES)),
            rows=_WORDS,
            columns=_FEATURES,
            titles=("Where each word stands",),
            says="“{row}” stands highest in {column} ({number})",
            of=("plays",),
        ),
    ),
    "layer_norm": FullMarks(
        "You now know what keeps the numbers of a deep stack in bounds: each token is brought to one size before anyone"
        " works with it, by itself and without a look at the others.",
        stretch="What becomes of a token if you multiply all its features by 100 first? And if you add 100 to each?",
    ),
    "feed_forward": FullMarks(
        "You now know what a model does between two looks around: each token is thought over for itself, in more features"
        " than it has, and with a bend without which nothing would be gained.",
        stretch="Find weights with which the network gives back the size of each feature without its sign.",
    ),
    "block": FullMarks(
        "You now know what a layer of a language model is: a look around and a moment to think, each of which adds to what"
        " is there, so that a token is never replaced.",
        stretch="With which weights does a block double its input? With which does it hand it on unchanged?",
    ),
    "stack": FullMarks(
        "You now know a language model from end to end. What the large ones have besides is more of everything: layers,"
        " words, and texts to learn from.",
        stretch="Leave one of the two trained layers out, and let the model write. What does it still know, and what not?",
    ),
}
