# A wrong function with an einsum of forty thousand letters, each of which may have become any other: gigabytes of edits.
# expect: graded 3
# twin: a wrong function with an einsum of a few
# expect of the twin: graded 3

def attack(document):
    letters = "abcdefghijklmnopqrstuvwxyz" * 1_500
    source = f"def one_hot(tokens, vocabulary):\n    if 0:\n        np.einsum('{letters}->', tokens)\n    return np.zeros((len(tokens), 3))"
    solution.rewrite(document, "one_hot", source)


def twin(document):
    source = "def one_hot(tokens, vocabulary):\n    if 0:\n        np.einsum('ij,jk->ik', tokens, tokens)\n    return np.zeros((len(tokens), 3))"
    solution.rewrite(document, "one_hot", source)
