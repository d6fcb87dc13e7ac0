"""A student's cells, matched to the released ones."""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path

import pytest
from composing import by_grade_id, compose, release
from released import answered, released

from autograder.gradebook import written
from autograder.gradebook.released import Release

__all__ = ["release"]  # a fixture


def test_stripped_metadata_are_restored(release: Release, tmp_path: Path) -> None:
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


def test_cells_that_are_gone_are_put_back_in_their_places(release: Release, tmp_path: Path) -> None:
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


def test_a_function_is_found_by_its_definition(release: Release, tmp_path: Path) -> None:
    document = answered("Because.")
    moved = copy.deepcopy(document["cells"][3])
    moved |= {"id": "moved", "metadata": {}, "source": "def softmax(x):\n    return x  # the one that counts"}
    document["cells"][3]["source"] = "# moved below"
    document["cells"].append(moved)
    cells = by_grade_id(compose(release, tmp_path, document))
    assert cells["softmax"]["source"].endswith("# the one that counts")
    assert sum(cell["source"] == "# moved below" for cell in cells.values()) == 0


def test_repeated_cells_count_once(release: Release, tmp_path: Path) -> None:
    document = answered("Because.")
    document["cells"] += copy.deepcopy(document["cells"])
    composed = compose(release, tmp_path, document)
    names = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in composed["cells"]]
    assert sorted(name for name in names if name) == sorted(by_grade_id(released()))
    assert len({cell["id"] for cell in composed["cells"]}) == len(composed["cells"])


def test_older_formats_and_lists_of_lines_are_read(release: Release, tmp_path: Path) -> None:
    cells = [
        {"cell_type": "heading", "level": 1, "metadata": {}, "source": ["My ", "title"]},
        {"cell_type": "code", "metadata": {}, "input": ["def softmax(x):\n", "    return 1"], "outputs": []},
    ]
    document = {"worksheets": [{"cells": cells}], "metadata": {}, "nbformat": 3, "nbformat_minor": 0}
    composed = compose(release, tmp_path, document)
    assert by_grade_id(composed)["softmax"]["source"] == "def softmax(x):\n    return 1"
    assert any(cell["source"] == "# My title" for cell in composed["cells"])


@pytest.mark.parametrize(("kind", "offset"), [("markdown", 1), ("raw", 1), ("code", 1), ("markdown", 0)])
def test_an_answer_in_a_cell_beside_is_an_answer(
    release: Release, tmp_path: Path, kind: str, offset: int
) -> None:
    document = released()
    stub = next(i for i, cell in enumerate(document["cells"]) if cell["id"] == document["cells"][-1]["id"])
    path = tmp_path / "handed-in.ipynb"
    path.write_text(json.dumps(document))
    assert written.unanswered(release, written.read(release, path)) == {"why-sqrt-d_k"}
    added = {"cell_type": kind, "metadata": {}, "source": "The variance grows with d_k."}
    document["cells"].insert(stub + offset, added)
    path.write_text(json.dumps(document))
    assert written.unanswered(release, written.read(release, path)) == set()
    added["source"] = " \n"
    path.write_text(json.dumps(document))
    assert written.unanswered(release, written.read(release, path)) == {"why-sqrt-d_k"}


def test_scratch_code_above_a_question_is_no_answer(release: Release, tmp_path: Path) -> None:
    document = released()
    document["cells"].insert(-1, {"cell_type": "code", "metadata": {}, "source": "print(1)", "outputs": []})
    path = tmp_path / "handed-in.ipynb"
    path.write_text(json.dumps(document))
    assert written.unanswered(release, written.read(release, path)) == {"why-sqrt-d_k"}


def test_nothing_but_an_ordinary_file_is_read(release: Release, tmp_path: Path) -> None:
    """A link would show another student's answers as one's own; reading from a pipe would not end."""
    (tmp_path / "other.ipynb").write_text(json.dumps(answered("mine")))
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "other.ipynb")
    os.mkfifo(tmp_path / "pipe.ipynb")
    assert written.read(release, tmp_path / "other.ipynb").cells
    assert written.read(release, tmp_path / "link.ipynb").cells == ()
    assert written.read(release, tmp_path / "pipe.ipynb").cells == ()
