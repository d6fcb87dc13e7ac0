"""`said.toml`: what an instructor says to all who show the same unexplained results, kept in the course.

    [self-attention]
    softmax-k3f9qa = "Each row is one word's question."

It is plain text to be versioned with the course, and may be edited by hand. It changes no mark and no result: pages
are given their sentences when they are published.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.decoding import UndecodedError, utf8
from autograder.errors import AutograderError, CourseError
from autograder.gradebook import results, safe_text
from autograder.naming import as_text

FILE_NAME: Final = "said.toml"
LONGEST: Final = 1000  # characters of a sentence

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
    return dict(_read(root / FILE_NAME).get(unit, {}))


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
    text = safe_text.plain(sentence.encode("utf-8", "replace").decode())
    if not text:
        raise CourseError("the sentence is empty: give one in quotes, or take one back with --take-back")
    if len(text) > LONGEST:
        raise CourseError(
            f"the sentence has {len(text):,} characters, and {LONGEST:,} are allowed: say it shorter"
        )
    said = _read(root / FILE_NAME)
    said.setdefault(unit, {})[cluster] = text
    _write(root / FILE_NAME, said)


def take_back(root: Path, unit: str, cluster: str) -> None:
    """Takes a sentence back; CourseError where nothing was said."""
    said = _read(root / FILE_NAME)
    if said.get(unit, {}).pop(cluster, None) is None:
        raise CourseError(f"nothing is said to {cluster}: there is nothing to take back")
    _write(root / FILE_NAME, said)


def _read(place: Path) -> dict[str, dict[str, str]]:
    try:
        data = tomllib.loads(utf8(place.read_bytes()))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise CourseError(f"{place}: cannot be read ({error.strerror})") from None
    except UndecodedError as error:
        raise CourseError(f"{place}: {error}: save it as UTF-8{error.hint}") from None
    except (ValueError, RecursionError) as error:
        raise CourseError(f"{place}: not valid TOML: {error}") from None
    for unit, sentences in data.items():
        if not isinstance(sentences, dict) or not all(isinstance(one, str) for one in sentences.values()):
            raise CourseError(f'{place}: expected [{unit}] with lines such as softmax-k3f9qa = "a sentence"')
    return data


def _write(place: Path, said: Mapping[str, Mapping[str, str]]) -> None:
    lines = [_HEAD]
    for unit, sentences in sorted(said.items()):
        if sentences:
            entries = (f"{_key(name)} = {_text(one)}\n" for name, one in sorted(sentences.items()))
            lines.append(f"\n[{_key(unit)}]\n{''.join(entries)}")
    try:
        results.write_all([(place, "".join(lines).encode())])
    except OSError as error:
        raise AutograderError(f"{place}: cannot be written ({error.strerror})") from None


def _key(name: str) -> str:
    bare = name.replace("-", "").replace("_", "")
    return name if bare.isascii() and bare.isalnum() else _text(name)


def _text(text: str) -> str:
    """A text as TOML writes it, whose form is JSON's but for one character that may not stand as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
