"""Numbers with the words that follow them."""

from __future__ import annotations

import pytest

from autograder.words import agree, counted, few


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 points"),
        (1, "1 point"),
        (1.0, "1 point"),
        (0.5, "0.5 points"),
        (10, "10 points"),
        (1 / 3, "0.33 points"),
        (12_000, "12,000 points"),
    ],
)
def test_a_number_with_its_noun(count: float, said: str) -> None:
    assert counted(count, "point") == said


def test_a_plural_of_its_own() -> None:
    assert [counted(count, "entry", "entries") for count in (1, 2)] == ["1 entry", "2 entries"]


def test_a_verb_goes_with_its_number() -> None:
    assert [agree(count, "is", "are") for count in (0, 1, 2)] == ["are", "is", "are"]


def test_a_few_of_many_names() -> None:
    assert few(["ada", "bo"]) == "ada, bo"
    assert few(["ada", "bo", "cy"], most=2) == "ada, bo and 1 more"
