"""What students get back."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from entered import FULL, PART, UNIT, UNIT_NAME, entry, give, release, report
from nbgrader import api
from report_samples import failed

from autograder.errors import AutograderError
from autograder.gradebook import bookkeeping, released, results, said
from autograder.gradebook.arrangements import Arrangement, Arrangements
from autograder.gradebook.submissions import Entry
from autograder.gradebook.terms import Terms
from autograder.pages import feedback, stamps
from autograder.pages.student import student_page

__all__ = ["release"]  # a fixture


@pytest.fixture
def graded(tmp_path: Path, release: Path) -> Path:
    """A course folder with the results, kept pages and marks of two students."""
    at = "2026-03-01 10:00:00.000000 UTC"
    entries = [entry(tmp_path, "ada", PART, timestamp=at), entry(tmp_path, "bo", FULL)]
    for one in entries:
        student, page = one.report.student, student_page(one.report).encode()
        results.write_all(
            [
                (results.path(tmp_path, UNIT_NAME, student), results.encode(one.report)),
                (feedback.kept(tmp_path, UNIT_NAME, student), page),
            ]
        )
    bookkeeping.write(tmp_path, UNIT, entries, [released.read(release)])
    return tmp_path


def published(out: Path, student: str) -> str:
    return stamps.place(out, UNIT_NAME, student).read_text()


def test_the_page_goes_out_as_it_was_made(graded: Path, release: Path) -> None:
    feedback.publish(graded, graded, UNIT, ["ada", "bo", "nobody"], [released.read(release)])
    kept = feedback.kept(graded, UNIT_NAME, "bo").read_text()
    before, after = kept.split('<main id="start-of-page">')
    assert published(graded, "bo").startswith(before), (
        "what a person has still to read is no part of the total"
    )
    assert published(graded, "bo").endswith(after)
    assert "This is about what you handed in on Sun 1 Mar 2026, 10:00 UTC." in published(graded, "ada")
    assert "Another 2 points are for your answers in words. A person has still to read them." in published(
        graded, "ada"
    )
    assert sorted(os.listdir(graded / "feedback" / "ada" / UNIT_NAME)) == [
        "self-attention.html",
        "timestamp.txt",
    ]
    assert sorted(os.listdir(graded / "feedback")) == ["ada", "bo"]


def test_nobody_has_still_to_read_answers_of_a_notebook_that_cannot_be_read(
    graded: Path, release: Path
) -> None:
    for status, is_read in (("unreadable", False), ("timeout", True)):
        broken = failed(status)
        bookkeeping.write(graded, UNIT, [Entry(broken, {}, None)], [released.read(release)])
        feedback.kept(graded, UNIT_NAME, "ada").write_text(student_page(broken))
        feedback.publish(graded, graded, UNIT, ["ada"], [released.read(release)])
        assert ("A person has still to read them." in published(graded, "ada")) is is_read


def test_a_time_at_which_nothing_came_is_not_said(graded: Path, release: Path) -> None:
    at = datetime(2026, 3, 1, 10)
    due = (at - timedelta(minutes=1)).replace(tzinfo=UTC)
    terms = Terms(Arrangements(UNIT_NAME, due), noted=frozenset({at}))
    feedback.publish(graded, graded, UNIT, ["ada"], [released.read(release)], terms)
    said = "This is about what you handed in. It came after Sun 1 Mar 2026, 09:59 UTC, when it was due"
    assert said in published(graded, "ada")


def test_what_a_person_gave_comes_first(graded: Path, release: Path) -> None:
    give(graded, "ada", "check-softmax", manual_score=2.0, extra_credit=0.5)
    give(graded, "bo", "why-sqrt-d_k", manual_score=1.25)
    with api.Gradebook(f"sqlite:///{graded / 'gradebook.db'}") as book:
        notebook = book.find_submission_notebook(UNIT_NAME, UNIT_NAME, "ada")
        notebook.late_submission_penalty = 1.5
        (comment,) = [one for one in notebook.comments if one.name == "softmax"]
        comment.manual_comment = "Nearly.\n\n<script>look</script> at the axis."
        book.db.commit()
    feedback.publish(graded, graded, UNIT, ["ada", "bo"], [released.read(release)])
    ada = published(graded, "ada")
    assert "<b>softmax</b>: 2.5 of 3 points, in place of the 0.5 from the checks, 0.5 of them extra" in ada
    assert "<br>Nearly.<br>&lt;script&gt;look&lt;/script&gt; at the axis." in ada
    assert "<b>Handed in late</b>: 1.5 points less" in ada
    assert "Another 2 points are for your answers in words." in ada
    assert '<p class="total"><b>4</b> of 6 points</p>' in ada
    assert ada.count('class="total"') == 1, "there is one total"
    assert ada.index("From your instructor") < ada.index("What to do next")
    bo = published(graded, "bo")
    assert "<b>Self-attention</b>: 1.25 of 2 points</li>" in bo
    assert '<p class="total"><b>7.25</b> of 8 points</p>' in bo


def test_a_late_page_says_how_late_and_what_it_costs(graded: Path, release: Path) -> None:
    due = datetime(2026, 3, 1, 6, 40, tzinfo=UTC)
    own = {"ada": Arrangement(due, timedelta(hours=2)), "bo": Arrangement(due, excused=True)}
    terms = Terms(Arrangements(UNIT_NAME, due, own), ZoneInfo("Europe/Zurich"), "Each day <begun> costs")
    feedback.publish(graded, graded, UNIT, ["ada"], [released.read(release)], terms)
    assert "your extension of 2 h, and loses nothing for it.</p>" in published(graded, "ada")
    with api.Gradebook(f"sqlite:///{graded / 'gradebook.db'}") as book:
        book.find_submission_notebook(UNIT_NAME, UNIT_NAME, "ada").late_submission_penalty = 1.5
        book.db.commit()
    feedback.publish(
        graded,
        graded,
        UNIT,
        ["ada"],
        [released.read(release)],
        replace(terms, arranged=Arrangements("", due)),
    )
    assert "with your extension" not in published(graded, "ada")
    feedback.publish(graded, graded, UNIT, ["ada", "bo"], [released.read(release)], terms)
    ada, bo = published(graded, "ada"), published(graded, "bo")
    assert (
        "on Sun 1 Mar 2026, 11:00 CET. It came 3 h 20 min after Sun 1 Mar 2026, 07:40 CET, when it was due with "
        "your extension of 2 h.</p>" in ada
    )
    assert "<b>Handed in late</b>: 1.5 points less. Each day &lt;begun&gt; costs.</li>" in ada
    assert "You are excused from this unit." in bo
    assert ["A person has still to read" in page for page in (ada, bo)] == [True, False]
    assert "You are excused" not in ada
    assert stamps.outdated(graded, graded, UNIT_NAME, terms) == []
    assert stamps.outdated(graded, graded, UNIT_NAME, replace(terms, zone=UTC)) == ["ada"]
    assert stamps.outdated(graded, graded, UNIT_NAME, replace(terms, arranged=Arrangements("", due))) == [
        "ada",
        "bo",
    ]


def test_free_text_goes_by_its_heading(tmp_path: Path, release: Path) -> None:
    text = release.read_text().replace("Two functions and a question.", "## Why divide? ##")
    release.write_text(text)
    assert released.read(release).heading("why-sqrt-d_k") == "Why divide?"
    assert released.read(release).heading("no such cell") == "Why divide?"


def test_a_page_that_was_not_kept_is_made_from_the_result(graded: Path, release: Path) -> None:
    feedback.kept(graded, UNIT_NAME, "ada").unlink()
    feedback.publish(graded, graded, UNIT, ["ada"], [released.read(release)])
    assert "softmax.wrong-axis" in published(graded, "ada")


def test_pages_go_out_without_a_gradebook(graded: Path, release: Path) -> None:
    (graded / "gradebook.db").unlink()
    feedback.publish(graded, graded, UNIT, ["ada"], [released.read(release)])
    assert published(graded, "ada") == feedback.kept(graded, UNIT_NAME, "ada").read_text()


def test_a_folder_that_cannot_be_written_is_named(graded: Path, release: Path) -> None:
    (graded / "feedback").write_text("a file")
    with pytest.raises(AutograderError, match=r"feedback.* cannot be written"):
        feedback.publish(graded, graded, UNIT, ["ada"], [released.read(release)])


def test_a_page_of_another_version_is_not_patched(graded: Path, release: Path) -> None:
    give(graded, "ada", "why-sqrt-d_k", manual_score=1.0)
    feedback.kept(graded, UNIT_NAME, "ada").write_text("<html></html>")
    with pytest.raises(AutograderError, match="another version of the kit"):
        feedback.publish(graded, graded, UNIT, ["ada"], [released.read(release)])


def test_what_is_said_to_those_who_show_the_same_comes_first_and_is_data(graded: Path, release: Path) -> None:
    in_cluster(graded, "ada", "softmax-k3f9qa")
    said.say(
        graded, UNIT_NAME, "softmax-k3f9qa", "<b>Look</b> at `axis`, {{ 7 * 7 }} & <script>alert(1)</script>"
    )
    feedback.publish(graded, graded, UNIT, ["ada", "bo"], [released.read(release)])
    ada = published(graded, "ada")
    assert (
        '<li><a href="#softmax"><code>softmax</code></a>: &lt;b&gt;Look&lt;/b&gt; at <code>axis</code>, {{ 7 * 7 }}'
        " &amp; &lt;script&gt;alert(1)&lt;/script&gt;</li>" in ada
    )
    assert ada.index("Your instructor says") < ada.index("What to do next")
    assert 'id="softmax"' in ada
    assert "Your instructor says" not in published(graded, "bo")
    (graded / "gradebook.db").unlink()  # which has no part in it
    feedback.publish(graded, graded, UNIT, ["ada"], [released.read(release)])
    assert "Your instructor says" in published(graded, "ada")


def in_cluster(out: Path, student: str, cluster: str) -> None:
    """As if the results of softmax were in this cluster."""
    place = results.path(out, UNIT_NAME, student)
    kept = results.read(place)
    assert kept is not None
    for function in kept.functions:
        if function.name == "softmax":
            function.cluster = cluster
    place.write_bytes(msgspec.json.encode(kept))


def test_the_students_page_has_the_place_for_it() -> None:
    assert student_page(report("ada", PART)).count('<main id="start-of-page">') == 1
