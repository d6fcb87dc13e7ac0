"""The notebook that graders see: what a student wrote, in the frame of the released notebook.

nbgrader's formgrader and feedback read `autograded/<student>/<unit>/<unit>.ipynb` and show its Markdown as HTML,
links and outputs included, in the browser of the person who grades. So nothing of a student's file goes in but
source text: outputs, metadata and ids are dropped, locked cells come from the release, and Markdown is made unable
to carry HTML.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from autograder import budget
from autograder.gradebook import files, receipts, written
from autograder.gradebook.released import Release, ReleasedCell
from autograder.gradebook.safe_text import fenced, harmless
from autograder.gradebook.verdicts import verdict
from autograder.gradebook.written import Written, WrittenCell
from autograder.naming import as_folder, as_text
from autograder.records import FunctionReport, Report

_SECONDS: Final = (
    10.0  # of CPU time for the text of one submission: it is linear work and takes a tenth of one
)


class Prepared(msgspec.Struct, frozen=True):
    """What the gradebook takes from one notebook, made where it is graded, so that who writes need not read it again."""

    release: str  # by whose cells it was made: the digest of that file
    document: bytes  # the notebook for graders, as JSON
    unanswered: frozenset[str]  # the cells to be answered, by nbgrader's names, that hold no answer
    is_there: bool = True  # the notebook was handed in


def prepare(release: Release, report: Report, notebook: Path | None) -> Prepared:
    """What the gradebook takes from the notebook at this path; the frame alone where it takes too long or cannot be read."""
    handed_in = Written()
    try:
        with budget.of(_SECONDS):
            handed_in = written.read(release, notebook)
    except budget.SpentError:
        pass
    try:
        with budget.of(_SECONDS):
            document = compose(release, report, handed_in)
    except budget.SpentError:
        document = compose(release, report, Written())
    unanswered = written.unanswered(release, handed_in)
    return Prepared(release.digest, _json(document), unanswered, bool(handed_in.cells))


def folder(out: Path, student: str, unit: str) -> Path:
    """Where formgrader looks for this student's notebooks: by the name that the gradebook has."""
    return out.joinpath("autograded", as_folder(as_text(student)), unit)


def compose(release: Release, report: Report, handed_in: Written) -> dict[str, Any]:
    """The notebook as nbformat 4.5 JSON: the student's cells in their order, released cells that they lack put back.

    Check cells show the verdict as plain text, and the score as the number that nbgrader takes for partial credit.
    """
    verdicts = {
        cell.grade_id: function
        for function in report.functions
        if (cell := release.check(function.name)) is not None
    }
    by_place = {place: index for index, place in handed_in.places.items()}
    lacking: dict[int, list[int]] = {}
    anchor = -1
    for index, cell in enumerate(release.cells):
        anchor = handed_in.places.get(index, anchor)
        if index not in handed_in.places and (cell.grade or cell.solution or cell.task):
            lacking.setdefault(anchor, []).append(index)

    document: list[dict[str, Any]] = []
    if report.status != "graded":
        document.append(_cell("markdown", fenced(f"{report.status}: {report.reason}"), "status"))

    def put_back(place: int) -> None:
        for index in lacking.get(place, ()):
            document.append(_restored(release.cells[index], index, None, verdicts))

    put_back(-1)
    for place, own in enumerate(handed_in.cells):
        if place in by_place:
            index = by_place[place]
            document.append(_restored(release.cells[index], index, own, verdicts))
        elif own.source.strip():
            document.append(_foreign(own, f"student-{place}"))
        put_back(place)
    return {"cells": document, "metadata": dict(release.metadata), "nbformat": 4, "nbformat_minor": 5}


def _restored(
    known: ReleasedCell, index: int, cell: WrittenCell | None, verdicts: Mapping[str | None, FunctionReport]
) -> dict[str, Any]:
    """A released cell with the student's text in it, where it is theirs to write."""
    id = known.id or f"release-{index}"
    if cell is None or known.locked or cell.source == known.source:
        restored = _cell(known.cell_type, known.source, id, known.metadata)
    elif known.cell_type == "code":
        restored = _cell("code", cell.source, id, known.metadata)
    else:
        restored = _cell("markdown", harmless(cell.source, cell.images), id, known.metadata)
        if cell.images:
            restored["attachments"] = {name: dict(image) for name, image in cell.images.items()}
    if known.grade_id in verdicts and known.cell_type == "code":
        function = verdicts[known.grade_id]
        restored["outputs"] = [
            {"output_type": "stream", "name": "stdout", "text": verdict(function)},
            {
                "output_type": "execute_result",
                "execution_count": None,
                "metadata": {},
                "data": {"text/plain": repr(float(function.score))},
            },
        ]
    return restored


def _foreign(cell: WrittenCell, id: str) -> dict[str, Any]:
    """A cell that the student added."""
    if cell.cell_type == "code":
        return _cell("code", cell.source, id)
    if cell.cell_type != "markdown":  # a raw cell would go into the page as it stands
        return _cell("markdown", fenced(cell.source), id)
    added = _cell("markdown", harmless(cell.source, cell.images), id)
    if cell.images:
        added["attachments"] = {name: dict(image) for name, image in cell.images.items()}
    return added


def _cell(cell_type: str, source: str, id: str, metadata: Mapping[str, Any] | None = None) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": cell_type,
        "id": id,
        "metadata": dict(metadata or {}),
        "source": source,
    }
    if cell_type == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def write(
    place: Path,
    documents: Mapping[str, bytes],
    folder: Path | None,
    config: Path | None = None,
    *,
    shared: bool = False,
) -> None:
    """Writes `documents`, by the names of their files, in `place`, each whole or not at all, with nbgrader's receipts from `folder`.

    Where that is somebody else's of a group, their secret stays behind: it is by what the exchange gives them their page.
    """
    place.mkdir(parents=True, exist_ok=True)
    if folder is not None:
        receipts.copy(folder, place, config)
    if shared:
        (place / receipts.SECRET).unlink(missing_ok=True)
    for name, document in documents.items():
        files.replace(place / name, document)


def _json(document: Mapping[str, Any]) -> bytes:
    try:
        return msgspec.json.format(msgspec.json.encode(document), indent=1)
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can spell and UTF-8 cannot
        return json.dumps(document, indent=1, ensure_ascii=False).encode("utf-8", "replace")
