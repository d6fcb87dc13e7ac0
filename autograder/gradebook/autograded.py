"""The notebook that graders see: what a student wrote, in the frame of the released notebook.

nbgrader's formgrader and feedback read `autograded/<student>/<unit>/<unit>.ipynb` and show its Markdown as HTML,
links and outputs included, in the browser of the person who grades. So nothing of a student's file goes in but
source text: outputs, metadata and ids are dropped, locked cells come from the release, and Markdown is made unable
to carry HTML. Cells are matched to the release by what they define, by nbgrader's id, by cell id and by text, so
that a notebook whose metadata a website has stripped can still be graded by hand.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from autograder.errors import CourseError, UnreadableError
from autograder.notebook import notebooks
from autograder.records import FunctionReport, Report
from autograder.words import counted

RECEIPTS = ("timestamp.txt", "submission_secret.txt")  # nbgrader's, wanted beside notebooks and feedback
_RECEIPT_BYTES = 4096  # theirs are below 200
_JOINER = "\u2060"  # takes no space; after "<" it keeps a browser from seeing a tag
_MARKUP = re.compile(r"<(?=[A-Za-z/!?])")
_LINK = re.compile(r"\](?=\s?[(:\[])")
_IMAGE = re.compile(r"\]\(\s*attachment:([\w.-]+)\s*\)")
_DIAGRAM = re.compile(r"([`~]{3,}[ \t]*)(?=mermaid)")
_TEX = re.compile(r"\\(?=(?:href|url|cssId|class|style|require|csname|data)(?![A-Za-z]))")
_IMAGE_TYPES = ("image/png", "image/jpeg")
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]+=*\s*")
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_DEFINITION = re.compile(r"\bdef\s+(\w+)\s*\(")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class ReleasedCell:
    """One cell of the released notebook."""

    id: str  # Jupyter's, "" where it has none
    cell_type: str  # "code" or "markdown"
    source: str
    metadata: Mapping[str, Any]
    grade_id: str | None = None  # nbgrader's name for it
    grade: bool = False  # it has points
    solution: bool = False  # the student writes in it
    task: bool = False
    points: float = 0.0
    checksum: str | None = None

    @property
    def locked(self) -> bool:
        """Whether its source is the course's, whatever the student made of it."""
        return not self.solution and (self.grade or bool(self.metadata.get("nbgrader", {}).get("locked")))

    @property
    def by_hand(self) -> bool:
        """Whether it is a free-text answer or a task, which only a person can grade."""
        return self.task or (self.grade and self.solution)

    @cached_property
    def function(self) -> str | None:
        """The function that the student writes in it."""
        found = _DEFINITION.search(self.source) if self.solution and self.cell_type == "code" else None
        return found[1] if found else None


@dataclass(frozen=True)
class Release:
    """The released notebook of one unit."""

    path: Path
    cells: tuple[ReleasedCell, ...]
    metadata: Mapping[str, Any]

    def check(self, function: str) -> ReleasedCell | None:
        """The cell that holds this function's points: `check-<function>`, with dashes or underscores."""
        names = {f"check-{function}", f"check-{function}".replace("_", "-")}
        return next((cell for cell in self.cells if cell.grade_id in names and not cell.solution), None)

    def heading(self, grade_id: str) -> str:
        """The heading under which a cell stands, its name where there is none."""
        heading = grade_id
        for cell in self.cells:
            if cell.grade_id == grade_id:
                break
            if cell.cell_type == "markdown":
                found = _HEADING.findall(cell.source)
                heading = found[-1] if found else heading
        return heading

    def answer(self, function: str) -> ReleasedCell | None:
        """The cell in which students write this function."""
        return next((cell for cell in self.cells if cell.function == function), None)


@dataclass(frozen=True)
class WrittenCell:
    """One cell of a student's file: text alone is taken over from it."""

    id: str
    cell_type: str
    source: str
    grade_id: str | None
    images: Mapping[str, Mapping[str, str]]  # pasted into Markdown: name, then type and base64
    functions: tuple[str, ...]  # that it defines


@dataclass(frozen=True)
class Written:
    """The notebook that a student handed in, beside the released one."""

    cells: tuple[WrittenCell, ...] = ()
    places: Mapping[int, int] = field(default_factory=dict)  # where each released cell stands in it


def release(path: Path) -> Release:
    """The released notebook at `path`; CourseError where there is none or it never went through nbgrader."""
    try:
        document = json.loads(path.read_bytes())
        cells = tuple(_released(cell) for cell in document["cells"])
    except OSError as error:
        raise CourseError(
            f"{path}: cannot be read ({error.strerror}): run `autograder release` first"
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CourseError(f"{path}: not a released notebook: run `autograder release` again") from None
    if not any(cell.grade for cell in cells):
        raise CourseError(f"{path}: no cell in it has points: run `autograder release` again")
    return Release(path, cells, document.get("metadata", {}))


def written(release: Release, path: Path | None) -> Written:
    """The notebook at `path`, its cells matched to the release; no cells where it cannot be read."""
    if path is None:
        return Written()
    try:
        document = json.loads(notebooks.read_bytes(path))
        found = document.get("cells")
        if found is None:  # nbformat 3 and older
            found = [cell for sheet in document["worksheets"] for cell in sheet["cells"]]
        cells = tuple(_written(cell) for cell in found if isinstance(cell, dict))
    except (UnreadableError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Written()
    return Written(cells, _matches(release, cells))


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
        document.append(_cell("markdown", _fenced(f"{report.status}: {report.reason}"), "status"))

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


def _matches(release: Release, cells: Sequence[WrittenCell]) -> dict[int, int]:
    """Which student's cell stands for which released cell: places in `release.cells` to places in `cells`."""
    matches: dict[int, int] = {}
    free = dict(enumerate(cells))

    def pair(index: int, place: int) -> None:
        matches[index] = place
        del free[place]

    defining: dict[str, list[int]] = {}
    for place, cell in free.items():
        for function in cell.functions:
            defining.setdefault(function, []).append(place)
    for index, known in enumerate(release.cells):  # what a cell defines is the surest sign
        if known.function is not None:
            alike = [place for place in defining.get(known.function, ()) if place in free]
            named = [place for place in alike if free[place].grade_id == known.grade_id is not None]
            if alike:
                pair(index, named[0] if named else alike[-1])
    for sign in (_grade_id, _cell_id, _cell_text):
        places: dict[object, list[int]] = {}
        for place, cell in free.items():
            places.setdefault(sign(cell), []).append(place)
        for index, known in enumerate(release.cells):
            if index not in matches and (own := sign(known)) is not None and places.get(own):
                pair(index, places[own].pop(0))
    # An answer that lost its metadata stands between its neighbours.
    for index, known in enumerate(release.cells):
        if index not in matches and known.by_hand:
            after = max((p for i, p in matches.items() if i < index), default=-1)
            before = min((p for i, p in matches.items() if i > index), default=len(cells))
            between = [p for p, c in free.items() if after < p < before and c.cell_type == known.cell_type]
            if between:
                pair(index, between[0])
    return matches


def _grade_id(cell: ReleasedCell | WrittenCell) -> object:
    return cell.grade_id


def _cell_id(cell: ReleasedCell | WrittenCell) -> object:
    return (cell.cell_type, cell.id) if cell.id else None


def _cell_text(cell: ReleasedCell | WrittenCell) -> object:
    return cell.cell_type, cell.source.strip()


def unanswered(release: Release, handed_in: Written) -> frozenset[str]:
    """The free-text cells, by nbgrader's name, that the student left as they came."""

    def untouched(index: int, known: ReleasedCell) -> bool:
        place = handed_in.places.get(index)
        return place is None or handed_in.cells[place].source.strip() in ("", known.source.strip())

    return frozenset(
        known.grade_id
        for index, known in enumerate(release.cells)
        if known.by_hand and known.grade_id is not None and untouched(index, known)
    )


def write(path: Path, document: Mapping[str, Any], notebook: Path | None) -> None:
    """Writes `document` at `path`, whole or not at all, with nbgrader's receipts from beside `notebook`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if notebook is not None:
        copy_receipts(notebook.parent, path.parent)
    _replace(path, _json(document))


def _json(document: Mapping[str, Any]) -> bytes:
    try:
        return msgspec.json.format(msgspec.json.encode(document), indent=1)
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can spell and UTF-8 cannot
        return json.dumps(document, indent=1, ensure_ascii=False).encode("utf-8", "replace")


def copy_receipts(source: Path, folder: Path) -> None:
    """Copies nbgrader's timestamp and secret from `source` to `folder`, and drops those that `source` lacks."""
    for name in RECEIPTS:
        receipt = read_receipt(source / name)
        if receipt is None:
            (folder / name).unlink(missing_ok=True)
        else:
            _replace(folder / name, receipt)


def read_receipt(path: Path) -> bytes | None:
    """The bytes of a receipt; None where it is missing, a link, or far too large to be one."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > _RECEIPT_BYTES:
            return None
        return path.read_bytes()
    except OSError:
        return None


def verdict(function: FunctionReport) -> str:
    """What the checks said of one function, as plain text with a line each."""
    lines = [points(function)]
    if function.note:
        lines.append(function.note)
    for check in function.checks:
        sign = "passed" if check.passed else "NOT passed"
        message = f": {check.message}" if check.message and not check.passed else ""
        lines.append(f"{sign}  {check.name} ({check.points:g}){message}")
    lines += [finding(diagnosis.title, diagnosis.id, diagnosis.line) for diagnosis in function.diagnoses]
    if function.carried_forward:
        lines.append(f"marked with a right {' and '.join(function.carried_from)} in place of the student's")
    return "\n".join(plain(line) for line in lines) + "\n"


def points(function: FunctionReport) -> str:
    """Score and points of a function, such as `softmax: 2.5 of 3 points`."""
    return f"{function.name}: {function.score:g} of {counted(function.max_score, 'point')}"


def finding(title: str, id: str, line: int | None) -> str:
    """One diagnosis with its full id, by which it can be searched for."""
    place = "" if line is None else f", line {line} of the cell"
    return f"{title} ({id}{place})"


def plain(text: str) -> str:
    """One line of text without control characters."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", " ".join(text.split()))


def harmless(markdown: str, images: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """The same Markdown, reading the same, but unable to carry HTML, links, scripts in formulas or diagrams.

    Only images pasted into the cell stay. nbconvert shows Markdown with raw HTML and with links of any protocol, and
    fails on an attachment that is not there.
    """
    known = images or {}
    kept = {match.end(): match for match in _IMAGE.finditer(markdown) if match[1] in known}
    pieces, start = [], 0
    for end, image in kept.items():
        pieces += [_disarmed(markdown[start : image.start()]), markdown[image.start() : end]]
        start = end
    return "".join([*pieces, _disarmed(markdown[start:])])


def _disarmed(markdown: str) -> str:
    markdown = _MARKUP.sub("<" + _JOINER, markdown)
    markdown = _LINK.sub("]" + _JOINER, markdown)
    markdown = _DIAGRAM.sub(r"\1" + _JOINER, markdown)
    return _TEX.sub("\\\\" + _JOINER, markdown)


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
        return _cell("markdown", _fenced(cell.source), id)
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


def _fenced(text: str) -> str:
    """The text as a Markdown code block, in which nothing has a meaning."""
    return "\n".join("    " + line for line in _disarmed(text).splitlines()) or "    "


def _released(cell: Mapping[str, Any]) -> ReleasedCell:
    nbgrader = cell["metadata"].get("nbgrader", {})
    return ReleasedCell(
        id=cell.get("id", ""),
        cell_type=cell["cell_type"],
        source=_text(cell["source"]),
        metadata=cell["metadata"],
        grade_id=nbgrader.get("grade_id"),
        grade=bool(nbgrader.get("grade")),
        solution=bool(nbgrader.get("solution")),
        task=bool(nbgrader.get("task")),
        points=float(nbgrader.get("points", 0.0)),
        checksum=nbgrader.get("checksum"),
    )


def _written(cell: Mapping[str, Any]) -> WrittenCell:
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    cell_type = cell.get("cell_type")
    source = _text(cell.get("source", cell.get("input", "")))
    return WrittenCell(
        id=str(cell.get("id", "")),
        cell_type="markdown" if cell_type == "heading" else str(cell_type),
        source=source,
        grade_id=grade_id if isinstance(grade_id, str) else None,
        images=_images(cell.get("attachments")) if cell_type == "markdown" else {},
        functions=tuple(_DEFINITION.findall(source)) if cell_type == "code" else (),
    )


def _images(attachments: object) -> dict[str, dict[str, str]]:
    """Pasted pictures whose every part is what it says."""
    images: dict[str, dict[str, str]] = {}
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        if isinstance(bundle, dict) and re.fullmatch(r"[\w.-]+", name):
            parts = {kind: bundle[kind] for kind in _IMAGE_TYPES if kind in bundle}
            if parts and all(isinstance(data, str) and _BASE64.fullmatch(data) for data in parts.values()):
                images[name] = parts
    return images


def _text(source: object) -> str:
    """A cell's source, which nbformat writes as a string or as a list of lines."""
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def _replace(path: Path, content: bytes) -> None:
    if path.is_file() and path.read_bytes() == content:
        return
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
