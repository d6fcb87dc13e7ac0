"""What people gave, as a gradebook's file holds it."""

from __future__ import annotations

from pathlib import Path

from entered import FULL, PART, UNIT, UNIT_NAME, entry, extend, give, release, say

from autograder.gradebook import bookkeeping, handwork
from autograder.gradebook import released as releases
from autograder.gradebook.handwork import Item

__all__ = ["release"]  # a fixture


def test_marks_comments_and_extensions_are_found_and_nothing_else(tmp_path: Path, release: Path) -> None:
    gradebook = tmp_path / "gradebook.db"
    bookkeeping.write(
        tmp_path, UNIT, [entry(tmp_path, "ada", PART), entry(tmp_path, "bo", FULL)], [releases.read(release)]
    )
    assert handwork.read(gradebook) == {}
    give(tmp_path, "ada", "check-softmax", manual_score=0.0)
    give(tmp_path, "bo", "check-softmax", extra_credit=0.25)
    give(tmp_path, "bo", "check-scaled_scores", extra_credit=0.0)  # what formgrader leaves of a field emptied
    say(tmp_path, "ada", "softmax", "Nearly.")
    say(tmp_path, "bo", "softmax", "")
    extend(tmp_path, "cy", 2)
    found = handwork.read(gradebook)
    assert found is not None
    assert set(found) == {
        Item("mark", UNIT_NAME, "ada", "check-softmax"),
        Item("mark", UNIT_NAME, "bo", "check-softmax"),
        Item("comment", UNIT_NAME, "ada", "softmax"),
        Item("extension", UNIT_NAME, "cy", ""),
    }
    assert found[Item("comment", UNIT_NAME, "ada", "softmax")] == ("Nearly.",)
    assert handwork.said(found) == "2 marks, 1 comment and 1 extension"
    for students in (
        ["ada"],
        ["bo", "cy"],
        ["ada", "bo", "cy", "nobody"],
        [],
        [f"s{n}" for n in range(2000)] + ["bo"],
    ):
        for unit in (UNIT_NAME, None):
            few = {item: value for item, value in found.items() if item.student in students}
            assert handwork.read(gradebook, unit, students) == few
    assert handwork.read(gradebook, "another", ["ada"]) == {}
    give(tmp_path, "ada", "check-softmax", manual_score=1.0)
    assert handwork.read(gradebook) != found


def test_whether_it_holds_work(tmp_path: Path, release: Path) -> None:
    gradebook = tmp_path / "gradebook.db"
    assert not handwork.holds_work(gradebook)
    assert handwork.read(gradebook) is None
    gradebook.touch()
    assert not handwork.holds_work(gradebook)
    assert handwork.read(gradebook) is None
    bookkeeping.write(tmp_path, UNIT, [], [releases.read(release)])
    assert not handwork.holds_work(gradebook)
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", PART)], [releases.read(release)])
    assert handwork.holds_work(gradebook)
    gradebook.write_bytes(b"x" * 8192)
    assert handwork.holds_work(gradebook), "that cannot be told"
