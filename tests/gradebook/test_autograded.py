"""The notebook that graders see."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from composing import by_grade_id, compose, release
from released import answered, released

from autograder.gradebook import autograded, written
from autograder.gradebook.released import Release
from autograder.records import Report

__all__ = ["release"]  # a fixture


def test_sources_are_the_students_and_all_else_the_courses(release: Release, tmp_path: Path) -> None:
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


def test_check_cells_show_the_verdict_as_plain_text(release: Release, tmp_path: Path) -> None:
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


@pytest.mark.parametrize(
    "content", [b"", b"no json", b"[1, 2]", b'{"cells": 3}', b'{"cells": [{}]}', b"\xff\xfe", b"[" * 99999]
)
def test_what_cannot_be_read_becomes_the_released_frame(
    release: Release, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "handed-in.ipynb"
    path.write_bytes(content)
    report = Report(
        "self-attention", "", "ada", "unreadable", 0.0, 6.0, (), reason="not a notebook: <b>\n# x"
    )
    composed = autograded.compose(release, report, written.read(release, path))
    assert composed["cells"][0]["source"] == "    unreadable: not a notebook: <\u2060b>\n    # x"
    assert list(by_grade_id(composed)) == list(by_grade_id(released()))
    assert written.read(release, None).cells == ()
    assert written.read(release, tmp_path / "nowhere.ipynb").cells == ()


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.ipynb").mkdir()
    with pytest.raises(OSError, match="directory"):
        autograded.write(tmp_path, {"x.ipynb": b"{}"}, None)
    assert [path.name for path in tmp_path.iterdir()] == ["x.ipynb"]
