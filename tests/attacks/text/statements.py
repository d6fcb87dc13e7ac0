# Half a megabyte of statements in cells that are just small enough, which take minutes to look through.
# expect: graded 6
# twin: many short statements
# expect of the twin: graded 6

def attack(document):
    document["cells"] += [code("a = 1\n" + "a;" * 45_000) for _ in range(5)]


def twin(document):
    document["cells"].append(code("a = 1\n" + "a;" * 5_000))
