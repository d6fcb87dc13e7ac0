"""Feedback pages that are older than what people have given since."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from entered import FULL, PART, UNIT, UNIT_NAME, entry, extend, give, release, say

from autograder.gradebook import bookkeeping, results, said
from autograder.gradebook import released as releases
from autograder.pages import feedback, stamps
from autograder.pages.student import student_page

__all__ = ["release"]  # a fixture


@pytest.fixture
def published(tmp_path: Path, release: Path) -> Callable[[], Path]:
    """Writes the pages of ada and bo, as they stand, and gives the folder."""
    entries = [entry(tmp_path, "ada", PART), entry(tmp_path, "bo", FULL)]
    for one in entries:
        files = [
            (results.path(tmp_path, UNIT_NAME, one.report.student), results.encode(one.report)),
            (feedback.kept(tmp_path, UNIT_NAME, one.report.student), student_page(one.report).encode()),
        ]
        results.write_all(files)
    bookkeeping.write(tmp_path, UNIT, entries, [releases.read(release)])

    def publish() -> Path:
        feedback.publish(tmp_path, tmp_path, UNIT, ["ada", "bo"], [releases.read(release)])
        return tmp_path

    return publish


@pytest.mark.parametrize(
    "change",
    [
        lambda out: give(out, "ada", "why-sqrt-d_k", manual_score=1.5),
        lambda out: give(out, "ada", "check-softmax", extra_credit=1.5),
        lambda out: say(out, "ada", "softmax", "Nearly."),
    ],
    ids=["mark", "extra credit", "comment"],
)
def test_a_page_is_outdated_once_a_person_gives_changes_or_takes_back(
    published: Callable[[], Path], change: Callable[[Path], None]
) -> None:
    out = published()
    assert stamps.outdated(out, out, UNIT_NAME) == []
    change(out)
    assert stamps.outdated(out, out, UNIT_NAME) == ["ada"]
    published()
    assert stamps.outdated(out, out, UNIT_NAME) == []
    give(out, "ada", "why-sqrt-d_k", manual_score=0.5)
    assert stamps.outdated(out, out, UNIT_NAME) == ["ada"]
    published()
    give(out, "ada", "why-sqrt-d_k", manual_score=None)  # type: ignore[arg-type]
    give(out, "ada", "check-softmax", extra_credit=None)  # type: ignore[arg-type]
    say(out, "ada", "softmax", "")
    assert stamps.outdated(out, out, UNIT_NAME) == ["ada"], "it says what nobody gives any more"
    published()
    assert stamps.outdated(out, out, UNIT_NAME) == []
    assert "autograder-given" not in stamps.place(out, UNIT_NAME, "bo").read_text()


def test_a_page_is_outdated_once_something_else_is_said_to_all_who_show_the_same(
    published: Callable[[], Path],
) -> None:
    out = published()
    place = results.path(out, UNIT_NAME, "ada")
    place.write_bytes(place.read_bytes().replace(b'"note": ""', b'"note": "", "cluster": "softmax-a"', 1))
    said.say(out, UNIT_NAME, "softmax-b", "To nobody.")
    assert stamps.outdated(out, out, UNIT_NAME) == []
    for change in (
        lambda: said.say(out, UNIT_NAME, "softmax-a", "So."),
        lambda: said.say(out, UNIT_NAME, "softmax-a", "Or so."),
        lambda: said.take_back(out, UNIT_NAME, "softmax-a"),
    ):
        change()
        assert stamps.outdated(out, out, UNIT_NAME) == ["ada"]
        published()
        assert stamps.outdated(out, out, UNIT_NAME) == []
    assert "autograder-given" not in stamps.place(out, UNIT_NAME, "ada").read_text()


def test_what_is_on_no_page_makes_none_outdated(published: Callable[[], Path]) -> None:
    out = published()
    extend(out, "ada", 1)
    assert stamps.outdated(out, out, UNIT_NAME) == [], "what that does to the mark, grading works out"
    give(out, "ada", "why-sqrt-d_k", manual_score=1.5)
    stamps.place(out, UNIT_NAME, "ada").unlink()
    assert stamps.outdated(out, out, UNIT_NAME) == [], "there is no page"
    assert set(stamps.of_unit(out, UNIT_NAME, {})) == {"ada"}
    assert stamps.of_unit(out, UNIT_NAME, {}, ["bo"]) == {}
    assert stamps.of_unit(out, "embeddings", {}) == {}
