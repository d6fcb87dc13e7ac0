"""A class of invented students."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
from function_samples import (
    attend_carried,
    softmax_wrong_axis,
    unscaled_scores,
)
from report_samples import failed

from autograder.course.roster import Student
from autograder.pages.accounts import NO_ACCOUNTS, Account, Accounts, Override
from autograder.pages.classroom import summarise
from autograder.pages.overview import Overview, overview
from autograder.pages.people import People, people
from autograder.records import Check, Diagnosis, Function, FunctionReport, Report, Status, Tolerance, Unit

UNIT = Unit(
    "self-attention",
    "Self-attention",
    tuple(
        Function(n, p, Tolerance()) for n, p in (("scaled_scores", 3.0), ("softmax", 3.0), ("attend", 4.0))
    ),
)

FIRST = [
    "Ada",
    "Alan",
    "Barbara",
    "Claude",
    "Donald",
    "Edsger",
    "Frances",
    "Grace",
    "Hedy",
    "Ida",
    "John",
    "Katherine",
    "Leslie",
    "Margaret",
    "Niklaus",
]

LAST = [
    "Abel",
    "Bose",
    "Curie",
    "Dirac",
    "Euler",
    "Fermi",
    "Gauss",
    "Hilbert",
    "Ito",
    "Jacobi",
    "Klein",
    "Lovelace",
    "Möbius",
    "Noether",
    "Poincaré",
]

MISTAKES = {
    "scaled_scores": (
        ("scaled_scores.unscaled", "The scores are not divided by √d_k", 5),
        ("scaled_scores.divided-by-d_k", "The scores are divided by d_k instead of its root", 3),
        ("general.not-implemented", "The function is still the stub it came as", 1),
    ),
    "softmax": (
        ("softmax.wrong-axis", "The sum runs down the columns instead of along the rows", 8),
        ("softmax.unstable", "Large entries overflow: no maximum is subtracted", 6),
        ("softmax.two-d-only", "The function works for matrices alone", 2),
    ),
    "attend": (
        ("attend.weights-transposed", "The weights are transposed before they meet the values", 3),
        ("attend.no-softmax", "The scores are used as weights without a softmax", 2),
    ),
}


def a_class(size: int, seed: int = 1) -> list[Report]:
    """A class of students of different strength, as results files hold it: no sources, no matrices."""
    generator = np.random.default_rng(seed)
    reports = []
    for i in range(size):
        name = f"{FIRST[i % 15]} {LAST[(i // 15 + i) % 15]}" + (f" {i // 225 + 1}" if i >= 225 else "")
        if generator.random() < 0.03:
            statuses: tuple[Status, ...] = ("unreadable", "timeout", "out-of-memory", "crashed", "not-graded")
            reports.append(failed(statuses[generator.integers(5)], name))
            continue
        strength = generator.beta(2.2, 1.2)
        functions = []
        for template in (unscaled_scores(), softmax_wrong_axis(), attend_carried()):
            right = bool(generator.random() < strength)
            passed = [right or generator.random() < 0.15 + 0.4 * strength for _ in template.checks]
            passed[-1] = bool(generator.random() < 0.5)  # a check that tells nothing
            given = tuple(
                replace(c, passed=p, message="") for c, p in zip(template.checks, passed, strict=True)
            )
            score = sum(c.points for c in given if c.passed)
            names = [(one, title) for one, title, weight in MISTAKES[template.name] for _ in range(weight)]
            found = () if all(passed) else (Diagnosis(*names[generator.integers(len(names))], line=3),)
            carried = (
                template.name == "attend" and any(f.score < f.max_score for f in functions) and all(passed)
            )
            functions.append(FunctionReport(template.name, score, template.max_score, carried, given, found))
        total = sum(function.score for function in functions)
        reports.append(
            Report("self-attention", "Self-attention", name, "graded", total, 10.0, tuple(functions))
        )
    return reports


DUE = datetime(2026, 11, 2, 22, 59, tzinfo=UTC)


def roster(
    names: Sequence[str], sections: Sequence[str] = ("Monday", "Thursday"), key: bytes | None = None
) -> People:
    """These students with names of their own, in sections by turns."""
    rows = [
        Student(name, *name.split(" ", 1), section=sections[number % len(sections)])
        for number, name in enumerate(names)
    ]
    return people(rows, key)


def accounts(reports: Sequence[Report], absent: Sequence[str] = ()) -> Accounts:
    """What counts for these students: free text of two points by hand, of which some waits, and some work is late."""
    found = {}
    for number, report in enumerate(reports):
        if report.score is None:
            found[report.student] = Account(max_score=12.0, due=DUE)
            continue
        waits, late = number % 3 == 0, timedelta(hours=1.5 * (number % 7 == 0) * (number + 1))
        by_hand, penalty = None if waits else float(number % 5) / 2, 0.5 * bool(late)
        overrides = (Override("softmax", 0.5, 2.0),) if number % 10 == 4 else ()
        found[report.student] = Account(
            total=max(0.0, report.score + (by_hand or 0.0) + 1.5 * bool(overrides) - penalty),
            max_score=12.0,
            by_hand=by_hand,
            overrides=overrides,
            penalty=penalty,
            waiting=("why-sqrt-d_k",) if waits else (),
            unmarked=2.0 * waits,
            late=late,
            due=DUE + timedelta(days=2) if number == 14 else DUE,
            extension=timedelta(days=2) if number == 14 else None,
        )
    for number, student in enumerate(absent):
        extension = timedelta(days=2) if number == 1 else None
        found[student] = Account(
            due=DUE + (extension or timedelta()), extension=extension, excused=number == 0
        )
    return Accounts(found, DUE, 12.0, 2.0)


def unit(name: str, title: str, **functions: float) -> Unit:
    return Unit(name, title, tuple(Function(one, points, Tolerance()) for one, points in functions.items()))


COURSE = (
    unit("embeddings", "Embeddings", one_hot=3.0, project_qkv=3.0),
    UNIT,
    unit("multi-head", "Multi-head attention", multi_head=6.0),
)

COURSE_MISTAKES = MISTAKES | {
    "one_hot": (
        ("one_hot.off-by-one", "The 1 stands one place too far", 3),
        ("general.raises", "It raises", 2),
    ),
    "project_qkv": (("project_qkv.swapped-outputs", "Query, Key and Value come in another order", 1),),
    "multi_head": (
        ("multi_head.unstable", "Large entries overflow: no maximum is subtracted", 4),
        ("multi_head.heads-summed", "The heads are added instead of put side by side", 3),
        ("general.not-implemented", "The function is still the stub it came as", 2),
    ),
}


def a_course(size: int, seed: int = 2) -> list[list[Report]]:
    """The reports of a class in each unit of `COURSE`, as results files hold them; some hand in nothing."""
    generator = np.random.default_rng(seed)
    names = [
        f"{FIRST[i % 15]} {LAST[(i // 15 + i) % 15]}" + (f" {i // 225 + 1}" if i >= 225 else "")
        for i in range(size)
    ]
    strengths = generator.beta(2.4, 1.1, size)
    course = []
    for place, one in enumerate(COURSE):
        reports = []
        for name, strength in zip(names, strengths, strict=True):
            if generator.random() < 0.04 * (place + 1):
                continue
            functions = [
                function_report(function.name, function.points, strength - 0.08 * place, generator)
                for function in one.functions
            ]
            total = sum(function.score for function in functions)
            reports.append(Report(one.name, one.title, name, "graded", total, one.points, tuple(functions)))
        course.append(reports)
    return course


def function_report(
    name: str, points: float, strength: float, generator: np.random.Generator
) -> FunctionReport:
    """One function of three checks, right with this probability; one that is wrong has a finding."""
    right = bool(generator.random() < strength)
    passed = [right, *(right or bool(generator.random() < chance) for chance in (strength, 0.5))]
    checks = tuple(
        Check(words, ok, points / 3)
        for words, ok in zip(("the shape", "two sentences", "leaves its inputs alone"), passed, strict=True)
    )
    weighted = [(id, title) for id, title, weight in COURSE_MISTAKES[name] for _ in range(weight)]
    found = () if all(passed) else (Diagnosis(*weighted[generator.integers(len(weighted))], line=3),)
    score = sum(check.points for check in checks if check.passed)
    return FunctionReport(name, score, points, False, checks, found)


def overview_of(size: int, key: bytes | None = None, now: datetime = DUE + timedelta(days=30)) -> Overview:
    """The course as its page shows it: what counts and lateness in the second unit, and marks alone in the others."""
    course = a_course(size)
    names = sorted({report.student for reports in course for report in reports})
    known = roster(names, key=key)
    summaries = []
    for one, reports in zip(COURSE, course, strict=True):
        absent = sorted(set(names) - {report.student for report in reports})
        counted = accounts(reports, absent) if one is UNIT else NO_ACCOUNTS
        summaries.append(summarise(one, reports, absent, people=known, accounts=counted, now=now))
    return overview("Self-attention by hand", known, summaries, now)
