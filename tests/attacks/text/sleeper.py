# Sleeps in every call, less than it may in any, and for minutes together.
# expect: ran out of time
# twin: sleeps once
# expect of the twin: graded 6

def attack(document):
    solution.rewrite(document, "one_hot", "import time\ndef one_hot(tokens, vocabulary):\n    time.sleep(1.1)")
    solution.rewrite(document, "project_qkv", "import time\ndef project_qkv(*args):\n    time.sleep(1.1)")


def twin(document):
    document["cells"].append(code("import time\ntime.sleep(0.3)"))
