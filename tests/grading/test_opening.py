"""What grades a unit is opened in one place, whichever kind it is of."""

from __future__ import annotations

from pathlib import Path

import adopted_course

from autograder.course import coursefile
from autograder.grading import adopted, opening
from autograder.grading.pipeline import Pipeline
from autograder.notebook import collect


def test_each_kind_of_unit_has_its_own_and_a_version_that_is_known_without_opening_it(
    course_folder: Path, tmp_path: Path
) -> None:
    ours = coursefile.load(course_folder / "course.toml")
    with opening.opened(ours, ours.units[0]) as grader:
        assert isinstance(grader, Pipeline)
        version, fingerprint = opening.made_by(ours, ours.units[0])
        assert version == grader.version
        assert fingerprint
    theirs = coursefile.load(adopted_course.course(tmp_path) / "course.toml")
    unit = theirs.unit(adopted_course.UNIT)
    assert opening.made_by(theirs, unit) == (adopted.version(theirs, unit), "")
    assert not theirs.secret_file.exists()
    assert opening.AS_HANDED_IN.sheets is collect.sheets
