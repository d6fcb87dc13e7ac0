# `except` and ninety thousand blanks in code that no Python reads.
# expect: graded 6
# twin: code that the newest Python reads
# expect of the twin: graded 6

def attack(document):
    document["cells"].append(code("try:\n    pass\nexcept" + " " * 90_000 + "\n    pass"))


def twin(document):
    document["cells"].append(code("try:\n    pass\nexcept ValueError, TypeError:\n    pass"))
