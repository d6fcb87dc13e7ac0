"""What a plain value has in common with the one that is due: the same but for a letter's case, an order, a type.

Each likeness is a fact about two values. It is told of a function where every ordinary result that is wrong shows it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from autograder import nested
from autograder.checking import kinds, sentences
from autograder.checking.attempt import Trial
from autograder.checking.compare import are_arrays
from autograder.course.asking import RETURNED
from autograder.data import Table
from autograder.explaining import drawings
from autograder.explaining.general import OTHER_NAME, SCRIPTED, WRONG_TYPE, finding
from autograder.records import Diagnosis, Returned, Tolerance

_MOST: Final = 20_000  # entries or characters of what is looked at more closely than once
_Likeness = Callable[[Any, Any, Tolerance], bool]


def found(wrong: Sequence[Trial], tolerance: Tolerance, *, some_right: bool = False) -> list[Diagnosis]:
    """The plainest likeness that all of these results show; none where arrays are due, or something did not return.

    `some_right`: on other ordinary inputs the function is right, so that what is said of every answer is said of these.
    """
    if not wrong or not all(_is_plain(trial) for trial in wrong):
        return []
    loose = Tolerance(tolerance.absolute, tolerance.relative)
    pairs: list[tuple[Any, Any]] = [
        pair
        for trial in wrong
        if isinstance(trial.outcome, Returned)
        for pair in _compared(trial, trial.outcome.value)
    ]
    scripted = any(trial.case.asks == "script" for trial in wrong)
    printed = all(trial.case.asks == "printed" for trial in wrong)
    for name, is_like in _LIKENESSES.items():
        if name == "prints-nothing" and not printed:
            continue  # it is an empty text that comes back
        if all(is_like(due, got, loose) for due, got in pairs):
            if some_right and name == "negated":  # as every wrong answer is to such a question
                continue
            if scripted and name in ("negated", "off-by-one"):  # of one step among others it says little
                continue
            if some_right and name == "off-by-one":
                return [finding(name, title="Where it is wrong, it is off by one")]
            if name in WRONG_TYPE:
                return [finding("wrong-type", words=WRONG_TYPE[name])]
            words = SCRIPTED.get(name) if scripted else None
            if name == "wrong-columns" and all(due.kind != "DataFrame" for due, _ in pairs):
                words = OTHER_NAME
            return [finding(name, detail=_detail(name, wrong[0]), words=words)]
    return drawings.found(pairs)


def _compared(trial: Trial, got: Any) -> list[tuple[Any, Any]]:
    """What was due beside what came; of a script, at each step that went wrong: an order of steps is no order of entries."""
    steps = sentences.departing(trial.case, trial.expected, got)
    if not steps:
        return [(trial.expected, got)]
    return [(one.get(RETURNED, one), other.get(RETURNED, other)) for one, other in steps]


def _is_plain(trial: Trial) -> bool:
    return isinstance(trial.outcome, Returned) and not trial.case.raises and not are_arrays(trial.expected)


def _detail(name: str, trial: Trial) -> str:
    """Which keys these are; only of a case that may be shown, as the first wrong one is."""
    mismatch = trial.mismatch
    if name != "wrong-keys" or mismatch is None or not mismatch.differences or trial.case.asks == "variable":
        return ""
    return f"On “{trial.case.name}”: {mismatch.message}"


# --------------------------------------------------------------------------------------------- single likenesses


def _prints_nothing(due: Any, got: Any, tolerance: Tolerance) -> bool:
    return isinstance(due, str) and bool(due) and isinstance(got, str) and not got


def _text_for_number(due: Any, got: Any, tolerance: Tolerance) -> bool:
    """Whether it is right once texts in it are read as numbers."""
    return _differs_in_leaves(
        due, got, lambda one, other: nested.is_number(one) and _reads_as(other, one, tolerance)
    )


def _number_for_text(due: Any, got: Any, tolerance: Tolerance) -> bool:
    return _differs_in_leaves(
        due, got, lambda one, other: nested.is_number(other) and _reads_as(one, other, tolerance)
    )


def _text_for_truth(due: Any, got: Any, tolerance: Tolerance) -> bool:
    """Whether texts stand where True, False or None should, and read like them."""
    return _differs_in_leaves(due, got, _spelt_out)


def _spelt_out(one: Any, other: Any) -> bool:
    plain = one is None or isinstance(one, bool)
    return plain and isinstance(other, str) and other.strip().casefold() == str(one).casefold()


def _reads_as(text: Any, number: Any, tolerance: Tolerance) -> bool:
    if not isinstance(text, str) or len(text) > 60:
        return False
    try:
        read: int | float = int(text)
    except ValueError:
        try:
            read = float(text)
        except ValueError:
            return False
    return kinds.equal(number, read, tolerance)


def _other_case(due: Any, got: Any, tolerance: Tolerance) -> bool:
    return _differs_in_text(due, got, str.casefold)


def _other_spaces(due: Any, got: Any, tolerance: Tolerance) -> bool:
    return _differs_in_text(due, got, _without_spaces)


def _other_punctuation(due: Any, got: Any, tolerance: Tolerance) -> bool:
    return _differs_in_text(due, got, lambda text: "".join(filter(str.isalnum, text)) or text)


def _without_spaces(text: str) -> str:
    """The other characters of a text; of one character again and again, as in a drawing of stars, spaces are all there is."""
    plain = "".join(text.split())
    return plain if len(set(plain)) > 1 or len(plain) == 1 else text


def _differs_in_text(due: Any, got: Any, plain: Callable[[str], str]) -> bool:
    """Whether texts differ, and are the same once this is made of each of them, keys and items included."""
    return bool(_form(due, str) != _form(got, str) and _form(due, plain) == _form(got, plain))


def _form(value: Any, plain: Callable[[str], str]) -> Any:
    """A value to be compared for equality, with this made of each text in it."""
    if isinstance(value, str):  # told apart from what reads like it, as 3 and "3", True and "True"
        return ("str", plain(value) if len(value) <= _MOST else value)
    if isinstance(value, dict):
        # Never as text: what a text is quoted in doubles from level to level.
        entries = Counter((_form(key, plain), _form(inner, plain)) for key, inner in value.items())
        return ("dict", frozenset(entries.items()))
    if isinstance(value, set | frozenset):
        return ("set", frozenset(Counter(_form(item, plain) for item in value).items()))
    if isinstance(value, list | tuple):
        return (type(value).__name__, tuple(_form(inner, plain) for inner in value))
    if type(value) is int:  # whose decimal digits take quadratic time
        return hex(value)
    if isinstance(value, np.ndarray) and value.size > _MOST:
        return (value.dtype.str, value.shape, value.tobytes())
    return repr(value.tolist() if isinstance(value, np.ndarray) else value)


def _other_order(due: Any, got: Any, tolerance: Tolerance) -> bool:
    one, other = _entries(due), _entries(got)
    if one is None or other is None:
        return _other_rows(due, got, tolerance)
    return type(due) is type(got) and one != other and Counter(one) == Counter(other)


def _duplicates(due: Any, got: Any, tolerance: Tolerance) -> bool:
    one, other = _entries(due), _entries(got)
    if one is None or other is None or type(due) is not type(got):
        return False
    return len(other) > len(one) == len(set(one)) and list(dict.fromkeys(other)) == one


def _missing_item(due: Any, got: Any, tolerance: Tolerance) -> bool:
    one, other = _entries(due), _entries(got)
    if one is None or other is None or type(due) is not type(got) or len(one) != len(other) + 1:
        return False
    return other in (one[1:], one[:-1])


def _extra_item(due: Any, got: Any, tolerance: Tolerance) -> bool:
    return _missing_item(got, due, tolerance)


def _entries(value: Any) -> list[Any] | None:
    """The entries of a list or tuple in a form that can be counted; None of anything else."""
    if isinstance(value, list | tuple) and len(value) <= _MOST:
        return [_form(entry, str) for entry in value]
    return None


def _other_container(due: Any, got: Any, tolerance: Tolerance) -> bool:
    """Whether the right entries came in another kind of container."""
    one, other = _listed(due), _listed(got)
    if one is None or other is None or type(due) is type(got):
        return False
    if isinstance(due, set | frozenset) or isinstance(got, set | frozenset):
        one, other = (sorted(entries, key=repr) for entries in (one, other))
    return kinds.equal(one, other, tolerance)


def _listed(value: Any) -> list[Any] | None:
    """The entries of a container without keys; None of anything else."""
    if isinstance(value, np.ndarray) and (not value.ndim or value.size > _MOST):
        return None
    return nested.listed(value) if isinstance(value, list | tuple | set | frozenset | np.ndarray) else None


def _alone(due: Any, got: Any, tolerance: Tolerance) -> bool:
    """Whether the right value came inside a container that holds nothing else, or without the one it is due in."""
    wrapped = isinstance(got, list | tuple) and len(got) == 1 and kinds.equal(due, got[0], tolerance)
    bare = isinstance(due, list | tuple) and len(due) == 1 and kinds.equal(due[0], got, tolerance)
    return wrapped or bare


def _off_by_one(due: Any, got: Any, tolerance: Tolerance) -> bool:
    """Whether all whole numbers are one more than due, or all are one less."""
    pairs = nested.pairs(due, got)
    numbers = [(one, other) for one, other in pairs or () if type(one) is int and type(other) is int]
    rest = [(one, other) for one, other in pairs or () if type(one) is not int or type(other) is not int]
    return (
        bool(numbers)
        and len({other - one for one, other in numbers}) == 1
        and abs(numbers[0][1] - numbers[0][0]) == 1
        and all(kinds.equal(one, other, tolerance) for one, other in rest)
    )


def _not_finite(due: Any, got: Any, tolerance: Tolerance) -> bool:
    """Whether it holds nan or infinity where all that is due is finite; in a table nan is what is missing."""
    if nested.has_table(due) or nested.has_table(got):
        return False
    return _is_finite(due) and not _is_finite(got)


def _is_finite(value: Any) -> bool:
    numbers = (
        leaf
        for leaf in nested.leaves(value)
        if nested.is_number(leaf) or (isinstance(leaf, np.ndarray) and leaf.dtype.kind in "fc")
    )
    # Whole numbers are finite, however large.
    return all(isinstance(leaf, int) or bool(np.all(np.isfinite(leaf))) for leaf in numbers)


def _negated(due: Any, got: Any, tolerance: Tolerance) -> bool:
    """Whether every truth value is the other one."""
    pairs = nested.pairs(due, got)
    flags = [(one, other) for one, other in pairs or () if isinstance(one, bool) and isinstance(other, bool)]
    return bool(flags) and len(flags) == len(pairs or ()) and all(one is not other for one, other in flags)


def _wrong_keys(due: Any, got: Any, tolerance: Tolerance) -> bool:
    return (
        isinstance(due, dict)
        and isinstance(got, dict)
        and set(map(kinds.token, due)) != set(map(kinds.token, got))
    )


def _wrong_columns(due: Any, got: Any, tolerance: Tolerance) -> bool:
    if not isinstance(due, Table) or not isinstance(got, Table) or due.kind != got.kind:
        return False
    names, there = ([kinds.token(column.name) for column in table.columns] for table in (due, got))
    return names != there


def _wrong_index(due: Any, got: Any, tolerance: Tolerance) -> bool:
    """Whether two tables are the same but for their row labels."""
    if not isinstance(due, Table) or not isinstance(got, Table) or not due.columns:
        return False
    return kinds.equal(replace(due, index=()), replace(got, index=()), tolerance)


def _other_rows(due: Any, got: Any, tolerance: Tolerance) -> bool:
    """Whether the rows of two tables are the same in another order, whatever their labels."""
    if not isinstance(due, Table) or not isinstance(got, Table) or _wrong_columns(due, got, tolerance):
        return False
    rows, there = (_rows(table) for table in (due, got))
    return rows != there and Counter(rows) == Counter(there)


def _rows(table: Table) -> list[tuple[str, ...]]:
    columns = [nested.listed(column.cells) for column in table.columns]
    return [tuple(map(repr, cells)) for cells in zip(*columns, strict=True)][:_MOST]


def _differs_in_leaves(due: Any, got: Any, is_like: Callable[[Any, Any], bool]) -> bool:
    """Whether two values have one structure, and each leaf is like the other's or equal to it; one of them is like."""
    pairs = nested.pairs(due, got)
    if pairs is None:
        return False
    like = [is_like(one, other) for one, other in pairs]
    exact = Tolerance()
    return any(like) and all(
        fits or kinds.equal(one, other, exact) for fits, (one, other) in zip(like, pairs, strict=True)
    )


# The plainest first: the first that fits is told.
_LIKENESSES: Final[dict[str, _Likeness]] = {
    "prints-nothing": _prints_nothing,
    "text-for-number": _text_for_number,
    "number-for-text": _number_for_text,
    "text-for-truth": _text_for_truth,
    "other-case": _other_case,
    "other-spaces": _other_spaces,
    "other-punctuation": _other_punctuation,
    "other-container": _other_container,
    "wrapped": _alone,
    "other-order": _other_order,
    "duplicates": _duplicates,
    "missing-item": _missing_item,
    "extra-item": _extra_item,
    "nan": _not_finite,
    "negated": _negated,
    "off-by-one": _off_by_one,
    "wrong-columns": _wrong_columns,
    "wrong-index": _wrong_index,
    "wrong-keys": _wrong_keys,
}
