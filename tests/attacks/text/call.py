# A wrong function that calls another with ten thousand names, each of which may have become any other.
# expect: graded 3
# twin: a wrong function that calls another with a few
# expect of the twin: graded 3

def attack(document):
    names = ", ".join(f"a{number}" for number in range(10_000))
    source = f"def one_hot(tokens, vocabulary):\n    if 0:\n        f({names})\n    return np.zeros((len(tokens), 3))"
    solution.rewrite(document, "one_hot", source)


def twin(document):
    source = "def one_hot(tokens, vocabulary):\n    if 0:\n        f(a, b, c)\n    return np.zeros((len(tokens), 3))"
    solution.rewrite(document, "one_hot", source)
