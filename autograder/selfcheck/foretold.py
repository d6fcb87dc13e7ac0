"""`predict("the shape of the scores", (10, 10))`: a guess before a cell is run, answered at once and never graded.

What was guessed stays in the notebook's output, and in `.predictions.json` beside it where that can be written, so that
`predict()` can list it; nothing else reads that file. Only the standard library is needed.
"""

from __future__ import annotations

import html
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypeAlias

from autograder.errors import CourseError
from autograder.nearest import carried
from autograder.selfcheck import checkfile, guessed
from autograder.selfcheck.checkfile import PredictionData
from autograder.selfcheck.guessed import Judged
from autograder.words import counted

KEPT: Final = ".predictions.json"
_MOST: Final = 20  # guesses of one question that are kept
_MOST_BYTES: Final = 10**6
_NBGRADER: Final = "NBGRADER_EXECUTION"  # what nbgrader sets for the kernels it starts
_SIGNS: Final = {"right": "✓", "wrong": "✗", "no guess": "·"}
_COLOURS: Final = {"right": "#2a8a3e", "wrong": "#c2570c", "no guess": "#808080"}

# By unit and question, each guess as it was written and whether it was right, the first one first.
Kept: TypeAlias = dict[str, dict[str, list[tuple[str, bool]]]]

_kept: Kept = {}  # of this kernel, where no file can be written


def predict(question: str | None = None, guess: object = ...) -> None:
    """Says at once whether a guess is right, and why: `predict("the shape of the scores", (10, 10))`.

    A shape is a tuple, a word stands in quotes, several things stand in braces. `predict()` lists what was guessed.
    Nothing of it is graded.
    """
    if _NBGRADER in os.environ:
        return
    try:
        file = checkfile.here(question=question)
    except CourseError as error:
        _show(str(error), "")
        return
    if question is None:
        _show(*_listed(file.predictions, _read().get(file.unit, {})))
        return
    prediction = guessed.found(file.predictions, question)
    if prediction is None:
        _show(
            "There is no such question in this unit: change the guess alone, and keep the words before it.",
            "",
        )
        return
    judged = guessed.judged(prediction, guess)
    _show(*_said(judged, _keep(file.unit, judged)))


# ---------------------------------------------------------------------------------------------- what is shown


def _said(judged: Judged, first: str) -> tuple[str, str]:
    """One guess as text and as HTML; `first` is what was guessed before all others."""
    begin = {
        "right": f"{judged.guess} is right.",
        "wrong": f"not {judged.guess}, but {judged.answer}.",
        "no guess": "",
    }[judged.verdict]
    before = (
        f"Your first guess was {first}."
        if first not in ("", judged.guess) and judged.verdict == "right"
        else ""
    )
    parts = [part for part in (begin, judged.said, before) if part]
    sign = _SIGNS[judged.verdict]
    text = f"{sign} {judged.question}: {' '.join(parts)}"
    style = f"border-left: 4px solid {_COLOURS[judged.verdict]}; padding: 2px 10px; margin: 2px 0; max-width: 60em"
    strong = f"<b>{html.escape(begin)}</b> " if begin else ""
    rest = html.escape(" ".join(parts[1:] if begin else parts))
    page = f'<div class="autograder-prediction" style="{style}">{sign} {html.escape(judged.question)}: {strong}{rest}</div>'
    return text, page


def _listed(
    predictions: Sequence[PredictionData], kept: dict[str, list[tuple[str, bool]]]
) -> tuple[str, str]:
    """All questions of a unit with the first guess and the answer of those that were guessed."""
    rows = []
    for one in predictions:
        answer = guessed.written(one.answer, one.form)
        first, right = kept.get(one.question, [("", False)])[0]
        sign = _SIGNS["no guess" if not first else "right" if right else "wrong"]
        rows.append((sign, one.question, first or "not yet", answer if first else ""))
    made = [row for row in rows if row[3]]
    right_ones = [row for row in rows if row[0] == _SIGNS["right"]]
    total = f"{counted(len(made), 'guess', 'guesses')} of {len(rows)}, {len(right_ones)} right the first time"
    lines = [
        f"{sign} {question}: {first}{f'; it is {answer}' if sign == '✗' else ''}"
        for sign, question, first, answer in rows
    ]
    cells = "".join(
        f'<tr><td>{sign}</td><th scope="row" style="text-align: left; font-weight: normal">{html.escape(question)}</th>'
        f"<td>{html.escape(first)}</td><td>{html.escape(answer)}</td></tr>"
        for sign, question, first, answer in rows
    )
    heads = "".join(
        f'<th scope="col">{head}</th>' for head in ("right?", "question", "your first guess", "answer")
    )
    page = f'<table class="autograder-predictions"><caption>{total}</caption><tr>{heads}</tr>{cells}</table>'
    return "\n".join([total, *lines]), page


def _show(text: str, page: str) -> None:
    """Shows it as HTML in a notebook, and as text elsewhere."""
    shell = sys.modules.get("IPython")
    if page and shell is not None and shell.get_ipython() is not None:
        from IPython.display import display

        display({"text/html": page, "text/plain": text}, raw=True)
    else:
        sys.stdout.write(carried(text, getattr(sys.stdout, "encoding", None)) + "\n")


# ----------------------------------------------------------------------------------------------- what is kept


def _keep(unit: str, judged: Judged) -> str:
    """Keeps a guess that is another than the last, and returns the first one; empty where there was none before."""
    kept = _read()
    earlier = kept.setdefault(unit, {}).setdefault(judged.question, [])
    first = earlier[0][0] if earlier else ""
    if judged.guess and (not earlier or earlier[-1][0] != judged.guess) and len(earlier) < _MOST:
        earlier.append((judged.guess, judged.verdict == "right"))
        _kept.clear()
        _kept.update(kept)
        _write(kept)
    return first


def _read() -> Kept:
    """What was guessed in this folder; of this kernel alone where there is no such file or it is not ours."""
    path = Path.cwd() / KEPT
    try:
        content = path.read_bytes() if path.stat().st_size <= _MOST_BYTES else b""
        kept = json.loads(content)
        return {
            unit: {
                question: [(str(guess), bool(right)) for guess, right in found]
                for question, found in questions.items()
                if found
            }
            for unit, questions in kept.items()
        }
    except (OSError, ValueError, AttributeError, TypeError, RecursionError):
        return dict(_kept)


def _write(kept: Kept) -> None:
    """Writes it whole or not at all; where that cannot be done, it lives as long as the kernel."""
    path = Path.cwd() / KEPT
    beside = path.with_name(f"{KEPT}.{os.getpid()}")
    try:
        beside.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
        beside.replace(path)
    except (OSError, ValueError):
        beside.unlink(missing_ok=True)
