"""Invents the classes that are measured: the same notebooks go to every grader."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

UNIT: Final = "self-attention"
Kind: TypeAlias = Literal["right", "mixed", "mixed-without-hangs"]
Notebook: TypeAlias = dict[str, Any]  # as JSON

RIGHT: Final = {
    "scaled_scores": """
def scaled_scores(Query, Key):
    d_k = Key.shape[-1]
    return Query @ Key.T / np.sqrt(d_k)
""",
    "softmax": """
def softmax(x):
    shifted = x - np.max(x, axis=-1, keepdims=True)
    exponentials = np.exp(shifted)
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)
""",
    "attend": """
def attend(Query, Key, Value):
    weights = softmax(scaled_scores(Query, Key))
    return weights @ Value
""",
}

# What students get wrong, each with the finding it should earn.
WRONG: Final = (
    ("scaled_scores.unscaled", "scaled_scores", "def scaled_scores(Q, K):\n    return Q @ K.T\n"),
    (
        "scaled_scores.divided-by-d_k",
        "scaled_scores",
        "def scaled_scores(Q, K):\n    return Q @ K.T / K.shape[1]\n",
    ),
    (
        "scaled_scores.transposed",
        "scaled_scores",
        "def scaled_scores(Q, K):\n    return K @ Q.T / np.sqrt(K.shape[1])\n",
    ),
    (
        "softmax.wrong-axis",
        "softmax",
        "def softmax(x):\n    e = np.exp(x - x.max(axis=0, keepdims=True))\n    return e / e.sum(axis=0, keepdims=True)\n",
    ),
    (
        "softmax.unstable",
        "softmax",
        "def softmax(x):\n    e = np.exp(x)\n    return e / e.sum(axis=-1, keepdims=True)\n",
    ),
    ("softmax.global-normalise", "softmax", "def softmax(x):\n    e = np.exp(x - x.max())\n    return e / e.sum()\n"),
    (
        "attend.no-softmax",
        "attend",
        "def attend(Query, Key, Value):\n    return scaled_scores(Query, Key) @ Value\n",
    ),
    (
        "attend.key-for-value",
        "attend",
        "def attend(Query, Key, Value):\n    return softmax(scaled_scores(Query, Key)) @ Key\n",
    ),
    (
        "attend.returns-weights",
        "attend",
        "def attend(Query, Key, Value):\n    return softmax(scaled_scores(Query, Key))\n",
    ),
    (
        "general.not-implemented",
        "attend",
        "def attend(Query, Key, Value):\n    raise NotImplementedError\n",
    ),
)  # fmt: skip

_DEFINES: Final = re.compile(r"^def (\w+)\(", re.MULTILINE)


@dataclass(frozen=True)
class Student:
    """One invented submission."""

    name: str
    story: str  # "right", the finding it should earn, or how it is broken
    notebook: bytes


def students(release: Path, kind: Kind, count: int, *, seed: int = 1, start: int = 0) -> Iterator[Student]:
    """`count` submissions made from the released notebook, those before `start` left out; the same for the same seed.

    Of ten mixed ones six are right, three have one function wrong or two, one is broken or hangs.
    """
    rng = random.Random(seed)
    released: Notebook = json.loads(release.read_bytes())
    spoilers = [spoil for spoil in _BROKEN if kind != "mixed-without-hangs" or spoil is not _hanging]
    for number in range(count):
        sources = dict(RIGHT)
        story, place = "right", number % 10
        spoil: Callable[[Notebook], bytes | Notebook] = _as_it_is
        if kind != "right" and place in (2, 5, 8):
            mistakes = rng.sample(WRONG, rng.choice((1, 1, 2)))
            for finding, function, source in mistakes:
                sources[function] = source
                story = finding
        elif kind != "right" and place == 9:
            spoil = spoilers[number // 10 % len(spoilers)]
            story = spoil.__name__.strip("_").replace("_", " ")
        if number < start:
            continue
        notebook = filled(released, sources, f"student {number}")
        spoilt = spoil(notebook)
        data = spoilt if isinstance(spoilt, bytes) else json.dumps(spoilt, indent=1).encode()
        yield Student(f"s{number:05}", story, data)


def hand_in(
    submitted: Path, release: Path, kind: Kind, count: int, *, unit: str = UNIT, start: int = 0
) -> None:
    """Writes a class, or all but its first students, as nbgrader lays it out: `submitted/<student>/<unit>/<unit>.ipynb`."""
    for student in students(release, kind, count, start=start):
        folder = submitted / student.name / unit
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{unit}.ipynb").write_bytes(student.notebook)


def source(cell: Notebook) -> str:
    """A cell's text, which nbformat writes as a string or as a list of lines."""
    text = cell["source"]
    return text if isinstance(text, str) else "".join(text)


def filled(released: Notebook, sources: dict[str, str], signature: str) -> Notebook:
    """The released notebook with the functions written; no two students' files are the same."""
    notebook: Notebook = json.loads(json.dumps(released))
    for cell in notebook["cells"]:
        defined = _DEFINES.findall(source(cell)) if cell["cell_type"] == "code" else []
        own = next((name for name in defined if name in sources), None)
        if own is not None:
            cell["source"] = f"{sources[own].strip()}\n# {signature}\n"
    return notebook


# ------------------------------------------------------------------------------------ broken in one way or another


def _as_it_is(notebook: Notebook) -> Notebook:
    return notebook


def _hanging(notebook: Notebook) -> Notebook:
    """One function never returns."""
    return filled(notebook, {"softmax": "def softmax(x):\n    while True:\n        pass\n"}, "hangs")


def _cut_short(notebook: Notebook) -> bytes:
    """As an upload that broke off leaves it."""
    whole = json.dumps(notebook).encode()
    return whole[: len(whole) // 2]


def _does_not_parse(notebook: Notebook) -> Notebook:
    return filled(notebook, {"scaled_scores": "def scaled_scores(Q, K:\n    return Q @ K.T\n"}, "no Python")


def _raises(notebook: Notebook) -> Notebook:
    return filled(
        notebook, {"attend": "def attend(Q, K, V):\n    return weight @ V\n"}, "a name that is not there"
    )


_BROKEN: Final[tuple[Callable[[Notebook], bytes | Notebook], ...]] = (
    _hanging,
    _cut_short,
    _does_not_parse,
    _raises,
)
