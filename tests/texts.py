"""The attacks of tests/attacks/text: notebooks whose text, and not whose code, is meant to stall or confuse who reads it.

Each file says in its head what it tries and what comes of it, and holds two functions that change a right notebook of
the unit `embeddings`, or give the bytes of another: `attack`, and `twin`, an honest act that looks alike. What is
expected is one of

    graded N           it is graded, and earns N points
    unreadable         it is refused with a reason
    ran out of time    it is graded as far as the time of a whole submission goes
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from repository import cell

from autograder.course import solution
from autograder.gradebook.results import ResultFile

FOLDER = Path(__file__).parent / "attacks" / "text"
UNIT, QUESTION = "embeddings", "why-dense"
Document = dict[str, Any]


@dataclass(frozen=True)
class TextAttack:
    """One file."""

    name: str
    what: str
    expect: str
    twin_what: str
    twin_expect: str
    attack: Callable[[Document], bytes]
    twin: Callable[[Document], bytes]


def attacks() -> Iterator[TextAttack]:
    """All of them, in order of their names."""
    for path in sorted(FOLDER.glob("*.py")):
        text = path.read_text()
        lines = dict(re.findall(r"^# (expect|twin|expect of the twin): (.*)$", text, re.MULTILINE))
        held = dict(_TOOLS)
        exec(compile(text, path, "exec"), held)
        yield TextAttack(
            path.stem,
            text.partition("\n")[0].removeprefix("# "),
            lines["expect"],
            lines["twin"],
            lines["expect of the twin"],
            _made(held["attack"]),
            _made(held["twin"]),
        )


def came(result: ResultFile) -> str:
    """What came of it, in the words of the heads."""
    if any("has used them up" in note for note in result.notes) or result.status == "timeout":
        return "ran out of time"
    return f"graded {result.score:g}" if result.status == "graded" else result.status


def _made(change: Callable[[Document], Document | bytes | None]) -> Callable[[Document], bytes]:
    def make(document: Document) -> bytes:
        changed = change(document)
        return changed if isinstance(changed, bytes) else _dumped(changed or document)

    return make


def _dumped(document: Document) -> bytes:
    return json.dumps(document).encode()


def _first(document: Document, kind: str) -> Document:
    found: Document = next(one for one in document["cells"] if one["cell_type"] == kind)
    return found


def _answer(document: Document, text: str) -> None:
    """The question of the unit is answered with this text."""
    for one in document["cells"]:
        if one["metadata"].get("nbgrader", {}).get("grade_id") == QUESTION:
            one["source"] = text


def _paste(document: Document, data: str) -> None:
    _answer(document, "![](attachment:a.png)")
    for one in document["cells"]:
        if one["metadata"].get("nbgrader", {}).get("grade_id") == QUESTION:
            one["attachments"] = {"a.png": {"image/png": data}}


def _older(document: Document, level: int) -> Document:
    """The notebook in format 3, with a heading."""
    cells = [{"cell_type": "heading", "level": level, "source": "A title", "metadata": {}}]
    for one in document["cells"]:
        key = "input" if one["cell_type"] == "code" else "source"
        cells.append({"cell_type": one["cell_type"], key: one["source"], "metadata": one["metadata"]})
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}


_TOOLS: dict[str, Any] = {
    "answer": _answer,
    "code": cell,
    "dumped": _dumped,
    "first": _first,
    "older": _older,
    "paste": _paste,
    "solution": solution,
}
