"""Opens what grades a unit: the pipeline of the course's own lessons, or that of an assignment that nbgrader made.

What either needs is imported where it is opened.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from autograder.notebook import collect
from autograder.notebook.collect import Sheet
from autograder.notebook.places import HandedIn
from autograder.records import Course, Level, Report, Submission, Unit

# Gives a submission as data, as `collect.read` does; UnreadableError where it is none.
Read: TypeAlias = Callable[[HandedIn, Unit, Sequence[Unit]], Submission]


@dataclass(frozen=True)
class Reading:
    """How what was handed in is read, of units of either kind: where it was handed in, or where else it lies."""

    submission: Read = collect.read
    sheets: Callable[[HandedIn, Unit], tuple[Sheet, ...]] = collect.sheets


AS_HANDED_IN = Reading()


class Grader(Protocol):
    """What grades any number of submissions of one unit, one at a time."""

    @property
    def level(self) -> Level:
        """How well it locks student code in."""

    @property
    def version(self) -> str:
        """What, beside the submission, decides a result."""

    def grade(self, handed_in: HandedIn) -> Report:
        """The report of one submission, whatever is in it; our own failure is `not-graded`, never a zero."""


@contextlib.contextmanager
def opened(
    course: Course, unit: Unit, reading: Reading = AS_HANDED_IN, processor: int | None = None
) -> Iterator[Grader]:
    """What grades a unit, with a sandbox of its own, which ends with it; see `Sandbox` of the processor.

    Raises CourseError where the course's material does not hold together, SandboxError where no sandbox can be had.
    """
    if unit.adopted is not None:
        from autograder.grading.adopted import AdoptedPipeline

        with AdoptedPipeline.opened(course, unit, reading.sheets) as adopted:
            yield adopted
        return
    from autograder.sandbox.children import Sandbox

    with Sandbox(course.limits, processor=processor) as sandbox:
        sandbox.begin()  # which takes as long as what follows
        from autograder.grading.pipeline import Pipeline

        pipeline = Pipeline.open(course, unit, sandbox.child, "none", reading.submission)
        yield replace(pipeline, level=sandbox.level)


def made_by(course: Course, unit: Unit) -> tuple[str, str]:
    """What results of a unit are made by, and the fingerprint of the secret, empty where none decides them.

    CourseError where the course's material does not hold together.
    """
    if unit.adopted is not None:
        from autograder.grading import adopted

        return adopted.version(course, unit), ""
    from autograder.checking import examining
    from autograder.course import secret
    from autograder.sandbox.children import Sandbox

    # Which is not started before it is asked for.
    with Sandbox(course.limits) as sandbox:
        examiner = examining.examiner(course, unit, sandbox.child)
    return examining.version(examiner), secret.fingerprint(examiner.secret)
