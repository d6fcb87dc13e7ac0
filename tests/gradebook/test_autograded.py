"""The notebook that graders see."""

from __future__ import annotations

import copy
import json
import os
import warnings
from pathlib import Path
from typing import Any

import nbformat
import pytest
from released import answered, released

from autograder.errors import CourseError
from autograder.gradebook import autograded
from autograder.records import Check, Diagnosis, FunctionReport, Report

WRONG = FunctionReport(
    "softmax",
    0.5,
    3.0,
    True,
    (
        Check("rows sum to one", False, 1.0, "Some rows\ndo not\x1b[31m sum to one."),
        Check("shape", True, 0.5, "never shown"),
    ),
    (Diagnosis("softmax.wrong-axis", "The sum runs along another axis", line=4),),
    ("scaled_scores",),
    "A note.",
)
REPORT = Report("self-attention", "Self-attention", "ada", "graded", 3.5, 6.0, (WRONG,), submission="d1")


@pytest.fixture
def release(tmp_path: Path) -> autograded.Release:
    path = tmp_path / "release.ipynb"
    path.write_text(json.dumps(released()))
    return autograded.release(path)


def compose(
    release: autograded.Release, tmp_path: Path, document: dict[str, Any], report: Report = REPORT
) -> Any:
    path = tmp_path / "handed-in.ipynb"
    path.write_text(json.dumps(document))
    composed = autograded.compose(release, report, autograded.written(release, path))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nbformat.validate(nbformat.from_dict(composed))
    return composed


def by_grade_id(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    cells = document["cells"]
    return {c["metadata"]["nbgrader"]["grade_id"]: c for c in cells if "nbgrader" in c["metadata"]}


def test_sources_are_the_students_and_all_else_the_courses(
    release: autograded.Release, tmp_path: Path
) -> None:
    document = answered("Because.")
    document["metadata"] = {"title": "<script>alert(1)</script>", "kernelspec": {"name": "evil"}}
    for cell in document["cells"]:
        cell["metadata"]["tags"] = ['"><script>']
        if cell["cell_type"] == "code":
            cell["execution_count"] = 7
            cell["outputs"] = [
                {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<script>"}}
            ]
    document["cells"][2]["source"] = "pass  # the check cell, edited"
    document["cells"][2]["metadata"]["nbgrader"]["points"] = 100
    composed = compose(release, tmp_path, document)
    assert "script" not in json.dumps(composed)
    assert composed["metadata"] == released()["metadata"]
    cells = by_grade_id(composed)
    assert cells["softmax"]["source"] == "def softmax(*arrays):\n    return 42"
    assert cells["softmax"]["outputs"] == []
    assert cells["check-scaled_scores"]["source"] == "check(scaled_scores)"
    assert cells["check-scaled_scores"]["metadata"]["nbgrader"]["points"] == 3
    assert cells["why-sqrt-d_k"]["source"] == "Because."


def test_check_cells_show_the_verdict_as_plain_text(release: autograded.Release, tmp_path: Path) -> None:
    text, score = by_grade_id(compose(release, tmp_path, answered("Because.")))["check-softmax"]["outputs"]
    assert text["text"] == (
        "softmax: 0.5 of 3 points\n"
        "A note.\n"
        "NOT passed rows sum to one (1): Some rows do not\ufffd[31m sum to one.\n"
        "passed shape (0.5)\n"
        "The sum runs along another axis (softmax.wrong-axis, line 4 of the cell)\n"
        "marked with a right scaled_scores in place of the student's\n"
    )
    assert score["data"] == {"text/plain": "0.5"}


def test_stripped_metadata_are_restored(release: autograded.Release, tmp_path: Path) -> None:
    document = answered("Because the dot products grow.")
    for number, cell in enumerate(document["cells"]):
        cell["metadata"] = {}
        cell["id"] = f"colab{number}"
    document["cells"].insert(
        1, {"cell_type": "markdown", "id": "mine", "metadata": {}, "source": "My notes."}
    )
    composed = compose(release, tmp_path, document)
    assert list(by_grade_id(composed)) == list(by_grade_id(released()))
    assert by_grade_id(composed)["why-sqrt-d_k"]["source"] == "Because the dot products grow."
    assert composed["cells"][1]["source"] == "My notes."
    assert composed["cells"][0]["id"] == "intro"


def test_cells_that_are_gone_are_put_back_in_their_places(
    release: autograded.Release, tmp_path: Path
) -> None:
    document = answered("Because.")
    kept = [document["cells"][3], {"cell_type": "code", "metadata": {}, "source": "1 + 1", "outputs": []}]
    composed = compose(release, tmp_path, {**document, "cells": kept})
    assert [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in composed["cells"]] == [
        "scaled_scores",
        "check-scaled_scores",
        "softmax",
        "check-softmax",
        "why-sqrt-d_k",
        None,
    ]


def test_a_function_is_found_by_its_definition(release: autograded.Release, tmp_path: Path) -> None:
    document = answered("Because.")
    moved = copy.deepcopy(document["cells"][3])
    moved |= {"id": "moved", "metadata": {}, "source": "def softmax(x):\n    return x  # the one that counts"}
    document["cells"][3]["source"] = "# moved below"
    document["cells"].append(moved)
    cells = by_grade_id(compose(release, tmp_path, document))
    assert cells["softmax"]["source"].endswith("# the one that counts")
    assert sum(cell["source"] == "# moved below" for cell in cells.values()) == 0


def test_repeated_cells_count_once(release: autograded.Release, tmp_path: Path) -> None:
    document = answered("Because.")
    document["cells"] += copy.deepcopy(document["cells"])
    composed = compose(release, tmp_path, document)
    names = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in composed["cells"]]
    assert sorted(name for name in names if name) == sorted(by_grade_id(released()))
    assert len({cell["id"] for cell in composed["cells"]}) == len(composed["cells"])


def test_older_formats_and_lists_of_lines_are_read(release: autograded.Release, tmp_path: Path) -> None:
    cells = [
        {"cell_type": "heading", "level": 1, "metadata": {}, "source": ["My ", "title"]},
        {"cell_type": "code", "metadata": {}, "input": ["def softmax(x):\n", "    return 1"], "outputs": []},
        "no cell at all",
    ]
    document = {"worksheets": [{"cells": cells}], "metadata": {}, "nbformat": 3, "nbformat_minor": 0}
    composed = compose(release, tmp_path, document)
    assert by_grade_id(composed)["softmax"]["source"] == "def softmax(x):\n    return 1"
    assert any(cell["source"] == "My title" for cell in composed["cells"])


@pytest.mark.parametrize(
    "content", [b"", b"no json", b"[1, 2]", b'{"cells": 3}', b'{"cells": [{}]}', b"\xff\xfe", b"[" * 99999]
)
def test_what_cannot_be_read_becomes_the_released_frame(
    release: autograded.Release, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "handed-in.ipynb"
    path.write_bytes(content)
    report = Report(
        "self-attention", "", "ada", "unreadable", 0.0, 6.0, (), reason="not a notebook: <b>\n# x"
    )
    composed = autograded.compose(release, report, autograded.written(release, path))
    assert composed["cells"][0]["source"] == "    unreadable: not a notebook: <\u2060b>\n    # x"
    assert list(by_grade_id(composed)) == list(by_grade_id(released()))
    assert autograded.written(release, None).cells == ()
    assert autograded.written(release, tmp_path / "nowhere.ipynb").cells == ()


def test_nothing_but_an_ordinary_file_is_read(release: autograded.Release, tmp_path: Path) -> None:
    """A link would show another student's answers as one's own; reading from a pipe would not end."""
    (tmp_path / "other.ipynb").write_text(json.dumps(answered("mine")))
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "other.ipynb")
    os.mkfifo(tmp_path / "pipe.ipynb")
    assert autograded.written(release, tmp_path / "other.ipynb").cells
    assert autograded.written(release, tmp_path / "link.ipynb").cells == ()
    assert autograded.written(release, tmp_path / "pipe.ipynb").cells == ()


# ------------------------------------------------------------------------------------------- text that stays only text

ATTACKS = [
    "<script>hack()</script>",
    "<img src=x onerror=hack()>",
    "a <b\nonmouseover=hack()>b</b>",
    "</div><svg/onload=hack()>",
    "<!-- --><script >hack()</script >",
    "[click](javascript:hack())",
    "[click]( javascript:hack() )",
    "[click](java&#115;cript:hack())",
    "[click][1]\n\n[1]: javascript:hack()",
    "[1]\n\n [1]:\n javascript:hack()",
    "<javascript:hack()>",
    "![x](attachment:missing.png)",
    "![x](<attachment:missing.png>)",
    "$\\href{javascript:hack()}{x}$",
    "```mermaid\n<img src=x onerror=hack()>\n```",
    '~~~ mermaid\nclick A href "javascript:hack()"\n~~~',
    "    <script>hack()</script>",
    "`<script>hack()</script>`",
    "$<script>hack()</script>$",
    "| a |\n|---|\n| <script>hack()</script> |",
]


@pytest.mark.parametrize("kind", ["markdown", "raw", "answer"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_students_markdown_carries_no_html(
    release: autograded.Release, tmp_path: Path, attack: str, kind: str
) -> None:
    html = rendered(compose(release, tmp_path, with_text(kind, attack)))
    scripts = html.count("<script")
    assert scripts == rendered(compose(release, tmp_path, with_text(kind, "harmless"))).count("<script")
    for sign in (
        "<img src=x",
        "<svg",
        "onmouseover=hack()>b<",
        'href="java',
        'src="attachment:',
        "\\href{",
        "<script>hack",
    ):
        assert sign not in html
    assert 'class="mermaid"' not in html


def test_pasted_pictures_stay_and_forged_ones_go(release: autograded.Release, tmp_path: Path) -> None:
    document = with_text(
        "answer", "My drawing: ![here](attachment:image.png) and ![x](attachment:forged.png)"
    )
    document["cells"][-1]["attachments"] = {
        "image.png": {"image/png": "iVBORw0KGgo="},
        "forged.png": {"image/png": '" onerror="hack()'},
        "a b.png": {"image/png": "iVBORw0KGgo="},
        "x.svg": {"image/svg+xml": "<svg onload=hack()>"},
        "y": 3,
    }
    html = rendered(compose(release, tmp_path, document))
    assert 'src="data:image/png;base64,iVBORw0KGgo="' in html
    assert "onerror" not in html


def test_markdown_reads_as_before(release: autograded.Release, tmp_path: Path) -> None:
    text = "If $a < b$ and `x<y`, the *scores* $\\frac{1}{\\sqrt{d_k}}$ shrink: w[0](see above)."
    assert autograded.harmless(text).replace("\u2060", "") == text
    html = rendered(compose(release, tmp_path, with_text("answer", text)))
    assert "<em>scores</em>" in html
    assert "$\\frac{1}{\\sqrt{d_k}}$" in html


def with_text(kind: str, text: str) -> dict[str, Any]:
    if kind == "answer":
        return answered(text)
    document = answered("Because.")
    cell = {"cell_type": kind, "id": "added", "metadata": {"raw_mimetype": "text/html"}, "source": text}
    document["cells"].append(cell)
    return document


def rendered(document: dict[str, Any]) -> str:
    """The page as formgrader makes it, without its own header."""
    from nbconvert.exporters import HTMLExporter
    from nbgrader.server_extensions.formgrader import handlers

    exporter = HTMLExporter(template_name="formgrade", extra_template_basedirs=[handlers.template_path])
    resources = {"base_url": "", "submission_id": "1", "notebook_path": "x", "index": 0, "total": 1}
    html, _ = exporter.from_notebook_node(nbformat.from_dict(document), resources=resources)
    return html[html.index("<body") :]


# ------------------------------------------------------------------------------------------------------------- writing


def test_receipts_travel_along(tmp_path: Path) -> None:
    handed_in = tmp_path / "submitted" / "x.ipynb"
    handed_in.parent.mkdir()
    (handed_in.parent / "timestamp.txt").write_text("2026-03-01 10:00:00 UTC")
    (handed_in.parent / "submission_secret.txt").write_text("s3cret")
    target = tmp_path / "autograded" / "ada" / "x.ipynb"
    autograded.write(target, {}, handed_in)
    assert sorted(path.name for path in target.parent.iterdir()) == [
        "submission_secret.txt",
        "timestamp.txt",
        "x.ipynb",
    ]
    (handed_in.parent / "submission_secret.txt").unlink()
    (handed_in.parent / "timestamp.txt").unlink()
    (handed_in.parent / "timestamp.txt").symlink_to("/etc/passwd")
    autograded.write(target, {}, handed_in)
    assert [path.name for path in target.parent.iterdir()] == ["x.ipynb"]
    (handed_in.parent / "submission_secret.txt").write_text("x" * 5000)
    assert autograded.read_receipt(handed_in.parent / "submission_secret.txt") is None


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.ipynb").mkdir()
    with pytest.raises(OSError, match="directory"):
        autograded.write(tmp_path / "x.ipynb", {}, None)
    assert [path.name for path in tmp_path.iterdir()] == ["x.ipynb"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"cannot be read \(No such file.*autograder release"),
        ("no json", "not a released notebook"),
        ('{"cells": [{"cell_type": "code"}]}', "not a released notebook"),
        ('{"cells": []}', "no cell in it has points"),
    ],
)
def test_a_release_that_is_none_is_named(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "release.ipynb").write_text(content)
    with pytest.raises(CourseError, match=message):
        autograded.release(tmp_path / "release.ipynb")
