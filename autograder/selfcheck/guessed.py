"""A student's guess held against a prediction's answer, and what is said of it; for `predict`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from autograder.course.predictions import Plain
from autograder.selfcheck.checkfile import PredictionData
from autograder.words import clipped, listed

Verdict: TypeAlias = Literal["right", "wrong", "no guess"]
_NEAR: Final = 0.02  # of a number that is not whole, as a part of it
_LARGEST: Final = 1e15  # beyond which Python may not even write a number out
_MOST: Final = 60  # characters of a guess that is repeated
_YES: Final = {"yes": True, "no": False, "true": True, "false": False}


@dataclass(frozen=True)
class Judged:
    """What is said of one guess."""

    question: str
    guess: str  # as it may be repeated; empty where there is none
    verdict: Verdict
    answer: str  # the right one, as a person writes it
    said: str  # why, or what to do


def found(predictions: Iterable[PredictionData], question: object) -> PredictionData | None:
    """The prediction of a unit with this question, whatever its blanks and capitals; None where there is none."""
    if not isinstance(question, str):
        return None
    return next((one for one in predictions if _word(one.question) == _word(question)), None)


def judged(prediction: PredictionData, guess: object) -> Judged:
    """Whether a guess is right, and why; a guess of another kind than the answer is none."""
    question, answer = prediction.question, written(prediction.answer, prediction.form)
    parts = _parts(guess, prediction)
    if parts is None:
        return Judged(question, "", "no guess", answer, _asked_for(prediction, guess))
    repeated = written(parts, prediction.form)
    if any(_same(parts, one, prediction) for one in (prediction.answer, *prediction.others)):
        return Judged(question, repeated, "right", answer, prediction.why)
    own = next((said for value, said in prediction.wrong if _same(parts, value, prediction)), "")
    return Judged(question, repeated, "wrong", answer, f"{own} {prediction.why}".strip())


def _parts(guess: object, prediction: PredictionData) -> list[Plain] | None:
    """The values of a guess; None where they are not of the kind that is asked for."""
    if type(guess).__module__ == "numpy":
        guess = guess.tolist()  # type: ignore[attr-defined]  # arrays, and numbers of NumPy's
    parts: Sequence[object] = [guess]
    if prediction.form != "one":
        if isinstance(guess, list | tuple | set | frozenset):
            parts = sorted(guess, key=str) if isinstance(guess, set | frozenset) else guess
        elif isinstance(guess, str):
            parts = re.split(r"\s*(?:,|\band\b)\s*", guess)
    kind = prediction.answer[0]
    plain = [one for one in map(_plain, parts) if one is not None and _alike(one, kind)]
    return plain if plain and len(plain) == len(parts) else None


def _plain(value: object) -> Plain | None:
    """One value of a guess; None where it is none that an answer could be."""
    if type(value).__module__ == "numpy":
        value = value.item()  # type: ignore[attr-defined]
    if isinstance(value, str | bool):
        return value
    return value if isinstance(value, int | float) and abs(value) <= _LARGEST else None


def _alike(guess: Plain, answer: Plain) -> bool:
    """Whether a value is of a kind with the answer's: a number, words, or yes or no."""
    if isinstance(answer, bool):
        return isinstance(guess, bool) or (isinstance(guess, str) and _word(guess) in _YES)
    if isinstance(answer, str):
        return isinstance(guess, str)
    return isinstance(guess, int | float) and not isinstance(guess, bool)


def _same(guess: Sequence[Plain], answer: Sequence[Plain], prediction: PredictionData) -> bool:
    if len(guess) != len(answer):
        return False
    if prediction.form == "several":
        return all(any(_same_one(one, other) for one in guess) for other in answer)
    return all(map(_same_one, guess, answer))


def _same_one(guess: Plain, answer: Plain) -> bool:
    """Two values of a kind: words whatever their case, whole numbers exactly, others nearly."""
    if isinstance(answer, bool):
        return (_YES[_word(guess)] if isinstance(guess, str) else guess) is answer
    if isinstance(answer, str) or isinstance(guess, str):
        return _word(str(guess)) == _word(str(answer))
    if isinstance(answer, float):
        return math.isclose(guess, answer, rel_tol=_NEAR, abs_tol=1e-9)
    return guess == answer


def _word(text: str) -> str:
    return " ".join(text.casefold().strip(" .\"'").split())


def _asked_for(prediction: PredictionData, guess: object) -> str:
    """What a guess looks like."""
    kind = prediction.answer[0]
    if prediction.form == "several":
        form = 'several words in braces, such as {"one", "other"}'
        if not isinstance(kind, str):
            form = "several numbers in braces, such as {3, 4}"
    elif prediction.form == "shape":
        sizes = [str(3 + place) for place in range(len(prediction.answer))]
        form = f"a shape, such as ({', '.join(sizes)}{',' * (len(sizes) == 1)})"
    elif isinstance(kind, bool):
        form = "True or False"
    else:
        form = "a word in quotes" if isinstance(kind, str) else "a number"
    if guess is ...:
        return f"Your guess goes in place of the dots: {form}."
    return f"Your guess should be {form}."


def written(parts: Sequence[Plain], form: str) -> str:
    """Values as a person writes them."""
    said = [_written(one) for one in parts]
    if form == "several":
        return clipped(listed(said), _MOST)
    if form == "shape":
        return clipped(f"({', '.join(said)}{',' * (len(said) == 1)})", _MOST)
    return said[0]


def _written(value: Plain) -> str:
    if isinstance(value, str):
        return f"“{clipped(' '.join(value.split()), _MOST)}”"
    if isinstance(value, bool):
        return str(value)
    return (f"{value:.6g}" if isinstance(value, float) else str(value)).replace("-", "−")
