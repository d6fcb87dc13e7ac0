# A byte-order mark, NaN and a number of 5,000 digits, which Python refuses to read.
# expect: graded 6
# twin: a byte-order mark and NaN, as Windows and plots leave them
# expect of the twin: graded 6

def attack(document):
    document["metadata"] |= {"number": "LONG", "other": float("nan")}
    return b"\xef\xbb\xbf" + dumped(document).replace(b'"LONG"', b"9" * 5_000)


def twin(document):
    document["metadata"]["other"] = float("nan")
    return b"\xef\xbb\xbf" + dumped(document)
