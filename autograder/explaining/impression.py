"""What is wrong with a result at first sight, in words that tell nothing of the cause: the first of the hints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from autograder.data import Array
from autograder.records import Diagnosis, Explanation

_CLOSE: Final = 1e-6  # of the largest number: by so much two numbers may differ and still be the same here


def with_impression(diagnoses: Sequence[Diagnosis], explanation: Explanation | None) -> tuple[Diagnosis, ...]:
    """The findings, the first of them with what is wrong at first sight, where its author does not say so."""
    first, others = diagnoses[:1], diagnoses[1:]
    told = [one if one.off else replace(one, off=impression(explanation)) for one in first]
    return (*told, *(one if one.off else replace(one, off="Something else is off") for one in others))


def without_summary(found: Sequence[Diagnosis], explanation: Explanation | None) -> tuple[Diagnosis, ...]:
    """The findings without the sentence that stands above them, on what is wrong with the case to show."""
    if explanation is None:
        return tuple(found)
    said = (f"On “{explanation.case}”: {explanation.summary}", explanation.summary)
    return tuple(
        replace(
            one,
            why=next(
                (one.why.removesuffix(f" {end}") for end in said if one.why.endswith(f" {end}")), one.why
            ),
        )
        for one in found
    )


def impression(explanation: Explanation | None) -> str:
    """What is wrong with the result that is explained; empty where there is none to look at."""
    if explanation is None:
        return ""
    got, expected = explanation.got, explanation.expected
    of = f" of {explanation.part}" if explanation.part else ""
    if got is None or expected is None:
        return "The result is not the expected one" if explanation.beside is not None else ""
    if got.shape != expected.shape or not got.size or not _are_finite(got, expected):
        return f"The result{of} is not the expected one"
    return _of_numbers(got.astype(float), expected.astype(float), of)


def _are_finite(*arrays: Array) -> bool:
    return all(one.dtype.kind in "biuf" and bool(np.all(np.isfinite(one))) for one in arrays)


def _of_numbers(got: Array, expected: Array, of: str) -> str:
    near = _CLOSE * max(float(np.max(np.abs(expected))), 1e-12)

    def same(one: Array, other: Array) -> bool:
        return bool(np.all(np.abs(one - other) <= near))

    if got.size > 1 and same(np.abs(got), np.abs(expected)):
        return f"Some signs{of} are off"
    if got.size > 1 and same(np.sort(got, axis=None), np.sort(expected, axis=None)):
        return f"The right numbers{of} stand in the wrong places"
    if _is_multiple(got, expected, near):
        return f"The size of the numbers{of} is off; their pattern is right"
    if got.ndim == 2 and all(_is_multiple(*rows, near) for rows in zip(got, expected, strict=True)):
        return f"The size of the numbers{of} is off, in each row in its own way"
    right = np.abs(got - expected) <= near
    if right.any() and got.ndim == 2:
        for axis, lines in ((1, "rows"), (0, "columns")):
            whole = right.all(axis=axis)
            if whole.any() and not whole.all():
                return f"Some {lines}{of} are right and others are not"
    if right.mean() > 0.2:
        return f"Some numbers{of} are right and others are not"
    return f"The numbers{of} are off"


def _is_multiple(got: Array, expected: Array, near: float) -> bool:
    """Whether all numbers are the expected ones times one and the same factor."""
    square = float(np.vdot(expected, expected))
    if not square or np.sum(np.abs(expected) > near) < 2:
        return False
    with np.errstate(over="ignore", invalid="ignore"):
        factor = float(np.vdot(expected, got)) / square
        return factor != 0 and bool(np.all(np.abs(got - factor * expected) <= near * abs(factor)))
