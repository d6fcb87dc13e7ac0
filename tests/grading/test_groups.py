"""Work that a group hands in together."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import standing

from autograder.course.roster import Student
from autograder.errors import CourseError
from autograder.gradebook import results, standings
from autograder.grading import attendance, belongings, groups, leaving, planning, releases, watching
from autograder.grading.keeping import Outcome
from autograder.grading.planning import Order
from autograder.grading.pool import Pool
from autograder.grading.processes import Processes
from autograder.notebook.collect import Collected
from autograder.notebook.places import HandedIn
from autograder.records import Function, Tolerance, Unit

UNIT = Unit("embeddings", "Embeddings", (Function("one_hot", 3.0, Tolerance()),), groups=True)
STUDENTS = tuple(
    Student(id, group=group) for id, group in {"ada": "one", "bo": "one", "cy": "", "di": "two"}.items()
)
GROUPS = {"one": ("ada", "bo"), "two": ("di",)}
WRONG = {"one_hot": "# it was here yesterday"}
Put = Callable[..., Path]


def hand_in(root: Path, student: str, content: str = "{}", at: str | float = "") -> HandedIn:
    folder = root / student / "embeddings"
    folder.mkdir(parents=True)
    (folder / "embeddings.ipynb").write_text(content)
    if isinstance(at, float):
        os.utime(folder / "embeddings.ipynb", (at, at))
    elif at:
        (folder / "timestamp.txt").write_text(f"{at} UTC")
    return HandedIn(student, folder)


def collected(*found: HandedIn) -> Collected:
    return Collected(tuple(found), (), ())


def test_who_is_in_which_group() -> None:
    assert groups.of_unit(UNIT, STUDENTS) == GROUPS
    assert groups.of_unit(replace(UNIT, groups=False), STUDENTS) == {}
    assert groups.members(GROUPS, ["One", "cy", "bo"]) == ("ada", "bo", "cy")
    assert groups.members({"ada": ("ada", "bo")}, ["ada"]) == ("ada",), "a student who is called so is meant"
    assert groups.expanded(GROUPS, ["bo", "cy"]) == ("bo", "cy", "one", "ada")


@pytest.mark.parametrize("name", ["ada", "bo", "one", "One"])
def test_the_work_of_any_of_them_is_that_of_all(tmp_path: Path, name: str) -> None:
    one, cy = hand_in(tmp_path, name), hand_in(tmp_path, "cy")
    found = groups.shared(GROUPS, replace(collected(one, cy), without=("bo", "di")), UNIT)
    assert found.handed_in == (
        HandedIn("ada", one.folder, by=name),
        HandedIn("bo", one.folder, by=name),
        cy,
    )
    assert found.without == ("di",)
    assert groups.notices(found.handed_in) == ()


def test_the_latest_counts_and_other_work_is_told(tmp_path: Path) -> None:
    ada = hand_in(tmp_path, "ada", at="2026-11-01 10:00:00")
    bo = hand_in(tmp_path, "bo", '{"other": 1}', at="2026-11-01 09:00:00")
    same = hand_in(tmp_path, "one", at="2026-11-01 08:00:00")
    found = groups.shared(GROUPS, collected(ada, bo, same), UNIT).handed_in
    assert [(one.student, one.folder, one.by, one.other) for one in found] == [
        ("ada", ada.folder, "ada", ("bo",)),
        ("bo", ada.folder, "ada", ("bo",)),
    ]
    assert groups.notices(found) == (
        "1 group has handed in different work, of which the latest counts: ada in place of bo",
    )
    (bo.folder / "timestamp.txt").write_text("2026-11-02 09:00:00 UTC")
    assert {one.by for one in groups.shared(GROUPS, collected(ada, bo), UNIT).handed_in} == {"bo"}


def test_without_receipts_the_file_says_when(tmp_path: Path) -> None:
    ada, bo = hand_in(tmp_path, "ada", at=1e9), hand_in(tmp_path, "bo", at=1e9 - 1)
    empty = HandedIn("one", tmp_path / "none")
    assert {one.by for one in groups.shared(GROUPS, collected(ada, bo, empty), UNIT).handed_in} == {"ada"}


def order(folder: Path, **more: object) -> Order:
    return planning.open_order(folder, "embeddings", None, None, **more)


def run(asked: Order) -> Outcome:
    return standing.grade(asked)


@pytest.mark.slow
def test_one_submission_gives_marks_page_and_gradebook_entry_to_all(course_folder: Path, put: Put) -> None:
    text = (course_folder / "course.toml").read_text().replace("format = 1", 'format = 1\nroster = "r.csv"')
    text = text.replace(
        'title = "Embeddings"', 'title = "Embeddings"\ndue = 2026-11-01T12:00:00Z\ngroups = true'
    )
    (course_folder / "course.toml").write_text(f"{text}\n[late]\nper_day = 0.1\n")
    (course_folder / "r.csv").write_text("id,group\nada,one\nbo,one\ncy,\ndi,two\n")
    folder = put("bo", functions=WRONG).parent
    (folder / "timestamp.txt").write_text("2026-11-01 13:00:00 UTC")
    (folder / "submission_secret.txt").write_text("known to bo alone")
    put("cy")
    asked = order(course_folder)
    planned = standing.plan(asked)
    assert [(one.student, one.by) for one in planned.to_grade] == [("ada", "bo"), ("bo", "bo"), ("cy", "")]
    assert planned.missing == ("di",)
    assert not any("taken from beside" in line or "not in r.csv" in line for line in planned.notices)
    done = run(asked)
    assert done.gradebook_error == ""
    kept = dict(results.every(course_folder, "embeddings"))
    assert {student: one.score for student, one in kept.items()} == {"ada": 3.0, "bo": 3.0, "cy": 6.0}
    assert kept["ada"].functions == kept["bo"].functions
    assert kept["ada"].notes[0] == "This is your group's work, handed in as “bo”: it counts for each of you."
    assert _points(course_folder) == {"ada": (3.0, 0.3), "bo": (3.0, 0.3), "cy": (6.0, 0.0)}
    for student in ("ada", "bo"):
        page = (course_folder / "feedback" / student / "embeddings" / "embeddings.html").read_text()
        assert f"Feedback for <bdi>{student}</bdi>" in page
        assert "handed in on Sun 1 Nov 2026, 13:00 UTC. It came 1 h after" in page
    secrets = sorted(course_folder.glob("feedback/*/embeddings/submission_secret.txt"))
    assert [place.parent.parent.name for place in secrets] == ["bo"], "by which the exchange finds the page"
    assert run(order(course_folder)).tally.count == 0, "unchanged"

    # A member's extension is theirs alone, and later work of any of them takes the place of it.
    from datetime import timedelta

    from autograder.gradebook import extensions

    unit, config = asked.unit, asked.config
    released = releases.read(asked.course, unit)
    extensions.give(course_folder, unit, {"ada": timedelta(days=1)}, released, config=config)
    run(order(course_folder))
    assert _points(course_folder) == {"ada": (3.0, 0.0), "bo": (3.0, 0.3), "cy": (6.0, 0.0)}
    later = put("one").parent
    (later / "timestamp.txt").write_text("2026-11-01 11:00:00 UTC")
    assert groups.notices(standing.plan(order(course_folder)).where.values()) == (
        "1 group has handed in different work, of which the latest counts: bo in place of one",
    )
    (later / "timestamp.txt").write_text("2026-11-01 14:00:00 UTC")
    done = run(order(course_folder, students=("one",)))
    assert sorted(done.changed) == [("ada", 3.0, 6.0), ("bo", 3.0, 6.0)]
    page = (course_folder / "report" / "embeddings.html").read_text()
    result = results.path(course_folder, "embeddings", "ada")
    assert "“bo”" in result.read_text()
    for new in ("<bø>", None):
        name = "bo" if new else "<bø>"
        found = belongings.of(asked.course, course_folder, name)
        assert result in [one.path for one in found.places]
        if new:
            leaving.rename(asked.course, course_folder, found, new)
            assert "“<bø>”" in result.read_text()
        else:
            leaving.delete(asked.course, course_folder, found)
    assert "handed in as “somebody who has left”" in result.read_text()
    mates = (course_folder / "feedback" / "ada" / "embeddings" / "embeddings.html").read_text()
    assert "handed in as “somebody who has left”" in mates
    assert "Different work of the same group was handed in as “bo”: the latest counts, that of “one”." in page


def _points(out: Path) -> Mapping[str, tuple[float, float]]:
    return {id: (one.raw_score, one.penalty) for id, one in standings.read(out, "embeddings").items()}


def test_work_that_arrives_is_held_against_that_of_the_others(course_folder: Path, put: Put) -> None:
    text = (course_folder / "course.toml").read_text().replace("format = 1", 'format = 1\nroster = "r.csv"')
    (course_folder / "course.toml").write_text(
        text.replace('title = "Embeddings"', 'title = "Embeddings"\ngroups = true')
    )
    (course_folder / "r.csv").write_text("id,group\nada,one\nbo,one\n")
    for student, day in (("ada", 2), ("bo", 1)):
        (put(student).parent / "timestamp.txt").write_text(f"2026-11-0{day} 13:00:00 UTC")
    asked = order(course_folder)
    found = attendance.collect(asked, only=["bo"]).handed_in
    assert [(one.student, one.by) for one in found] == [("ada", "ada"), ("bo", "ada")]
    with Pool(Processes(asked.course, asked.unit, 1)) as pool:
        pool.add(found)
        assert pool.students == {"ada", "bo"}
        assert watching._free(asked, {"one", "bo", "cy"}, pool) == ["cy"], "the group's is under way"
        assert watching._free(asked, set(), pool) == []


def test_a_group_is_not_called_like_somebody_else(tmp_path: Path) -> None:
    from autograder.course import roster

    place = tmp_path / "r.csv"
    place.write_text("id,group\nada,ada\nbo,ada\n")
    assert [one.group for one in roster.read(place)] == ["ada", "ada"]
    place.write_text("id,group\nada,\nbo,Ada\n")
    with pytest.raises(
        CourseError,
        match=r"r.csv: the group 'Ada' is called like the student 'ada', who is not in it: give it another",
    ):
        roster.read(place)
