"""Misconceptions from unit to unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from autograder.pages.classroom import ClassSummary, summarise
from autograder.pages.progress import Seen, progress
from autograder.records import Diagnosis, Function, FunctionReport, Report, Tolerance, Unit


def unit_of(name: str, found: Mapping[str, tuple[str, ...]]) -> ClassSummary:
    """A unit of one function; what is found, by student."""
    unit = Unit(name, name.capitalize(), (Function("f", 1.0, Tolerance()),))
    reports = [
        Report(
            name,
            unit.title,
            student,
            "graded",
            0.0,
            1.0,
            (FunctionReport("f", 0.0, 1.0, False, (), tuple(Diagnosis(id, f"Title of {id}") for id in ids)),),
        )
        for student, ids in found.items()
    ]
    return summarise(unit, reports, ())


def test_who_has_it_again_who_no_longer_and_who_is_new() -> None:
    units = [
        unit_of("one", {"ada": ("f.unstable",), "bo": ("f.unstable",), "cy": ("f.unstable", "f.once")}),
        unit_of("two", {"ada": (), "bo": ()}),
        unit_of(
            "three",
            {"ada": ("h.unstable", "g.unstable"), "bo": ("general.one-edit",), "dee": ("g.unstable",)},
        ),
    ]
    (one,) = progress(units)
    assert (one.name, one.title, one.ids) == (
        "unstable",
        "Title of f.unstable",
        ("f.unstable", "g.unstable", "h.unstable"),
    )
    assert one.seen == (
        Seen(0, ("ada", "bo", "cy"), 1.0),
        Seen(2, ("ada", "dee"), 2 / 3, before=3, again=1, free=1),
    )
    assert (one.count, one.seen[1].new) == (5, 1)
    assert [one.share(unit) for unit in range(3)] == [1.0, 0.0, 2 / 3]


def test_what_comes_in_one_unit_alone_or_is_not_one_mistake_is_left_out() -> None:
    units = [
        unit_of("one", {"ada": ("f.once", "general.one-edit", "general.not-implemented")}),
        unit_of("two", {"ada": ("general.one-edit", "general.not-implemented")}),
    ]
    assert progress(units) == ()
    assert progress([]) == ()


def test_a_title_that_speaks_of_one_students_code_is_not_everybodys() -> None:
    units = [unit_of(name, {"ada": ("general.right-not-returned",)}) for name in ("one", "two")]
    assert [one.title for one in progress(units)] == ["Title of general.right-not-returned"]
    own = [
        replace(
            unit,
            misconceptions=tuple(replace(one, title="It is in `x`, line 4") for one in unit.misconceptions),
        )
        for unit in units
    ]
    assert [one.title for one in progress(own)] == ["Right not returned"]
