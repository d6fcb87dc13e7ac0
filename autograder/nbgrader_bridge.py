"""nbgrader's own commands on this course: `generate_assignment`, `autograde` and `generate_feedback`.

`nbgrader_config.py` puts these in the place of what runs student code in nbgrader's own process and of the page
that nbgrader makes. nbgrader goes on doing everything else: it finds and cleans the submissions, copies, exports.
"""

from __future__ import annotations

import contextlib
import glob
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import Exporter, NotebookExporter
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import ExchangeReleaseFeedback
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.course import coursefile, installing, predictions
from autograder.errors import AutograderError, CourseError, GraderError, UnreadableError
from autograder.gradebook import (
    address,
    autograded,
    bookkeeping,
    database,
    receipts,
    results,
    said,
    standings,
    terms,
    written,
)
from autograder.gradebook.released import Release
from autograder.gradebook.submissions import Entry
from autograder.grading import attendance, batch, keeping, notices, opening, planning, releases, strays
from autograder.grading.keeping import Outcome
from autograder.grading.opening import Grader
from autograder.grading.planning import Plan
from autograder.naming import as_name, as_text
from autograder.notebook import places
from autograder.notebook.places import HandedIn
from autograder.pages import feedback, stamps
from autograder.pages.student import student_page
from autograder.records import Course, Report, Unit
from autograder.words import agree, counted, few, in_short

_graders: weakref.WeakKeyDictionary[Exporter, Grader] = weakref.WeakKeyDictionary()  # one a run of nbgrader's


class LessonExporter(NotebookExporter):  # type: ignore[misc]  # nbconvert publishes no types
    """Reads lessons as `autograder release` does: says how students install the kit, and takes out what they predict."""

    def from_notebook_node(self, nb: Any, resources: Any = None, **more: Any) -> tuple[str, dict[str, Any]]:
        """The notebook for nbgrader to work on; NbGraderException where a prediction cannot be asked."""
        for cell in nb.cells:
            if cell.cell_type == "code":
                try:
                    cell.source, _ = predictions.blanked(cell.source, again=True)
                except predictions.PredictionError as error:
                    raise NbGraderException(f"{error} (line {error.line} of a cell)") from None
        marked = [
            cell for cell in nb.cells if cell.cell_type == "markdown" and installing.MARKER in cell.source
        ]
        if marked:
            loaded = coursefile.load(coursefile.find(Path(self.parent.coursedir.root)))
            for cell in marked:
                cell.source = installing.filled(cell.source, loaded.install)
        found: tuple[str, dict[str, Any]] = super().from_notebook_node(nb, resources=resources, **more)
        return found


class SubmissionExporter(NotebookExporter):  # type: ignore[misc]  # nbconvert publishes no types
    """Reads submissions as `autograder grade` does, which asks less of a file than nbformat.

    nbgrader gets the student's text in the frame of the released notebook.
    """

    def __init__(self, config: Any = None, **more: Any) -> None:
        """Makes gradebook and submissions ready, which nbgrader has listed by now and not begun to look into."""
        super().__init__(config=config, **more)
        if isinstance(self.parent, Autograde):
            try:
                _make_ready(self.parent, self)
            except AutograderError as error:
                self.parent.log.error(str(error))
                raise NbGraderException(str(error)) from None  # which ends it without a traceback

    def from_file(
        self, file_stream: Any, resources: dict[str, Any] | None = None, **more: Any
    ) -> tuple[str, dict[str, Any]]:
        """The notebook for nbgrader to work on; what cannot be read at all is the released one."""
        given = (resources or {})["nbgrader"]
        path = Path(file_stream.name).absolute()
        loaded, unit = _unit(path.parents[3], given["assignment"])
        release = _of(releases.read(loaded, unit), path.stem)
        ungraded = Report(unit.name, unit.title, given["student"], "graded", None, unit.points, ())
        document = autograded.compose(release, ungraded, written.read(release, path))
        found: tuple[str, dict[str, Any]] = self.from_notebook_node(
            nbformat.from_dict(document), resources=resources, **more
        )
        return found


class GradeInWorker(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader publishes no types
    """Grades the submission as `autograder grade` does, in place of running it here."""

    def preprocess(self, nb: Any, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """The notebook that graders see; result, page and marks are written on the way.

        Raises CourseError where this machine cannot lock student code in, and GraderError for our own failure: then
        nbgrader reports the submission as failed and its marks stay as they were.
        """
        given = resources["nbgrader"]
        student, coursedir = given["student"], self.parent.parent.coursedir
        loaded, unit = _unit(Path(coursedir.root), given["assignment"])
        _refuse_other_database(given["db_url"], coursedir)
        folder = Path(coursedir.format_path(coursedir.submitted_directory, student, unit.name))
        last = _last.get(self.parent)
        if last is None or last.student != student:  # else this is another notebook of the same work
            last = _last[self.parent] = _grade(self.parent, HandedIn(student, folder), loaded, unit)
        release = _of(releases.read(loaded, unit), given["notebook"])
        composed = autograded.compose(
            release, last.report, written.read(release, last.notebooks.get(release.name))
        )
        return nbformat.from_dict(composed), resources


def _make_ready(converter: Autograde, exporter: Exporter) -> None:
    """Brings the gradebook in line with release and results, and grades here what nbgrader would trip over.

    AutograderError where the gradebook cannot be used, or is gone.
    """
    coursedir, log = converter.coursedir, converter.log
    out = Path(coursedir.root)
    loaded, unit = _unit(out, coursedir.assignment_id)
    _refuse_other_database(coursedir.db_url, coursedir)
    submitted = Path(coursedir.format_path(coursedir.submitted_directory, ".", "."))
    order = planning.open_order(out, unit.name, submitted, out)
    handed_in = attendance.collect(order).handed_in
    where = {one.student: one for one in handed_in}
    outcome = Outcome(Plan((), (), (), (), None, "", where))
    with batch.alone(out, lambda _: log.warning("Waiting for another run of autograder in %s", out)):
        for line in (
            *notices.gradebook(out / database.FILE_NAME),
            *notices.late_policy(loaded),
            *notices.changes(out / database.FILE_NAME, loaded, unit),
        ):
            log.warning(line)
        keeping.catch_up(order, outcome)
        if outcome.gradebook_error:
            raise AutograderError(outcome.gradebook_error)
        config = loaded.root / "nbgrader_config.py"
        bookkeeping.write(out, unit, [], releases.read(loaded, unit), config=config, late=loaded.late)
    excluded = coursedir.student_id_exclude.split(",")
    pattern = coursedir.format_path(coursedir.submitted_directory, coursedir.student_id, unit.name)
    folders = {Path(folder).parent.name: Path(folder) for folder in glob.glob(pattern)}
    together = [one for one in handed_in if one.by and one.student not in excluded]
    for one in together:
        if coursedir.student_id in ("*", one.student):
            try:
                _grade(exporter, one, loaded, unit)
            except GraderError as error:
                log.error(str(error))
            else:
                log.info("%s: graded with the group, from the folder of %s", one.student, one.by)
        for name in {one.student, one.by, *one.other} & folders.keys():
            converter.assignments.pop(str(folders.pop(name)), None)
    for student, folder in sorted(folders.items()):
        if student not in excluded and not strays.is_ordinary(folder, unit):
            converter.assignments.pop(str(folder), None)
            try:
                report = _grade(exporter, HandedIn(student, folder), loaded, unit).report
            except GraderError as error:
                log.error(str(error))
            else:
                log.warning(
                    "%s: graded as by autograder grade, and nothing copied from beside the notebook: %s",
                    student, report.reason or "another name, a link or a receipt that nbgrader does not take",
                )  # fmt: skip


def _refuse_other_database(url: str, coursedir: CourseDirectory) -> None:
    here = Path(coursedir.root) / database.FILE_NAME
    if url not in (f"sqlite:///{here}", address.of(here)):
        raise CourseError(
            f"nbgrader uses the database {url}: only {database.FILE_NAME} here is known, and a server that "
            "nbgrader_config.py names"
        )


def _of(found: Sequence[Release], name: str) -> Release:
    """The notebook of this name; NbGraderException where a unit has none, which nbgrader passes over by itself."""
    release = next((one for one in found if one.name == name), None)
    if release is None:
        raise NbGraderException(
            f"{name}.ipynb is no notebook of this assignment: expected {few([one.name for one in found])}"
        )
    return release


@dataclass(frozen=True)
class _Graded:
    """What came of one submission."""

    student: str
    report: Report
    notebooks: Mapping[str, Path]  # by name, those that can be read


_last: weakref.WeakKeyDictionary[Exporter, _Graded] = weakref.WeakKeyDictionary()  # of a run of nbgrader's


def _grade(exporter: Exporter, handed_in: HandedIn, loaded: Course, unit: Unit) -> _Graded:
    """Grades one submission and keeps result, page and marks."""
    converter = exporter.parent
    out, student = Path(converter.coursedir.root), handed_in.student
    report = _grader(exporter, loaded, unit).grade(handed_in)
    if report.score is None:
        raise GraderError(f"{student}: not graded: {report.reason}")
    found = releases.read(loaded, unit)
    notebooks: dict[str, Path] = {}
    with contextlib.suppress(UnreadableError):
        notebooks = places.find_notebooks(handed_in, unit)
    page = student_page(report).encode("utf-8", "replace")
    with batch.alone(
        out, lambda _: converter.log.warning("Waiting for another run of autograder in %s", out)
    ):
        results.write_all(
            [
                (results.path(out, unit.name, student), results.encode(report)),
                (feedback.kept(out, unit.name, student), page),
            ]
        )
        bookkeeping.write(
            out,
            unit,
            [
                Entry(
                    report,
                    notebooks,
                    handed_in.folder if notebooks else None,
                    handed_in.by not in ("", student),
                )
            ],
            found,
            config=loaded.root / "nbgrader_config.py",
            late=loaded.late,
        )
        feedback.publish(loaded.root, out, unit, [student], found, terms.read(loaded, out, unit))
    converter.log.info("%s: %s of %s", student, in_short(report.score), counted(report.max_score, "point"))
    return _Graded(student, report, notebooks)


def _grader(exporter: Exporter, loaded: Course, unit: Unit) -> Grader:
    """What grades in this run of nbgrader, made ready for its first submission."""
    if exporter not in _graders:
        until_the_end = contextlib.ExitStack()
        weakref.finalize(exporter, until_the_end.close)
        grader = until_the_end.enter_context(opening.opened(loaded, unit))
        if grader.level == "none":
            raise CourseError(
                "this machine cannot lock student code in; `autograder doctor` says what is missing"
            )
        _graders[exporter] = grader
    return _graders[exporter]


class FeedbackExporter(Exporter):  # type: ignore[misc]  # nbconvert publishes no types
    """`nbgrader generate_feedback` writes the page of `autograder grade`, with what was given by hand since."""

    file_extension = ".html"
    output_mimetype = "text/html"

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **_: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page of the submission whose autograded notebook this is; AutograderError where it has no result."""
        given = (resources or {})["nbgrader"]
        student = as_name(
            given["student"]
        )  # the folder in autograded/ is called as the gradebook's student is
        out = Path(filename).absolute().parents[3]
        loaded, unit = _unit(out, given["assignment"])
        found = releases.read(loaded, unit)
        standing = standings.read(out, unit.name, [student], unit.by_hand).get(as_text(student))
        told = said.to_students(loaded.root, out, unit.name, [student])
        holds, name = terms.read(loaded, out, unit), as_text(student)
        given = stamps.of_unit(out, unit.name, told, [student], holds).get(name)
        page = feedback.page_of(out, unit, student, found, standing, given, told.get(name, ()), holds)
        if page is None:
            raise AutograderError(
                f"{student} has no result for {unit.name}: run `autograder grade {unit.name}` first"
            )
        return page, {**(resources or {}), "output_extension": ".html"}


class ReleaseFeedback(ExchangeReleaseFeedback):  # type: ignore[misc]  # nbgrader publishes no types
    """`nbgrader release_feedback` gives the page to everyone who has a receipt, and names the others.

    nbgrader's own ends at the first student without one: whose work was copied in by hand.
    """

    src_path: str  # of the folders with pages, as a pattern

    def copy_files(self) -> None:
        """Copies the pages to the exchange, student by student."""
        without, released_to = [], set()
        for folder in sorted(map(Path, glob.glob(self.src_path))):
            student = folder.parent.name
            if all(_is_text(receipts.read(folder / name)) for name in receipts.RECEIPTS):
                self.src_path = glob.escape(str(folder))
                super().copy_files()
                released_to.add(student)
            else:
                without.append(student)
        if without:
            count = counted(len(without), "student")
            self.log.warning(
                "Not released to %s, whose work did not come through the exchange: %s. Their pages are in %s/",
                count, few(without), self.coursedir.feedback_directory,
            )  # fmt: skip
        unit = self.coursedir.assignment_id
        out = Path(self.coursedir.root)
        loaded, chosen = _unit(out, unit)
        holds = terms.read(loaded, out, chosen)
        older = [name for name in stamps.outdated(loaded.root, out, unit, holds) if name in released_to]
        if older:
            self.log.warning(
                "%s of those released %s older than what people have given or said: %s. "
                "`nbgrader generate_feedback %s --force` makes them anew; then release them again",
                counted(len(older), "page"), agree(len(older), "is", "are"), few(older), unit,
            )  # fmt: skip


def _is_text(receipt: bytes | None) -> bool:
    try:
        return receipt is not None and bool(receipt.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _unit(folder: Path, name: str) -> tuple[Course, Unit]:
    loaded = coursefile.load(coursefile.find(folder))
    (unit,) = coursefile.choose(loaded, [name])
    return loaded, unit
