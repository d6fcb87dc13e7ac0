from __future__ import annotations

import re
from pathlib import Path

import least_form
import pytest

from autograder.checking import standard
from autograder.course import material
from autograder.errors import CourseError

GREET = 'def greet(names: "n, words"):\n    """Greets."""\n    return [f"Hello {name}" for name in names]\n'
COUNT = "def count(n):\n    return n + 1\n"
COUNT_UP = "def count(n):\n    return list(range(n + 1))\n"
CASES = """
def cases(rng):
    return (Case("one", (int(rng.integers(9)),)), Case("none", (0,), kind="no-tokens"))
CASES = {"count": cases}
"""


@pytest.mark.parametrize(
    ("points", "weights", "properties", "shares"),
    [
        (3.0, [2, 2, 2, 1, 1, 1, 1], 2, [0.75, 0.75, 0.5, 0.25, 0.25, 0.25, 0.25]),
        (1.0, [2, 2, 2, 1, 0.75, 0.75], 2, [0.3, 0.2, 0.2, 0.1, 0.1, 0.1]),
        (0.05, [1, 1], 0, [0.03, 0.02]),
        (2.5, [1], 0, [2.5]),
        (1 / 3, [1, 1], 0, [1 / 6, 1 / 6]),
    ],
)
def test_points_are_shared_by_weight(
    points: float, weights: list[float], properties: int, shares: list[float]
) -> None:
    mere = [False] * (len(weights) - properties) + [True] * properties
    given = standard.shared(points, weights, mere)
    assert sum(given) == pytest.approx(points)
    assert sorted(given, reverse=True) == pytest.approx(sorted(shares, reverse=True))
    assert min(given) > 0
    assert sum(one for one, is_mere in zip(given, mere, strict=True) if is_mere) <= points / 3 + 1e-9


@pytest.mark.parametrize(
    ("source", "files", "names"),
    [
        (
            least_form.SCORES,
            {},
            ["all sizes different", "other sizes", "all sizes equal", "n_q is 1", "d_k is 1", "n_k is 1",
             "the shape of the result", "leaves its inputs alone"],
        ),
        (GREET, {}, ["all sizes different", "a larger size", "other sizes", "n is 1", "leaves its inputs alone"]),
        (COUNT, {"inputs.py": CASES}, ["one", "none"]),
        (COUNT_UP, {"inputs.py": CASES}, ["one", "none", "leaves earlier results alone"]),
    ],
    ids=["arrays", "lists", "numbers", "lists-of-numbers"],
)  # fmt: skip
def test_the_checks_of_a_function_come_of_its_cases(
    tmp_path: Path, source: str, files: dict[str, str], names: list[str]
) -> None:
    course = least_form.course(tmp_path, source, files=files)
    loaded = material.load(course, course.units[0])
    (function,) = loaded.procedures
    found = standard.checks(loaded, function)
    assert sorted(one.name for one in found) == sorted(names)
    weights = {one.name: (one.weight, one.kind) for one in found}
    assert weights[names[0]] == (2.0, "values")
    assert weights[next(name for name in names if name.endswith("1") or name == "none")] == (1.0, "values")
    assert all(
        kind == "property" for name, (_, kind) in weights.items() if "shape" in name or "alone" in name
    )


LISTED = """
def cases(rng):
    return tuple(Case(name, (np.round(rng.normal(size=(3, 2)), 2),)) for name in ("one", "two", "three"))

CASES = {"twice": cases}
CHECKS = {"twice": %s}
"""
TWICE = "def twice(x):\n    return 2 * x\n"


def listed(root: Path, checks: str) -> tuple[standard.Standard, ...]:
    course = least_form.course(root, TWICE, files={"inputs.py": LISTED % checks})
    return standard.checks(material.load(course, course.units[0]), "twice")


def test_an_author_may_list_the_checks_with_what_they_weigh(tmp_path: Path) -> None:
    found = listed(
        tmp_path,
        '{"one": 4, "some": (2, "two", "three"), "leaves its inputs alone": 1}',
    )
    assert [(one.name, one.weight, one.kind) for one in found] == [
        ("one", 4, "values"),
        ("some", 2, "values"),
        ("leaves its inputs alone", 1, "property"),
    ]


@pytest.mark.parametrize(
    ("checks", "message"),
    [
        ('{"one": 0}', "inputs.py: CHECKS['twice']: the check 'one' weighs 0: give a number above 0"),
        ('{"one": ("two", 1)}', "the check 'one' weighs 'two': give a number above 0"),
        (
            '{"four": 1}',
            "the check 'four' looks at a case that is not there: 'four' is none of its cases: one, two, three",
        ),
        ('{"some": (1, "one", "ten")}', "looks at a case that is not there: 'ten' is none of its cases"),
    ],
)
def test_a_listed_check_that_does_not_fit_is_told(tmp_path: Path, checks: str, message: str) -> None:
    with pytest.raises(CourseError, match=re.escape(message)):
        listed(tmp_path, checks)
