"""What `verify` has proven of a unit, as records and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import msgspec

from autograder.authoring import explained
from autograder.authoring.explained import Explained

SCHEMA: Final = 2

Part: TypeAlias = Literal[
    "lesson",
    "solution",
    "documented",
    "stub",
    "nonsense",
    "example",
    "misconception",
    "apart",
    "mutant",
    "copied",
    "student",
    "wrong",
]  # of an adopted unit: solution, stub and a wrong version, marked by nbgrader and by the kit


@dataclass(frozen=True)
class Proof:
    """One thing that was tried, and whether it came out as it should."""

    part: Part
    function: str  # empty for what is of the lesson as a whole
    what: str
    holds: bool
    detail: str = ""  # what came out instead; of a mutant, which check caught it or why nothing can


@dataclass(frozen=True)
class VerifyReport:
    """All that was tried of one unit."""

    unit: str
    title: str
    students: int  # other ones, for whom the same code must earn the same
    proofs: tuple[Proof, ...]
    explained: tuple[
        Explained, ...
    ] = ()  # machine-made mistakes and what is found: a measure, which proves nothing

    @property
    def holds(self) -> bool:
        """Whether everything came out as it should."""
        return all(proof.holds for proof in self.proofs)

    @property
    def failures(self) -> tuple[Proof, ...]:
        """What did not come out as it should."""
        return tuple(proof for proof in self.proofs if not proof.holds)

    @property
    def mutation_score(self) -> float | None:
        """The share of mutants that a check caught, equivalent ones aside; None where there are none."""
        tried = [proof for proof in self.of("mutant") if not proof.detail.startswith("equivalent")]
        return sum(proof.holds for proof in tried) / len(tried) if tried else None

    def of(self, part: Part, function: str | None = None) -> list[Proof]:
        """The proofs of one part, of one function or of all."""
        return [proof for proof in self.proofs if proof.part == part and function in (None, proof.function)]


def encode(reports: Sequence[VerifyReport]) -> bytes:
    """The JSON of one or more reports, for continuous integration."""
    document = {
        "schema": SCHEMA,
        "holds": all(one.holds for one in reports),
        "units": [
            {
                "unit": one.unit,
                "title": one.title,
                "holds": one.holds,
                "students": one.students,
                "mutation_score": one.mutation_score,
                "proofs": one.proofs,
                "explained": {**explained.told(one.explained), "mistakes": one.explained},
            }
            for one in reports
        ],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"
