"""Edits of proven code are tried where nothing locks code in: what is not proven never runs, and no edit goes on for long."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attacking import Attack, attacks

from autograder.data import Code, Seeded
from autograder.notebook import pure
from autograder.records import Case, Died, Outcome, Raised, Redefined, Returned
from autograder.selfcheck import proven
from autograder.selfcheck.proven import ProvenCode

MEAN = """
EPS = 1e-9
def total(x):
    t = 0.0
    for i in range(len(x) - 1):
        t += x[i]
    return t
def f(x):
    print("on the way")
    return total(x) / (len(x) + EPS)
"""
NUMBERS = Case("numbers", (np.array([1.0, 2.0, 6.0]),))


def code(*cells: str, name: str = "f") -> ProvenCode:
    extract = pure.extract(["import numpy as np\nimport itertools", *cells], name)
    assert extract is not None
    return ProvenCode(name, extract)


def edited(source: str, name: str = "f") -> tuple[Redefined, ...]:
    return (Redefined(name, 1, source),)


def tried(made: ProvenCode, *sources: str, case: Case = NUMBERS) -> list[Outcome]:
    """What each of these ways to write `f` gives."""
    with made:
        return [outcome for (outcome,) in made.outcomes([edited(source) for source in sources], [case])]


def values(outcomes: list[Outcome]) -> list[Any]:
    return [outcome.value for outcome in outcomes if isinstance(outcome, Returned)]


def test_an_edit_gives_what_the_code_would() -> None:
    helper = "def total(x):\n    t = 0.0\n    for i in range(len(x)):\n        t += x[i]\n    return t"
    with code(MEAN) as made:
        ((own,), (first,), (second,), (again,)) = made.outcomes(
            [(), edited(helper, "total"), edited("def f(x):\n    return x.missing"), ()], [NUMBERS]
        )
    assert values([own, first, again]) == [pytest.approx(1.0), pytest.approx(3.0), pytest.approx(1.0)]
    assert isinstance(second, Died)  # a name that nothing proven has
    assert made.died is None


def test_what_an_edit_raises_and_changes_is_told_and_changes_nothing_for_the_next() -> None:
    raises, changes, plain = tried(
        code("def f(x):\n    return x"),
        "def f(x):\n    return x[9]",
        "def f(x):\n    x[0] = 5\n    return x.sum()",
        "def f(x):\n    return x.sum()",
    )
    assert isinstance(raises, Raised)
    assert raises.exception == "IndexError"
    assert isinstance(changes, Returned)
    assert changes.value == 13
    assert np.array_equal(changes.args_after[0], [5, 2, 6])  # type: ignore[arg-type]
    assert values([plain]) == [9]


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    return open('made-by-an-edit', 'w')",
        "def f(x, o=open('made-by-an-edit', 'w')):\n    return x",
        "def f(x: open('made-by-an-edit', 'w')):\n    return x",
        "def f(x):\n    return x.tofile('made-by-an-edit')",
        "def f(x):\n    return np.save('made-by-an-edit', x)",
        "def f(x):\n    return __import__('os').system('touch made-by-an-edit')",
        "open('made-by-an-edit', 'w')\ndef f(x):\n    return x",
        "@open('made-by-an-edit', 'w').write\ndef f(x):\n    return x",
        "f = open('made-by-an-edit', 'w')",
        "f = lambda x: open('made-by-an-edit', 'w')",
        "class f:\n    open('made-by-an-edit', 'w')",
        "def g(x):\n    return x",
        "def f(x):\n    global f\n    f = 3",
        "def f(x):\n    return np.empty(3)",
        "def f(x):\n    __autograder_meter.steps = 10**9\n    return x",
        "def f(x):\n    return __autograder_meter",
        "def f(x):\n    return seen.append(x)",
        "def f(x):\n    yield x",
        "def f(x:",
        "if True:\n    def f(x):\n        return x",
    ],
)
def test_what_is_not_proven_never_runs(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = code("seen = []", "def f(x):\n    return x")
    assert [type(outcome) for outcome in tried(made, source, "def f(x):\n    return x")] == [Died, Returned]
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "i = 0\n    while i < len(x):\n        y = i\n    return y",
        "return f(x)",
        "return [0] * 10**12",
        "return np.ones((len(x) * 10**5, 10**5))",
        "return list(itertools.count())",
        "return 10 ** 10 ** 10",
        "y = [x]\n    for i in range(100):\n        y = y + y\n    return y",
    ],
)
def test_an_edit_that_would_not_end_or_take_all_memory_is_stopped_and_the_next_one_is_tried(
    body: str,
) -> None:
    endless, plain = tried(
        code("def f(x):\n    return x"), f"def f(x):\n    {body}", "def f(x):\n    return x[0]"
    )
    assert isinstance(endless, Raised)
    assert endless.exception in ("TooManyStepsError", "RecursionError")
    assert values([plain]) == [1]


def test_code_that_never_ends_itself_has_edits_that_do() -> None:
    own = "def f(x):\n    i = 0\n    while i < len(x):\n        t = x[i]\n    return t"
    (mended,) = tried(code(own), own.replace("t = x[i]", "t = x[i]; i += 1"))
    assert values([mended]) == [6]


def test_all_edits_together_may_take_so_many_steps_and_no_more() -> None:
    made = code("def f(x):\n    return x")
    endless = "def f(x):\n    while True:\n        pass"
    with made:
        found = made.outcomes([edited(endless)] * 1000, [NUMBERS])
        assert 50 < len(found) < 1000
        assert made.died is not None
        assert made.outcomes([edited(endless)], [NUMBERS]) == []


def test_nothing_that_an_edit_prints_or_warns_of_comes_out(capsys: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        assert len(tried(code(MEAN), "def f(x):\n    print('look')\n    return np.log(-x) / 0")) == 1
    assert not warned
    assert capsys.readouterr().out == ""


def test_what_is_printed_is_the_answer_where_that_is_asked() -> None:
    case = Case("numbers", (3,), asks="printed")
    (printed,) = tried(code("def f(n):\n    print(n)"), "def f(n):\n    print(n + 1)", case=case)
    assert values([printed]) == ["4\n"]


def test_functions_and_random_generators_may_be_arguments() -> None:
    case = Case("a function", (Code("lambda x: x + 1"), Seeded(7)))
    given = "def f(g, rng):\n    return g(3) + 0 * rng.normal()"
    (value,) = values(tried(code("def f(g, rng):\n    return 3"), given, case=case))
    assert value == 4


def test_it_takes_no_thread_and_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> None:
        raise OSError("there are none here")

    monkeypatch.setattr(threading.Thread, "start", none)
    monkeypatch.setattr(subprocess.Popen, "__init__", none)
    monkeypatch.setattr(os, "fork", none, raising=False)
    before = sys.gettrace()
    assert values(tried(code(MEAN), "def f(x):\n    return x.mean()")) == [3]
    assert sys.gettrace() is before


@pytest.mark.parametrize(
    "cell",
    [
        "def f(x):\n    return np.random.rand()",
        "def f(x):\n    return open(x)",
        "seen = []\ndef f(x):\n    seen.append(x)\n    return seen",
        "class f:\n    pass",
        "exec('def f(x): return x')",
        "@print\ndef f(x):\n    return x",
        "if True:\n    def f(x):\n        return x",
        "def f(x):\n    return x\nf = [f]",
        "from math import *\ndef f(x):\n    return x",
        "def f(x)\n    return x",
        "def g(x):\n    return x",
        "def f(x):\n" + "    x = x + 1\n" * 20_000 + "    return open(x)",
        "def f(x):\n    return " + "-" * 5000 + "x",
    ],
)
def test_nothing_is_tried_of_code_that_is_not_proven(cell: str) -> None:
    assert pure.extract(["import numpy as np", cell], "f") is None


def test_cells_that_are_not_needed_neither_run_nor_stand_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = code(
        "import os\nopen('made-by-a-cell', 'w')\nplt.plot([1])",
        "%matplotlib inline\nx = np.random.rand(3)\nclass C: pass",
        "def draw(x):\n    plt.plot(x)",
        "from scipy.special import softmax as other",
        "for i in range(3):\n    print(i)",
        MEAN,
        "f(x)",
    )
    assert len(values(tried(made, "def f(x):\n    return x"))) == 1
    assert not [*tmp_path.iterdir()]


def test_a_call_has_several_times_the_steps_of_the_code_itself() -> None:
    slow = "def f(x):\n    t = 0\n    for i in range({}):\n        t += 1\n    return t"
    short, long = code("def f(x):\n    return x"), code(slow.format(2000))
    assert [type(one) for one in tried(short, slow.format(100), slow.format(3000))] == [Returned, Raised]
    assert [type(one) for one in tried(long, slow.format(3000), slow.format(19_000))] == [Returned, Raised]


def test_so_many_edits_are_tried_and_no_more() -> None:
    made = code("def f(x):\n    return x")
    with made:
        found = made.outcomes([edited("def f(x):\n    return x")] * 3000, [NUMBERS])
    assert 500 < len(found) < proven.ALL_STEPS / proven.AN_EDIT
    assert made.died is not None


@pytest.mark.parametrize("attack", [one for one in attacks() if one.edit], ids=lambda attack: attack.name)
def test_an_attack_by_an_edit_never_runs_or_is_stopped(
    attack: Attack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a child is locked in for, as `tests/attacks` has it, does not even begin where nothing locks it in."""
    monkeypatch.chdir(tmp_path)
    extract = pure.extract(["import numpy as np", *attack.cells], "f")
    if extract is not None:
        case = Case("an array", (np.array([1.0, 2.0, 4.0]),))
        hostile, plain = tried(
            ProvenCode("f", extract), attack.edit, "def f(a):\n    return a + 1", case=case
        )
        # The edit of one is honest, and what it patches stands in a cell that is never run here.
        assert isinstance(hostile, Returned) == (attack.name == "edit_patched_search")
        assert isinstance(plain, Returned)
    assert not [*tmp_path.iterdir()]
