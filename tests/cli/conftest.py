"""What the command's tests share: a course in which a submission is graded, as a clone of it has them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import standing
from made_once import once
from repository import clone
from weighed import weighed

from autograder.course import secret
from autograder.grading import processes
from autograder.records import Course


@pytest.fixture(scope="module", autouse=True)
def _lent_processes() -> Iterator[None]:
    """A command in a test's own process grades where others do; one in a process of its own begins its own."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(processes, "Processes", standing.Lent)
        yield


@pytest.fixture(scope="session")
def once_graded(
    tmp_path_factory: pytest.TempPathFactory, own_course: Course, solved: Mapping[str, dict[str, Any]]
) -> tuple[Path, str]:
    """A course with its secret in it in which ada was graded, and what that had to load; nobody changes it.

    It is that of the tests, so that those who stand grade more of it.
    """

    def make() -> tuple[Path, str]:
        folder = tmp_path_factory.mktemp("graded") / "course"
        clone(folder)
        (folder / ".autograder-secret").write_bytes(secret.load(own_course))
        (folder / ".autograder-secret").chmod(0o600)
        path = folder / "submitted" / "ada" / "embeddings" / "embeddings.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(solved["embeddings"]), encoding="utf-8")
        return folder, weighed(folder)

    return once(tmp_path_factory, "graded-course", make)


@pytest.fixture
def graded(once_graded: tuple[Path, str], course_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`course_folder` after a first run, in which ada, who has everything right, was graded; one stands in it."""
    monkeypatch.delenv(secret.VARIABLE)
    shutil.copytree(once_graded[0], course_folder, dirs_exist_ok=True, symlinks=True)
    monkeypatch.chdir(course_folder)
    return course_folder
