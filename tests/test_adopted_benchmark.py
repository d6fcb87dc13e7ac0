"""The benchmark of adopted assignments: what it hands in, what it reads, what it tells."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import adopted_course
import pytest
from repository import REPOSITORY

sys.path.insert(0, str(REPOSITORY / "benchmarks"))
import adopted
import adopted_attacks
import handins
from adopted import Difference, Origin, Row


def test_assignments_are_found_with_where_they_are_from(tmp_path: Path) -> None:
    for name in ("loops", "maps"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.ipynb").write_text("{}")
    (tmp_path / "data").mkdir()
    origin = {"name": "maps", "repository": "a/b", "licence": "MIT", "subject": "geography"}
    (tmp_path / "origins.json").write_text(json.dumps([origin]))
    maps = (tmp_path / "maps", Origin("maps", "a/b", "MIT", "geography"))
    assert list(adopted.assignments([tmp_path])) == [(tmp_path / "loops", Origin("loops")), maps]
    assert list(adopted.assignments([tmp_path / "maps"])) == [maps]


def test_test_cells_have_the_names_of_results_and_work_is_signed_or_made_wrong() -> None:
    source = adopted_course.notebooks()
    assert handins.tests(source) == adopted_course.POINTS
    assert set(handins.tests({"words": source["words"]})) == {"count-test", "stack-test"}
    signed, wrong = handins.signed(source, "ada"), handins.wronged(source)
    for made, kept in ((signed, {"setup"}), (wrong, {"setup", "mean", "stack"})):
        for name, notebook in source.items():
            for before, after in zip(notebook["cells"], made[name]["cells"], strict=True):
                marks = before["metadata"].get("nbgrader", {})
                answer = before["cell_type"] == "code" and marks.get("solution")
                assert (before["source"] == after["source"]) == (not answer or marks["grade_id"] in kept)
    assert "# ada" in signed["words"]["cells"][1]["source"]


def test_a_row_tells_each_cell_that_is_not_as_under_nbgrader() -> None:
    origin = Origin("loops", "a/b", "MIT", "programming")
    row = Row(
        origin, 1, 9, 8, 7, 2, {"x": "uses the network"}, (Difference("y", "stub", 0.0, 1.0),), 21, 4.0, 0.1
    )
    assert adopted.told(row).splitlines() == [
        "loops: 9 test cells, 8 pass under nbgrader, 7 of them served, 2 with handles; 1 of 21 points differ, "
        "4.00 s and 0.100 s of CPU a submission",
        "    x not served: uses the network",
        "    y stub: nbgrader 0.0, kit 1.0",
    ]
    broken = Row(Origin("maps"), 1, 3, failed="no kernel")
    assert adopted.told(broken) == "maps: no kernel"
    table = adopted.table([row, broken]).splitlines()
    assert table[-2] == "| loops | programming | a/b | MIT | 9 | 8 | 7 | 2 | 21 | 20 | 1/40 |"
    assert table[-1] == "| **together** | | | | **9** | **8** | **7** (88%) | **2** | **21** | **20** | |"
    assert adopted.table([broken]).splitlines()[-1].startswith("|---")


def test_what_adopt_says_is_read_below_its_other_lines() -> None:
    said = {"unit": "ps1", "cells": [{"name": "a", "served": "not-served", "why": "%%bash", "points": 1}]}
    cells = adopted.cells_told(f"a line\n{json.dumps(said)}\n")
    assert cells == {"a": adopted.Cell("a", "not-served", "%%bash")}


@pytest.mark.parametrize("attack", adopted_attacks.ATTACKS, ids=lambda attack: attack.name)
def test_attacks_are_programs_and_none_has_a_right_function(
    attack: adopted_attacks.Attack, tmp_path: Path
) -> None:
    cells = adopted_attacks.handed_in(attack, tmp_path)["cells"]
    for cell in cells:
        compile(cell["source"], "cell", "exec")
    solutions = {
        cell["source"] for cell in adopted_attacks.assignment()["cells"] if cell["id"] in attack.functions
    }
    assert not solutions & {cell["source"] for cell in cells}
    points = sum(cell["metadata"].get("nbgrader", {}).get("points", 0) for cell in cells)
    assert points == adopted_attacks.POINTS


def test_what_attacks_earn_is_a_table() -> None:
    first, second = adopted_attacks.ATTACKS[:2]
    text = adopted_attacks.table(
        [first, second], {first.name: (8.0, 0.0), second.name: (None, 0.5)}, "2026-01-02"
    )
    assert text.splitlines()[-2:] == [
        f"| {first.what} | 8 of 8 | 0 of 8 |",
        f"| {second.what} | not graded | 0.5 of 8 |",
    ]
