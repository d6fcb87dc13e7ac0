# A million blank lines below a cell that came with the notebook.
# expect: graded 6
# twin: a few blank lines there
# expect of the twin: graded 6

def attack(document):
    first(document, "code")["source"] += "\n" * 990_000


def twin(document):
    first(document, "code")["source"] += "\n" * 5
