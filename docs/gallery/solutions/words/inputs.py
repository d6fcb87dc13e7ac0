"""The texts of which words are counted."""

import numpy as np

from autograder.author import Case

WORDS = ["sun", "moon", "star", "cloud", "rain", "river", "stone", "leaf", "fox", "owl", "song", "drum"]


def count_words_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    # Which words come, and how often, is drawn: it is another in each family, and the same for every student.
    often, twice, once, last = (str(word) for word in rng.choice(WORDS, size=4, replace=False))
    return (
        Case("a short song", (f"{often} {twice} {often} {once} {twice} {often}",)),
        Case("capital letters", (f"{often.title()} {often} {twice.upper()} {twice} {last.title()}",)),
        Case("two lines", (f"{once} {often}  {often}\n{twice} {once}\n{last}\n",)),
        Case("a word within a word", (f"{once} {once}s {once}light {twice} {once}",)),
        Case("a single word", (once,)),
        Case("no words", ("",), kind="empty"),
    )


CASES = {"count_words": count_words_cases}

# By the name of each check: its weight, and the cases that it looks at where it is not called like its one.
CHECKS = {
    "count_words": {
        "the words of a song": (2, "a short song", "a single word"),
        "capital letters": 1,
        "several lines": (1, "two lines"),
        "a word within a word": 1,
        "no words": 1,
    },
}
