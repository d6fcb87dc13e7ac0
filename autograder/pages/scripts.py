"""A script of calls on one object, as Python writes it, and what each step gave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from autograder.data import Argument
from autograder.differences import Difference
from autograder.pages.literals import Words, line

BEGIN: Final = "new"  # the name of a script's first argument: what the object is made with
_MOST: Final = 40  # characters of one argument
_RETURNED, _RAISED = "returned", "raised"


def is_script(inputs: Sequence[tuple[str, Argument]]) -> bool:
    """Whether these are no arguments but the steps of a script, whose names no parameter can have."""
    return (
        bool(inputs) and inputs[0][0] == BEGIN and all(name.startswith(".") for name, _ in inputs[1:])
    ) and all(isinstance(args, tuple) for _, args in inputs)


def making(made: str, inputs: Sequence[tuple[str, Argument]]) -> str:
    """How the object is made: `Stack(3)`."""
    return _call(made, inputs[0][1])


def steps(inputs: Sequence[tuple[str, Argument]]) -> tuple[str, ...]:
    """The steps after it: `push(3)`, `size`."""
    return tuple(_call(name[1:-2], args) if name.endswith("()") else name[1:] for name, args in inputs[1:])


def gave(answer: Any) -> Any:
    """What each step gave, as it is, and words where it raised; of no script's answer, the answer itself."""
    if not isinstance(answer, list) or not all(isinstance(step, dict) and len(step) == 1 for step in answer):
        return answer
    return [
        Words(f"raises {str(step[_RAISED])[:80]}") if _RAISED in step else step.get(_RETURNED)
        for step in answer
    ]


def differences(found: Iterable[Difference]) -> list[Difference]:
    """The places without the keys that say whether a step returned or raised: where that differs, the step does."""
    changed = dict[tuple[Any, ...], Difference]()
    for one in found:
        path = (*one.path[:1], *one.path[2:])
        changed.setdefault(path, Difference(path, "differs" if len(one.path) == 2 else one.how))
    return list(changed.values())


def _call(name: str, args: Any) -> str:
    return f"{name}({', '.join(line(one, _MOST) for one in args)})"
