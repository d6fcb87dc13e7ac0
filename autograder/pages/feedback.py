"""What students get back: the page about their code, with what a person gave and wrote in the gradebook.

The page about the code is kept in `results/<unit>/<student>.html`; nbgrader may throw `feedback/` away and ask for
it again at any time, and marks given by hand come later than the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AutograderError
from autograder.gradebook import autograded, receipts, released, results, safe_text, said, standings
from autograder.gradebook.released import Release
from autograder.gradebook.said import Sentence
from autograder.gradebook.standings import Mark, Standing
from autograder.gradebook.terms import Terms
from autograder.naming import as_text
from autograder.pages import stamps
from autograder.pages.rendering import render
from autograder.pages.student import student_page
from autograder.records import Unit
from autograder.words import in_short

_TOTAL = re.compile(r'<div class="score">.*?</div>', re.DOTALL)  # of the student's page, the first in it
_PLACE = '<main id="start-of-page">'  # of the student's page: what a person says comes first


@dataclass(frozen=True)
class _Given:
    """One mark or comment from a person."""

    title: str
    score: str
    most: str
    replaces: str  # the automatic score, where this one counts in its place
    extra: str
    comment: tuple[str, ...]  # its lines


def kept(out: Path, unit: str, student: str) -> Path:
    """Where the page about a student's code is kept."""
    return out.joinpath("results", unit, f"{student}.html")


def publish(
    root: Path,
    out: Path,
    unit: Unit,
    students: Sequence[str],
    releases: Sequence[Release],
    terms: Terms | None = None,
) -> None:
    """Writes the feedback pages of these students, with nbgrader's receipts beside them, each whole or not at all.

    `root` is the course folder, `releases` are the released notebooks, and `terms` say when work was due. Students without a result are passed over; where the
    gradebook cannot be read, the pages go out without what people gave. AutograderError where they cannot be written.
    """
    told = said.to_students(root, out, unit.name, students)
    try:
        standing = standings.read(out, unit.name, students, unit.by_hand)
        given = stamps.of_unit(out, unit.name, told, students, terms)
    except AutograderError:  # whoever wrote to it just before has said so
        standing, given = {}, {}
    written = []
    for student in students:
        name = as_text(student)
        page = page_of(
            out, unit, student, releases, standing.get(name), given.get(name), told.get(name, ()), terms
        )
        if page is not None:
            place = stamps.place(out, unit.name, student)
            # Under the names of the notebooks too: there nbgrader's own list of assignments looks for it.
            names = dict.fromkeys([unit.name, *(release.name for release in releases)])
            written += [(place.with_name(f"{name}.html"), page.encode("utf-8", "replace")) for name in names]
    try:
        results.write_all(written)
        for path, _ in written:
            student = path.parent.parent.name
            receipts.copy(autograded.folder(out, student, unit.name), path.parent)
    except OSError as error:
        raise AutograderError(f"{error.filename or out}: cannot be written ({error.strerror})") from None


def page_of(
    out: Path,
    unit: Unit,
    student: str,
    releases: Sequence[Release],
    standing: Standing | None,
    given: str | None,
    told: Sequence[Sentence] = (),
    terms: Terms | None = None,
) -> str | None:
    """A student's feedback page as it stands now; None where there is no result.

    `given` is its stamp, if any, and `told` what an instructor says to all who show the same results;
    `terms` say when work was due.
    A page that was not kept is made again from the result file, without the matrices, which that does not hold.
    """
    try:
        page = kept(out, unit.name, student).read_text("utf-8")
    except OSError:
        result = results.read(results.path(out, unit.name, student))
        if result is None:
            return None
        page = student_page(results.report_of(result, unit.title))
    sections = [_marks(standing, releases, terms or Terms())] if standing is not None else []
    sections += [render("told.html", told=told)] if told else []
    page = _with(page, "".join(sections))
    return stamps.stamped(page if standing is None else _with_total(page, standing), given)


def _marks(standing: Standing, releases: Sequence[Release], terms: Terms) -> str:
    """Which attempt the page is about, and a section on what a person gave or has still to give; empty for neither."""
    time = terms.told(standing.student, standing.timestamp)
    marks = [_given(mark, releases) for mark in standing.marks if _is_given(mark)]
    waiting = 0.0 if time.excused else _waiting(standing)
    if not marks and not standing.penalty and standing.timestamp is None and not waiting and not time.excused:
        return ""
    return render(
        "by_hand.html",
        time=time,
        costless=not standing.penalty and standing.raw_score > 0,
        marks=marks,
        penalty=in_short(standing.penalty) if standing.penalty else "",
        waiting=in_short(waiting) if waiting else "",
    )


def _waiting(standing: Standing) -> float:
    """The points that a person has still to give."""
    return sum(mark.max_score for mark in standing.marks if mark.by_hand and mark.score is None)


def _with(page: str, section: str) -> str:
    """The page with what a person says first."""
    if not section:
        return page
    if _PLACE not in page:
        raise AutograderError(
            "the feedback page was made by another version of the kit: grade again with --force"
        )
    return page.replace(_PLACE, f"{_PLACE}\n{section}", 1)


def _with_total(page: str, standing: Standing) -> str:
    """The page with what counts at its top, where a person's marks or lateness are in it too.

    Points that a person has still to give are no part of it: they would look like points lost.
    """
    if not standing.penalty and not any(mark.by_hand or _is_given(mark) for mark in standing.marks):
        return page
    most = standing.max_score - _waiting(standing)
    total = render("total.html", score=standing.score, most=most).strip()
    return _TOTAL.sub(lambda _: total, page, count=1)


def _is_given(mark: Mark) -> bool:
    return mark.manual_score is not None or mark.extra_credit is not None or mark.manual_comment != ""


def _given(mark: Mark, releases: Sequence[Release]) -> _Given:
    machine = mark.auto_score if mark.manual_score is not None and not mark.by_hand else None
    return _Given(
        title=released.heading(releases, mark.name) if mark.by_hand else mark.name.removeprefix("check-"),
        score=in_short(mark.score or 0.0),
        most=in_short(mark.max_score),
        replaces="" if machine is None or machine == mark.manual_score else in_short(machine),
        extra=in_short(mark.extra_credit) if mark.extra_credit else "",
        comment=tuple(safe_text.plain(line) for line in mark.manual_comment.splitlines() if line.strip()),
    )
