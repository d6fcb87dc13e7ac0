"""A course with marks of every kind."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from entered import CONFIG, FULL, PART, UNIT, entry, give
from released import released

from autograder.gradebook import bookkeeping
from autograder.gradebook import released as releases
from autograder.records import Course, Limits

ROSTER = """\
id,first_name,last_name,email,lms_user_id,section
ada,Ada,Lovelace,ada@example.org,101,Monday
bo,Bo,=HYPERLINK("http://evil"),bo@example.org,102,+Tuesday
cy,Cy,,cy@example.org,103,
zoë,Zoë,O'Neil,zoe@example.org,104,Monday
"""


@pytest.fixture
def graded(tmp_path: Path) -> Course:
    """A course with a hand-given mark, an override, a late penalty, one not graded, one not on the roster."""
    release = tmp_path / "assignments" / UNIT.name / f"{UNIT.name}.ipynb"
    release.parent.mkdir(parents=True)
    release.write_text(json.dumps(released()))
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    (tmp_path / "roster.csv").write_text(ROSTER)
    unit = replace(UNIT, due=datetime(2026, 3, 1, 12, tzinfo=UTC))
    course = Course(tmp_path, "T", 1, tmp_path / "s", tmp_path / "roster.csv", Limits(), (unit,), "")

    def regrade() -> None:
        late = "2026-03-02 12:00:00.000000 UTC"
        entries = [
            entry(tmp_path, "ada", PART, timestamp=late),
            entry(tmp_path, "bo", FULL),
            entry(tmp_path, "cy", None),
            entry(tmp_path, "stranger", FULL),
        ]
        bookkeeping.write(
            tmp_path, unit, entries, [releases.read(release)], config=tmp_path / "nbgrader_config.py"
        )

    regrade()
    give(tmp_path, "ada", "check-softmax", manual_score=2.0)
    give(tmp_path, "ada", "why-sqrt-d_k", manual_score=1.5)
    regrade()
    return course
