"""The roster in the gradebook."""

from __future__ import annotations

import os
from pathlib import Path

from entered import FULL, UNIT, entry, release
from nbgrader import api

from autograder.course.roster import Student
from autograder.gradebook import bookkeeping, enrolment
from autograder.gradebook import released as releases

__all__ = ["release"]  # a fixture


def test_enrolled_students_keep_their_submissions(tmp_path: Path, release: Path) -> None:
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], [releases.read(release)])
    enrolment.enrol(tmp_path, [Student("ada", "Ada", "Lovelace", "ada@example.org", "17"), Student("bo")])
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        ada = book.find_student("ada")
        assert (ada.first_name, ada.lms_user_id, ada.score) == ("Ada", "17", 6.0)
        assert book.find_student("bo").first_name is None


def test_a_folder_that_is_no_utf8_is_enrolled_by_its_text(tmp_path: Path, release: Path) -> None:
    students = [Student(os.fsdecode(b"J\xf6rg"), "Jörg")]
    for _ in range(2):
        enrolment.enrol(tmp_path, students)
        assert enrolment.has_enrolled(tmp_path, students)
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        assert [(one.id, one.first_name) for one in book.students] == [("J=F6rg", "Jörg")]
