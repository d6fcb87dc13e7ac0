"""The command that runs the tests on other Pythons and NumPys: what it tries, what it skips, and how it pins."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from repository import REPOSITORY

THIS = "{}.{}".format(*sys.version_info)
PINS = (REPOSITORY / "constraints.txt").read_text("utf-8")


@pytest.fixture
def versions(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(REPOSITORY / "tools"))
    import versions

    return versions


def test_it_tries_each_python_and_the_oldest_numpy_that_is_promised(versions: ModuleType) -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["requires-python"] == f">={min(versions.NUMPYS, key=lambda name: int(name[2:]))}"
    assert f"numpy>={versions.NUMPYS['3.11'][0]}" in project["dependencies"]


def test_a_python_that_is_not_here_is_skipped_with_a_line() -> None:
    done = subprocess.run(
        [sys.executable, "tools/versions.py", "--python", "3.2"],
        cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert " ".join(done.stdout.split()) == "Python 3.2 skipped: not found on PATH, in pyenv or by uv"


def test_pythons_of_a_folder_that_this_user_may_not_enter_are_none(
    versions: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(folder: Path, pattern: str) -> list[Path]:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(Path, "glob", closed)
    monkeypatch.setenv("PATH", "/nowhere")
    assert versions.find("3.2") is None


def test_a_numpy_that_was_not_built_for_a_python_is_skipped_with_a_line(
    versions: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(versions, "find", lambda _: Path(sys.executable))
    monkeypatch.setattr(sys, "argv", ["versions.py", "--python", "3.13", "--numpy", "1.26"])
    with pytest.raises(SystemExit) as ended:
        versions.main()
    assert not ended.value.code
    assert (
        " ".join(capsys.readouterr().out.split())
        == "Python 3.13, NumPy 1.26 skipped: NumPy was not built for it"
    )


def test_a_name_that_leads_nowhere_is_passed_over(
    versions: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = tmp_path / f".pyenv/versions/{THIS}.9/bin/python"
    good.parent.mkdir(parents=True)
    good.symlink_to(sys.executable)
    shim = tmp_path / f"python{THIS}"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / ".pyenv"))
    assert versions.find(THIS) == good
    shim.write_text("#!/bin/sh\necho 3.2\n")  # and so is one that is of another version
    assert versions.find(THIS) == good
    good.unlink()
    assert versions.find(THIS) is None


def test_another_numpy_frees_what_is_built_on_it_and_nothing_else(versions: ModuleType) -> None:
    changed = versions.with_numpy(PINS, "1.26").splitlines()
    assert [line for line in changed if line.startswith("numpy")] == ["numpy==1.26.*"]
    freed = {line.partition("==")[0] for line in PINS.splitlines()} - {
        line.partition("==")[0] for line in changed
    }
    assert {"scipy", "onnx"} <= freed
    assert not freed & {"nbgrader", "pytest", "msgspec"}


def test_a_pair_that_cannot_be_had_has_failed(
    versions: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions, "SCRATCH", tmp_path / "scratch")
    assert versions.attempt(Path("/bin/false"), "3.2", "99.0", []) == "failed: could not be set up"
    assert not (tmp_path / "scratch").exists()
