"""`nbgrader validate`, which students know, says what the visible checks say."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from nbgrader import validator
from nbgrader_run import at_home, nbgrader
from ports import kernels_keep_theirs
from repository import REPOSITORY
from waiting import FOREVER

from autograder.course import solution

pytestmark = pytest.mark.slow

PATIENT = [
    f"--Execute.{name}={FOREVER}" for name in ("timeout", "startup_timeout")
]  # with a kernel and its cells


@pytest.fixture
def validate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[dict[str, Any]], str]]:
    """What `nbgrader validate` prints of this notebook in a copy of its handout."""
    at_home(tmp_path, monkeypatch)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "IPYTHONDIR"))
    said = StringIO()
    monkeypatch.setattr(validator.Validator, "stream", said)  # else what was the output when it was imported
    folder = tmp_path / "embeddings"
    shutil.copytree(REPOSITORY / "assignments" / "embeddings", folder)

    def validated(document: dict[str, Any]) -> str:
        (folder / "embeddings.ipynb").write_text(json.dumps(document), encoding="utf-8")
        return nbgrader(folder, "validate", "embeddings.ipynb", *PATIENT) + said.getvalue()

    with kernels_keep_theirs():
        yield validated


def test_a_right_notebook_passes(
    solved: Mapping[str, dict[str, Any]], validate: Callable[[dict[str, Any]], str]
) -> None:
    assert "Success" in validate(solved["embeddings"])


def test_a_wrong_function_fails_with_its_explanation(
    solved: Mapping[str, dict[str, Any]], validate: Callable[[dict[str, Any]], str]
) -> None:
    document = json.loads(json.dumps(solved["embeddings"]))
    swapped = "def project_qkv(embeddings, W_Q, W_K, W_V):\n    return embeddings @ W_K, embeddings @ W_Q, embeddings @ W_V"
    solution.rewrite(document, "project_qkv", swapped)
    said = validate(document)
    assert "Success" not in said
    assert "FAILED" in said.upper()
    assert "project_qkv.swapped-outputs" in said
