# A run of 60,000 backticks and tildes in Markdown, which a careless pattern reads in hours.
# expect: graded 6
# twin: an answer with code between backticks
# expect of the twin: graded 6

def attack(document):
    answer(document, "`" * 30_000 + "~" * 30_000 + "mermaid")


def twin(document):
    answer(document, "```python\nx = 1\n```")
