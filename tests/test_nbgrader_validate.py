"""`nbgrader validate`, which students know, says what the visible checks say."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from repository import REPOSITORY
from waiting import FOREVER

from autograder import unneeded
from autograder.course import solution

PATIENT = [
    f"--Execute.{name}={FOREVER}" for name in ("timeout", "startup_timeout")
]  # with a kernel and its cells


def validate(folder: Path, document: dict[str, Any]) -> str:
    """What `nbgrader validate` prints of this notebook in a copy of its handout."""
    shutil.copytree(REPOSITORY / "assignments" / "embeddings", folder)
    (folder / "embeddings.ipynb").write_text(json.dumps(document), encoding="utf-8")
    places = {
        name: str(folder.parent / name) for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    done = subprocess.run(
        [sys.executable, "-c", unneeded.NBGRADER, "validate", "embeddings.ipynb", *PATIENT],
        cwd=folder, env={**os.environ, **places}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


def test_a_right_notebook_passes(solved: Mapping[str, dict[str, Any]], tmp_path: Path) -> None:
    assert "Success" in validate(tmp_path / "embeddings", solved["embeddings"])


def test_a_wrong_function_fails_with_its_explanation(
    solved: Mapping[str, dict[str, Any]], tmp_path: Path
) -> None:
    document = json.loads(json.dumps(solved["embeddings"]))
    swapped = "def project_qkv(embeddings, W_Q, W_K, W_V):\n    return embeddings @ W_K, embeddings @ W_Q, embeddings @ W_V"
    solution.rewrite(document, "project_qkv", swapped)
    said = validate(tmp_path / "embeddings", document)
    assert "Success" not in said
    assert "FAILED" in said.upper()
    assert "project_qkv.swapped-outputs" in said
