"""How this kit was installed, so that a message can say how more of it is: from a file, a git address, a folder or an index."""

from __future__ import annotations

import contextlib
import json
import shlex
from importlib import metadata
from typing import Any, Final
from urllib.parse import unquote, urlsplit

DISTRIBUTION: Final = "attention-autograder"


def with_extra(extra: str) -> str:
    """The command that installs the kit with one of its extras, from where it came from."""
    return f"pip install {_wanted(extra, _origin())}"


def _origin() -> dict[str, Any]:
    """What pip noted (PEP 610); empty for what came from an index, and where nobody noted anything.

    Where Python looks into the current folder first, as `python -m` has it, a clone shows what was built there before
    what was installed; nobody noted anything of that.
    """
    for found in metadata.distributions(name=DISTRIBUTION):
        if noted := found.read_text("direct_url.json"):
            with contextlib.suppress(ValueError):
                return dict(json.loads(noted))
    return {}


def _wanted(extra: str, origin: dict[str, Any]) -> str:
    url = origin.get("url", "")
    if "dir_info" in origin:
        folder = shlex.quote(f"{unquote(urlsplit(url).path)}[{extra}]")
        return f"-e {folder}" if origin["dir_info"].get("editable") else folder
    if vcs := origin.get("vcs_info"):
        url = f"{vcs['vcs']}+{url}@{vcs['commit_id']}"
    return shlex.quote(f"{DISTRIBUTION}[{extra}]{f' @ {url}' if url else ''}")
