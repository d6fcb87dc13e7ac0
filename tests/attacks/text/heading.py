# A heading of level 1,000,000,000 in an old notebook.
# expect: graded 6
# twin: a heading of level 2 in an old notebook
# expect of the twin: graded 6

def attack(document):
    return older(document, level=10**9)


def twin(document):
    return older(document, level=2)
