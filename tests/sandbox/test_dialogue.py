"""A dialogue outlives its children: every cell and every question ends with an answer or with how the child died."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import parts
import pytest
from asking import Asking, Call
from waiting import FOREVER

from autograder import budget
from autograder.child import nodes, spoken
from autograder.child.messages import Ask
from autograder.child.nodes import HandleData
from autograder.child.spoken import CallBack, CellRan, Do, Done, Drop, Failed, Notebook, Reply, RunCell
from autograder.errors import SandboxError
from autograder.records import Died, Limits
from autograder.sandbox import dialogue
from autograder.sandbox.children import Sandbox
from autograder.sandbox.dialogue import Dialogue
from autograder.sandbox.outcomes import ChildDiedError

LIMITS = Limits(cpu_seconds=0.15, memory_mib=200)
KEEPS = """
class Box:
    count = 0
box = Box()
def hang():
    while True: pass
def hang_at(n):
    while n == 3: pass
    return n
def ends(*_): import os; os._exit(3)
def twice(f, x): return f(f(x))
def often(f):
    while True: f(1)
"""


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    parts.LINUX.require()
    with Sandbox(LIMITS, lasting=True) as box:
        yield box


# --------------------------------------------------------------------------------------- deaths and new lives


def test_cells_that_hang_or_kill_are_left_out_and_the_rest_run_again(box: Sandbox) -> None:
    cells = ["x = [1]", "x.append(2)\nwhile True: pass", "import os; os._exit(1)", "x.append(3)"]
    with Asking(box.child, *cells) as asking:
        assert [type(one) for one in asking.ran] == [CellRan, Died, Died, CellRan]
        assert {index: died.reason for index, died in asking.dialogue.left_out.items()} == {
            1: "timeout",
            2: "crashed",
        }
        assert asking.dialogue.run(1) is asking.ran[1]
        assert asking.fetch("x") == [1, 3]


def test_what_was_in_a_child_that_died_is_gone(box: Sandbox) -> None:
    with Asking(box.child, KEEPS) as asking:
        kept = asking.fetch("box")
        asking.value("set-attribute", kept, "count", 7)
        assert asking.died("call", "ends").detail == "ended itself with exit code 3"
        for asked in (("attribute", kept, "count"), ("call", asking.fetch("hang_at"), "", kept)):
            assert asking.died(*asked).detail.startswith("the object is gone")
        assert (
            asking.value("attribute", "box", "count") == 0
        )  # another child's, in which the cells have run again
        asking.dialogue.drop([kept.id])
        fresh = asking.fetch("box")
        asking.dialogue.drop([fresh.id])
        assert asking.failed("attribute", fresh, "count").exception == "ReferenceError"


def test_a_question_that_hung_is_not_asked_twice(box: Sandbox) -> None:
    children = []

    def start() -> Any:
        children.append(box.child())
        return children[-1]

    with Asking(start, KEEPS) as asking:
        died = asking.died("call", "hang_at", "", 3)
        assert died.reason == "timeout"
        assert asking.call("hang_at", 4) == 4
        assert asking.died("call", "hang_at", "", 3) == died
        assert asking.died("call", "hang_at", "", np.int64(3)).reason == "timeout"  # another argument
        assert len(children) == 2
        asking.fetch("box")
        assert len(children) == 3


def test_as_many_lives_as_it_has(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogue, "MAX_LIVES", 2)
    with Asking(box.child, KEEPS, "y = 1") as asking:
        asking.died("call", "ends", "", 1)
        asking.died("call", "ends", "", 2)
        assert asking.dialogue.do(Do("fetch", name="y")) == Died(
            "crashed", "ended its process more than 2 times"
        )
        assert isinstance(asking.dialogue.run(0), Died)


def test_a_notebook_of_cells_that_do_not_end(box: Sandbox) -> None:
    with Asking(box.child, *["import os; os._exit(1)"] * 9, "x = 1") as asking:
        assert "more than 8 cells" in asking.ran[-1].detail  # type: ignore[union-attr]


def test_more_text_than_is_taken() -> None:
    with Asking(None, "#" * (9 * 2**20)) as asking:
        assert asking.ran == [Died("crashed", "holds more than 8 MiB of code")]


def test_memory(box: Sandbox) -> None:
    with Asking(box.child, "x = bytearray(10**10)", "def f(): return bytearray(10**10)") as asking:
        assert asking.ran[0].exception == "MemoryError"  # type: ignore[union-attr]
        assert asking.failed("call", "f").exception == "MemoryError"


def test_each_piece_has_its_own_time(box: Sandbox) -> None:
    work = "import time\ndef work():\n    end = time.process_time() + 0.1\n    while time.process_time() < end: pass"
    with Asking(box.child, *[f"{work}\nwork()"] * 2) as asking:
        assert all(isinstance(one, CellRan) for one in asking.ran)
        for _ in range(2):
            assert asking.call("work") is None


def test_the_time_of_a_submission_is_for_all_of_it(box: Sandbox) -> None:
    with budget.of(10) as own, Asking(box.child, KEEPS) as asking:
        hang = asking.fetch("hang")  # on a slow machine, this alone takes more than is left from here
        own.taken = 9.999  # so little is left that it is used up, however busy the machine is with others
        assert asking.died("call", hang).reason == "timeout"
        told = asking.died("fetch", None, "Box")
        assert "a whole submission may take" in told.detail
        assert asking.died("fetch", None, "box") == told
        assert asking.dialogue.run(0) == told


def test_what_a_test_takes_for_itself_is_not_the_submission_s(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with budget.of(FOREVER) as own, Asking(box.child, KEEPS) as asking:
        real = time.monotonic
        monkeypatch.setattr(time, "monotonic", lambda: real() + 2 * FOREVER)
        assert asking.call("hang_at", 1) == 1
    assert own.taken < FOREVER


# ------------------------------------------------------------------------------------------- called back


def test_functions_of_the_other_side_are_bounded(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogue, "MAX_CALLBACKS", 50)
    monkeypatch.setattr(dialogue, "MAX_DEPTH", 3)
    with Asking(
        box.child, KEEPS, "def much(f): f('x' * 2**21)", "def many(f): f(**{f'k{n}': 1 for n in range(99)})"
    ) as asking:
        assert (
            asking.died("call", "often", "", Call(lambda x: x)).detail
            == "called functions of a test more than 50 times"
        )
        for name in ("much", "many"):
            assert (
                asking.died("call", name, "", Call(lambda *_, **__: 1)).detail
                == "called a function of a test with too much"
            )
        assert asking.dialogue.do(
            Do("call", asking.fetch("twice").id, args=[nodes.CallableData(1), nodes.PlainData(1)])
        ) == Died("crashed", "called a function that it was not given")  # no one answers

        def deeper(x: int) -> Any:
            depths.append(x)
            return asking.call("hang_at", x) if len(depths) > 1 else asking.call("twice", Call(deeper), x)

        depths: list[int] = []
        assert asking.call("twice", Call(deeper), 1) == 1
        monkeypatch.setattr(dialogue, "MAX_DEPTH", 1)
        failed = asking.failed("call", "twice", "", Call(lambda x: asking.call("hang_at", x)), 1)
        assert "asked within itself more than 1 times deep" in failed.message


def test_time_for_them_is_the_question_s(box: Sandbox) -> None:
    with Asking(box.child, KEEPS) as asking:
        died = asking.died("call", "twice", "", Call(lambda x: time.sleep(0.2)), 1)
        assert died.reason == "timeout"


def test_a_child_that_dies_of_a_question_within_one(box: Sandbox) -> None:
    with Asking(box.child, KEEPS) as asking:
        died = asking.died("call", "twice", "", Call(lambda _: str(asking.died("call", "ends"))), 1)
        assert (died.reason, died.detail) == ("crashed", "ended while it was waited for")
        assert asking.call("hang_at", 1) == 1


def test_cells_call_what_was_bound_to_their_names(box: Sandbox) -> None:
    cells = ["x = 1", "x = more(2)", "x = more(3)"]
    talk = Dialogue(box.child, steps(*cells))
    with talk:
        talk.run(0)
        talk.do(Do("set-attribute", name="more", args=[nodes.CallableData(7)]))
        ran = talk.run(1, lambda called: Reply(called.args[0]))
        assert (ran.binds, talk.do(FETCH).value) == (["x"], nodes.PlainData(2))  # type: ignore[union-attr]
        assert talk.run(2) == Died("crashed", "called a function that it was not given")


def test_whatever_they_raise_on_this_side_ends_the_child(box: Sandbox) -> None:
    def breaks(_: CallBack) -> Reply:
        raise ZeroDivisionError

    with Asking(box.child, KEEPS) as asking:
        asked = Do("call", asking.fetch("twice").id, args=[nodes.CallableData(0), nodes.PlainData(1)])
        with pytest.raises(ZeroDivisionError):
            asking.dialogue.do(asked, breaks)
        assert asking.call("hang_at", 1) == 1


# ----------------------------------------------------------------------------------------------- scripted


class Scripted:
    """A child that says what it is told to; an exception is raised in a message's place."""

    def __init__(self, *says: Any) -> None:
        self._says = list(says)
        self.told: list[Any] = []
        self.closed = False

    def send(self, message: spoken.ToChild) -> None:
        self.told.append(message)
        if isinstance(message, Drop):
            raise ChildDiedError("crashed", "gone")

    def receive(self) -> Any:
        says = self._says.pop(0)
        if isinstance(says, Exception):
            raise says
        return says(self.told[-1]) if callable(says) else says

    def allow(self, cpu_seconds: float | None = None) -> None:
        """It has all the time there is."""

    def close(self) -> str:
        self.closed = True
        return ""


def scripted(*children: Scripted) -> Callable[[], Any]:
    waiting = list(children)
    return lambda: waiting.pop(0)


def steps(*sources: str) -> Sequence[Any]:
    return [SimpleNamespace(index=index, source=source) for index, source in enumerate(sources)]


RAN = CellRan(0, [], "")
ONE = nodes.PlainData(1)
FETCH = Do("fetch", name="x")


def done(**more: Any) -> Callable[[Do], Done]:
    return lambda asked: Done(asked.id, ONE, **more)


@pytest.mark.parametrize(
    "said",
    [
        lambda asked: Done(asked.id ^ 1, ONE),
        lambda asked: Failed(asked.id ^ 1, "E", ""),
        RAN,
        Ask("f", []),
        CallBack(0, []),
        done(args_after=[ONE]),
        done(same=0),
        lambda asked: Failed(asked.id, "E", "", args_after=[ONE, ONE]),
        lambda asked: Done(asked.id, nodes.CodeData("abs")),
        lambda asked: Failed(asked.id, "E", "", args=nodes.LibraryData("os", "system")),
    ],
)
def test_what_a_child_may_not_answer(said: Any) -> None:
    first, second = Scripted(RAN, said), Scripted(RAN, done())
    with Dialogue(scripted(first, second), steps("")) as talk:
        assert talk.run(0) == RAN
        died = talk.do(FETCH)
        assert isinstance(died, Died)
        assert died.reason == "crashed"
        assert first.closed
        assert isinstance(talk.do(Do("fetch", name="y")), Done)


def test_a_function_of_the_other_side_is_called_with_no_code() -> None:
    child = Scripted(CallBack(0, [nodes.CodeData("abs")]))
    with Dialogue(scripted(child), steps("")) as talk:
        asked = Do("set-attribute", name="f", args=[nodes.CallableData(0)])
        died = talk.do(asked, lambda _: Reply(ONE))
    assert died == Died("crashed", "sent what is sent to a child alone")


def test_an_iterator_that_gives_more_than_was_asked_for() -> None:
    many = nodes.Tree([nodes.ManyData("list", 2), ONE, ONE])
    for said in (many, ONE):
        child = Scripted(lambda asked, said=said: Done(asked.id, said))
        with Dialogue(scripted(child), steps("")) as talk:
            assert talk.do(Do("next", count=1)) == Died("crashed", "gave more than it was asked for")


@pytest.mark.parametrize("said", [CellRan(1, [], ""), Done(0, ONE)])
def test_what_a_child_may_not_say_of_a_cell(said: Any) -> None:
    with Dialogue(scripted(Scripted(said)), steps("")) as talk:
        assert talk.run(0) == Died("crashed", "spoke out of turn")


def test_who_does_nothing_is_forgiven_once() -> None:
    idle = ChildDiedError("timeout", "did nothing", idle=True)
    children = [Scripted(idle), Scripted(RAN, done(), idle), Scripted(RAN, done())]
    with Dialogue(scripted(*children), steps("")) as talk:
        assert talk.run(0) == RAN
        assert isinstance(talk.do(FETCH), Done)
        assert talk.do(FETCH) == Died("timeout", "did nothing")
        assert talk.do(FETCH) == Died("timeout", "did nothing")  # it is not asked again
        assert isinstance(talk.do(Do("fetch", name="y")), Done)


def test_a_question_is_forgiven_too() -> None:
    idle = ChildDiedError("timeout", "did nothing", idle=True)
    with Dialogue(scripted(Scripted(idle), Scripted(done())), steps("")) as talk:
        assert isinstance(talk.do(FETCH), Done)


def test_cells_that_die_as_they_run_again() -> None:
    crash = ChildDiedError("crashed", "now")
    idle = ChildDiedError("timeout", "did nothing", idle=True)
    children = [Scripted(RAN, crash), Scripted(idle), Scripted(crash), Scripted(done())]
    with Dialogue(scripted(*children), steps("")) as talk:
        talk.run(0)
        assert isinstance(talk.do(FETCH), Died)
        assert isinstance(talk.do(Do("fetch", name="y")), Done)
        assert talk.left_out == {0: Died("crashed", "now")}


def test_what_is_sent_and_what_is_dropped() -> None:
    child = Scripted(RAN)
    with Dialogue(scripted(child, Scripted(RAN, done())), steps("x = '\ud800'"), seed=3) as talk:
        talk.drop([1])
        talk.run(0)
        notebook, told = child.told
        assert isinstance(notebook, Notebook)
        assert (notebook.cells[0].source, notebook.seed, told) == ("x = '?'", 3, RunCell(0))
        talk.drop([1])
        assert child.closed
        assert isinstance(talk.do(FETCH), Done)


def test_the_text_of_what_cells_define_is_not_asked_of_a_child() -> None:
    cells = steps(
        "def f(): return 1", "class A:\n    def f(self): return 2", "f = None", "h = lambda x: (\n    x\n)"
    )
    handle = HandleData(7, "function", "function")
    with Dialogue(
        scripted(Scripted(*(CellRan(n, [], "") for n in range(4)), lambda d: Done(d.id, handle))), cells
    ) as talk:
        for step in cells:
            talk.run(step.index)
        assert talk.do(Do("source", name="f")) == Done(0, nodes.PlainData("def f(): return 1\n"))
        assert talk.do(Do("source", name="A.f")) == Done(0, nodes.PlainData("    def f(self): return 2\n"))
        assert talk.do(Do("source", name="h")) == Done(0, nodes.PlainData("h = lambda x: (\n    x\n)\n"))
        assert talk.do(Do("source", name="g")) == Failed(0, "OSError", "could not get source code")
        talk.do(Do("fetch", name="A"))
        assert talk.do(Do("source", 7)).value.value.startswith("class A")  # type: ignore[union-attr]
        assert isinstance(talk.do(Do("source", 8)), Failed)


# -------------------------------------------------------------------------------------------- files beside


@pytest.mark.parametrize("use_bubblewrap", [pytest.param(True, marks=parts.BUBBLEWRAP.mark), False])
def test_what_lies_beside_can_be_read_and_nothing_is_written(tmp_path: Path, use_bubblewrap: bool) -> None:
    parts.LINUX.require()
    beside, secret = tmp_path / "beside", tmp_path / "secret.txt"
    (beside / "data").mkdir(parents=True)
    (beside / "data" / "words.txt").write_text("a b")
    (beside / "helper.py").write_text("def words(): return open('data/words.txt').read().split()")
    secret.write_text("secret")
    cells = [
        "from helper import words",
        "with open('out.txt', 'w') as file: file.write('mine')",
        f"open({str(secret)!r}).read()",
        "import os, _io\ndef real(path): return _io.FileIO(path, 'w')",
        "mine = open('out.txt').read()",
    ]
    with Sandbox(LIMITS, folder=beside, lasting=True, use_bubblewrap=use_bubblewrap) as box:
        assert box.level == ("full" if use_bubblewrap else box.level)
        assert box.level != "none"
        with Asking(box.child, *cells) as asking:
            assert asking.call("words") == ["a", "b"]
            assert asking.fetch("mine") == "mine"
            assert asking.ran[2].exception in ("FileNotFoundError", "PermissionError")  # type: ignore[union-attr]
            for path in ("new.txt", "helper.py"):
                failed = asking.failed("call", "real", "", path)
                assert failed.exception in ("PermissionError", "OSError")
        with Asking(box.child, "found = open('out.txt').read()") as asking:
            assert asking.ran[0].exception == "FileNotFoundError"  # type: ignore[union-attr]
    assert sorted(path.name for path in beside.iterdir()) == ["data", "helper.py"]


def test_modules_are_there_from_the_start(box: Sandbox) -> None:
    with Asking(
        box.child, "import sys\nloaded = 'pandas' in sys.modules", modules=("pandas", "nowhere.at.all")
    ) as asking:
        assert asking.fetch("loaded") is True


def test_our_own_failure_is_raised() -> None:
    def start() -> Any:
        raise SandboxError("no process")

    with Dialogue(start, steps("")) as talk, pytest.raises(SandboxError):
        talk.run(0)
