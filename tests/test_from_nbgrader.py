"""From nbgrader in ten minutes: the page's commands, run in its order with nbgrader's own example course."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path
from typing import Final

import pytest
from calling import call
from nbgrader.apps import quickstartapp
from nbgrader_run import at_home, nbgrader
from repository import REPOSITORY

pytestmark = pytest.mark.slow

PAGE: Final = REPOSITORY / "docs" / "from-nbgrader.md"
# Setting up a machine is not for a test, and `verify` has its own: it runs nbgrader's autograde three times.
ELSEWHERE: Final = ("python3 ", "source ", "pip ", "autograder doctor", "autograder verify")


def _commands() -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if not line.startswith(ELSEWHERE)]


def _quickstart(course: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """nbgrader's own quickstart, in this process, but for a configuration in which everything is commented out.

    The commands that it calls for that, and to enter invented students, take twenty seconds.
    """

    def called(command: list[str], **_: object) -> int:
        if command[-1] == "generate_config":
            Path("nbgrader_config.py").write_text("c = get_config()  # noqa\n", "utf-8")
        return 0

    monkeypatch.setattr(quickstartapp.subprocess, "call", called)
    app = quickstartapp.QuickStartApp()
    app.initialize([course])
    app.start()


def test_the_page_goes_from_an_empty_folder_to_marks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    at_home(tmp_path / "home", monkeypatch)
    monkeypatch.chdir(tmp_path)
    said = {}
    for line in _commands():
        program, *words = shlex.split(line)
        if words[0] == "quickstart":
            _quickstart(words[1], monkeypatch)
        elif program == "cd":
            monkeypatch.chdir(words[0])
        elif program == "autograder":
            code, out, err = call(capsys, *words)
            assert code == 0, (line, out, err)
            said[words[0]] = out + err
        elif program == "nbgrader":
            nbgrader(Path.cwd(), *words)
        else:
            done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
            assert done.returncode == 0, (line, done.stderr)
    assert list(said) == ["adopt", "release", "grade", "export"]
    assert "4 of 4 test cells are served" in said["adopt"]

    marks = {
        student: json.loads(Path(f"results/ps1/{student}.json").read_text("utf-8"))
        for student in ("ada", "bob")
    }
    assert (marks["ada"]["score"], marks["bob"]["score"], marks["bob"]["max_score"]) == (0.0, 3.0, 3.0)
    assert Path("report/ps1.html").exists()
    assert any(Path("feedback/ada/ps1").iterdir())
    entered = Path("grades.csv").read_text("utf-8")
    assert "bob" in entered
    assert "ada" in entered
