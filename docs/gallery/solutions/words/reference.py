"""Plain Python: a text goes in, and a dictionary comes out."""

from autograder.author import plain


def count_words(text: str) -> dict[str, int]:
    words = text.lower().split()
    return {word: words.count(word) for word in words}


PROCEDURES = {"count_words": plain(count_words)}
