"""A whole course run to look at: a class of invented students hands in right, wrong, broken and hostile work."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from autograder.course import corpus, coursefile, material, solution
from autograder.errors import CourseError
from autograder.records import Course, Unit

MARKER: Final = ".autograder-demo"  # by which a folder is known as one of ours, to be made anew
ABSENT: Final = ("grace", "heidi")  # on the roster, without any work
_Document = dict[str, Any]  # a notebook as JSON


@dataclass(frozen=True)
class Place:
    """Something to look at."""

    what: str
    where: Path


@dataclass(frozen=True)
class Persona:
    """One invented student."""

    name: str
    story: str
    mistakes: Mapping[str, str] = field(default_factory=dict)  # function: example to write it like
    spoil: Callable[[_Document], bytes | _Document] | None = None  # what is done to every finished notebook
    units: tuple[str, ...] | None = None  # that are handed in; None: all


def make(source: Course, folder: Path) -> Course:
    """Makes a course folder with a class's submissions in it, and returns the course.

    Raises CourseError where `folder` holds something that is not an earlier demo.
    """
    if folder.exists() and not (folder / MARKER).exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(
            f"{folder} exists and is no earlier demo: name a new folder, as in `autograder demo DIR`"
        )
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARKER).touch()
    for name in ("solutions", "assignments"):
        if (source.root / name).is_dir():
            shutil.copytree(
                source.root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc")
            )
    for name in ("nbgrader_config.py",):
        if (source.root / name).is_file():
            shutil.copy(source.root / name, folder / name)
    text = (source.root / coursefile.FILE_NAME).read_text(encoding="utf-8")
    if source.roster is None:
        # A line before the first table.
        text = re.sub(r"^\[", 'roster = "roster.csv"\n\n[', text, count=1, flags=re.MULTILINE)
    (folder / coursefile.FILE_NAME).write_text(text, encoding="utf-8")
    with open(folder / "roster.csv", "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("id", "first_name", "last_name", "email", "lms_user_id", "section"))
        for number, name in enumerate([*(persona.name for persona in CLASS), *ABSENT], start=1001):
            section = "Monday" if number % 2 else "Thursday"
            rows.writerow(
                (name, name.split()[0].capitalize(), "Demo", f"s{number}@example.org", number, section)
            )
    made = coursefile.load(folder / coursefile.FILE_NAME)
    for unit in made.units:
        _hand_in(made, unit)
    return made


def who(made: Course) -> str:
    """Who is in the class of a demo, and who of them hands in nothing."""
    handed_in = sum(1 for _ in (made.root / "submitted").iterdir())
    absent = " and ".join(ABSENT)
    return (
        f"{handed_in + len(ABSENT)} invented students: {handed_in} hand in right, wrong, broken and hostile work, "
        f"{absent} are on the roster and hand in nothing"
    )


def places(made: Course) -> list[Place]:
    """Where to look once the class is graded."""
    last = made.units[min(1, len(made.units) - 1)]
    found = [
        Place(f"{unit.title}: the class at a glance", made.root / "report" / f"{unit.name}.html")
        for unit in made.units
    ]
    found.append(
        Place("the whole course: how it goes, and whom to talk to", made.root / "report" / "course.html")
    )
    for name in ("ben", "chidi", "hana", "quinn"):
        persona = next(persona for persona in CLASS if persona.name == name)
        page = made.root / "feedback" / name / last.name / f"{last.name}.html"
        found.append(Place(f"{name}, who {persona.story}", page))
    found.append(Place("results, one JSON file a student", made.root / "results"))
    found.append(Place("nbgrader's gradebook", made.root / "gradebook.db"))
    return found


def _hand_in(made: Course, unit: Unit) -> None:
    """Writes every student's notebook for one unit."""
    finished = solution.solved(made, unit)
    secret = material.load(made, unit)
    for persona in CLASS:
        if persona.units is not None and unit.name not in persona.units:
            continue
        document = json.loads(json.dumps(finished))
        for function in unit.functions:
            wanted = persona.mistakes.get(function.name)
            examples = corpus.examples(secret, function.name) if wanted is not None else ()
            # "right" alone is the first unusual solution; "right:3" the fourth.
            expect, _, number = (wanted or "").partition(":")
            fitting = [example for example in examples if example.expect == expect]
            if fitting:
                solution.rewrite(document, function.name, fitting[int(number or 0) % len(fitting)].source)
        for function_name in persona.mistakes:
            if persona.mistakes[function_name] == "stub":
                solution.rewrite(
                    document, function_name, f"def {function_name}(*inputs):\n    raise NotImplementedError\n"
                )
        _write(made.root / "submitted" / persona.name / unit.name, unit.name, document, persona.spoil)


def _write(
    folder: Path, name: str, document: _Document, spoil: Callable[[_Document], bytes | _Document] | None
) -> None:
    folder.mkdir(parents=True)
    spoilt = document if spoil is None else spoil(document)
    path = folder / f"{name}.ipynb"
    if isinstance(spoilt, dict) and spoilt.pop("renamed", None):
        path = folder / f"{name} (1).ipynb"
    if isinstance(spoilt, dict) and (target := spoilt.pop("link", None)):
        path.symlink_to(target)
        return
    path.write_bytes(spoilt if isinstance(spoilt, bytes) else json.dumps(spoilt, indent=1).encode())


# ----------------------------------------------------------------------------------- what is done to notebooks


def _with_cell(source: str, place: int = 3) -> Callable[[_Document], _Document]:
    """Adds a code cell of the student's own near the top."""

    def spoil(document: _Document) -> _Document:
        cell: _Document = {
            "cell_type": "code",
            "source": source,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "id": "own",
        }
        document["cells"].insert(place, cell)
        return document

    return spoil


def _without_metadata(document: _Document) -> _Document:
    """As Colab saves it."""
    for cell in document["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)
    return {**document, "metadata": {}}


def _empty(document: _Document) -> _Document:
    return {**document, "cells": []}


def _cut_short(document: _Document) -> bytes:
    """As an upload that broke off leaves it."""
    whole = json.dumps(document).encode()
    return whole[: len(whole) // 2]


_SPY = """
import os, socket, sys
import numpy as np
found = []
for path in ("/etc/passwd", "../../../solutions", "../../../.autograder-secret", "/proc/self/environ"):
    try:
        found.append(open(path).read())
    except Exception as error:
        found.append(type(error).__name__)
try:
    socket.create_connection(("127.0.0.1", 80), timeout=1)
except Exception as error:
    found.append(type(error).__name__)
print(found)
np.allclose = np.array_equal = lambda *a, **k: True
np.testing.assert_allclose = lambda *a, **k: None
"""
_ALWAYS_EQUAL = """
class Always:
    def __eq__(self, other): return True
    def __array__(self, *a, **k): return self
    shape = property(lambda self: Always())

def {name}(*args): return Always()
"""

CLASS: Final[tuple[Persona, ...]] = (
    Persona("ada", "has everything right"),
    Persona(
        "ben",
        "forgot to divide by √d_k",
        {"one_hot": "one_hot.transposed", "scaled_scores": "scaled_scores.unscaled"},
    ),
    Persona(
        "chidi",
        "summed softmax along the wrong axis, and loses nothing downstream",
        {"softmax": "softmax.wrong-axis", "project_qkv": "project_qkv.swapped-outputs"},
    ),
    Persona(
        "dana",
        "did not subtract the maximum",
        {"softmax": "softmax.unstable", "one_hot": "one_hot.unknown-accepted"},
    ),
    Persona(
        "emil",
        "divided by d_k, and averaged the heads",
        {"scaled_scores": "scaled_scores.divided-by-d_k", "multi_head": "multi_head.heads-averaged"},
    ),
    Persona("fatima", "writes everything with einsum and loops", dict.fromkeys(
        ("one_hot", "project_qkv", "scaled_scores", "softmax", "attend", "multi_head"), "right"
    )),
    Persona("gio", "is right in other ways again", dict.fromkeys(
        ("one_hot", "project_qkv", "scaled_scores", "softmax", "attend", "multi_head"), "right:3"
    )),
    Persona(
        "hana",
        "left out softmax in attend",
        {"attend": "attend.no-softmax", "multi_head": "multi_head.no-output-projection"},
    ),
    Persona(
        "ines",
        "weighs keys instead of values",
        {
            "attend": "attend.key-for-value",
            "one_hot": "one_hot.own-vocabulary",
            "scaled_scores": "scaled_scores.unscaled",
        },
    ),
    Persona(
        "jonas",
        "reshaped heads and tokens into each other",
        {
            "multi_head": "multi_head.reshape-mixed",
            "project_qkv": "project_qkv.reused-weights",
            "softmax": "softmax.unstable",
        },
    ),
    Persona("kemi", "wrote softmax for matrices alone", {
            "softmax": "softmax.two-d-only", "one_hot": "one_hot.transposed", "multi_head": "multi_head.heads-averaged",
        }),
    Persona("lars", "did not start on attend", {"attend": "stub", "multi_head": "stub"}),
    Persona("mina", "prints instead of returning", dict.fromkeys(
        ("one_hot", "scaled_scores", "multi_head"), "general.returns-none"
    )),
    Persona("noor", "works with the notebook's variables", dict.fromkeys(
        ("scaled_scores", "attend", "project_qkv"), "general.uses-globals"
    )),
    Persona("o'neil \"zoë\"", "has a name with quotes in it, and a notebook renamed by a browser", {},
            lambda document: {**document, "renamed": True}),
    Persona("=cmd|' calc'!A0", "has a name that a spreadsheet would run", {"softmax": "softmax.no-exp"}),
    Persona("petra", "saved from Colab, which strips all metadata", {}, _without_metadata),
    Persona("quinn", "has an endless loop in a cell of their own, and everything else right", {},
            _with_cell("while True:\n    pass")),
    Persona("rosa", "asks for a terabyte in one cell and leaves Python in another", {},
            _with_cell("import os\ntry:\n    hoard = bytearray(10**12)\nexcept MemoryError:\n    os._exit(0)")),
    Persona("sven", "has a syntax error in a cell above", {"scaled_scores": "scaled_scores.transposed"},
            _with_cell("print('this never closes'")),
    Persona("tariq", "tries to read the solutions and to patch NumPy", {"softmax": "softmax.sigmoid"}, _with_cell(_SPY, 0)),
    Persona("uma", "handed in an empty notebook", {}, _empty),
    Persona("vlad", "handed in half a file", {}, _cut_short),
    Persona("wren", "handed in a link to somebody else's work", {},
            lambda _: {"link": "../../ada/self-attention/self-attention.ipynb"}),
    Persona("xander", "returns an object that is equal to everything",
            {}, lambda document: _always_equal(document)),
)  # fmt: skip


def _always_equal(document: _Document) -> _Document:
    for cell in document["cells"]:
        text = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        defined = re.search(r"^def (\w+)\(", text, re.MULTILINE)
        if cell["cell_type"] == "code" and defined:
            cell["source"] = _ALWAYS_EQUAL.format(name=defined[1])
    return document
