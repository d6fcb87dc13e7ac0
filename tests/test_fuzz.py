"""What no one would write by hand: notebooks, course files, children's messages and people's names, by Hypothesis.

    AUTOGRADER_FUZZ=nightly pytest tests/test_fuzz.py

tries tens of thousands of cases that are new each time, and prints how to repeat one that fails; without it a few
hundred that are always the same.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import math
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote_to_bytes

import class_samples
import msgspec
import nbformat
import numpy as np
import pytest
import report_samples as samples
from harmless import BESIDE, CONTROL, FORMULA, harmless
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from msgspec import structs
from plain_values import plain_values
from repository import REPOSITORY

from autograder.child import messages, nodes, packing, wire
from autograder.course import coursefile, solution
from autograder.data import Other
from autograder.errors import CourseError, UnreadableError
from autograder.gradebook import autograded, released, results, sheets, verdicts, written
from autograder.gradebook.released import Release
from autograder.gradebook.written import Written
from autograder.grading.pipeline import Pipeline
from autograder.notebook import collect, notebooks, syntax
from autograder.notebook.places import HandedIn
from autograder.pages.classroom import class_page, summarise
from autograder.pages.student import student_page
from autograder.records import Cell, Died, Limits, Raised, Report, Returned
from autograder.sandbox import worker
from autograder.sandbox.children import Sandbox
from autograder.sandbox.outcomes import ChildDiedError
from autograder.sandbox.worker import Request, Run

pytestmark = pytest.mark.slow

# --------------------------------------------------------------------------------------------------- material

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE grade; --",
    "</pre></code></main><iframe src=//evil>",
    "{{ 7 * 7 }}{% raw %}{# #}${7*7}",
    "[click](javascript:alert(1)) ![x](//evil/x.png)",
    "<!-- --!> <![CDATA[ ]]> &lt;b&gt; &#60;",
    "\x1b[2J\x1b]0;title\x07\x9b31m",
    '=HYPERLINK("//evil")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\u202eevil\u202c\u2028\u2029\u0085",
    "$$\\href{javascript:alert(1)}{x}$$",
    "../../etc/passwd",
    "`` ` ``",
    "\ud800\udfff",
    "\0\x0b\x0c\r\n\t",
)
texts = st.lists(st.sampled_from(PAYLOADS) | st.text(st.characters(), max_size=12), max_size=4).map("".join)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts | st.just({}) | st.just([]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def edits(most: int) -> st.SearchStrategy[list[tuple[float, int, bytes]]]:
    """Places (as parts of the whole), how many bytes go there, and what takes their place."""
    inserted = st.binary(max_size=8) | st.sampled_from(
        [
            b'"',
            b"{",
            b"[" * 2000,
            b"]",
            b",",
            b"\\",
            b"\\ud800",
            b"\xff",
            b"\xef\xbb\xbf",
            b"NaN",
            b"1e999",
            b"\0",
        ]
    )
    edit = st.tuples(st.floats(0, 1), st.sampled_from([0, 0, 1, 2, 10, 1000]), inserted)
    return st.lists(edit, min_size=1, max_size=most)


def edited(raw: bytes, changes: Sequence[tuple[float, int, bytes]]) -> bytes:
    for place, gone, put in changes:
        at = int(place * len(raw))
        raw = raw[:at] + put + raw[at + gone :]
    return raw


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON document."""
    yield path
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from places(child, (*path, key))


def with_other(node: Any, path: Sequence[Any], other: Any) -> Any:
    """The document with another thing at one place, the parts that stay shared."""
    if not path:
        return other
    copy = dict(node) if isinstance(node, dict) else list(node)
    copy[path[0]] = with_other(copy[path[0]], path[1:], other)
    return copy


# -------------------------------------------------------------------------------------------------- notebooks

UNIT = "self-attention"


@cache
def documents() -> tuple[Any, ...]:
    """Notebooks to start from: solved ones, and one of the format before."""
    loaded = coursefile.load(REPOSITORY / "course.toml")
    old = {"cell_type": "code", "input": ["x = 1\n"], "language": "python", "outputs": [], "metadata": {}}
    text = {"cell_type": "heading", "level": 2, "source": "Old", "metadata": {}}
    third = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": "x"},
        "worksheets": [{"cells": [old, text, dict(old, input="%time y = 2")], "metadata": {}}],
    }
    small = solution.solved(loaded, loaded.units[1])
    small["cells"] = small["cells"][:6]
    pasted = {"cell_type": "markdown", "metadata": {}, "source": "![a](attachment:a.png)"}
    small["cells"].append({**pasted, "attachments": {"a.png": {"image/png": "AAAA"}}})
    return solution.solved(loaded, loaded.units[1]), small, third


@cache
def all_places(number: int) -> tuple[tuple[Any, ...], ...]:
    return tuple(places(documents()[number]))


@cache
def release() -> Release:
    return released.read(REPOSITORY / "assignments" / UNIT / f"{UNIT}.ipynb")


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> HandedIn:
    folder = tmp_path_factory.mktemp("submitted") / "ada" / UNIT
    folder.mkdir(parents=True)
    return HandedIn("ada", folder)


def taken(handed_in: HandedIn, raw: bytes) -> None:
    """Such a notebook is read, or refused with a reason; what graders see of it is a valid notebook either way."""
    path = handed_in.folder / f"{UNIT}.ipynb"
    path.write_bytes(raw)
    report = samples.self_attention("ada")
    try:
        submission = collect.read(handed_in, class_samples.UNIT)
        assert submission.cells == notebooks.code_cells(raw)
        for cell in submission.cells:
            assert isinstance(cell.source, str)
        syntax.definition(submission.cells, "softmax")
        worker._program(Request("softmax", [(cell, True) for cell in submission.cells], []), [])
    except UnreadableError as error:
        report = replace(report, functions=(), status="unreadable", reason=str(error))
        json.loads(results.encode(report))
        harmless(student_page(report))
    handed_in = written.read(release(), path)
    written.unanswered(release(), handed_in)
    composed = json.loads(autograded._json(autograded.compose(release(), report, handed_in)))
    ids = [cell["id"] for cell in composed["cells"]]
    assert {cell["cell_type"] for cell in composed["cells"]} <= {"code", "markdown"}
    assert len(ids) == len(set(ids))
    if len(raw) % 16 == 0:  # it takes longer than all the rest
        nbformat.validate(composed)


@given(number=st.integers(0, 2), changes=edits(4))
def test_notebooks_with_bytes_changed(handed_in: HandedIn, number: int, changes: Any) -> None:
    taken(handed_in, edited(json.dumps(documents()[number]).encode(), changes))


@given(data=st.data(), number=st.integers(0, 2))
def test_notebooks_with_other_things_in_places(handed_in: HandedIn, data: st.DataObject, number: int) -> None:
    document = documents()[number]
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from(all_places(number)))
        try:
            document = with_other(document, path, data.draw(junk))
        except (LookupError, TypeError, ValueError):  # an earlier change took that place away
            continue
    taken(handed_in, json.dumps(document).encode())


keys = st.sampled_from(
    [
        "cells",
        "nbformat",
        "nbformat_minor",
        "metadata",
        "source",
        "cell_type",
        "id",
        "attachments",
        "worksheets",
        "input",
        "nbgrader",
        "grade_id",
    ]
)
values = st.sampled_from(
    [3, 4, 5, "code", "markdown", "raw", "heading", "check-softmax", "def softmax(x): pass"]
)
shapes = st.recursive(
    values | junk,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=20,
)
odd_cells = st.lists(
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("cell_type", "source", "metadata", "id", "attachments"), shapes)
    )
)


@given(
    document=st.dictionaries(keys, shapes) | st.fixed_dictionaries({"nbformat": values, "cells": odd_cells})
)
def test_json_that_looks_like_a_notebook(handed_in: HandedIn, document: Any) -> None:
    taken(handed_in, json.dumps(document).encode())


# ------------------------------------------------------------------------------------------------ course.toml

toml_texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8).map(json.dumps)
toml_values = st.recursive(
    st.sampled_from(
        [
            *("nan", "inf", "-inf", "-0.0", "0", "-1", "1e400", "9999999999999999999999", "0x10", "true"),
            *("1979-05-27", "07:32:00", "1979-05-27T07:32:00Z", "0001-01-01", "9999-12-31T23:59:59-12:00"),
            *(
                "[]",
                "{}",
                "[[]]",
                "''",
                "'/'",
                "'..'",
                "'../x'",
                "'softmax'",
                "'a]b[0'",
                "'x - at `$.units[0]`'",
            ),
        ]
    )
    | st.integers().map(str)
    | st.floats().map(str)
    | toml_texts,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]")
        | st.dictionaries(toml_texts, inner, max_size=3).map(
            lambda table: "{" + ", ".join(f"{key} = {value}" for key, value in table.items()) + "}"
        )
    ),
    max_leaves=5,
)
toml_keys = (
    st.sampled_from(
        [
            "format",
            "title",
            "public_seed",
            "secret_file",
            "roster",
            "backups",
            "name",
            "functions",
            "points",
            "atol",
            "rtol",
            "brings",
            "due",
            "units",
            "limits",
            "cpu_seconds",
            "memory_mib",
            "output_kib",
        ]
    )
    | toml_texts
)


@cache
def course_text() -> str:
    """The course's own file, and the keys that it does not use."""
    own = (REPOSITORY / "course.toml").read_text("utf-8")
    return own.replace("[[units]]", "[[units]]\ndue = 2026-12-24\natol = 1e-9", 1).replace(
        "public_seed", 'roster = "roster.csv"\nbackups = 3\nsecret_file = "s"\npublic_seed', 1
    )


def loaded_or_refused(folder: Path, raw: bytes) -> None:
    path = folder / "course.toml"
    path.write_bytes(raw)
    said = ""
    try:
        loaded = coursefile.load(path)
    except CourseError as error:
        said = str(error)
    if said:
        assert said.startswith(f"{path}: "), said
        assert said.isprintable(), said
        return
    for unit in loaded.units:
        assert unit.title
        assert math.isfinite(unit.points)
        for function in unit.functions:
            tolerance = function.tolerance
            assert 0 < function.points < math.inf
            assert 0 <= tolerance.absolute < math.inf
            assert 0 <= tolerance.relative < math.inf
            coursefile.earlier_functions(loaded, function.name)
    assert 0 < loaded.limits.cpu_seconds < math.inf


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("course")


@given(changes=edits(4))
def test_course_files_with_bytes_changed(folder: Path, changes: Any) -> None:
    loaded_or_refused(folder, edited(course_text().encode(), changes))


@given(st.data())
def test_course_files_with_other_keys_and_values(folder: Path, data: st.DataObject) -> None:
    lines = course_text().splitlines()
    numbers = [number for number, line in enumerate(lines) if "=" in line]
    for _ in range(data.draw(st.integers(1, 3))):
        number = data.draw(st.sampled_from(numbers))
        key, _, value = lines[number].partition("=")
        part = data.draw(st.sampled_from(["key", "value", "one more", "gone", "inner"]))
        match part:
            case "key":
                lines[number] = f"{data.draw(toml_keys)} ={value}"
            case "value":
                lines[number] = f"{key}= {data.draw(toml_values)}"
            case "one more":
                lines[number] += f"\n{data.draw(toml_keys)} = {data.draw(toml_values)}"
            case "inner" if "points = " in value:
                before, points, after = value.partition("points = ")
                rest = after.partition(" ")[2]
                lines[number] = f"{key}={before}{points}{data.draw(toml_values)} {rest}"
            case _:
                lines[number] = ""
    loaded_or_refused(folder, "\n".join(lines).encode("utf-8", "replace"))


# ------------------------------------------------------------------------------------ a child says what it likes

arrays = npst.arrays(
    st.sampled_from(sorted(nodes.DTYPES)).map(np.dtype),
    npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
)
short = st.text(max_size=20) | st.sampled_from([payload for payload in PAYLOADS if payload.isprintable()])
value_data = st.one_of(
    arrays.map(packing.pack),
    plain_values(arrays).map(packing.pack),
    short.map(nodes.OtherData),
    st.builds(
        nodes.ArrayData,
        st.sampled_from([*sorted(nodes.DTYPES), "|O", ">f8", "<U4", "<M8[D]", ""]),
        st.lists(st.integers(-(2**40), 2**40) | st.integers(0, 3), max_size=9).map(tuple),
        st.binary(max_size=64),
    ),
)
numbers = st.integers(-1, 5) | st.integers(0, messages.MAX_LINE)
traced = st.lists(st.builds(messages.TracedData, numbers, short, arrays.map(packing.pack_array)), max_size=3)
exceptions = st.sampled_from(
    ["ValueError", "KeyError", "NotImplementedError", "NameError", "MemoryError", "AxisError"]
)
DUE: Final = -1  # stands for the number of the call that is due
ids = st.just(DUE) | st.integers(0, 2**32 - 1)
replies = st.one_of(
    st.builds(messages.Running, numbers),
    st.builds(messages.CellFailed, numbers, short, short),
    st.builds(
        messages.Ready,
        st.booleans(),
        st.none() | numbers,
        numbers,
        st.lists(short, max_size=3),
        st.lists(short, max_size=3),
    ),
    st.builds(messages.Ask, st.sampled_from(["softmax", "g", ""]), st.lists(value_data, max_size=4)),
    st.builds(messages.Result, ids, value_data, st.lists(value_data, max_size=4)),
    st.builds(messages.Failure, ids, short, short, st.none() | numbers),
    st.builds(messages.Trace, ids, traced),
    st.just(messages.Locked()),
    st.binary(max_size=60),
)
framed = replies.map(
    lambda reply: reply if isinstance(reply, bytes) else wire.frame(reply)[wire.LENGTH.size :]
)


class Scripted:
    """A child that says what it was told to, honest or not, then dies; it is read as a real one is."""

    def __init__(self, script: Sequence[messages.ToParent | bytes]) -> None:
        self._script = iter(script)
        self._due: list[int] = []
        self._last = 0

    def send(self, message: messages.ToChild) -> None:
        wire.frame(message)
        if isinstance(message, messages.Calls):
            self._due = [call.id for call in message.calls]

    def receive(self) -> messages.ToParent:
        message = next(self._script, None)
        if message is None:
            raise ChildDiedError("crashed", "has said all")
        try:
            return wire.decode_to_parent(message if isinstance(message, bytes) else self._body(message))
        except wire.WireError as error:
            raise ChildDiedError("crashed", str(error)) from None

    def _body(self, message: Any) -> bytes:
        if getattr(message, "id", None) == DUE:
            if not isinstance(message, messages.Trace):
                self._last = self._due.pop(0) if self._due else 0
            message = structs.replace(message, id=self._last)
        return wire.frame(message)[wire.LENGTH.size :]

    def allow(self, cpu_seconds: float | None = None) -> None:
        pass

    def close(self) -> str:
        return ""


def whole(run: Run, calls: Sequence[int]) -> None:
    """Every call has an outcome, and nothing in it is more than data."""
    assert [len(batch) for batch in run.outcomes] == list(calls)
    for outcome in (outcome for batch in run.outcomes for outcome in batch):
        match outcome:
            case Returned(value=value, args_after=after):
                for array in value if isinstance(value, tuple) else (value,):
                    assert array is None or type(array) in (np.ndarray, Other), array
                assert all(type(one) in (np.ndarray, list, type(None)) for one in after)
            case Raised(exception=name, message=message):
                assert len(name) <= nodes.MAX_TEXT
                assert len(message) <= nodes.MAX_TEXT
            case Died(reason=reason):
                assert reason in ("timeout", "out-of-memory", "crashed")


def right(name: str, args: Sequence[Any]) -> Any:
    return ValueError(name) if len(args) > 2 else np.ones(2)


def asked(calls: Sequence[int], **more: Any) -> Request:
    batches = [[(np.arange(3.0), ["a"])] * count for count in calls]
    cells = [
        (Cell(index, source), index == 0) for index, source in enumerate(("x = 1", "def f(a, b): return a"))
    ]
    return Request("f", cells, batches, replaced=["softmax"], answer=right, **more)


@given(
    opening=st.lists(replies, max_size=4),
    ready=st.booleans(),
    script=st.lists(replies | st.builds(edited, framed, edits(2)), max_size=12),
    calls=st.lists(st.integers(0, 3), max_size=3),
    trace=st.booleans(),
)
def test_a_child_that_says_anything(opening: Any, ready: bool, script: Any, calls: Any, trace: bool) -> None:
    ready_script = [messages.Ready(True, 1, 1, [], [])] if ready else []
    run = worker.run(lambda: Scripted([*opening, *ready_script, *script]), asked(calls, trace=trace))
    whole(run, calls)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Limits(cpu_seconds=0.05, memory_mib=192)) as sandbox:
        yield sandbox


# The real child, every byte of whose messages the student's code may change on the way out.
MEDDLER = """
from autograder.child import messages, nodes, packing, wire
honest, said = wire.frame, 0
def frame(message):
    global said
    whole, said = honest(message), said + 1
    for number, place, gone, put in CHANGES:
        if number == said:
            at = int(place * len(whole))
            whole = whole[:at] + put + whole[at + gone:]
    return whole
wire.frame = frame
"""


@settings(max_examples=settings.default.max_examples // 10)  # some wait for a child that says nothing more
@given(
    changes=st.lists(
        st.tuples(st.integers(1, 8), st.floats(0, 1), st.integers(0, 9), st.binary(max_size=9)), max_size=3
    ),
    raw=st.binary(max_size=40),
    early=st.booleans(),
)
def test_a_real_child_that_changes_what_it_says(
    sandbox: Sandbox, changes: Any, raw: bytes, early: bool
) -> None:
    say = f"import os; os.write(4, {raw!r})"
    sources = [f"CHANGES = {changes!r}{MEDDLER}", say if early else "", f"def f(a):\n    {say}\n    return a"]
    cells = [(Cell(index, source), False) for index, source in enumerate(sources)]
    run = worker.run(sandbox.child, Request("f", cells, [[(np.arange(3.0),)] * 2] * 2))
    whole(run, [2, 2])


class Answering(Scripted):
    """A child that keeps to the protocol, and answers every call with one of these."""

    def __init__(self, answers: Sequence[Any], traced: Sequence[messages.TracedData]) -> None:
        super().__init__(())
        self._answers = itertools.cycle(answers)
        self._traced = list(traced)

    def send(self, message: messages.ToChild) -> None:
        match message:
            case messages.Program():
                self._script = iter([messages.Ready(True, 3, 2, ["words"], ["torch"])])
            case messages.Calls(calls=calls, trace=trace):
                self._script = iter(self._all(len(calls), trace=trace))
        super().send(message)

    def _all(self, count: int, *, trace: bool) -> Iterator[messages.ToParent]:
        for answer in itertools.islice(self._answers, count):
            yield answer
            if trace:
                yield messages.Trace(DUE, self._traced)


@pytest.fixture(scope="module")
def opened(
    pipelines: Mapping[str, Pipeline], solved: Mapping[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], tuple[Pipeline, HandedIn]]:
    """A unit's pipeline and a notebook in which every function is there; as a function, for it is long to print."""
    folder = tmp_path_factory.mktemp("submitted")

    def look_up(unit: str) -> tuple[Pipeline, HandedIn]:
        path = folder / "ada" / unit / f"{unit}.ipynb"
        if not path.exists():
            path.parent.mkdir(parents=True)
            path.write_text(json.dumps(solved[unit]), encoding="utf-8")
        return pipelines[unit], HandedIn("ada", path.parent)

    return look_up


@settings(max_examples=settings.default.max_examples // 4)
@given(
    answers=st.lists(
        st.builds(messages.Result, st.just(DUE), value_data, st.lists(value_data, max_size=4))
        | st.builds(messages.Failure, st.just(DUE), short | exceptions, short, st.none() | numbers),
        min_size=1,
        max_size=5,
    ),
    traced=traced,
    unit=st.sampled_from(["embeddings", "self-attention", "multi-head"]),
)
def test_whatever_a_function_returns_there_is_a_report(
    opened: Callable[[str], tuple[Pipeline, HandedIn]], answers: Any, traced: Any, unit: str
) -> None:
    """Through comparison, graders, diagnosis and pages: a mark, no fault of ours, no text as markup."""
    pipeline, handed_in = opened(unit)
    examiner = replace(pipeline.examiner, start=lambda: Answering(answers, traced))
    report = replace(pipeline, examiner=examiner).grade(handed_in)
    assert report.status in ("graded", "crashed"), report.reason
    assert not any("fault of ours" in function.note for function in report.functions), report.functions
    assert 0 <= (report.score or 0.0) < report.max_score
    results.encode(report)
    harmless(student_page(report))


# ------------------------------------------------------------------------------------------- names and words


def rewritten(report: Report, text: Callable[[], str]) -> Report:
    """The report with a student's own words wherever some may come to stand."""
    functions = []
    for function in report.functions:
        explained = function.explanation
        if explained is not None:
            inputs = tuple(
                (name, value if isinstance(value, np.ndarray) else [text() for _ in value])
                for name, value in explained.inputs
            )
            explained = replace(explained, inputs=inputs, summary=text(), observations=(text(),))
        functions.append(
            replace(
                function,
                note=text(),
                source=text(),
                explanation=explained,
                checks=tuple(replace(check, message=text()) for check in function.checks),
                diagnoses=tuple(
                    replace(one, title=text(), why=text(), look=text()) for one in function.diagnoses
                ),
            )
        )
    return replace(report, reason=text(), notes=(text(), text()), functions=tuple(functions))


def as_folder(text: str) -> str:
    """The text as a folder's name comes from the system: bytes that are no UTF-8 as half surrogates."""
    return os.fsdecode(text.encode("utf-8", "surrogatepass").replace(b"\0", b"") or b"x")


@settings(max_examples=settings.default.max_examples // 2)
@given(st.data(), st.sampled_from(["graded", "unreadable", "crashed", "not-graded"]))
def test_words_of_a_student_stay_words(data: st.DataObject, status: Any) -> None:
    words = data.draw(st.lists(texts, min_size=1, max_size=6))
    supply = itertools.cycle(words)
    report = rewritten(samples.self_attention("ada"), lambda: next(supply))
    report = replace(report, status=status, student=as_folder(words[0]))
    file = results.encode(report)
    assert (
        msgspec.json.decode(file, type=results.ResultFile).reason
        == report.reason.encode("utf-8", "replace").decode()
    )
    harmless(student_page(report))
    harmless(class_page(summarise(class_samples.UNIT, [report, report], [as_folder(word) for word in words])))
    for function in report.functions:
        verdict = verdicts.verdict(function)
        assert not CONTROL.search(verdict)
    composed = autograded.compose(release(), report, Written())
    (shown,) = (
        (cell["source"] for cell in composed["cells"] if cell["id"] == "status")
        if status != "graded"
        else ("    ",)
    )
    assert all(line.startswith("    ") for line in shown.split("\n"))


@given(st.lists(st.lists(texts, min_size=1, max_size=3), max_size=3))
def test_a_spreadsheet_takes_no_cell_for_a_formula(rows: list[list[str]]) -> None:
    written = sheets.as_csv(rows).decode()
    read = list(csv.reader(io.StringIO(written, newline="")))
    assert [len(row) for row in read] == [len(row) for row in rows]
    for cell, text in (
        (cell, text) for row, own in zip(read, rows, strict=True) for cell, text in zip(row, own, strict=True)
    ):
        assert not cell.startswith(FORMULA), cell
        assert cell in (replaced(text), f"'{replaced(text)}")


def replaced(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


@given(
    st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=40).filter(
        lambda name: name[0] != "."
    )
)
def test_names_of_folders_stay_folders(tmp_path_factory: Any, name: str) -> None:
    """From the file system to the class page and back: the link leads to that folder and no other."""
    name = as_folder(name)
    page = class_page(summarise(class_samples.UNIT, [samples.self_attention(name)], ()))
    harmless(page)
    links = [link for link in re.findall(r'href="([^"#]+)"', page) if not BESIDE.fullmatch(link)]
    assert links
    for link in links:
        parts = link.split("/")
        assert parts[:2] == ["..", "feedback"]
        assert unquote_to_bytes(parts[2]) == os.fsencode(name)
        assert len(parts) == 5
