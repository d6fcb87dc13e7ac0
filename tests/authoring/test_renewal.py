"""Newer lessons in a course: what was not changed follows, what both sides changed is merged, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import lessons
import pytest

from autograder.authoring import foundation, origin, renewal, taken
from autograder.authoring.renewal import Plan
from autograder.course import coursefile
from autograder.errors import CourseError

REFERENCE = "solutions/first/reference.py"
ONE_TO_SEVEN = lessons.TAKEN[REFERENCE]

Update = Callable[..., Plan]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course with lessons that were taken."""
    return foundation.found(
        tmp_path / "mine", None, origin.take(str(lessons.write(tmp_path / "theirs")))
    ).root


@pytest.fixture
def update(root: Path, tmp_path: Path) -> Update:
    """Brings lessons with other or more files in, and says what that did."""

    def run(
        files: Mapping[str, str] | None = None,
        listing: str = lessons.LISTING,
        units: Sequence[str] = (),
        without: str = "",
    ) -> Plan:
        newer = lessons.write(tmp_path / "newer", files, listing)
        if without:
            (newer / without).unlink()
        course = coursefile.load(root / "course.toml")
        plan = renewal.plan(course, origin.take(str(newer)), units)
        renewal.apply(course, plan)
        return plan

    return run


def told(plan: Plan) -> dict[str, str]:
    return {change.path: change.how for change in plan.changes}


def test_what_was_not_changed_follows_and_the_rest_stays(root: Path, update: Update) -> None:
    before = {name: (root / name).read_bytes() for name in lessons.found(root)}
    (root / "solutions/second/second.py").write_text("# %%\nmine = 2\n")
    plan = update(
        {REFERENCE: "one = 1.0\n", "solutions/first/data.csv": "1,2\n"},
        without="solutions/first/examples/f.py",
    )
    assert told(plan) == {
        "solutions/first/data.csv": "new",
        "solutions/first/examples/f.py": "gone",
        REFERENCE: "new",
    }
    assert (root / REFERENCE).read_text() == "one = 1.0\n"
    assert (root / "solutions/second/second.py").read_text() == "# %%\nmine = 2\n"
    for name in ("course.toml", "nbgrader_config.py", ".gitignore", "README.md", "solutions/first/first.py"):
        assert (root / name).read_bytes() == before[name]
    assert lessons.found(root) == (set(before) - {"solutions/first/examples/f.py"}) | {
        "solutions/first/data.csv"
    }
    again = update(
        {REFERENCE: "one = 1.0\n", "solutions/first/data.csv": "1,2\n"},
        without="solutions/first/examples/f.py",
    )
    assert again.changes == ()


def test_changes_on_both_sides_are_merged(root: Path, update: Update) -> None:
    (root / REFERENCE).write_text(ONE_TO_SEVEN.replace("one = 1", "one = 'mine'"))
    plan = update({REFERENCE: ONE_TO_SEVEN.replace("seven = 7", "seven = 'new'")})
    assert told(plan) == {REFERENCE: "merged"}
    assert (root / REFERENCE).read_text() == ONE_TO_SEVEN.replace("one = 1", "one = 'mine'").replace(
        "seven = 7", "seven = 'new'"
    )
    again = update({REFERENCE: ONE_TO_SEVEN.replace("seven = 7", "seven = 'newest'")})
    assert told(again) == {REFERENCE: "merged"}
    assert "one = 'mine'" in (root / REFERENCE).read_text()
    assert "seven = 'newest'" in (root / REFERENCE).read_text()


def test_where_changes_meet_the_file_stays_and_both_stand_beside_it(root: Path, update: Update) -> None:
    mine, new = (ONE_TO_SEVEN.replace("four = 4", f"four = '{word}'") for word in ("mine", "new"))
    (root / REFERENCE).write_text(mine)
    assert told(update({REFERENCE: new})) == {REFERENCE: "met"}
    assert (root / REFERENCE).read_text() == mine
    both = root / f"{REFERENCE}.new"
    assert both.read_text() == ONE_TO_SEVEN.replace(
        "four = 4\n",
        "<<<<<<< yours\nfour = 'mine'\n||||||| as taken\nfour = 4\n=======\nfour = 'new'\n>>>>>>> new\n",
    )
    assert coursefile.load(root / "course.toml").units
    newest = new.replace("seven = 7", "seven = 'newest'")
    with pytest.raises(CourseError, match=r"reference\.py\.new is left from an earlier update: settle"):
        update({REFERENCE: newest})
    both.unlink()  # it is settled: mine is right
    assert told(update({REFERENCE: newest})) == {REFERENCE: "merged"}
    assert (root / REFERENCE).read_text() == mine.replace("seven = 7", "seven = 'newest'")


def test_what_is_no_text_or_has_no_common_state_is_put_beside(root: Path, update: Update) -> None:
    (root / "solutions/first/own.py").write_text("mine = 1\n")
    (root / "solutions/first/examples/f.py").write_text("f = 'mine\0'\n")
    plan = update({"solutions/first/own.py": "new = 1\n", "solutions/first/examples/f.py": "f = 'new'\n"})
    assert told(plan) == {"solutions/first/own.py": "met", "solutions/first/examples/f.py": "met"}
    assert (root / "solutions/first/examples/f.py.new").read_text() == "f = 'new'\n"
    assert "mine = 1\n" in (root / "solutions/first/own.py.new").read_text()


def test_without_git_the_new_one_is_put_beside(
    root: Path, update: Update, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (root / REFERENCE).write_text(ONE_TO_SEVEN.replace("one = 1", "one = 'mine'"))
    assert told(update({REFERENCE: "new = 1\n"})) == {REFERENCE: "met"}
    assert (root / f"{REFERENCE}.new").read_text() == "new = 1\n"


def test_what_is_gone_on_one_side_and_changed_on_the_other_stays(root: Path, update: Update) -> None:
    (root / REFERENCE).unlink()
    (root / "solutions/first/examples/f.py").write_text("f = 'mine'\n")
    plan = update({REFERENCE: "new = 1\n"}, without="solutions/first/examples/f.py")
    assert told(plan) == {REFERENCE: "kept", "solutions/first/examples/f.py": "kept"}
    assert not (root / REFERENCE).exists()
    assert (root / "solutions/first/examples/f.py").read_text() == "f = 'mine'\n"


THIRD = '\n[[units]]\nname = "third"\ndue = 2026-03-01\nfunctions = [{ name = "h", points = 1.0 }] # more\n'


def test_a_new_unit_is_offered_and_comes_where_it_is_asked_for(root: Path, update: Update) -> None:
    before = (root / "course.toml").read_text()
    plan = update(listing=lessons.LISTING + THIRD)
    assert (plan.offered, plan.changes) == (("third",), ())
    assert not (root / "solutions/third").exists()
    plan = update(listing=lessons.LISTING + THIRD, units=["third"])
    assert told(plan) == {"solutions/third/third.py": "new"}
    assert plan.offered == ()
    course = coursefile.load(root / "course.toml")
    assert [(unit.name, unit.due) for unit in course.units] == [
        ("first", None),
        ("second", None),
        ("third", None),
    ]
    assert (root / "course.toml").read_text().startswith(before.rstrip())
    assert told(update({"solutions/third/third.py": "newer\n"}, listing=lessons.LISTING + THIRD)) == {
        "solutions/third/third.py": "new"
    }


def test_units_that_cannot_be_added_are_told_and_nothing_is_changed(root: Path, update: Update) -> None:
    newer = lessons.LISTING + THIRD
    with pytest.raises(CourseError, match="no unit 'thrid' in it: it has first, second, third"):
        update(listing=newer, units=["thrid"])
    with pytest.raises(CourseError, match="the course has a unit 'first' already"):
        update(listing=newer, units=["first"])
    (root / "solutions/third").mkdir()
    (root / "solutions/third/third.py").write_text("mine")
    with pytest.raises(CourseError, match=r"third exists already, and course\.toml does not list it"):
        update(listing=newer, units=["third"])
    (root / "solutions/third/third.py").unlink()
    (root / "solutions/third").rmdir()
    with pytest.raises(CourseError, match=r"with the new unit at its end, .*'f' is listed twice"):
        update(listing=newer.replace('"h"', '"f"').replace('"f", points = 2', '"e", points = 2').replace('["f"]', '["e"]'), units=["third"])  # fmt: skip
    assert [unit.name for unit in coursefile.load(root / "course.toml").units] == ["first", "second"]


def test_a_unit_that_the_course_gave_up_stays_away(root: Path, update: Update) -> None:
    listing = root / "course.toml"
    listing.write_text(listing.read_text().partition('[[units]]\nname = "second"')[0])
    (root / "solutions/second/second.py").unlink()
    plan = update({"solutions/second/second.py": "newer\n"})
    assert (plan.changes, plan.offered) == ((), ())
    assert not (root / "solutions/second/second.py").exists()


def test_other_points_and_units_that_are_gone_are_told_and_left_to_the_instructor(
    root: Path, update: Update
) -> None:
    newer = lessons.LISTING.replace("points = 2.0", "points = 3.0").replace('["f"]', "[]")
    before = (root / "course.toml").read_bytes()
    assert update(listing=newer).listed == (
        "first: the new lessons grade f (3); in your course.toml it is f (2)",
        "second: the new lessons grade g (1); in your course.toml it is g (1), and bring f",
    )
    assert (root / "course.toml").read_bytes() == before
    assert update(listing=newer).listed == ()  # it was told
    alone = newer.partition('[[units]]\nname = "second"')[0]
    assert update(listing=alone).listed == (
        "the unit 'second' is not among the new lessons any more, and stays yours",
    )


def test_the_kits_own_files_follow_a_newer_kit(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = coursefile.load(root / "course.toml")
    assert renewal.plan(course, None).changes == ()
    config = root / "nbgrader_config.py"
    config.write_text(config.read_text().replace('penalty_method = "none"', 'penalty_method = "zero"'))
    real = taken.kit_files
    monkeypatch.setattr(
        taken,
        "kit_files",
        lambda title: {name: b"# newer\n" + content for name, content in real(title).items()},
    )
    plan = renewal.plan(course, None)
    renewal.apply(course, plan)
    assert told(plan) == {".gitignore": "new", "nbgrader_config.py": "merged"}
    assert config.read_text().startswith("# newer\n")
    assert 'penalty_method = "zero"' in config.read_text()
    assert renewal.plan(course, None).changes == ()


def test_a_course_that_init_did_not_make_can_take_units(tmp_path: Path) -> None:
    root = lessons.write(tmp_path / "old")
    newer = lessons.write(tmp_path / "newer", listing=lessons.LISTING + THIRD)
    course = coursefile.load(root / "course.toml")
    (root / "solutions/third/third.py").unlink()
    (root / "solutions/third").rmdir()
    plan = renewal.plan(course, origin.take(str(newer)), ["third"])
    renewal.apply(course, plan)
    assert told(plan) == {"solutions/third/third.py": "new"}
    assert (root / "README.md").read_text() == "theirs"
    assert not (root / "nbgrader_config.py").exists()
    base = taken.read(root)
    assert base is not None
    assert set(base.lessons) == {"solutions/third/third.py"}


def test_a_folder_in_the_place_of_a_file_is_told(root: Path, update: Update) -> None:
    (root / REFERENCE).unlink()
    (root / REFERENCE).mkdir()
    with pytest.raises(CourseError, match=r"reference\.py: expected a file, which an update could merge"):
        update({REFERENCE: "new = 1\n"})


def test_an_update_that_broke_off_is_done_again(
    root: Path, update: Update, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = {
        "solutions/first/first.py": "# %%\nlesson = 'new'\n",
        REFERENCE: ONE_TO_SEVEN.replace("seven = 7", "seven = 8"),
    }
    (root / REFERENCE).write_text(ONE_TO_SEVEN.replace("one = 1", "one = 'mine'"))
    real = taken.write

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "a file")

    monkeypatch.setattr(taken, "write", full)
    with pytest.raises(CourseError, match=r"a file: cannot be written .*: see to it, and update again"):
        update(newer)
    monkeypatch.setattr(taken, "write", real)
    update(newer)
    assert (root / REFERENCE).read_text().splitlines()[::6] == ["one = 'mine'", "seven = 8"]
    assert update(newer).changes == ()
    assert not list(root.rglob("*.new"))
