"""Edits of a notebook in a real child: each for itself, bounded in lines, and as locked in as the student's own code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from autograder.records import Case, Cell, Limits, Outcome, Raised, Redefined, Returned
from autograder.sandbox.children import Sandbox
from autograder.sandbox.trying import Trying
from autograder.sandbox.worker import Request

SOURCE = (
    "import numpy as np\nkept = []\ndef helper(x):\n    return x + 1\ndef f(x):\n    return helper(x) * 2"
)
CASES = [Case("one", (np.ones(2),)), Case("two", (np.full(3, 2.0),))]


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(Limits(cpu_seconds=5.0, memory_mib=256)) as sandbox:
        yield sandbox


def trying(box: Sandbox, source: str = SOURCE, cpu_seconds: float = 5.0) -> Trying:
    return Trying(box.child, Request("f", [(Cell(0, source), False)], ()), cpu_seconds)


def edit(source: str, name: str = "f") -> tuple[Redefined, ...]:
    return (Redefined(name, 0, source),)


def numbers(outcomes: Sequence[Outcome]) -> list[object]:
    return [
        one.value.tolist()
        if isinstance(one, Returned) and isinstance(one.value, np.ndarray)
        else one.exception
        if isinstance(one, Raised)
        else one
        for one in outcomes
    ]


def test_each_edit_is_taken_out_again_before_the_next(box: Sandbox) -> None:
    edits = [
        (),
        edit("def f(x):\n    return helper(x)"),
        edit("def helper(x):\n    return x", "helper"),
        (*edit("def f(x):\n    return g(x)"), *edit("def g(x):\n    return -x", "g")),
        edit("def f(x):\n    return g(x)"),
        (),
    ]
    with trying(box) as child:
        found = child.outcomes(edits, CASES[:1])
    assert [numbers(one) for one in found] == [
        [[4.0, 4.0]],
        [[2.0, 2.0]],
        [[2.0, 2.0]],
        [[-1.0, -1.0]],
        ["NameError"],
        [[4.0, 4.0]],
    ]


def test_all_cases_are_answered_for_each_edit_also_where_it_cannot_be_made(box: Sandbox) -> None:
    edits = [edit("def f(x):\n    return x"), edit("def f(x=1 / 0):\n    return x"), edit("def f(:")]
    with trying(box) as child:
        found = child.outcomes(edits, CASES)
    assert [numbers(one) for one in found] == [
        [[1.0, 1.0], [2.0, 2.0, 2.0]],
        ["ZeroDivisionError"] * 2,
        ["SyntaxError"] * 2,
    ]


def test_an_edit_that_never_ends_is_ended_by_its_lines_and_the_others_go_on(box: Sandbox) -> None:
    edits = [edit("def f(x):\n    while True:\n        x = x + 1"), edit("def f(x):\n    return x")]
    with trying(box) as child:
        found = child.outcomes(edits, CASES[:1])
        assert child.died is None
    assert [numbers(one) for one in found] == [["TooManyStepsError"], [[1.0, 1.0]]]


def test_an_edit_that_asks_for_gigabytes_is_refused_them(box: Sandbox) -> None:
    with trying(box) as child:
        found = child.outcomes([edit("def f(x):\n    return np.ones((10**6, 10**6))"), ()], CASES[:1])
    assert [numbers(one)[0] for one in found] in (
        [["MemoryError"][0], [4.0, 4.0]],
        [["_ArrayMemoryError"][0], [4.0, 4.0]],
    )


def test_an_edit_that_ends_the_child_is_told_and_nothing_after_it(box: Sandbox) -> None:
    edits = [(), edit("def f(x):\n    import os\n    os._exit(0)"), ()]
    with trying(box) as child:
        found = child.outcomes(edits, CASES[:1])
        assert child.died is not None
        assert child.died.reason == "crashed"
        assert child.outcomes([()], CASES[:1]) == []
    assert [len(one) for one in found] == [1, 0]


def test_what_hangs_where_no_line_is_counted_is_ended_by_its_time(box: Sandbox) -> None:
    with trying(box, cpu_seconds=0.1) as child:
        child.outcomes([edit("def f(x):\n    return sum(range(10**12))"), ()], CASES[:1])
        assert child.died is not None
        assert child.died.reason == "timeout"


def test_the_trace_is_of_the_unedited_code(box: Sandbox) -> None:
    source = "def f(x):\n    y = x + 1\n    return y * 2"
    with trying(box, source) as child:
        found = child.traced(CASES[0])
    assert [(one.line, one.name) for one in found if not one.held] == [(2, "y"), (3, "return")]


def test_a_notebook_that_ends_the_child_is_not_tried(box: Sandbox) -> None:
    with trying(box, "import os\nos._exit(0)") as child:
        assert child.traced(CASES[0]) == []
        assert child.outcomes([()], CASES) == []
