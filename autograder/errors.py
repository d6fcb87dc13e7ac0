"""What can go wrong with the set-up: said in one line each, by the command line, without a traceback."""

from __future__ import annotations


class AutograderError(Exception):
    """A failure that a person can mend: the message says what is wrong, where, and what to do."""


class CourseError(AutograderError):
    """The course cannot be used as it stands: no or a broken `course.toml`, an unknown unit, a bad path."""


class UnreadableError(AutograderError):
    """A submission is no notebook that can be read; the message is the reason shown to the student."""


class SandboxError(AutograderError):
    """The worker failed by our own fault: never a student's zero, the submission is tried again."""


class GraderError(AutograderError):
    """A hidden grader failed by its own fault: never a student's zero, the submission is tried again."""


class ClusterError(AutograderError):
    """The cluster that grades is lost, or one of its machines cannot grade: what is finished is kept."""
