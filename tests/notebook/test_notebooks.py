from __future__ import annotations

import json
import os
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import celltext
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


def older(*cells: Any) -> bytes:
    return json.dumps(
        {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    ).encode()


def test_an_older_format_is_upgraded() -> None:
    code = {"cell_type": "code", "input": "x = 1", "language": "python", "outputs": []}
    page = {"cell_type": "html", "source": "<b>x</b>"}
    title = {"cell_type": "heading", "level": 2, "source": ["A\n", "title"]}
    assert notebooks.cells(older(code, page, title)) == (
        Cell(0, "x = 1"),
        Cell(1, "<b>x</b>", "markdown"),
        Cell(2, "## A title", "markdown"),
    )


@pytest.mark.parametrize("level", ["1" + "0" * 9, "1" + "0" * 5000, "-1", '"x"', "null"], ids=range(5))
def test_a_heading_of_any_level_is_one_of_six(level: str) -> None:
    raw = older({"cell_type": "heading", "level": 7777, "source": "x"}).replace(b"7777", level.encode())
    assert len(notebooks.cells(raw)[0].source) <= len("###### x")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("constant", [b"NaN", b"1"])
def test_a_number_of_thousands_of_digits_is_the_students_file(mark: bytes, constant: bytes) -> None:
    raw = mark + notebook("x", metadata={"long": 7, "odd": 8}).replace(b"7", b"9" * 5000).replace(
        b"8", constant
    )
    assert notebooks.code_cells(raw)[0].source == "x"
    with pytest.raises(UnreadableError, match="out of range"):
        notebooks.cells(mark + b'{"cells": [], "x": ' + constant + b', "nbformat": ' + b"9" * 5000 + b"}")


def test_what_is_too_long_is_left_out_and_the_rest_stays() -> None:
    code, text = "x = '" + "a" * notebooks.MAX_CODE + "'", "first " + "a" * 10**6 + " last"
    cells = [{"cell_type": "code", "source": source} for source in (code, "y = 1")]
    cells += [{"cell_type": "markdown", "source": text}]
    first, second, third = notebooks.cells(notebook(cells=cells))
    assert first == Cell(0, f"# {len(code):,} characters were here, which are left out", cut=len(code))
    assert second == Cell(1, "y = 1")
    assert (third.source[:6], third.source[-5:]) == ("first ", " last")
    assert len(third.source) < notebooks.MAX_PROSE + 100
    assert f"{third.cut:,} characters were here" in third.source
    assert third.cut == len(text) - notebooks.MAX_PROSE


def test_what_is_longer_still_is_not_even_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebooks, "_MAX_SAVED", 100)
    (cell,) = notebooks.cells(notebook(cells=[{"cell_type": "markdown", "source": ["x"] * 99}]))
    assert cell.cut > 99
    assert cell.source.startswith("… ")


def test_what_this_side_parses_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebooks, "MAX_PARSED", 10)
    monkeypatch.setattr(notebooks, "MAX_PARSED_TOGETHER", 15)
    cells = notebooks.code_cells(notebook("x" * 11, "x" * 10, "x" * 6, "x" * 5))
    assert [cell.large for cell in cells] == [True, False, True, False]
    assert not any(cell.cut for cell in cells)


@pytest.mark.parametrize("raw", [b'{"nbformat": 4, "cells": [%s]}', b'{"nbformat": 3, "worksheets": [%s]}'])
def test_cells_without_end_are_counted_before_they_are_built(raw: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableError, match="2000 are allowed"):
            notebooks.cells(raw % (b"{}," * 10**6 + b"{}"))
        assert tracemalloc.get_traced_memory()[1] < 20 * 2**20
    finally:
        tracemalloc.stop()


def test_outputs_are_not_built_even_where_only_jupyter_takes_them() -> None:
    numbers = b"[" + b"NaN, 1.5, " * 10**6 + b"0]"
    raw = notebook("x", metadata={"plot": 7}).replace(b"7", numbers)
    tracemalloc.start()
    try:
        assert notebooks.code_cells(raw)[0].source == "x"
        assert tracemalloc.get_traced_memory()[1] < 6 * len(raw)  # a list of them would take thirty
    finally:
        tracemalloc.stop()


def test_pictures_are_taken_as_far_as_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    def pasted(name: str, data: Any) -> dict[str, Any]:
        return {"cell_type": "markdown", "source": name, "attachments": {name: {"image/png": data}}}

    monkeypatch.setattr(notebooks, "MAX_PICTURES", 100)
    cells = [pasted("a.png", "iVBORw0KGgo="), pasted("b.png", "A" * 70), pasted("c.png", "AAAA")]
    cells += [
        pasted("d.png", '" onerror="'),
        pasted("e f.png", "AAAA"),
        pasted("g.png", 3),
        pasted("h.png", "A A\n="),
    ]
    found = notebooks.saved(notebook(cells=cells))
    assert [list(one.images) for one in found] == [["a.png"], [], ["c.png"], [], [], [], []]
    many = pasted("a.png", "AAAA")
    many["attachments"] |= {f"{number}.png": {"image/png": "AAAA"} for number in range(300)}
    monkeypatch.setattr(notebooks, "MAX_PICTURES", 10**6)
    assert notebooks.saved(notebook(cells=[many]))[0].images == {}


def test_signs_by_which_a_cell_is_known() -> None:
    def signed(id: Any, metadata: Any) -> tuple[str, str | None]:
        raw = notebook(cells=[{"cell_type": "code", "source": "x", "id": id, "metadata": metadata}])
        (one,) = notebooks.saved(raw)
        return one.id, one.grade_id

    assert signed("a", {"nbgrader": {"grade_id": "softmax", "points": 10**30}}) == ("a", "softmax")
    for odd in (None, 3, [], {}, "x" * 2000):
        assert signed(odd, odd) == ("", None)
        assert signed(odd, {"nbgrader": odd}) == ("", None)
        assert signed("a", {"nbgrader": {"grade_id": odd}}) == ("a", None)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b" \n", "the file is empty"),
        (b"{", "not JSON"),
        (b"\xff\xfe{\x00}\x00", "not UTF-8"),
        (notebook("x").replace(b"x", b"\xff"), "not UTF-8"),
        (b"[1]", "no notebook"),
        (b"\xef\xbb\xbf[1]", "no notebook"),
        (b'{"nbformat": 4}', "no notebook: it has no cells"),
        (b"{}", "no nbformat"),
        (b'{"nbformat": "4"}', "no notebook"),
        (b'{"nbformat": 4, "x": ' + b"[" * 100_000, "nested too deeply"),
        (b'{"nbformat": 4, "x": NaN, "y": ' + b"[" * 100_000, "nested too deeply"),
        (b'{"nbformat": 2, "worksheets": []}', "notebook format 2"),
        (b'{"nbformat": 3}', "it has no cells"),
        (notebook(*["x"] * 2001), "more than 2000 cells"),
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
    with pytest.raises(UnreadableError, match="more than 100 characters of text"):
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
    assert celltext.named(cells, 2) == "The cell “while True:”"
    assert celltext.named(cells, 3) == f"The cell “{'x' * 49}…”"
    assert celltext.named(cells, 9) == "The cell “”"
