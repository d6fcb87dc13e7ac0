"""The conversation with a child: every call ends with an outcome, whatever the child does."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from waiting import wait_until

from autograder.data import Argument, Value
from autograder.records import Cell, Died, Limits, Raised, Returned
from autograder.sandbox import process, worker
from autograder.sandbox.children import Sandbox
from autograder.sandbox.locked import LockedChild
from autograder.sandbox.worker import Request, Run

LIMITS = Limits(cpu_seconds=0.2, memory_mib=256)
IDENTITY = "def f(a): return a"
# The student's code finds the pipe to the trusted side: it is descriptor 4, and everything of ours is importable.
FORGE = """
import os, time, numpy as np
from autograder.child import messages, nodes, packing, wire
def say(message): os.write(4, wire.frame(message))
ONE = packing.pack(np.ones(1))
"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(LIMITS) as sandbox:
        yield sandbox


def right(name: str, args: Sequence[Argument]) -> Value | Exception:
    return np.full(2, 7.0)


def tried(
    sandbox: Sandbox,
    *sources: str,
    batches: Sequence[Sequence[Sequence[Argument]]] = (((np.arange(3.0),),),),
    **options: Any,
) -> Run:
    cells = [(Cell(index, source), False) for index, source in enumerate(sources)]
    return worker.run(sandbox.child, Request("f", cells, batches, **options))


def only(run: Run) -> Any:
    ((outcome,),) = run.outcomes
    return outcome


# ------------------------------------------------------------------------------------------------ fair work


def test_batches_are_answered_in_order(sandbox: Sandbox) -> None:
    args = [[(np.full(2, float(number)),) for number in range(count)] for count in (3, 0, 2)]
    run = tried(sandbox, IDENTITY, batches=args)
    assert [len(batch) for batch in run.outcomes] == [3, 0, 2]
    for batch, given in zip(run.outcomes, args, strict=True):
        for outcome, (arg,) in zip(batch, given, strict=True):
            assert isinstance(outcome, Returned)
            np.testing.assert_array_equal(outcome.value, arg)  # type: ignore[arg-type]


def test_a_result_that_a_later_call_changes_is_marked(sandbox: Sandbox) -> None:
    """By the numbers that it had: what each call gave stays what it was. An exception of the last tells it as well."""
    source = "import numpy as np\nshared = np.zeros(2)\ndef f(a):\n    shared[:] = a\n    return shared if a.sum() < 9 else [1][2]"
    calls = [(np.full(2, 1.0),), (np.full(2, 1.0),), (np.full(2, 2.0),)]
    (outcomes,) = tried(sandbox, source, batches=[calls]).outcomes
    assert [one.overwritten for one in outcomes if isinstance(one, Returned)] == [True, True, False]
    np.testing.assert_array_equal(
        [one.value for one in outcomes if isinstance(one, Returned)], np.array(calls)[:, 0]
    )
    (outcomes,) = tried(sandbox, source, batches=[[*calls, (np.full(2, 9.0),)]]).outcomes
    assert [one.overwritten for one in outcomes if isinstance(one, Returned)] == [True, True, True]
    (outcomes,) = tried(sandbox, source.replace("else [1][2]", "else a"), batches=[calls[:2]]).outcomes
    assert [one.overwritten for one in outcomes if isinstance(one, Returned)] == [False, False]


def test_arguments_are_handed_back_after_an_exception_too(sandbox: Sandbox) -> None:
    outcome = only(tried(sandbox, "def f(a):\n    a[0] = 7\n    raise ValueError('no')"))
    assert isinstance(outcome, Raised)
    np.testing.assert_array_equal(outcome.args_after[0], [7.0, 1.0, 2.0])  # type: ignore[arg-type]


@pytest.mark.parametrize(("said", "dies"), [("[-1, 2**40]", False), ("['x']", True), ("[0] * 5000", True)])
def test_only_calls_that_were_made_are_said_to_be_changed(sandbox: Sandbox, said: str, dies: bool) -> None:
    forged = f"from autograder.child.outlasting import Results\nResults.changed = lambda self: {said}"
    calls = [(np.ones(2),), (np.ones(2),)]
    (outcomes,) = tried(sandbox, forged, IDENTITY, batches=[calls]).outcomes
    assert [isinstance(one, Died) for one in outcomes] == [False, dies]
    assert not any(one.overwritten for one in outcomes if isinstance(one, Returned))


def test_what_is_known_of_the_function(sandbox: Sandbox) -> None:
    run = tried(sandbox, "size = 3\nprint('hello')", "\n" + IDENTITY + " * size", "1 / 0")
    assert (run.defined, run.cell, run.first_line, run.reads) == (True, 1, 2, ("size",))
    assert run.failed == {2: Raised("ZeroDivisionError", "division by zero")}
    assert run.printed == "hello\n"
    assert run.ended is None


def test_a_function_that_is_not_there(sandbox: Sandbox) -> None:
    run = tried(sandbox, "x = 1", batches=[[(np.ones(1),)] * 2, []])
    assert not run.defined
    assert run.outcomes == [[Raised("NameError", "name 'f' is not defined")] * 2, []]


def test_variables_are_taken_away_for_one_batch_alone(sandbox: Sandbox) -> None:
    one = [(np.ones(1),)]
    run = tried(sandbox, "b = 2", "def f(a): return a * b", batches=[one, one], hide=[["b"], []])
    assert isinstance(run.outcomes[0][0], Raised)
    assert isinstance(run.outcomes[1][0], Returned)


def test_nothing_is_remembered_from_one_run_to_the_next(sandbox: Sandbox) -> None:
    remember = "import builtins\ndef f(a):\n    builtins.n = getattr(builtins, 'n', 0) + 1\n    return a * builtins.n"
    for _ in range(2):
        np.testing.assert_array_equal(only(tried(sandbox, remember)).value, np.arange(3.0))


# ------------------------------------------------------------------------------------- cells that hang or kill


def test_a_cell_that_loops_is_left_out_however_late_it_is_heard_of(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the machine gives this side no turn until the child's time is up, what it said before is heard first."""
    send, late = LockedChild.send, [True]

    def heard_late(child: LockedChild, message: Any) -> None:
        send(child, message)
        if late:
            late.clear()
            wait_until(lambda: child._cpu() - child._cpu_since > 1.5 * LIMITS.cpu_seconds)

    monkeypatch.setattr(LockedChild, "send", heard_late)
    run = tried(sandbox, "while True: pass", IDENTITY)
    assert {cell: died.reason for cell, died in run.left_out.items()} == {0: "timeout"}
    assert isinstance(only(run), Returned)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("while True: pass", "timeout"),
        ("import os; os._exit(0)", "crashed"),
        ("import os; os._exit(3)", "crashed"),
        ("import os; os.abort()", "crashed"),
        ("import ctypes; ctypes.string_at(0)", "crashed"),
        ("import os; os.close(4)", "crashed"),
        ("import os; os.close(3); os.close(4)", "crashed"),
        ("import os; os.write(4, b'garbage on the pipe')", "crashed"),
        ("import os; os.write(4, b'\\xff' * 4)", "crashed"),
        ("9 ** 9 ** 9", "timeout"),
    ],
)
def test_a_cell_that_ends_the_child_is_left_out(sandbox: Sandbox, source: str, reason: str) -> None:
    run = tried(sandbox, "b = 2", source, "def f(a): return a * b")
    np.testing.assert_array_equal(only(run).value, [0, 2, 4])
    assert [died.reason for died in run.left_out.values()] == [reason]
    if reason != "crashed" or "garbage" not in source:
        assert list(run.left_out) == [1]


def test_two_such_cells(sandbox: Sandbox) -> None:
    run = tried(sandbox, "import os; os._exit(0)", IDENTITY, "while True: pass")
    assert isinstance(only(run), Returned)
    assert set(run.left_out) == {0, 2}


def test_many_such_cells_end_the_submission(sandbox: Sandbox) -> None:
    run = tried(sandbox, *["import os; os._exit(0)"] * 20, IDENTITY)
    assert run.ended is not None
    assert run.ended.reason == "crashed"
    assert only(run) == run.ended
    assert len(run.left_out) == worker.MAX_LEFT_OUT + 1


def test_cells_known_to_hang_are_not_run_again(sandbox: Sandbox) -> None:
    known = {0: Died("timeout", "known")}
    run = tried(sandbox, "b = 2", "def f(a): return a * b", left_out=known)
    assert only(run) == Raised("NameError", "name 'b' is not defined", 1)
    assert run.left_out == known


def test_the_slowest_cell_is_to_blame_for_a_timeout(sandbox: Sandbox) -> None:
    """All cells share one limit; the one it runs out on may be the graded function's own."""
    slow = "import time\nend = time.process_time() + {}\nwhile time.process_time() < end: pass\n"
    run = tried(sandbox, slow.format(0.25), slow.format(0.12) + IDENTITY)
    assert isinstance(only(run), Returned)
    assert list(run.left_out) == [0]


def test_a_cell_that_no_parser_survives_is_left_out(sandbox: Sandbox) -> None:
    run = tried(sandbox, "x = " + "-" * 3_000_000 + "1", IDENTITY)
    assert isinstance(only(run), Returned)


# -------------------------------------------------------------------------------------- functions that do so


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("while True: pass", "timeout"),
        ("import os; os._exit(0)", "crashed"),
        ("import ctypes; ctypes.string_at(0)", "crashed"),
        ("import os; os.write(4, b'\\x02\\0\\0\\0zz')", "crashed"),
        ("import os; os.close(4)", "crashed"),
        ("import os\n    while True: os.write(1, bytes(65536))", "crashed"),
    ],
)
def test_a_function_that_ends_the_child(sandbox: Sandbox, body: str, reason: str) -> None:
    twice = [(np.ones(1),), (np.zeros(1),)]
    run = tried(sandbox, f"def f(a):\n    if a[0]: return a\n    {body}", batches=[twice, twice])
    (first, second), later = run.outcomes
    assert isinstance(first, Returned)
    assert isinstance(second, Died)
    assert second.reason == reason
    assert later == [second, second]
    assert run.ended is None
    assert not run.left_out


@pytest.mark.parametrize(
    "body",
    [
        "raise SystemExit",
        "raise KeyboardInterrupt",
        "raise MemoryError",
        "import numpy as np; np.ones(10**12)",
    ],
)
def test_a_function_that_raises(sandbox: Sandbox, body: str) -> None:
    assert isinstance(only(tried(sandbox, f"def f(a): {body}")), Raised)


# ------------------------------------------------------------------------------------------ a child that lies


@pytest.mark.parametrize(
    "lie",
    [
        "messages.Locked()",
        "messages.Result(1, ONE, [])",
        "messages.Failure(1, 'E', '', None)",
        "messages.Running(7)",
        "messages.CellFailed(7, 'E', '')",
        "messages.Ask('softmax', [ONE])",
        "messages.Ready(True, None, 1, [], [])",
        "messages.Program([], 'f', [])",
        "messages.Answer(ONE)",
    ],
)
def test_speaking_out_of_turn(sandbox: Sandbox, lie: str) -> None:
    """In a cell and in the function: never more than a lost cell or a lost call."""
    run = tried(sandbox, FORGE, f"say({lie})", IDENTITY)
    assert all(isinstance(outcome, Returned | Died) for outcome in run.outcomes[0]) or run.ended
    run = tried(sandbox, FORGE, f"def f(a):\n    say({lie})\n    return a")
    assert isinstance(only(run), Died)
    assert only(run).reason == "crashed"


def test_answers_sent_ahead_match_no_call(sandbox: Sandbox) -> None:
    ahead = "def f(a):\n    for n in range(1000): say(messages.Result(n, ONE, []))\n    return a"
    assert only(tried(sandbox, FORGE, ahead)) == Died("crashed", "answered out of turn")


@pytest.mark.slow
def test_a_function_that_claims_to_be_there(sandbox: Sandbox) -> None:
    run = tried(sandbox, FORGE, "say(messages.Ready(True, 0, 1, ['x'], []))\ntime.sleep(60)")
    assert isinstance(only(run), Died)


def test_blaming_another_cell_costs_that_cell(sandbox: Sandbox) -> None:
    run = tried(sandbox, IDENTITY, FORGE, "say(messages.Running(0)); os._exit(0)")
    assert 0 in run.left_out
    assert not run.defined


def test_failed_cells_that_are_none_do_not_pile_up(sandbox: Sandbox) -> None:
    run = tried(
        sandbox, FORGE, "for n in range(10**6): say(messages.CellFailed(n % 9, 'E', 'x' * 400))", IDENTITY
    )
    assert len(run.failed) <= 3


def test_arrays_that_do_not_hold_together(sandbox: Sandbox) -> None:
    lie = "packing.pack_array = lambda array: nodes.ArrayData('<f8', (2**40, 2**40), b'')"
    outcome = only(tried(sandbox, FORGE + lie, IDENTITY))
    assert isinstance(outcome, Died)
    assert outcome.reason == "crashed"


# ---------------------------------------------------------------------------------- calls of other functions


def test_a_replaced_function_is_answered(sandbox: Sandbox) -> None:
    run = tried(sandbox, "def g(x): return 'wrong'", "def f(a): return g(a)", replaced=["g"], answer=right)
    np.testing.assert_array_equal(only(run).value, [7, 7])
    assert run.asked == {"g"}


@pytest.mark.parametrize(
    ("answer", "exception"),
    [(KeyError("word"), "KeyError"), (ValueError("shape"), "ValueError"), (TypeError(), "TypeError")],
)
def test_the_right_function_may_raise(sandbox: Sandbox, answer: Exception, exception: str) -> None:
    run = tried(sandbox, "def f(a): return g(a)", replaced=["g"], answer=lambda *_: answer)
    assert only(run).exception == exception


def test_the_right_function_may_return_several(sandbox: Sandbox) -> None:
    def two(name: str, args: Sequence[Argument]) -> Value:
        return np.ones(1), np.zeros(1)

    run = tried(sandbox, "def f(a):\n    b, c = g(a)\n    return b + c", replaced=["g"], answer=two)
    np.testing.assert_array_equal(only(run).value, [1])


def test_arguments_that_are_none(sandbox: Sandbox) -> None:
    run = tried(sandbox, "def f(a): return g(iter([]))", replaced=["g"], answer=right)
    assert only(run).exception == "TypeError"


def test_words_and_numbers_are_arguments(sandbox: Sandbox) -> None:
    seen: list[Any] = []

    def look(name: str, args: Sequence[Argument]) -> Value:
        seen.extend(args)
        return np.ones(1)

    tried(sandbox, "def f(a): return g(['x'], 3, [[1.5]])", replaced=["g"], answer=look)
    assert seen[0] == ["x"]
    assert seen[1] == 3
    assert seen[2] == [[1.5]]


def test_too_many_upcalls(sandbox: Sandbox) -> None:
    run = tried(sandbox, "def f(a):\n    while True: g(a)", replaced=["g"], answer=right)
    assert only(run).reason == "timeout"


def test_many_upcalls_that_are_fair(sandbox: Sandbox) -> None:
    source = "def f(a):\n    for _ in range(150): b = g(a)\n    return b"
    run = tried(sandbox, source, replaced=["g"], answer=right)
    assert isinstance(only(run), Returned)


@pytest.mark.parametrize(
    "arguments",
    [
        "np.ones((2000, 100))",
        "np.ones(200_000)",
        "np.ones((1024, 256), dtype='f8')",
        "np.ones((1, 128, 1), dtype='i1'), np.ones((1024, 1, 1024), dtype='i1')",
        "np.ones((65, 1, 1)), np.ones((1, 2))",
        "np.ones((2, 2, 2, 2))",
        "['x' * 2_000_000]",
        "['x'] * 2000",
    ],
)
def test_upcalls_that_would_make_enormous_products(sandbox: Sandbox, arguments: str) -> None:
    source = f"import numpy as np\ndef f(a): return g({arguments})"
    run = tried(sandbox, source, replaced=["g"], answer=right)
    assert only(run).reason == "crashed"
    assert not isinstance(only(run), Returned)


def test_upcalls_of_fair_size(sandbox: Sandbox) -> None:
    source = "import numpy as np\ndef f(a): return g(np.ones((1024, 64)), np.ones((64, 1024)), np.ones(3))"
    assert isinstance(only(tried(sandbox, source, replaced=["g"], answer=right)), Returned)
    source = "import numpy as np\ndef f(a): return g(np.ones((8, 12, 64)))"
    assert isinstance(only(tried(sandbox, source, replaced=["g"], answer=right)), Returned)


def test_our_time_for_an_answer_is_the_childs(sandbox: Sandbox) -> None:
    def slow(name: str, args: Sequence[Argument]) -> Value:
        time.sleep(0.2)
        return np.ones(1)

    run = tried(sandbox, "def f(a):\n    for _ in range(50): g(a)\n    return a", replaced=["g"], answer=slow)
    assert only(run).reason == "timeout"


def test_our_wait_for_a_turn_is_no_time_of_the_childs(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine, answers to two hundred questions would take a right function its time, and with it its marks."""
    delayed, clock, ours, waited = process.delayed, time.monotonic, os.getpid(), [0.0]
    monkeypatch.setattr(process, "delayed", lambda pid: waited[0] if pid == ours else delayed(pid))
    monkeypatch.setattr(time, "monotonic", lambda: clock() + waited[0])

    def busy(name: str, args: Sequence[Argument]) -> Value:
        waited[0] += 10 * LIMITS.cpu_seconds
        return np.ones(1)

    run = tried(sandbox, "def f(a):\n    for _ in range(4): g(a)\n    return a", replaced=["g"], answer=busy)
    assert isinstance(only(run), Returned)


def test_asking_without_listening_is_bounded_too(sandbox: Sandbox) -> None:
    """A child that always has something to say is never waited for; its time runs all the same."""
    source = """
import threading
def listen():
    while True: os.read(3, 65536)
threading.Thread(target=listen, daemon=True).start()
while True: say(messages.Running(1)); say(messages.Ask('g', [ONE]))
"""
    run = tried(sandbox, FORGE, source, IDENTITY, replaced=["g"], answer=right)
    assert isinstance(only(run), Returned)


def test_a_function_that_was_not_replaced_cannot_be_asked_for(sandbox: Sandbox) -> None:
    run = tried(sandbox, FORGE, "def f(a): say(messages.Ask('f', [ONE]))", replaced=["g"], answer=right)
    assert only(run) == Died("crashed", "asked for a function that is not there")


# --------------------------------------------------------------------------------------------- odd notebooks


@pytest.mark.parametrize(
    "source", ["x = '\ud800'", "\0", "x = (", "\ufeffx = 1", "x = 1\r\ny = 2", "\x1b[31m", "#" * 100_000, ""]
)
def test_odd_cells(sandbox: Sandbox, source: str) -> None:
    assert isinstance(only(tried(sandbox, source, IDENTITY)), Returned)


def test_more_code_than_a_child_can_be_handed(sandbox: Sandbox) -> None:
    run = tried(sandbox, "x = 1 #" + "x" * (worker.MAX_SOURCE_BYTES + 1), IDENTITY)
    assert run.ended == Died("crashed", "holds more than 8 MiB of code")
    assert only(run) == run.ended


def test_no_cells_at_all(sandbox: Sandbox) -> None:
    assert not tried(sandbox).defined


DRAWS = "import random, numpy as np\ndef f(a): return [random.random(), np.random.normal()]"


def test_the_global_generators_are_set_as_asked(sandbox: Sandbox) -> None:
    batches = [[(1,), (2,)], [(3,)]]
    run = tried(sandbox, DRAWS, batches=batches, seeds=[[5, 6], [5]])
    (first, second), (third,) = [[outcome.value for outcome in batch] for batch in run.outcomes]  # type: ignore[union-attr]
    assert first == third != second
    np.random.seed(5)
    assert first[1] == np.random.normal()  # type: ignore[index]
    assert only(tried(sandbox, DRAWS)) != only(tried(sandbox, DRAWS))


@pytest.mark.parametrize(
    ("asks", "source", "args", "value"),
    [
        ("result", "def f(a): return a", (1,), 1),
        ("printed", "def f(a): print(a)", (1,), "1\n"),
        ("variable", "f = {'a': 1}", (), {"a": 1}),
        ("script", "class f:\n    def g(self, a): return [a]", ((), ("g", (1,))), [{"returned": [1]}]),
        ("drawing", "import matplotlib.pyplot as plt\ndef f(a): plt.title(a)", ("t",), {"axes": [{"title": "t"}]}),
    ],
)  # fmt: skip
def test_what_is_asked_is_answered(asks: Any, source: str, args: Any, value: Any) -> None:
    modules = ("matplotlib.pyplot",) if asks == "drawing" else ()
    with Sandbox(LIMITS) as box:
        run = tried(box, source, batches=[[args]], asks=asks, modules=modules)
    assert run.defined
    assert only(run).value == value


def test_a_variable_that_is_not_there(sandbox: Sandbox) -> None:
    run = tried(sandbox, "g = 1", batches=[[()]], asks="variable")
    assert not run.defined
    assert only(run) == Raised("NameError", "name 'f' is not defined")
