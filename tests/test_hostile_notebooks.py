"""A class of hostile notebooks and names through the real command: results, pages, gradebook, spreadsheet, terminal.

Nothing that a student wrote, in a cell, an exception, a class or a folder's name, may be more than text anywhere; and
whatever a notebook looks like, it costs its own student's marks at most.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import nbformat
import pytest
from harmless import CONTROL, FORMULA, harmless
from repository import REPOSITORY, cell

from autograder.course import coursefile, solution
from autograder.gradebook import results, standings
from autograder.gradebook.results import ResultFile
from autograder.lms import export
from autograder.naming import as_folder, as_text

pytestmark = pytest.mark.slow

UNIT = "embeddings"
FULL = 6.0
Document = dict[str, Any]

SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(1)>'
TEMPLATE = "{{ 7 * 191 }}{% include 'x' %}"
LINK = "[click](javascript:alert(1))"
ANSI = "\x1b[31mred\x1b]0;title\x07\x9b2J"
FORMULA_TEXT = '=HYPERLINK("http://evil")'
RICH = "[bold red][link=http://evil]x[/link]"
EVERY = " ".join((SCRIPT, IMAGE, TEMPLATE, LINK, ANSI, RICH))


@dataclass(frozen=True)
class Expected:
    """What becomes of one submission."""

    status: str = "graded"
    score: float = FULL
    reason: str = ""


def written(change: Callable[[Document], Any]) -> Callable[[Document], bytes]:
    """The notebook after `change`, which may give back another."""

    def make(document: Document) -> bytes:
        return json.dumps(change(document) or document).encode()

    return make


def with_function(source: str) -> Callable[[Document], bytes]:
    return written(lambda document: solution.rewrite(document, "one_hot", source))


def large_outputs(mebibytes: int) -> Callable[[Document], bytes]:
    def change(document: Document) -> None:
        text = "<script>" + "x" * (mebibytes * 2**20)
        document["cells"][3]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}]

    return written(change)


def many_cells(count: int) -> Callable[[Document], bytes]:
    return written(
        lambda document: document["cells"].extend(cell(f"x = {number}") for number in range(count))
    )


def odd_metadata(document: Document) -> None:
    nested: Any = SCRIPT
    for _ in range(400):
        nested = {SCRIPT: nested}
    document["metadata"] = {"kernelspec": {"name": "evil; rm -rf /", "language": SCRIPT}, "x": nested}
    for number, one in enumerate(document["cells"]):
        own = one["metadata"].get("nbgrader")
        one["metadata"] = {
            "tags": [SCRIPT],
            "nbgrader": {**(own or {}), "points": 1000, "locked": False, "grade": True},
        }
        one["metadata"]["nbgrader"].setdefault("grade_id", f"mine-{number}")
        one["id"] = SCRIPT


def attachments(document: Document) -> None:
    svg = {"image/svg+xml": f"<svg onload=alert(1)>{SCRIPT}</svg>", "text/html": SCRIPT, "image/png": SCRIPT}
    text = f"![a](attachment:a.svg) ![b](attachment:gone.png) ![c](attachment:{SCRIPT}) {EVERY}"
    document["cells"].append(
        {"cell_type": "markdown", "source": text, "metadata": {}, "attachments": {"a.svg": svg, SCRIPT: svg}}
    )
    document["cells"].append({"cell_type": "raw", "source": EVERY, "metadata": {"format": "text/html"}})
    (answer,) = (
        one for one in document["cells"] if one["metadata"].get("nbgrader", {}).get("grade_id") == "why-dense"
    )
    answer["source"] = (
        EVERY
        + "\n\n"
        + "\n".join((SCRIPT, IMAGE, LINK, f"```mermaid\n{SCRIPT}\n```", "$\\href{javascript:alert(1)}{x}$"))
    )


def odd_outputs(document: Document) -> None:
    for one in document["cells"]:
        if one["cell_type"] == "code":
            one["outputs"] = [
                {
                    "output_type": "display_data",
                    "data": {"text/html": SCRIPT, "application/javascript": "alert(1)"},
                },
                {"output_type": "error", "ename": SCRIPT, "evalue": ANSI, "traceback": [ANSI]},
                SCRIPT,
                7,
            ]


NAMED = f"type({SCRIPT!r}, (Exception,), {{}})"
# What is handed in, and what becomes of it; a name says which, and stands for the student too.
NOTEBOOKS: Mapping[str, tuple[Callable[[Document], bytes], Expected]] = {
    "deep-json": (
        lambda _: b'{"nbformat": 4, "cells": ' + b"[" * 10**6,
        Expected("unreadable", 0, "no notebook"),
    ),
    "deep-metadata": (
        lambda document: (
            json.dumps(document)
            .encode()
            .replace(b'"metadata": {}', b'"metadata": ' + b'{"a":' * 900 + b"1" + b"}" * 900, 1)
        ),
        Expected(),
    ),
    "outputs-of-20-mib": (large_outputs(20), Expected()),
    "file-of-260-mib": (
        lambda document: json.dumps(document).encode().ljust(260 * 2**20),
        Expected("unreadable", 0, "larger than 256 MiB"),
    ),
    "cells-1900": (many_cells(1900), Expected()),
    "cells-3000": (many_cells(3000), Expected("unreadable", 0, "2000 are allowed")),
    "odd-metadata": (written(odd_metadata), Expected()),
    "attachments": (written(attachments), Expected()),
    "odd-outputs": (written(odd_outputs), Expected()),
    "much-code": (
        written(lambda document: document["cells"].append(cell("# " + "x" * 9 * 2**20))),
        Expected(),
    ),
    "no-text": (lambda _: b"\xff\xfe\x00\x00" * 9, Expected("unreadable", 0, "not UTF-8")),
    "a-byte-that-is-none": (
        lambda document: json.dumps(document).encode().replace(b"numpy", b"num\xffpy", 1),
        Expected("unreadable", 0, "not UTF-8"),
    ),
    "html": (lambda _: SCRIPT.encode(), Expected("unreadable", 0, "not JSON")),
    "another-json": (lambda _: json.dumps({EVERY: EVERY}).encode(), Expected("unreadable", 0, "no notebook")),
    "cell-of-another-type": (
        written(lambda document: document["cells"].insert(0, {"cell_type": EVERY, "source": EVERY})),
        Expected(),
    ),
    "source-that-is-none": (
        written(lambda document: document["cells"].insert(0, {"cell_type": "code", "source": {EVERY: 1}})),
        Expected("unreadable", 0, "no notebook"),
    ),
    "half-a-surrogate": (
        written(lambda document: document["cells"].append(cell("x = '\ud800'"))),
        Expected(),
    ),
    "code": (
        with_function(f"def one_hot(tokens, vocabulary):\n    # {EVERY}\n    return {EVERY!r}"),
        Expected(score=3),
    ),
    "exception": (
        with_function(f"def one_hot(tokens, vocabulary):\n    raise {NAMED}({EVERY!r})"),
        Expected(score=3),
    ),
    "exception-in-a-cell": (
        written(
            lambda document: document["cells"].append(cell(f"print({EVERY!r})\nraise {NAMED}({EVERY!r})"))
        ),
        Expected(),
    ),
    "class": (
        with_function(f"def one_hot(tokens, vocabulary):\n    return type({EVERY!r}, (), {{}})()"),
        Expected(score=3),
    ),
    "names-of-variables": (
        with_function(
            "def one_hot(tokens, vocabulary):\n"
            f"    exec(compile('x = 1', {EVERY.replace(chr(0), '')!r}, 'exec'))\n    return x_{'a' * 3000}"
        ),
        Expected(score=3),
    ),
    "a-missing-module": (
        written(lambda document: document["cells"].insert(0, cell(f"__import__({SCRIPT!r})"))),
        Expected(),
    ),
    "syntax": (with_function(f"def one_hot(tokens, vocabulary): {EVERY}"), Expected(score=3)),
}
# Folders that students might bring along, each with a right notebook in it.
NAMES = (
    SCRIPT.replace("/", "\\"),
    IMAGE,
    "{{ 7 * 191 }}{% raw %}",
    ANSI,
    FORMULA_TEXT.replace("/", ""),
    "@SUM(1+1)*cmd|' calc'!A0",
    "\uff1d1+1",
    "$(touch PWNED); `touch PWNED` & touch PWNED",
    "two\nlines",
    "[bold red]x[link=evil]",
    "-rf",
    "%2e%2e%2f..%2fetc",
    "%s%n{0}",
    "\u202egnp.exe",
    os.fsdecode(b"\xff\xfe"),
    "x" * 200,
)


@dataclass(frozen=True)
class Graded:
    """A course folder after the run, and what the command printed."""

    folder: Path
    printed: str

    def result(self, student: str) -> ResultFile:
        found = results.read(results.path(self.folder, UNIT, student))
        assert found is not None, self.printed
        return found

    def page(self, student: str) -> str:
        return (self.folder / "feedback" / student / UNIT / f"{UNIT}.html").read_text("utf-8")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, solved: Mapping[str, Document]) -> Graded:
    folder = tmp_path_factory.mktemp("hostile") / "course"
    folder.mkdir()
    for name in ("solutions", "assignments"):
        shutil.copytree(REPOSITORY / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("course.toml", "nbgrader_config.py"):
        shutil.copy(REPOSITORY / name, folder / name)
    right = json.dumps(solved[UNIT])
    for student, (make, _) in NOTEBOOKS.items():
        hand_in(folder, student).write_bytes(make(json.loads(right)))
    for student in NAMES:
        hand_in(folder, student).write_text(right, "utf-8")
    # Neither an ordinary file: one that leads to another's work, one that never ends, one that waits for ever.
    hand_in(folder, "link").symlink_to(folder / "submitted" / "attachments" / UNIT / f"{UNIT}.ipynb")
    hand_in(folder, "endless-link").symlink_to("/dev/zero")
    os.mkfifo(hand_in(folder, "pipe"))
    hand_in(folder, "folder").mkdir()
    command = [sys.executable, "-c", "from autograder.cli import main; main()", "grade", UNIT]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    printed = (done.stdout + done.stderr).decode()
    assert done.returncode == 0, printed
    return Graded(folder, printed)


def hand_in(folder: Path, student: str) -> Path:
    place = folder / "submitted" / student / UNIT
    place.mkdir(parents=True)
    return place / f"{UNIT}.ipynb"


@pytest.mark.parametrize("student", NOTEBOOKS)
def test_it_costs_its_own_marks_at_most(graded: Graded, student: str) -> None:
    expected = NOTEBOOKS[student][1]
    result = graded.result(student)
    assert (result.status, result.score) == (expected.status, expected.score), result
    assert expected.reason in result.reason


@pytest.mark.parametrize("student", NAMES, ids=range(len(NAMES)))
def test_a_name_costs_nothing(graded: Graded, student: str) -> None:
    result = graded.result(student)
    assert (result.status, result.score) == ("graded", FULL)


@pytest.mark.parametrize("student", ["link", "endless-link", "pipe", "folder"])
def test_what_is_no_file_is_refused(graded: Graded, student: str) -> None:
    result = graded.result(student)
    assert (result.status, result.score) == ("unreadable", 0)
    shown = (graded.folder / "autograded" / student / UNIT / f"{UNIT}.ipynb").read_text()
    assert SCRIPT[1:] not in shown, "another's answer"


@pytest.mark.parametrize("student", [*NOTEBOOKS, *NAMES, "link"], ids=ascii)
def test_its_page_is_harmless(graded: Graded, student: str) -> None:
    page = graded.page(student)
    harmless(page)
    assert "1337" not in page, "a template was filled in"
    assert len(page.encode()) < 400_000


@pytest.mark.parametrize("name", [UNIT, "course"])
def test_the_pages_of_the_class_are_harmless(graded: Graded, name: str) -> None:
    page = (graded.folder / "report" / f"{name}.html").read_text("utf-8")
    harmless(page)
    assert "&lt;script&gt;" in page
    assert "1337" not in page


@pytest.mark.parametrize("student", [*NOTEBOOKS, *NAMES], ids=ascii)
def test_what_graders_see_is_harmless(graded: Graded, student: str) -> None:
    """formgrader shows Markdown as HTML: none may be in it that the course did not write."""
    folder = graded.folder / "autograded" / as_folder(as_text(student)) / UNIT
    text = (folder / f"{UNIT}.ipynb").read_text("utf-8")
    document = json.loads(text)
    nbformat.validate(document)
    released = json.loads((graded.folder / "assignments" / UNIT / f"{UNIT}.ipynb").read_text("utf-8"))
    ours = {"".join(one["source"]) for one in released["cells"]}
    for one in document["cells"]:
        assert one["cell_type"] in ("code", "markdown")
        if one["cell_type"] == "markdown" and one["source"] not in ours:
            assert not re.search(r"<[a-zA-Z/!?]", one["source"]), one["source"]
            assert "](javascript" not in one["source"]
        for output in one.get("outputs", ()):
            assert set(output.get("data", {})) <= {"text/plain"}
            assert not CONTROL.search(output.get("text", ""))
            assert SCRIPT not in json.dumps(output)
        assert not {kind for image in one.get("attachments", {}).values() for kind in image} - {
            "image/png",
            "image/jpeg",
        }
        points = one["metadata"].get("nbgrader", {}).get("points", 0)
        assert points <= 3


def test_comments_for_graders_are_harmless(graded: Graded) -> None:
    for student, standing in standings.read(graded.folder, UNIT).items():
        assert standing.max_score == 8, student
        for mark in standing.marks:
            for word in ("script", "onerror", "javascript", "1337", "{{"):
                assert word not in mark.auto_comment, (student, mark.auto_comment)
            assert not CONTROL.search(mark.auto_comment)


def test_results_hold_no_control_characters_but_those_of_names(graded: Graded) -> None:
    for student, result in results.every(graded.folder, UNIT):
        rest = msgspec.structs.replace(result, student="")
        assert not CONTROL.search(msgspec.json.encode(rest).decode()), student


@pytest.mark.parametrize("absent", ["blank", "zero"])
def test_the_spreadsheet_is_harmless(graded: Graded, tmp_path: Path, absent: Any) -> None:
    loaded = coursefile.load(graded.folder / "course.toml")
    (path,) = export.export(loaded, graded.folder, "csv", to=tmp_path, absent=absent).files
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
    assert len(rows) == 1 + len(NOTEBOOKS) + len(NAMES) + 4
    for row in rows:
        assert len(row) == len(rows[0])
        for text in row:
            assert not text.startswith(FORMULA), row
    marks = {row[1]: row[rows[0].index("score")] for row in rows[1:]}
    assert marks["'" + FORMULA_TEXT.replace("/", "")] == "6"
    assert marks["odd-metadata"] == "6"


def test_the_tables_beside_the_pages_are_harmless(graded: Graded) -> None:
    found = sorted((graded.folder / "report").glob("*.csv"))
    assert len(found) == 7
    for path in found:
        for row in csv.reader(io.StringIO(path.read_text("utf-8"), newline="")):
            for text in row:
                is_number = re.fullmatch(r"-?[0-9.]+", text)
                assert is_number or not text.startswith(FORMULA), (path, row)


def test_the_terminal_shows_names_as_text(graded: Graded) -> None:
    assert not CONTROL.search(graded.printed.replace("\r", "")), graded.printed
    for student in ("deep-json", "pipe", "no-text"):
        assert student in graded.printed


def test_nothing_was_done_outside(graded: Graded) -> None:
    assert not list(graded.folder.rglob("PWNED"))
    assert not (Path.cwd() / "PWNED").exists()
    assert {path.name for path in (graded.folder / "feedback").iterdir()} == {
        path.name for path in (graded.folder / "submitted").iterdir()
    }
