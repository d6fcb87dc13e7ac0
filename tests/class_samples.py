"""A class of invented students."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from function_samples import (
    attend_carried,
    softmax_wrong_axis,
    unscaled_scores,
)
from report_samples import failed

from autograder.records import Diagnosis, Function, FunctionReport, Report, Status, Tolerance, Unit

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
            right = generator.random() < strength
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
