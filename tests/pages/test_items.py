"""What is said of checks and functions as items; difficulty and discrimination are held in test_classroom.py."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_classroom import UNIT, report

from autograder.pages import items
from autograder.pages.items import FEWEST, CheckStatistic, Doubt
from autograder.records import Diagnosis, Report


@pytest.mark.parametrize(
    ("taken", "passed", "discrimination", "word"),
    [
        (20, 20, None, "never fails"),
        (20, 0, None, "always fails"),
        (20, 9, -0.2, "look at this check"),
        (20, 9, 0.05, "tells little"),
        (20, 9, 0.4, ""),
        (20, 9, None, ""),
        (FEWEST - 1, 0, None, ""),
    ],
)
def test_what_is_odd_about_a_check(taken: int, passed: int, discrimination: float | None, word: str) -> None:
    assert CheckStatistic("f", "a check", 1.0, taken, passed, discrimination).word == word


def found(one: Report, id: str) -> Report:
    f, g = one.functions
    return replace(one, functions=(f, replace(g, diagnoses=(Diagnosis(id, id),))))


def test_a_function_that_all_fail_who_are_right_elsewhere_is_doubted() -> None:
    strong = [report(f"s{i}", True, True, False) for i in range(FEWEST)]
    assert items.doubts(UNIT, strong) == (Doubt("g", FEWEST, FEWEST, FEWEST, ""),)
    assert items.doubts(UNIT, strong[1:]) == (), "too few"
    weak = [report(f"w{i}", False, False, False) for i in range(FEWEST)]
    assert items.doubts(UNIT, weak) == (), "the class is weak everywhere"
    assert items.doubts(UNIT, [*strong, report("t", True, True, True)]) == (), (
        "two in twenty is not hardly any"
    )
    many = [report(f"s{i}", True, True, i == 0) for i in range(20)]
    assert items.doubts(UNIT, many) == (Doubt("g", 20, 19, 19, ""),)


def test_a_function_that_all_fail_alike_is_doubted_too() -> None:
    alike = [found(report(f"s{i}", False, False, False), "general.missing-module") for i in range(FEWEST)]
    assert items.doubts(UNIT, alike) == (Doubt("g", FEWEST, FEWEST, 0, "general.missing-module"),)
    assert items.doubts(UNIT, [*alike[2:], *(found(one, "g.other") for one in alike[:2])]) == ()
