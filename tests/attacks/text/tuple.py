# Seven megabytes of one tuple, which take gigabytes to parse.
# expect: graded 6
# twin: a long table of numbers
# expect of the twin: graded 6

def attack(document):
    document["cells"].append(code("x = " + "1," * 3_500_000))


def twin(document):
    document["cells"].append(code("x = [" + "1.5," * 40_000 + "]"))
