from __future__ import annotations

import ctypes
import dataclasses
import json
import os
from pathlib import Path

import pytest
import report_samples as samples

from autograder.gradebook import results
from autograder.records import Check, Diagnosis, FunctionReport, Report

REPORT = Report(
    unit="self-attention",
    unit_title="Self-attention",
    student="ada",
    status="graded",
    score=0.1 + 0.2,
    max_score=3.0,
    functions=(
        FunctionReport(
            name="softmax",
            score=0.1 + 0.2,
            max_score=3.0,
            carried_forward=False,
            checks=(Check("rows sum to one", False, 1.0, "Some rows do not."),),
            diagnoses=(Diagnosis("softmax.wrong-axis", "The sum runs down", "row sum", 4, read="Softmax"),),
            note="a note",
        ),
    ),
    notes=("Cell 3 was left out.",),
    left_out=("Cell 3 was left out.",),
    level="reduced",
    course="c",
    submission="s",
)


def test_all_promised_keys_are_there() -> None:
    data = json.loads(results.encode(REPORT))
    assert {"schema", "unit", "student", "score", "max_score", "status", "functions"} <= data.keys()
    assert data["schema"] == 1
    assert data["score"] == 0.3  # without the dust of binary fractions
    (function,) = data["functions"]
    assert {"name", "score", "max_score", "carried_forward", "checks", "diagnoses"} <= function.keys()
    assert function["checks"] == [
        {
            "name": "rows sum to one",
            "passed": False,
            "points": 1.0,
            "message": "Some rows do not.",
            "hidden": True,
        }
    ]
    assert function["diagnoses"][0] | {"read": ""} == {
        "id": "softmax.wrong-axis", "title": "The sum runs down", "step": "row sum", "line": 4, "read": "",
    }  # fmt: skip
    assert data["level"] == "reduced"


def test_a_report_comes_back_without_what_only_pages_show(tmp_path: Path) -> None:
    place = results.path(tmp_path, "self-attention", "ada")
    results.write_all([(place, results.encode(REPORT))])
    kept = results.read(place)
    assert kept is not None
    again = results.report_of(kept, "Self-attention")
    assert results.encode(again) == results.encode(REPORT)


def test_how_hints_are_given_is_kept_where_a_page_must_fold(tmp_path: Path) -> None:
    assert "hints" not in json.loads(results.encode(REPORT))
    place = tmp_path / "ada.json"
    place.write_bytes(results.encode(dataclasses.replace(REPORT, hints="ladder")))
    kept = results.read(place)
    assert kept is not None
    assert results.report_of(kept, "Self-attention").hints == "ladder"
    assert kept.functions[0].diagnoses[0].id == "softmax.wrong-axis"


def test_that_functions_are_test_cells_is_kept(tmp_path: Path) -> None:
    report = samples.adopted_unit()
    place = tmp_path / "bo.json"
    place.write_bytes(results.encode(report))
    kept = results.read(place)
    assert kept is not None
    assert results.report_of(kept, report.unit_title).adopted
    assert b"adopted" not in results.encode(dataclasses.replace(report, adopted=False))


def test_our_own_failure_has_no_score() -> None:
    data = json.loads(
        results.encode(dataclasses.replace(REPORT, status="not-graded", score=None, functions=()))
    )
    assert data["score"] is None


def test_readers_ignore_what_they_do_not_know(tmp_path: Path) -> None:
    data = json.loads(results.encode(REPORT)) | {"new": 1}
    (tmp_path / "x.json").write_text(json.dumps(data))
    assert results.read(tmp_path / "x.json") is not None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"schema": 1}', "\udcff"])
def test_what_is_no_result_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    assert results.read(tmp_path / "x.json") is None
    assert results.read(tmp_path / "none.json") is None


def test_another_schema_is_none(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(json.dumps(json.loads(results.encode(REPORT)) | {"schema": 2}))
    assert results.read(tmp_path / "x.json") is None


def test_names_that_are_no_utf8(tmp_path: Path) -> None:
    name = os.fsdecode(b"zo\xeb")
    place = results.path(tmp_path, "unit", name)
    results.write_all([(place, results.encode(dataclasses.replace(REPORT, student=name)))])
    assert [student for student, _ in results.every(tmp_path, "unit")] == [name]


def test_reasons_that_are_no_utf8(tmp_path: Path) -> None:
    content = results.encode(dataclasses.replace(REPORT, reason="odd \ud800 é"))
    assert json.loads(content)["reason"] == "odd ? é"


def test_every_passes_over_what_is_being_written(tmp_path: Path) -> None:
    results.write_all([(results.path(tmp_path, "u", name), results.encode(REPORT)) for name in ("b", "a")])
    (tmp_path / "results" / "u" / ".c.json").write_text("{")
    (tmp_path / "results" / "u" / "d.json").write_text("{")
    assert [student for student, _ in results.every(tmp_path, "u")] == ["a", "b"]
    assert list(results.every(tmp_path, "other")) == []


def test_a_disk_that_fills_up_leaves_the_old_files_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = [tmp_path / "a", tmp_path / "b"]
    results.write_all([(place, b"old") for place in places])

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        results.write_all([(place, b"new") for place in places])
    assert [place.read_bytes() for place in places] == [b"old", b"old"]


class _Disk:
    """A system's C library, as far as it matters here."""


class _FullDisk(_Disk):
    def syncfs(self, _: int) -> int:
        return -1


@pytest.mark.parametrize("without_syncfs", [False, True])
def test_many_files_in_many_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without_syncfs: bool
) -> None:
    if without_syncfs:
        monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: _Disk())
    places = [tmp_path / str(number) / "page.html" for number in range(30)]
    results.write_all([(place, str(place).encode()) for place in places])
    assert [place.read_bytes() for place in places] == [str(place).encode() for place in places]
    assert len(list(tmp_path.rglob("*.html"))) == 30
    assert not list(tmp_path.rglob(".*"))


def test_a_disk_that_fills_up_under_many_files_leaves_the_old_ones_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = [tmp_path / str(number) for number in range(30)]
    results.write_all([(place, b"old") for place in places])
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: _FullDisk())
    monkeypatch.setattr(ctypes, "get_errno", lambda: 28)
    with pytest.raises(OSError, match="No space"):
        results.write_all([(place, b"new") for place in places])
    assert {place.read_bytes() for place in places} == {b"old"}
