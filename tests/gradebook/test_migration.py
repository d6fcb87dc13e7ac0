"""What a change to a lesson will do to a gradebook, said before it is done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from entered import FULL, UNIT, UNIT_NAME, entry, give, release, say, with_question
from released import released

from autograder.gradebook import bookkeeping, migration
from autograder.gradebook import released as releases

__all__ = ["release"]  # a fixture


def foreseen(out: Path, release: Path, document: dict[str, Any]) -> tuple[str, ...]:
    """The lines that are said of this release; nothing is written for it."""
    release.write_text(json.dumps(document))
    before = (out / "gradebook.db").read_bytes() if (out / "gradebook.db").exists() else None
    change = migration.foreseen(out / "gradebook.db", [releases.read(release)], UNIT_NAME)
    assert before is None or (out / "gradebook.db").read_bytes() == before
    return () if change is None else change.lines


def test_nothing_is_said_where_nothing_will_change(tmp_path: Path, release: Path) -> None:
    assert foreseen(tmp_path, release, released()) == ()
    bookkeeping.write(tmp_path, UNIT, [], [releases.read(release)])
    assert foreseen(tmp_path, release, with_question(released())) == (), "nobody has handed in"
    assert foreseen(tmp_path, release, released()) == ()
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], [releases.read(release)])
    assert foreseen(tmp_path, release, released()) == ()


def test_a_question_that_enters_is_named(tmp_path: Path, release: Path) -> None:
    bookkeeping.write(
        tmp_path, UNIT, [entry(tmp_path, "ada", FULL), entry(tmp_path, "bo", FULL)], [releases.read(release)]
    )
    assert foreseen(tmp_path, release, with_question(released())) == (
        "self-attention: why-softmax (3 points) enters the gradebook for the 2 students in it, who wait for a mark "
        "from a person; what was given stays",
    )


def test_a_question_that_leaves_is_named_with_what_goes_with_it(tmp_path: Path, release: Path) -> None:
    bookkeeping.write(
        tmp_path, UNIT, [entry(tmp_path, "ada", FULL), entry(tmp_path, "bo", FULL)], [releases.read(release)]
    )
    document = released()
    del document["cells"][-1]
    plain = "self-attention: why-sqrt-d_k leaves the gradebook for the 2 students in it"
    assert foreseen(tmp_path, release, document) == (plain,)
    give(tmp_path, "ada", "why-sqrt-d_k", manual_score=1.5)
    give(tmp_path, "ada", "check-softmax", manual_score=1.5)
    say(tmp_path, "bo", "why-sqrt-d_k", "Say more.")
    assert foreseen(tmp_path, release, document) == (
        f"{plain}, and 1 mark, 1 comment and 0 extensions with it: given by hand, they stay in the copy in "
        "gradebook-backups/ that is made before",
    )


def test_an_answer_that_leaves_without_its_points_is_named(tmp_path: Path, release: Path) -> None:
    bookkeeping.write(tmp_path, UNIT, [entry(tmp_path, "ada", FULL)], [releases.read(release)])
    say(tmp_path, "ada", "softmax", "Nearly.")
    document = released()
    document["cells"] = [cell for cell in document["cells"] if cell["id"] != "softmax"]
    (line,) = foreseen(tmp_path, release, document)
    assert line.startswith(
        "self-attention: softmax takes no answers any more in the gradebook for the 1 student in it, and "
    )
