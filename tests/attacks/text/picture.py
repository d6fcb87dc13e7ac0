# Thirty megabytes of blanks pasted as a picture.
# expect: graded 6
# twin: a picture
# expect of the twin: graded 6

def attack(document):
    paste(document, " " * 30 * 2**20 + "!")


def twin(document):
    paste(document, "iVBORw0KGgo=")
