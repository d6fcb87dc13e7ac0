# A function that stops on a line with five thousand names, any of which may be what is to blame.
# expect: graded 3
# twin: one that stops on a line with a few
# expect of the twin: graded 3

def attack(document):
    names = ", ".join(f"a{number}" for number in range(5_000))
    source = f"def one_hot(tokens, vocabulary):\n    if 0:\n        {names}\n    return [None + 1, {names}]"
    solution.rewrite(document, "one_hot", source)


def twin(document):
    source = "def one_hot(tokens, vocabulary):\n    a, b, c = 1, None, 3\n    return [a, b + c, c]"
    solution.rewrite(document, "one_hot", source)
