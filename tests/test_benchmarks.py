"""The benchmarks' own parts: the classes they invent earn what they should, costs are counted, tables are made."""

from __future__ import annotations

import ast
import json
import os
import signal
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path
from typing import Any

import parts
import psutil
import pytest
from repository import REPOSITORY

from autograder.grading.pipeline import Pipeline
from autograder.notebook.places import HandedIn
from autograder.records import Course

sys.path.insert(0, str(REPOSITORY / "benchmarks"))
import checkouts
import classes
import measure
import peers
import tables

RELEASE = REPOSITORY / "assignments" / classes.UNIT / f"{classes.UNIT}.ipynb"


def test_the_classes_are_mixed_as_promised_and_always_the_same() -> None:
    made = list(classes.students(RELEASE, "mixed", 100))
    stories = Counter(
        "right" if one.story == "right" else "wrong" if "." in one.story else "broken" for one in made
    )
    assert stories == {"right": 60, "wrong": 30, "broken": 10}
    assert any(one.story == "hanging" for one in made)
    assert len({one.notebook for one in made if one.story == "right"}) == 60
    assert made == list(classes.students(RELEASE, "mixed", 100))
    assert all(one.story != "hanging" for one in classes.students(RELEASE, "mixed-without-hangs", 100))
    assert {one.story for one in classes.students(RELEASE, "right", 20)} == {"right"}


def test_two_checkouts_get_the_same_notebooks_of_each_function(own_course: Course) -> None:
    unit = own_course.unit("self-attention")
    made = dict(checkouts._notebooks(own_course, unit, 6))
    assert list(made) == [f"student-{number:03}" for number in range(1, 7)]
    assert made == dict(checkouts._notebooks(own_course, unit, 6))
    first = {str(notebook["cells"]) for notebook in made.values()}
    assert len(first) > 3


def test_of_what_two_checkouts_get_the_right_code_alone_can_be_asked_for(
    own_course: Course, graded: Any
) -> None:
    unit = own_course.unit(classes.UNIT)
    made = [
        json.dumps(notebook).encode() for _, notebook in checkouts._notebooks(own_course, unit, 4, wrong=0)
    ]
    assert len(set(made)) == 4
    assert [graded(notebook).score for notebook in made] == [unit.points] * 4


@pytest.mark.slow
def test_a_share_of_what_two_checkouts_get_is_wrong(own_course: Course) -> None:
    unit = own_course.unit("embeddings")
    right = dict(checkouts._notebooks(own_course, unit, 10, wrong=0))
    mixed = dict(checkouts._notebooks(own_course, unit, 10, wrong=30))
    known = {str(notebook) for notebook in right.values()}
    assert sum(str(notebook) not in known for notebook in mixed.values()) == 3


@pytest.fixture
def graded(pipelines: dict[str, Pipeline], tmp_path: Path) -> Any:
    def grade(notebook: bytes) -> Any:
        folder = tmp_path / "ada" / classes.UNIT
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{classes.UNIT}.ipynb").write_bytes(notebook)
        return pipelines[classes.UNIT].grade(HandedIn("ada", folder))

    return grade


def test_what_is_called_right_is_right(graded: Any) -> None:
    (student,) = classes.students(RELEASE, "right", 1)
    assert graded(student.notebook).score == 10.0


@pytest.mark.parametrize(
    ("finding", "function", "source"), classes.WRONG, ids=[one[0] for one in classes.WRONG]
)
def test_every_mistake_is_found(graded: Any, finding: str, function: str, source: str) -> None:
    (student,) = classes.students(RELEASE, "right", 1)
    changed = student.notebook.decode()
    import json

    document = json.loads(changed)
    for cell in document["cells"]:
        if cell["cell_type"] == "code" and f"def {function}(" in classes.source(cell):
            cell["source"] = source
    report = graded(json.dumps(document).encode())
    (found,) = (one for one in report.functions if one.name == function)
    assert found.diagnoses[0].id == finding


def test_costs_hold_for_the_whole_tree_orphans_included(tmp_path: Path) -> None:
    burn = "import time\nwhile time.process_time() < 0.4: pass"
    orphan = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {burn!r}])"
    cost = measure.run([sys.executable, "-c", orphan], folder=tmp_path, log=tmp_path / "log")
    assert cost.code == 0
    assert cost.cpu > 0.4


def test_who_has_measured_adopts_no_orphan_any_more(tmp_path: Path) -> None:
    measure.run(["true"], folder=tmp_path, log=tmp_path / "log")
    orphan = "from subprocess import *; print(Popen(['sleep', '1000'], stdout=DEVNULL).pid)"
    pid = int(subprocess.check_output([sys.executable, "-c", orphan]))
    try:
        assert psutil.Process(pid).ppid() != os.getpid()
    finally:
        os.kill(pid, signal.SIGKILL)


# A child that uses a third of a second of CPU time, and grading code that counts what it used.
SANDBOXED = """
import sys
sys.path.insert(0, sys.argv[1])
import measure
from autograder.records import Cell, Limits
from autograder.sandbox.children import Sandbox
from autograder.sandbox.worker import Request, run
source = "import time\\ndef f():\\n    while time.process_time() < 0.33: pass\\n    return 1"
with measure.counted() as spent, Sandbox(Limits(), use_bubblewrap=sys.argv[2] == "True") as sandbox:
    assert run(sandbox.child, Request("f", [(Cell(0, source), False)], [[()]])).outcomes[0][0].value == 1
print(spent.by_accounts, spent.cpu)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "enclosed",
    [pytest.param(True, id="bubblewrap", marks=parts.BUBBLEWRAP.mark), pytest.param(False, id="bare")],
)
def test_what_student_code_used_is_counted_alike_in_both_ways(enclosed: bool, tmp_path: Path) -> None:
    log = tmp_path / "log"
    program = [sys.executable, "-c", SANDBOXED, str(REPOSITORY / "benchmarks"), str(enclosed)]
    cost = measure.run(program, folder=REPOSITORY, log=log)
    within = [float(word) for word in log.read_text().split()]
    assert min(cost.by_accounts, cost.cpu, *within) > 0.3
    assert max(within) == pytest.approx(min(within), rel=0.1, abs=0.03)


def test_a_command_is_counted_alike_in_both_ways(tmp_path: Path) -> None:
    burn = "import time\nwhile time.process_time() < 0.3: pass"
    cost = measure.run([sys.executable, "-c", burn], folder=tmp_path, log=tmp_path / "log")
    assert cost.cpu == pytest.approx(cost.by_accounts, rel=0.1, abs=0.03)
    assert cost.cpu > 0.3


def test_a_command_is_counted_without_a_control_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        measure, "_groups", lambda: iter((tmp_path / "not-there", tmp_path))
    )  # no group either
    burn = "import time\nwhile time.process_time() < 0.1: pass"
    cost = measure.run([sys.executable, "-c", burn], folder=tmp_path, log=tmp_path / "log")
    assert (cost.by_group, cost.cpu) == (None, cost.by_accounts)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log"]
    assert cost.cpu > 0.1


def test_memory_is_sampled_at_its_peak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, samples = measure.memory, [0]

    def memory(root: psutil.Process) -> int:
        samples.append(real(root))
        if samples[-1] > 80e6 or len(samples) > 1000:
            (tmp_path / "seen").touch()
        return samples[-1]

    monkeypatch.setattr(measure, "memory", memory)
    hold = "import os, time; x = bytearray(80_000_000)\nwhile not os.path.exists('seen'): time.sleep(0.02)"
    cost = measure.run([sys.executable, "-c", hold], folder=tmp_path, log=tmp_path / "log")
    assert 80e6 < cost.memory < 160e6


def test_a_command_that_fails_says_so(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('why'); raise SystemExit(3)"]
    with pytest.raises(measure.CommandFailedError, match=r"exited with 3:\nwhy"):
        measure.run(command, folder=tmp_path, log=tmp_path / "log")
    cost = measure.run(command, folder=tmp_path, log=tmp_path / "log", check=False)
    assert measure.together([cost, cost]).wall == 2 * cost.wall


def test_the_peers_get_the_same_lesson_with_tests_of_their_own() -> None:
    notebook = peers.lesson(RELEASE)
    texts = [classes.source(cell) for cell in notebook["cells"]]
    assert sum("BEGIN HIDDEN TESTS" in text for text in texts) == 3
    (student,) = classes.students(RELEASE, "right", 1)
    handed_in = json.loads(peers._adapted(student.notebook))
    for cell in (*notebook["cells"], *handed_in["cells"]):
        if cell["cell_type"] == "code":
            called = {
                node.id for node in ast.walk(ast.parse(classes.source(cell))) if isinstance(node, ast.Name)
            }
            assert not called & {"check", "draw", "predict", "waits_for"}
            assert "autograder" not in classes.source(cell)
    assert any("weights = softmax(np.array(list(another_run.values())))" in text for text in texts)


def test_tables_go_between_their_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- x -->\nold\n<!-- end of x -->\nb\n")
    for _ in range(2):
        tables.rewrite(page, "x", "| new |")
        assert page.read_text() == "a\n<!-- x -->\n\n| new |\n\n<!-- end of x -->\nb\n"
    with pytest.raises(ValueError, match="has no <!-- y -->"):
        tables.rewrite(page, "y", "")


def test_the_comparison_tells_ratios() -> None:
    row = {"kind": "right", "version": "1", "students": 10, "startup": 2.0, "memory": 3e8}
    machine = {"processors": 2, "processor": "P", "system": "S", "python": "3", "date": "2026-01-01"}
    rows = [
        {**row, "grader": "this kit", "cpu": 0.01, "wall": 0.005},
        {**row, "grader": "other", "cpu": 2.0, "wall": 1.0, "startup": 0.0},
    ]
    text = tables.comparison({"machine": machine, "rows": rows})
    assert "| all right | this kit | 10.0 ms | 5.0 ms | 200 | 300 MB | 1 | 1 |" in text
    assert "| all right | other | 2.00 s | 1.00 s | 1 | 300 MB | 200 | 200 |" in text
    assert "in every submission" in text


def test_the_other_tables() -> None:
    row = {
        "students": 1000, "cpu_each": 0.02, "first_wall": 10.0, "again_wall": 0.2, "more_wall": 0.3,
        "memory": 3e8, "files": 9e7, "gradebook": 3e6, "class_page": 3e5,
    }  # fmt: skip
    assert (
        "| 1,000 | 20.0 ms | 10.0 s | 0.20 s | 2.0% | 0.30 s | 300 MB | 90 kB | 3.0 kB | 0.30 MB |"
        in tables.growth([row])
    )
    assert "| `x` | 0.12 s | 0.10 s |" in tables.waits({"`x`": (0.12, 0.1)})
    text = tables.breakdown({"nothing": {"b": 1.0}, "right": {"a": 2.0, "b": 1.5, "c": 0.0}}, ["a", "c"])
    assert text.splitlines()[2:] == [
        "| a |  | 2.00 |",
        "| b | 1.00 | 1.50 |",
        "| **together** | **1.0** | **3.5** |",
    ]


def test_the_curve_is_a_picture_that_says_in_words_what_it_shows() -> None:
    picture = ElementTree.fromstring(
        tables.curve([(100, 21.5, 280.0), (1000, 20.0, 290.0), (10000, 20.4, 300.0)])
    )
    described = picture.find("{http://www.w3.org/2000/svg}desc")
    assert described is not None
    assert described.text == "100: 21.5 ms, 280 MB; 1,000: 20.0 ms, 290 MB; 10,000: 20.4 ms, 300 MB"


def test_the_machine_is_named() -> None:
    assert tables.processors() >= 1
    assert tables.processor()
