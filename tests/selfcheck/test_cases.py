"""The inputs of a visible check in a student's own hands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kernels import Kernel
from student import SOFTMAX, WRONG_AXIS, hand_out

from autograder.errors import CourseError
from autograder.selfcheck import checkfile, lookup
from autograder.selfcheck.cases import NoCaseError, case

UNITS = ("embeddings", "self-attention", "multi-head")


@pytest.mark.parametrize("unit", UNITS)
def test_every_case_has_its_inputs_by_name(
    unit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(hand_out(unit, tmp_path).parent)
    for data in checkfile.read(tmp_path / "checks.json").functions:
        for known in lookup.cases(data):
            inputs = case(data.name, known.name)
            assert inputs._fields == tuple(data.parameters)  # type: ignore[attr-defined]
            for got, due in zip(inputs, known.args, strict=True):
                np.testing.assert_array_equal(got, due)


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    hand_out("self-attention", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("in_folder")
def test_inputs_are_the_students_own_to_change() -> None:
    (x,) = case("softmax", "a single row")
    assert isinstance(x, np.ndarray)
    x[0] = 77
    assert case("softmax", "a single row")[0][0] != 77


@pytest.mark.usefixtures("in_folder")
def test_the_function_itself_will_do() -> None:
    def softmax(x: object) -> object:
        return x

    assert repr(case(softmax, "a single row")) == repr(case("softmax", "a single row"))


@pytest.mark.usefixtures("in_folder")
def test_what_is_not_there_is_said_with_what_is() -> None:
    with pytest.raises(NoCaseError, match="holds no inputs of sofmax, but of scaled_scores, softmax, attend"):
        case("sofmax", "a single row")
    with pytest.raises(
        NoCaseError, match="softmax has no case “a row”, but “a table of scores”, “a single row”"
    ):
        case("softmax", "a row")


def test_without_the_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CourseError, match=r"checks\.json is missing"):
        case("softmax", "a single row")


@pytest.mark.slow
def test_the_lines_that_a_check_shows_call_the_function(in_folder: Path) -> None:
    pytest.importorskip("IPython")
    kernel = Kernel(in_folder)
    imports = "import numpy as np\nfrom autograder import check"
    shown = kernel.run(imports, WRONG_AXIS, "check(softmax)")[-1]
    lines = re.search(r"^  (from autograder import case)\n  (.*)\n  (.*)$", shown, re.MULTILINE)
    assert lines is not None
    paste = "\n".join(lines.groups())
    said = kernel.run(imports, WRONG_AXIS, paste, "inputs", SOFTMAX, "softmax(*inputs).sum(axis=-1)")
    wrong: dict[str, Any] = {"np": np}
    exec(WRONG_AXIS, wrong)
    inputs = case("softmax", "a table of scores, made small")
    assert said[2] == repr(wrong["softmax"](*inputs))
    assert said[3] == repr(inputs)
    assert said[5] == "array([1., 1.])"
    kernel.run("from autograder import case", "case('softmax', 'a row')")
    assert kernel.printed.startswith("softmax has no case “a row”, but “a table of scores”")


def test_the_inputs_of_a_script_are_those_of_its_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder.child import packing

    args = ((3,), ("push", ([1],)), ("size",))
    data = checkfile.CaseData("pushed", [packing.pack(one) for one in args], asks="script")
    function = checkfile.FunctionData("Stack", [], ["result"], 1.0, 1e-8, 1e-5, [data], [], [])
    (tmp_path / "checks.json").write_bytes(
        checkfile.write(checkfile.CheckFile("stacks", "Stacks", [], [function], checkfile.FORMAT))
    )
    monkeypatch.chdir(tmp_path)
    assert tuple(case("Stack", "pushed")) == ((3,), ([1],), ())


def test_in_a_browser_the_checks_lie_among_the_kits_own_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the lesson whose folder it is; where that is not known, of the one that asks for the function."""
    for place, unit in enumerate(("embeddings", "self-attention", "multi-head")):
        hand_out(unit, tmp_path / "lessons" / f"{place:03}.{unit}")
        (tmp_path / unit).mkdir()
    monkeypatch.setattr(checkfile, "LESSONS", tmp_path / "lessons")
    monkeypatch.chdir(tmp_path / "multi-head")
    assert checkfile.here("attend").unit == "multi-head"
    assert checkfile.here() is checkfile.here("multi_head")
    monkeypatch.chdir(tmp_path)
    assert checkfile.here("attend").unit == "self-attention"
    for folder in ("lessons", "nothing"):
        monkeypatch.setattr(checkfile, "LESSONS", tmp_path / folder)
        with pytest.raises(CourseError, match=r"checks\.json is missing"):
            checkfile.here("no such function")
