"""`said.toml`: what an instructor says to all who show the same unexplained results, kept in the course.

    [self-attention]
    softmax-k3f9qa = "Each row is one word's question."

It is plain text to be versioned with the course, and may be edited by hand. It changes no mark and no result: pages
are given their sentences when they are published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.errors import CourseError
from autograder.gradebook import results, textfile
from autograder.gradebook.textfile import LONGEST
from autograder.naming import as_text

FILE_NAME: Final = "said.toml"
_EXAMPLE: Final = 'softmax-k3f9qa = "a sentence"'

_HEAD: Final = (
    "# What is said to all who show the same unexplained results: autograder say UNIT CLUSTER SENTENCE\n"
)


@dataclass(frozen=True)
class Sentence:
    """What is said to one student about one function."""

    function: str
    text: str


def read(root: Path, unit: str) -> dict[str, str]:
    """The sentences of a unit by cluster; CourseError where the file in the course folder is not as it should be."""
    return dict(textfile.read(root / FILE_NAME, _EXAMPLE).get(unit, {}))


def to_students(
    root: Path, out: Path, unit: str, students: Sequence[str] | None = None
) -> dict[str, tuple[Sentence, ...]]:
    """What is said to each of these students, or to all who have a result, by name as text.

    Who is told nothing is not in it. CourseError as `read` raises it.
    """
    sentences = read(root, unit)
    if not sentences:
        return {}
    told = {}
    for student in results.students(out, unit) if students is None else students:
        found = results.clusters(results.path(out, unit, student))
        own = tuple(
            Sentence(function, sentences[cluster])
            for function, cluster in found.items()
            if cluster in sentences
        )
        if own:
            told[as_text(student)] = own
    return told


def say(root: Path, unit: str, cluster: str, sentence: str) -> None:
    """Keeps a sentence in the place of one said before; CourseError for one that is empty or too long."""
    text = textfile.plain(sentence)
    if not text:
        raise CourseError("the sentence is empty: give one in quotes, or take one back with --take-back")
    if len(text) > LONGEST:
        raise CourseError(
            f"the sentence has {len(text):,} characters, and {LONGEST:,} are allowed: say it shorter"
        )
    with textfile.changing(root / FILE_NAME, _EXAMPLE, _HEAD) as said:
        said.setdefault(unit, {})[cluster] = text


def take_back(root: Path, unit: str, cluster: str) -> None:
    """Takes a sentence back; CourseError where nothing was said."""
    with textfile.changing(root / FILE_NAME, _EXAMPLE, _HEAD) as said:
        if said.get(unit, {}).pop(cluster, None) is None:
            raise CourseError(f"nothing is said to {cluster}: there is nothing to take back")
