"""What the text of a notebook says, through the whole way of a submission."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from repository import REPOSITORY, cell

from autograder.grading.pipeline import Pipeline
from autograder.notebook.places import HandedIn
from autograder.pages.student import student_page
from autograder.records import FunctionReport, Report

Grade = Callable[..., Report]
SOFTMAX = """\
def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)"""
WRONG = "def softmax(x):\n    return x / x.sum()"


def of(report: Report, name: str = "softmax") -> FunctionReport:
    return next(function for function in report.functions if function.name == name)


def with_cell(**fields: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda document: document["cells"].append({"metadata": {}, **fields})


def released(tmp_path: Path, unit: str, other: str | None = None) -> HandedIn:
    """What came with the assignment of `other`, handed in for `unit`."""
    folder = tmp_path / "ada" / unit
    folder.mkdir(parents=True)
    source = REPOSITORY / "assignments" / (other or unit) / f"{other or unit}.ipynb"
    (folder / f"{unit}.ipynb").write_bytes(source.read_bytes())
    return HandedIn("ada", folder)


def test_two_definitions_are_told_where_marks_were_lost(grade: Grade) -> None:
    report = grade("self-attention", {"softmax": SOFTMAX}, change=lambda d: d["cells"].append(cell(WRONG)))
    (note,) = report.notes
    first, last = (int(word) for word in note.replace(",", "").split() if word.isdigit())
    assert note == (
        f"`softmax` is defined in cells {first} and {last}, counted from the top: the last one counts."
    )
    assert last > first
    assert of(report).score == 0


def test_two_definitions_are_no_matter_where_all_is_right(grade: Grade) -> None:
    report = grade("self-attention", {"softmax": WRONG}, change=lambda d: d["cells"].append(cell(SOFTMAX)))
    assert (report.score, report.notes) == (report.max_score, ())


@pytest.mark.parametrize(
    ("kind", "title"), [("markdown", "Its cell is a Markdown cell"), ("raw", "Its cell is a raw cell")]
)
def test_a_cell_that_is_no_code_any_more(grade: Grade, kind: str, title: str) -> None:
    report = grade("self-attention", {"softmax": "pass"}, change=with_cell(cell_type=kind, source=SOFTMAX))
    (found,) = of(report).diagnoses
    assert (found.id, found.title) == ("general.missing", title)
    assert "The text of `def softmax` stands in cell " in found.why
    assert title in student_page(report)


def test_code_in_a_markdown_cell_beside_the_stub(grade: Grade) -> None:
    stub = "def softmax(x):\n    raise NotImplementedError"
    report = grade(
        "self-attention", {"softmax": stub}, change=with_cell(cell_type="markdown", source=SOFTMAX)
    )
    (found,) = of(report).diagnoses
    assert found.id == "general.not-implemented"
    assert "which is a Markdown cell" in found.why


def test_a_renamed_function(grade: Grade) -> None:
    report = grade("self-attention", {"softmax": SOFTMAX.replace("softmax", "soft_max")})
    (found,) = of(report).diagnoses
    assert (found.id, found.title) == (
        "general.missing",
        "The function is not there: did you mean `soft_max`?",
    )


def test_nothing_alike_is_just_missing(grade: Grade) -> None:
    (found,) = of(grade("self-attention", {"softmax": "pass"})).diagnoses
    assert (found.id, found.title) == ("general.missing", "The function is not there")


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="this Python reads all that is known")
def test_code_that_a_newer_python_reads(grade: Grade) -> None:
    text = SOFTMAX + "\ntry:\n    pass\nexcept ValueError, TypeError:\n    pass"
    (found,) = of(grade("self-attention", {"softmax": text})).diagnoses
    here = ".".join(map(str, sys.version_info[:2]))
    assert found.title == f"Its cell needs Python 3.14, and is checked with Python {here}"
    assert found.id == "general.missing"


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="this Python reads all that is known")
def test_a_cell_of_a_newer_python_that_defines_nothing(grade: Grade) -> None:
    text = "try:\n    pass\nexcept ValueError, TypeError:\n    pass"
    report = grade("self-attention", change=lambda document: document["cells"].append(cell(text)))
    here = ".".join(map(str, sys.version_info[:2]))
    assert report.score == report.max_score
    assert report.notes == (
        f"The cell “try:” stopped with SyntaxError: it needs Python 3.14, and is checked with Python {here}.",
    )


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("y = x - x.max()\n    raise NotImplementedError('Not written yet')\n    return y", 3),
        ("raise NotImplementedError('Not written yet')\n    return x", 2),
    ],
)
def test_a_line_of_the_stub_that_was_left_in(grade: Grade, body: str, line: int) -> None:
    report = grade("self-attention", {"softmax": f"def softmax(x):\n    {body}"})
    (found,) = of(report).diagnoses
    assert (found.id, found.line) == ("general.raises", line)
    assert found.title == f"Line {line} still raises NotImplementedError: delete it"
    assert "Nothing is wrong yet" not in student_page(report)


def test_a_helper_that_is_still_a_stub(grade: Grade) -> None:
    helper = "def shift(x):\n    raise NotImplementedError\n\n\ndef softmax(x):\n    return shift(x)"
    (found,) = of(grade("self-attention", {"softmax": helper})).diagnoses
    assert (found.id, found.title) == ("general.raises", "It calls a function that is still a stub")


def test_the_notebook_of_another_unit(pipelines: Mapping[str, Pipeline], tmp_path: Path) -> None:
    report = pipelines["self-attention"].grade(released(tmp_path, "self-attention", "embeddings"))
    (line,) = report.flags
    assert line.startswith("This is the notebook of “Embeddings”")
    assert line in report.notes
    for function in report.functions:
        (found,) = function.diagnoses
        assert (found.id, found.title) == ("general.missing", "This is the notebook of another unit")


def test_an_untouched_release_beside_a_written_copy(
    pipelines: Mapping[str, Pipeline], tmp_path: Path, solved: Mapping[str, dict[str, Any]]
) -> None:
    handed_in = released(tmp_path, "self-attention")
    (handed_in.folder / "self-attention (1).ipynb").write_text(json.dumps(solved["self-attention"]))
    report = pipelines["self-attention"].grade(handed_in)
    assert report.score == 0
    assert report.flags == (
        "Graded was self-attention.ipynb, in which none of the functions is written. Beside it lies "
        "self-attention (1).ipynb with code for them, which was not graded.",
    )


# ---------------------------------------------------------------------------------- checks that were not tried


@pytest.mark.parametrize(
    "source", ["pass", "def softmax(x:", "def softmax(x):\n    raise NotImplementedError"]
)
def test_no_check_is_tried_where_there_is_nothing_to_try(grade: Grade, source: str) -> None:
    report = grade("self-attention", {"softmax": source})
    assert not any(check.passed or check.tried for check in of(report).checks)
    assert all(check.tried for check in of(report, "scaled_scores").checks)
    page = student_page(report)
    assert "None of them could be tried yet." in page
    assert "not tried · hidden check" in page


def test_checks_after_the_call_that_ended_the_function_were_not_tried(grade: Grade) -> None:
    hangs = SOFTMAX.replace("    e =", "    while abs(x).max() > 500:\n        pass\n    e =", 1)
    checks = of(grade("self-attention", {"softmax": hangs})).checks
    assert any(check.passed for check in checks)
    assert any(check.tried and not check.passed for check in checks)
    assert not any(check.passed and not check.tried for check in checks)
