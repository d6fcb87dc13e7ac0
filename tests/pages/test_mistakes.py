"""Diagnoses counted; who has which is held in test_classroom.py."""

from __future__ import annotations

import pytest
from test_classroom import report

from autograder.pages import mistakes


@pytest.mark.parametrize(
    ("id", "family"),
    [
        ("softmax.unstable", "unstable"),
        ("multi_head.unstable", "unstable"),
        ("general.raises", "general.raises"),
        ("general.one-edit", ""),
        ("general.changed-step", ""),
        ("general.not-implemented", ""),
    ],
)
def test_the_family_of_a_diagnosis(id: str, family: str) -> None:
    assert mistakes.family(id) == family


def test_what_is_not_written_yet_comes_last() -> None:
    stubs = [report(f"s{i}", False, False, True, diagnoses=("general.not-implemented",)) for i in range(3)]
    wrong = report("w", False, True, True, diagnoses=("f.one",))
    assert [(one.id, one.count) for one in mistakes.found([*stubs, wrong])] == [
        ("f.one", 1),
        ("general.not-implemented", 3),
    ]
