"""A message says how to install more of the kit, from where it came from."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from repository import REPOSITORY

from autograder import installed

# As pip notes it: https://packaging.python.org/en/latest/specifications/direct-url-data-structure/
NOTED = [
    (
        {"url": "https://example.org/attention_autograder-0.1.0-py3-none-any.whl", "archive_info": {}},
        "'attention-autograder[values] @ https://example.org/attention_autograder-0.1.0-py3-none-any.whl'",
    ),
    (
        {
            "url": "https://example.org/kit.git",
            "vcs_info": {"vcs": "git", "requested_revision": "v1", "commit_id": "7f3a"},
        },
        "'attention-autograder[values] @ git+https://example.org/kit.git@7f3a'",
    ),
    ({"url": "file:///srv/the%20kit", "dir_info": {"editable": True}}, "-e '/srv/the kit[values]'"),
    ({"url": "file:///srv/kit", "dir_info": {}}, "'/srv/kit[values]'"),
    (None, "'attention-autograder[values]'"),
]


@pytest.mark.parametrize(("noted", "wanted"), NOTED)
def test_more_comes_from_where_the_kit_came_from(
    noted: dict[str, Any] | None, wanted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if noted is not None:
        (tmp_path / "direct_url.json").write_text(json.dumps(noted))
    monkeypatch.setattr(metadata, "distributions", lambda name: iter([metadata.PathDistribution(tmp_path)]))
    assert installed.with_extra("values") == f"pip install {wanted}"


def test_of_what_pip_did_not_install_the_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "DISTRIBUTION", "attention-autograder-of-nobody")
    assert installed.with_extra("values") == "pip install 'attention-autograder-of-nobody[values]'"


def test_what_was_built_beside_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where `python -m autograder` is run in a clone, whose folder is looked into first."""
    noted = {"direct_url.json": json.dumps(NOTED[2][0])}
    for folder, notes in (("a.egg-info", {}), ("b.dist-info", noted)):
        (tmp_path / folder).mkdir()
        for name, content in {"METADATA": "Name: kit-of-nobody\nVersion: 1\n", **notes}.items():
            (tmp_path / folder / name).write_text(content)
    both = [metadata.PathDistribution(tmp_path / folder) for folder in ("a.egg-info", "b.dist-info")]
    monkeypatch.setattr(metadata, "distributions", lambda name: iter(both))
    assert installed.with_extra("values") == "pip install -e '/srv/the kit[values]'"


def test_in_a_clone_it_is_the_clone() -> None:
    assert installed.with_extra("instructor") in (
        f"pip install -e '{REPOSITORY}[instructor]'",
        f'pip install -e "{REPOSITORY}[instructor]"',
    ) or "'" in str(REPOSITORY)
