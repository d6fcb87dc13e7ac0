# Six hundred thousand cells.
# expect: unreadable
# twin: more than a thousand cells
# expect of the twin: graded 6

def attack(document):
    document["cells"] += [code("")] * 600_000


def twin(document):
    document["cells"] += [code("x = 1") for _ in range(1_200)]
