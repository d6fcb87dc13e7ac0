# A notebook whose version is a number of 5,000 digits.
# expect: unreadable
# twin: a newer minor version
# expect of the twin: graded 6

def attack(document):
    document["nbformat"] = "LONG"
    return dumped(document).replace(b'"LONG"', b"9" * 5_000)


def twin(document):
    document["nbformat_minor"] = 99
