# Megabytes of halves of emoji, each to be mended.
# expect: graded 6
# twin: half an emoji
# expect of the twin: graded 6

def attack(document):
    document["cells"].append(code("# " + "\ud800a" * 900_000))


def twin(document):
    document["cells"].append(code("# \ud800"))
