"""What the pages and the self-checks show alike: a student's own cell, its lines marked, and the worked steps' signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from autograder.records import Diagnosis, Explanation
from autograder.words import clipped

StepState: TypeAlias = Literal["agrees", "departs", ""]

MOST_CHARACTERS: Final = 160  # of a line


@dataclass(frozen=True)
class CodeLine:
    """One line of the student's cell."""

    number: int
    text: str
    marked: bool


@dataclass(frozen=True)
class Code:
    """The student's cell, or the part of it around the line that is marked."""

    lines: tuple[CodeLine, ...]
    marked: tuple[int, ...]  # the lines that diagnoses name, best first, as far as they are shown
    before: int  # lines left out
    after: int


def code(source: str, diagnoses: Sequence[Diagnosis], most: int) -> Code:
    """The cell, or `most` lines of it around the first line that a diagnosis names."""
    # What Python counts as a line is less than str.splitlines does.
    texts = source.rstrip("\n").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    named = dict.fromkeys(diagnosis.line for diagnosis in diagnoses if diagnosis.line is not None)
    first = next((line for line in named if line <= len(texts)), 1)
    start = max(0, min(first - 1 - most // 3, len(texts) - most))
    shown = texts[start : start + most]
    return Code(
        lines=tuple(
            CodeLine(number, clipped(text.expandtabs(4), MOST_CHARACTERS), number in named)
            for number, text in enumerate(shown, start + 1)
        ),
        marked=tuple(line for line in named if start < line <= start + len(shown)),
        before=start,
        after=len(texts) - start - len(shown),
    )


def states(explanation: Explanation, departs: str | None) -> tuple[StepState, ...]:
    """What is known of each worked step, where the first finding names the step `departs`.

    A step whose right value was seen agrees; no finding names one.
    """
    agrees = explanation.agrees
    return tuple(
        "agrees" if step.name in agrees else "departs" if step.name == departs else ""
        for step in explanation.worked
    )
