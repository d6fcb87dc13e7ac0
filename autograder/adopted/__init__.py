"""Assignments that nbgrader made, as they are: read, and each test cell held as a grader against what a student handed in.

For grading, the self-checks and authoring. It may use checking, the course, explaining, what writes
values of the pages, the sandbox, notebooks and the base.
"""

__all__ = [
    "beside",
    "examroom",
    "explained",
    "intake",
    "merging",
    "papers",
    "plainroom",
    "serving",
    "sitting",
    "stepwise",
]
