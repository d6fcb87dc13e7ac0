"""`predict` in a student's folder: said at once, kept where that can be, never in anybody's way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from kernels import Kernel
from student import hand_out

from autograder import predict
from autograder.selfcheck import foretold

IMPORTS = "from autograder import predict"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A student's folder as the working directory, of a kernel that keeps nothing yet."""
    hand_out("self-attention", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.setattr(foretold, "_kept", {})
    return tmp_path


def test_a_guess_is_answered_and_the_first_one_remembered(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    predict("weight of ln 3", ...)
    predict("weight of ln 3", 3)
    predict("weight of ln 3", 3)
    predict("weight of ln 3", 0.5)
    predict()
    waits, wrong, again, right, total, *listed = capsys.readouterr().out.splitlines()
    assert waits == "· weight of ln 3: Your guess goes in place of the dots: a number."
    assert wrong.startswith("✗ weight of ln 3: not 3, but 0.5. That is its exponential.")
    assert again == wrong
    assert right.startswith("✓ weight of ln 3: 0.5 is right.")
    assert right.endswith("Your first guess was 3.")
    assert total == "1 guess of 19, 0 right the first time"
    assert "✗ weight of ln 3: 3; it is 0.5" in listed
    assert json.loads((folder / foretold.KEPT).read_text()) == {
        "self-attention": {"weight of ln 3": [["3", False], ["0.5", True]]}
    }
    assert [path.name for path in folder.iterdir() if "predictions" in path.name] == [foretold.KEPT]


@pytest.mark.parametrize(
    "there", [b"", b"[]", b"{", b'{"self-attention": 3}', b'{"a": {"b": [1]}}', b"[" * 10**5, b" " * 10**7]
)
def test_a_file_that_is_not_ours_is_no_reason_to_stop(
    folder: Path, capsys: pytest.CaptureFixture[str], there: bytes
) -> None:
    (folder / foretold.KEPT).write_bytes(there)
    predict("weight of ln 3", 0.5)
    assert "is right" in capsys.readouterr().out


def test_where_nothing_can_be_written_the_kernel_remembers(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / foretold.KEPT).mkdir()
    predict("weight of ln 3", 0.5)
    predict()
    assert "1 guess of 19, 1 right the first time" in capsys.readouterr().out


def test_another_question_and_a_missing_file_are_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    predict("something else", 1)
    assert "There is no such question in this unit" in capsys.readouterr().out
    (folder / "checks.json").write_text('{"format": 3, "predictions": [3]}')
    predict("weight of ln 3", 1)
    assert "is damaged" in capsys.readouterr().out
    (folder / "checks.json").unlink()
    predict("weight of ln 3", 1)
    assert "checks.json is missing" in capsys.readouterr().out


def test_where_nbgrader_runs_the_notebook_nothing_is_shown(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    predict("weight of ln 3", 0.5)
    assert capsys.readouterr().out == ""
    assert not (folder / foretold.KEPT).exists()


def test_in_a_notebook_it_is_shown_as_html_and_needs_the_standard_library_alone(folder: Path) -> None:
    kernel = Kernel(folder)
    blocked = "sys.modules |= dict.fromkeys(['msgspec', 'jinja2', 'rich', 'pytest'])"
    caught = "from IPython.core import displaypub; shown = []; displaypub.DisplayPublisher.publish = lambda self, data, *_, **__: shown.append(data)"
    kernel.run(
        caught,
        IMPORTS,
        "predict('weight of ln 3', '<b>')",
        "predict('weight of ln 3', 3)",
        "predict()",
        "print(shown)",
        before=blocked,
    )
    assert "autograder-prediction" in kernel.printed
    assert "not 3, but 0.5." in kernel.printed
    assert 'scope="row"' in kernel.printed
