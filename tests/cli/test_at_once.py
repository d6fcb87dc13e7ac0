"""Commands that instructors type in the same instant, as real processes: none loses what another has written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from archived import notebook

from autograder.course import coursefile
from autograder.gradebook import arrangements, imported


@pytest.mark.slow
def test_imports_excuses_and_new_units_in_the_same_instant(course_folder: Path, tmp_path: Path) -> None:
    students = [f"s{number}" for number in range(4)]
    commands = []
    for student in students:
        (tmp_path / student / student).mkdir(parents=True)
        (tmp_path / student / student / "self-attention.ipynb").write_bytes(notebook(student))
        commands += [
            ["import", "self-attention", str(tmp_path / student), "--from", "plain"],
            ["new", f"unit-{student}"],
        ]
    (course_folder / "roster.csv").write_text("\n".join(["id", *students, ""]))
    listing = course_folder / coursefile.FILE_NAME
    listing.write_text(f'roster = "roster.csv"\n{listing.read_text()}')
    commands += [["excuse", "embeddings", student, "--because", "ill"] for student in students]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "autograder", *command],
            cwd=course_folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for command in commands
    ]
    said = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0] * len(running), said
    course = coursefile.load(listing)
    assert {f"unit-{student}" for student in students} <= {unit.name for unit in course.units}
    assert sorted(imported.read(course_folder, "self-attention").students) == students
    assert [arrangements.every(course_folder, student) for student in students] == [{"embeddings": "ill"}] * 4
    for student in students:
        assert (course_folder / "submitted" / student / "self-attention" / "self-attention.ipynb").is_file()
