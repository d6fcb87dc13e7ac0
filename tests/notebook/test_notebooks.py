from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import UnreadableError
from autograder.notebook import notebooks
from autograder.records import Cell


def notebook(*sources: Any, **more: Any) -> bytes:
    cells = [{"cell_type": "code", "source": source, "metadata": {}, "outputs": []} for source in sources]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells, **more}).encode()


def test_code_cells_keep_their_place_among_all_cells() -> None:
    cells = [
        {"cell_type": "markdown", "source": "# text"},
        {"cell_type": "code", "source": ["a = 1\n", "b = 2"]},
    ]
    assert notebooks.code_cells(notebook(cells=cells)) == (Cell(1, "a = 1\nb = 2"),)


def test_metadata_may_be_missing_and_ids_repeat() -> None:
    cells = [
        {"cell_type": "code", "source": "x", "id": "same"},
        {"cell_type": "code", "source": "y", "id": "same"},
    ]
    raw = json.dumps({"nbformat": 4, "cells": cells}).encode()
    assert [cell.source for cell in notebooks.code_cells(raw)] == ["x", "y"]


def test_what_jupyter_takes_is_taken() -> None:
    assert notebooks.code_cells(b"\xef\xbb\xbf" + notebook("x"))[0].source == "x"
    assert notebooks.code_cells(notebook("x", metadata={"speed": float("nan")}))[0].source == "x"
    assert notebooks.code_cells(notebook("'\ud83d'"))[0].source == "'?'"


def test_an_older_format_is_upgraded() -> None:
    cell = {"cell_type": "code", "input": "x = 1", "language": "python", "outputs": []}
    raw = json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [cell]}]})
    assert notebooks.code_cells(raw.encode()) == (Cell(0, "x = 1"),)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b" \n", "the file is empty"),
        (b"{", "not JSON"),
        (b"\xff\xfe{\x00}\x00", "not UTF-8"),
        (notebook("x").replace(b"x", b"\xff"), "not UTF-8"),
        (b"[1]", "no notebook"),
        (b"\xef\xbb\xbf[1]", "no notebook"),
        (b'{"nbformat": 4}', "no notebook: Object missing required field cells"),
        (b"{}", "no nbformat"),
        (b'{"nbformat": "4"}', "no notebook"),
        (b'{"nbformat": 4, "x": ' + b"[" * 100_000, "nested too deeply"),
        (b'{"nbformat": 4, "x": NaN, "y": ' + b"[" * 100_000, "nested too deeply"),
        (b'{"nbformat": 2, "worksheets": []}', "notebook format 2"),
        (b'{"nbformat": 3}', "today's notebook format"),
        (notebook(*["x"] * 2001), "2001 cells"),
    ],
)
def test_what_is_no_notebook_is_refused_with_the_reason(raw: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        notebooks.code_cells(raw)


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(lambda x: json.dumps(x).encode())
)
def test_no_bytes_make_anything_but_cells_or_a_reason(raw: bytes) -> None:
    try:
        cells = notebooks.code_cells(raw)
    except UnreadableError:
        return
    assert all(isinstance(cell, Cell) for cell in cells)


def test_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.ipynb").write_bytes(notebook("x"))
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "secret.ipynb")
    with pytest.raises(UnreadableError, match="a link to another file"):
        notebooks.read_bytes(tmp_path / "link.ipynb")


def test_a_missing_file_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.ipynb")
    for name, reason in (
        ("none.ipynb", "cannot be opened"),
        (".", "no ordinary"),
        ("pipe.ipynb", "no ordinary"),
    ):
        with pytest.raises(UnreadableError, match=reason):
            notebooks.read_bytes(tmp_path / name)


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebooks, "MAX_BYTES", 100)
    (tmp_path / "large.ipynb").write_bytes(notebook("x" * 200))
    with pytest.raises(UnreadableError, match="larger than"):
        notebooks.read_bytes(tmp_path / "large.ipynb")


def test_outputs_do_not_matter_and_text_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebooks, "MAX_TEXT", 100)
    cell = {"cell_type": "code", "source": "x" * 60, "outputs": [{"text": "y" * 5000}]}
    assert notebooks.code_cells(notebook(cells=[cell]))[0].source == "x" * 60
    with pytest.raises(UnreadableError, match="MiB of text"):
        notebooks.cells(notebook(cells=[cell, {"cell_type": "markdown", "source": "x" * 60}]))


def test_cells_of_every_kind() -> None:
    kinds = ["code", "markdown", "raw", "heading"]
    cells = [{"cell_type": kind, "source": kind} for kind in kinds]
    assert [cell.kind for cell in notebooks.cells(notebook(cells=cells))] == [
        "code",
        "markdown",
        "raw",
        "raw",
    ]


def test_a_cell_is_named_by_its_first_line() -> None:
    cells = [Cell(2, "\n  while True:\n    pass"), Cell(3, "x" * 80)]
    assert notebooks.named(cells, 2) == "The cell “while True:”"
    assert notebooks.named(cells, 3) == f"The cell “{'x' * 49}…”"
    assert notebooks.named(cells, 9) == "The cell “”"
