"""Tries a function of a submission on its inputs and compares: attempt, graders, verdicts.

For explaining, grading, the self-checks and authoring. It may use the course, the sandbox and notebooks.
"""

__all__ = [
    "attempt",
    "checks",
    "compare",
    "examining",
    "graders",
    "kinds",
    "numbers",
    "rewards",
    "sentences",
    "standard",
]
