"""What is asked in one child is what would be answered apart; where it may not be, it is asked apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from autograder.checking import together
from autograder.checking.together import Together
from autograder.records import Cell, Died, Limits, Outcome, Raised, Returned
from autograder.sandbox import worker
from autograder.sandbox.children import Sandbox
from autograder.sandbox.worker import Child, Request, Series

INPUT = np.arange(3.0)
NAMES = ("f", "g", "h")
PURE = "import numpy as np\ndef f(a):\n    return a + 1\ndef g(a):\n    return f(a) * 2\ndef h(a):\n    return g(a) - a"
KEEPS = "seen = []\ndef f(a):\n    seen.append(a)\n    return a\ndef g(a):\n    return a * len(seen)\n"


class Box:
    """Children that are counted."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox, self.count = sandbox, 0

    def start(self) -> Child:
        self.count += 1
        return self.sandbox.child()


@pytest.fixture
def box(shared_sandbox: Sandbox) -> Box:
    return Box(shared_sandbox)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Children that are counted are as many on a busy machine."""
    monkeypatch.setattr(worker, "_QUICK", float("inf"))


def cells(*sources: str) -> list[tuple[Cell, bool]]:
    return [(Cell(index, source), False) for index, source in enumerate(sources)]


def request(name: str, source: str = PURE, **more: Any) -> Request:
    return Request(name, cells(source), [[(INPUT,), (INPUT * 2,)]], **more)


def of(box: Box, source: str, **more: Any) -> Together:
    return together.of(box.start, cells(source), NAMES, **{"is_audited": False, **more})


def told(outcomes: Sequence[Outcome]) -> list[object]:
    return [one.value.tolist() if isinstance(one, Returned) else one for one in outcomes]  # type: ignore[union-attr]


def apart(box: Box, name: str, source: str) -> list[object]:
    return told(worker.run(box.sandbox.child, request(name, source)).outcomes[0])


def test_proven_code_is_answered_in_one_child(box: Box) -> None:
    with of(box, PURE) as one:
        for name in NAMES:
            run = one.run(request(name))
            assert (run.defined, run.cell, run.ended) == (True, 0, None)
            assert run.first_line == {"f": 2, "g": 4, "h": 6}[name]
            assert told(run.outcomes[0]) == told(
                [
                    Returned(due)
                    for due in ({"f": x + 1, "g": 2 * x + 2, "h": x + 2}[name] for x in (INPUT, INPUT * 2))
                ]
            )
    assert box.count == 1


def test_a_run_of_its_own_is_marked_where_a_shared_child_would_have_given_the_same(box: Box) -> None:
    dies = PURE.replace("return a + 1", "return 'x' * 10**12")  # as much memory as was left
    for source, asks, is_proven in (
        (PURE, "result", True),
        (PURE, "variable", False),
        (KEEPS, "result", False),
        (dies, "result", False),
    ):
        run = worker.run(box.start, request("f", source))
        assert not run.proven
        assert together.proven(run, asks, cells(source), NAMES).proven == is_proven  # type: ignore[arg-type]


def test_what_is_not_proven_has_a_child_for_each(box: Box) -> None:
    with of(box, KEEPS) as one:
        assert told(one.run(request("f", KEEPS)).outcomes[0]) == [[0, 1, 2], [0, 2, 4]]
        assert told(one.run(request("g", KEEPS)).outcomes[0]) == [[0, 0, 0]] * 2
    assert box.count == 2


def test_a_cell_that_is_too_large_to_be_read_is_not_proven(box: Box) -> None:
    large = [(Cell(0, PURE, large=True), False)]
    assert together.of(box.start, large, NAMES, is_audited=False).series is None
    assert together.of(box.start, cells(PURE), NAMES, is_audited=False).series is not None


def test_functions_that_are_not_there_and_cells_that_fail_are_told_as_apart(box: Box) -> None:
    source = "def f(a):\n    return a\nraise ValueError\n"
    with of(box, source) as one:
        runs = [one.run(request(name, source)) for name in ("f", "g")]
    assert [run.defined for run in runs] == [True, False]
    assert told(runs[1].outcomes[0]) == [Raised("NameError", "name 'g' is not defined")] * 2
    assert all(run.failed == {0: Raised("ValueError")} for run in runs)
    assert box.count == 1


def test_right_functions_stand_in_for_one_request_and_are_gone_in_the_next(box: Box) -> None:
    def answer(name: str, args: Sequence[Any]) -> Any:
        return args[0] * 0 + 7

    missing = PURE.replace("def f(a)", "def other(a)")
    for source, without in ((PURE, [[2, 4, 6], [2, 6, 10]]), (missing, None)):
        with of(box, source) as one:
            before = told(one.run(request("g", source)).outcomes[0])
            helped = one.run(request("g", source, replaced=["f"], arity={"f": 1}, answer=answer))
            after = told(one.run(request("g", source)).outcomes[0])
        assert told(helped.outcomes[0]) == [[14, 14, 14]] * 2
        assert helped.asked == {"f"}
        assert before == after
        if without is None:
            assert all(isinstance(one, Raised) and one.exception == "NameError" for one in after)
        else:
            assert before == without
    assert box.count == 2


@pytest.mark.parametrize(
    "ends",
    ["return a @ np.ones((3, 10**5)) @ np.ones((10**5, 10**5))", "return f(a)"],
    ids=["memory", "stack"],
)
def test_what_says_how_much_was_left_is_asked_again_apart(box: Box, ends: str) -> None:
    source = f"import numpy as np\ndef f(a):\n    {ends}\ndef g(a):\n    return a\ndef h(a):\n    return a"
    with of(box, source) as one:
        run = one.run(request("f", source))
        assert all(isinstance(outcome, Raised) for outcome in run.outcomes[0])
        assert box.count == 2
        # It was an exception, and no death.
        assert told(one.run(request("g", source)).outcomes[0]) == [[0, 1, 2], [0, 2, 4]]
        one.run(request("h", source))
    assert box.count == 3


def test_nothing_is_shared_any_more_after_a_death(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    # Small pieces: a list of numbers that the kernel ends for want of memory, or Python for want of room.
    source = "import os\ndef f(a):\n    os._exit(3)\ndef g(a):\n    return a\ndef h(a):\n    return a"
    monkeypatch.setattr(together, "_is_proven", lambda *_: True)
    with of(box, source) as one:
        died = one.run(request("f", source)).outcomes[0]
        assert all(isinstance(outcome, Died) and outcome.reason == "crashed" for outcome in died)
        assert box.count == 2
        for name in ("g", "h"):
            assert told(one.run(request(name, source)).outcomes[0]) == [[0, 1, 2], [0, 2, 4]]
    assert box.count == 4


def test_a_time_that_is_up_is_an_answer(shared_sandbox: Sandbox) -> None:
    source = "def f(a):\n    while True: pass\ndef g(a):\n    return a"
    with Sandbox(Limits(cpu_seconds=0.3)) as quick:
        box = Box(quick)
        with of(box, source) as one:
            died = one.run(request("f", source)).outcomes[0]
            assert all(isinstance(outcome, Died) and outcome.reason == "timeout" for outcome in died)
            assert told(one.run(request("g", source)).outcomes[0]) == [[0, 1, 2], [0, 2, 4]]
        assert box.count == 2


def test_a_child_that_has_taken_long_is_asked_for_no_further_function(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_QUICK", -1.0)
    with of(box, PURE) as one:
        assert [told(one.run(request(name)).outcomes[0])[0] for name in NAMES] == [
            [1, 2, 3],
            [2, 4, 6],
            [2, 3, 4],
        ]
    assert box.count == 3


def test_what_a_cell_left_out_for_one_is_left_out_for_all(shared_sandbox: Sandbox) -> None:
    source = "def f(a):\n    return a\ndef g(a):\n    return a"
    with Sandbox(Limits(cpu_seconds=0.3)) as quick:
        box = Box(quick)
        all_cells = cells("while True: pass", source)
        with together.of(box.start, all_cells, NAMES, is_audited=False) as one:
            first = one.run(Request("f", all_cells, [[(INPUT,)]]))
            second = one.run(Request("g", all_cells, [[(INPUT,)]], left_out=first.left_out))
        assert [*first.left_out] == [*second.left_out] == [0]
        assert told(second.outcomes[0]) == [[0, 1, 2]]
        assert box.count == 2


def test_other_questions_have_a_child_of_their_own(box: Box) -> None:
    source = PURE + "\nx = 1"
    with of(box, source) as one:
        one.run(request("f", source))
        assert one.run(Request("x", cells(source), [[()]], asks="variable")).outcomes == [[Returned(1)]]
        one.run(request("g", source, as_it_stood=True))
    assert box.count == 3


@pytest.fixture
def unproven(box: Box) -> Iterator[Together]:
    """An audit of code that keeps something, as if it had been proven."""
    with Together(box.start, Series(box.start, NAMES), is_audited=True) as one:
        yield one


def test_where_an_audit_differs_the_answers_apart_count_and_it_is_told(box: Box, unproven: Together) -> None:
    source = KEEPS.replace("return a\n", "return a * len(seen)\n", 1)
    first = unproven.run(request("f", source))
    assert (first.differs, box.count) == (False, 2)
    # In one child the second call of `g` follows those of `f`.
    unproven.series = Series(box.start, NAMES)
    unproven.series.run(request("f", source))
    second = unproven.run(request("g", source))
    assert second.differs
    assert told(second.outcomes[0]) == apart(box, "g", source)


@pytest.mark.parametrize(
    "body",
    ["a += 1\n    return 0 * a", "a -= 1\n    return 0 * a"],
)
def test_an_audit_sees_what_becomes_of_arguments(box: Box, unproven: Together, body: str) -> None:
    source = f"seen = []\ndef f(a):\n    seen.append(1)\n    return a\ndef g(a):\n    if seen:\n        {body}\n    return 0 * a".replace(
        "\n    return 0 * a\n    return", "\n        return 0 * a\n    return"
    )
    assert unproven.series is not None
    unproven.series.run(request("f", source))
    assert unproven.run(request("g", source)).differs


def test_an_audit_of_proven_code_finds_no_difference(box: Box) -> None:
    with of(box, PURE, is_audited=True) as one:
        assert not any(one.run(request(name)).differs for name in NAMES)
    assert box.count == 6
