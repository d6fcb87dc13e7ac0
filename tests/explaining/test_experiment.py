"""What is advised to be run shows the mistake on the student's own code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kernels import IMPORTS, Kernel
from reports import Explained, explained
from student import hand_out, solved

from autograder.checking.compare import same_outcome
from autograder.course.steps import Procedure
from autograder.course.subject import plain
from autograder.errors import SandboxError
from autograder.explaining import experiment
from autograder.notebook import notebooks
from autograder.records import Raised, Returned, Tolerance
from autograder.selfcheck import checkfile, examine, lookup
from autograder.selfcheck.plain import PlainChild, Processes

__all__ = ["explained"]  # a fixture

UNSTABLE = """
def softmax(x):
    {}
    e = np.exp(x)
    return e / e.sum(axis=-1, keepdims=True)
"""
THE_LINE = "if x.ndim == 1 and x.max() == 2000: {}"


def double(x: np.ndarray) -> np.ndarray:
    if x.ndim == 0:
        raise ValueError("no vector")
    return 2 * x


class Double(Procedure):
    def __call__(self, *args: Any) -> Any:
        return double(*args)


@pytest.mark.parametrize(
    ("line", "due"),
    [
        ("double(np.ones(2))  # twos", Returned(np.array([2.0, 2.0]))),
        ("double(np.ones((2, 3))).shape", Returned(np.array([2, 3]))),
        (
            "double(np.ones(2)), double(np.ones(3))",
            Returned((np.array([2.0, 2.0]), np.array([2.0, 2.0, 2.0]))),
        ),
        ("double(np.array(1.0))", Raised("ValueError")),
        ("print(type(double(...)))", None),
        ("type(double(np.ones(2)))", None),
        ("np.ones(2)", None),
        ("x = double(np.ones(2))", None),
        ("Call the function twice", None),
    ],
)
def test_what_is_due_of_a_line(line: str, due: Returned | Raised | None) -> None:
    found = experiment.due(Double(function="double", parameters=("x",), steps=(), returns=("y",)), line)
    if due is None or found is None:
        assert found is due
    else:
        assert same_outcome(found, due, Tolerance())


def advice(notebook: Path) -> list[tuple[str, str]]:
    """What a self-check of softmax alone advises."""
    file = checkfile.read(notebook.parent / checkfile.FILE_NAME)
    submission = examine.submission(file, notebook, notebooks.code_cells(notebook.read_bytes()))
    with Processes(notebook.parent) as processes:
        examiner = lookup.examiner(file, notebook.parent, processes.start, frozenset())
        (softmax,) = examine.functions(examiner, file, submission, ["softmax"], processes)
    return [(one.id, one.look) for one in softmax.diagnoses]


@pytest.mark.slow
def test_a_line_that_shows_the_mistake_is_advised(tmp_path: Path) -> None:
    line = "softmax(np.array([1000.0, 2000.0]))  # 0 and 1, no nan"
    shows = UNSTABLE.format("pass")
    assert advice(solved("self-attention", tmp_path, softmax=shows)) == [("softmax.unstable", line)]


@pytest.mark.parametrize(
    "does", ["return np.array([0.0, 1.0])", "raise NameError('x')", "import os; os._exit(3)"]
)
def test_a_line_that_shows_nothing_is_left_out(explained: Explained, does: str) -> None:
    report = explained("softmax", UNSTABLE.format(THE_LINE.format(does)).strip())
    assert [(one.id, one.look) for one in report.diagnoses] == [("softmax.unstable", "")]
    report = explained("softmax", UNSTABLE.format("pass").strip())
    assert report.diagnoses[0].look.startswith("softmax(")


def test_without_a_process_nothing_is_advised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = solved("self-attention", tmp_path, softmax=UNSTABLE.format("pass"))
    started = PlainChild.send

    def send(self: PlainChild, message: object) -> None:
        if getattr(message, "function", "") == "_experiment":
            raise SandboxError("no process could be started")
        started(self, message)  # type: ignore[arg-type]

    monkeypatch.setattr(PlainChild, "send", send)
    assert advice(notebook) == [("softmax.unstable", "")]


@pytest.mark.slow
def test_names_that_the_notebook_took_do_no_harm(tmp_path: Path) -> None:
    source = "def softmax(x):\n    e = np.exp(x)\n    return e / e.sum(axis=-1, keepdims=True)\nint = tuple = type = None"
    assert advice(solved("self-attention", tmp_path, softmax=source))[0][1].startswith("softmax(")


def test_in_a_kernel_without_processes_too(tmp_path: Path) -> None:
    pytest.importorskip("IPython")
    hand_out("self-attention", tmp_path)
    kernel, alone = Kernel(tmp_path), "import sys; sys.executable = ''"
    for first, due in (("pass", True), (THE_LINE.format("return np.array([0.0, 1.0])"), False)):
        said = kernel.run(IMPORTS, UNSTABLE.format(first), alone, "check(softmax)")[-1]
        assert "softmax.unstable" in said
        assert ("See it yourself  softmax(np.array([1000.0, 2000.0]))" in said) is due


def test_what_a_line_prints_is_not_for_the_author(capsys: pytest.CaptureFixture[str]) -> None:
    assert experiment.due(plain(double), "print(double(np.ones(1)))") is None
    assert capsys.readouterr().out == ""
