"""The rows of one person in a table of a class."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course import csvrows

ADA = csvrows.names(["ada", "ada@example.org", "17", ""])
TABLE = 'id,name,score\r\nada,"Ada\nLovelace",7\r\nbo,Bo,17\r\n\r\n\'ada,again,3'


def table(tmp_path: Path, content: bytes) -> csvrows.Table:
    (tmp_path / "t.csv").write_bytes(content)
    found = csvrows.read(tmp_path / "t.csv")
    assert found is not None
    return found


def test_the_rows_of_one_go_and_all_else_stays_as_it_stood(tmp_path: Path) -> None:
    read = table(tmp_path, TABLE.encode())
    found = read.of(ADA)
    assert [row.cells["name"] for row in found] == ["Ada\nLovelace", "again"], (
        "a score of 17 is nobody's number"
    )
    assert read.without(found) == b"id,name,score\r\nbo,Bo,17\r\n\r\n"
    assert read.without([]) == TABLE.encode()
    assert read.of(csvrows.names(["nobody"])) == []


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_cell_is_written_anew_in_the_tables_own_way(tmp_path: Path, sign: str, encoding: str) -> None:
    text = (
        sign.join(("first_name", "id")) + "\n" + sign.join(("Jürg", "juerg")) + "\n" + sign.join(("Bo", "bo"))
    )
    read = table(tmp_path, text.encode(encoding))
    (row,) = read.of(csvrows.names(["JUERG"]))
    renamed = read.renamed(row, "id", f"a{sign}b")
    mark = b"" if encoding == "utf-8" else b"\xef\xbb\xbf"
    assert renamed == mark + text.replace("juerg", f'"a{sign}b"').encode()


def test_excels_own_first_line_is_no_row(tmp_path: Path) -> None:
    read = table(tmp_path, b"sep=;\nid;x\nada;1\n")
    assert read.header == ("id", "x")
    assert read.without(read.of(ADA)) == b"sep=;\nid;x\n"


def test_what_is_no_table_has_no_rows(tmp_path: Path) -> None:
    assert csvrows.read(tmp_path / "none.csv") is None
    (tmp_path / "t.csv").write_bytes(b"\xff\xfe\xfd")
    assert csvrows.read(tmp_path / "t.csv") is None
    assert table(tmp_path, b"").rows == ()


def test_columns_are_found_however_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text("Degree;ID;E-Mail\nB.Sc.;ada;ada@x\n")
    table = csvrows.read(path)
    assert table is not None
    (row,) = table.of(csvrows.names(["ADA@x"]))
    assert row.cells[table.column("id")] == "ada"
    assert table.renamed(row, table.column("id"), "al") == b"Degree;ID;E-Mail\nB.Sc.;al;ada@x\n"
    assert table.column("section") == "section"
