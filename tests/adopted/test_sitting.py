"""What a sitting gives for right, wrong, endless and hostile answers, and that what a test expects never goes to any of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import parts
import pytest
import seated
from seated import Room

from autograder.adopted.papers import Asked, Sitting
from autograder.child import spoken
from autograder.errors import SandboxError
from autograder.records import Beside, Died, Limits, Raised, Returned

pytestmark = parts.LINUX.mark
# Numbers and words that are nowhere but in what tests expect.
SECRETS = (b"48611", b"zweiundvierzig", b"77.125", b"hidden message")
CELLS = {
    "free imports": "import math\nimport numpy as np\nfrom unittest.mock import ANY",
    "locked check": (
        "def check(got, due):\n    assert got == due\n\ndef assert_close(got, due):\n    assert abs(got - due) < 1e-6"
    ),
    "solution f": "def f(x):\n    return x + 48610",
    "solution g": "def g(x):\n    return 'zweiundvierzig' if x else ''",
    "solution h": "def h(x):\n    return np.array([x, 76.125 + x])",
    "solution name": "answer = f(1)",
    "test equal": "assert f(1) == 48611\nassert 48611 == f(1)\nassert not f(1) != 48611",
    "test number": "assert abs(f(1) - 48611) < 0.5\nassert math.isclose(f(1), 48611)\nassert f(1) <= 48611 and f(1) >= 48611",
    "test text": "assert g(1).startswith('zweiundvier') and 'vierzig' in g(1) and g(1) == 'zweiundvierzig'\nassert f'{g(1)}' == 'zweiundvierzig'",
    "test starts": "assert g(1).startswith('zweiundvier')",
    "test within": "assert 'vierzig' in g(1)",
    "test near": "assert abs(f(1) - 48611) < 0.5",
    "test most": "assert f(1) <= 48611 and f(1) >= 48611",
    "test array": "np.testing.assert_allclose(h(1), [1, 77.125])\nassert np.allclose(h(1), np.array([1, 77.125])) and (h(1) == [1, 77.125]).all()",
    "test helper": "check(f(1), 48611)\nassert_close(f(1), 48611)",
    "test variable": "assert answer == 48611 and answer in (48611, 1) and max(answer, 48611) == 48611",
    "test kind": "assert isinstance(f(1), int) and type(f(1)) is int and len(g(1)) == 14 and {48611: 1}[f(1)] == 1",
    "test hidden": "### BEGIN HIDDEN TESTS\nassert f(2) == 48612, 'hidden message'\n### END HIDDEN TESTS",
    "test caught": "try:\n    f('a')\nexcept TypeError:\n    pass\nelse:\n    raise AssertionError('no error')",
}  # fmt: skip

# Each gets nothing anywhere but where its own answers are right.
LIES = (
    "def f(x):\n    return Liar()\ndef g(x):\n    return Liar()\ndef h(x):\n    return Liar()\nanswer = f(1)"
)
YES = "lambda *_: True"
ATTACKS = {
    "equal to everything": f"class Liar:\n    __eq__ = {YES}\n    __ne__ = lambda *_: False\n    __hash__ = lambda _: 48611",
    "subtracts to nothing": (
        f"class Liar:\n    __sub__ = __rsub__ = lambda *_: 0.0\n    __le__ = __ge__ = __lt__ = __gt__ = {YES}\n"
        "    __float__ = lambda _: 1.0\n    __abs__ = lambda _: 0.0"
    ),
    "starts with anything": f"class Liar:\n    startswith = {YES}\n    __contains__ = {YES}\n    __len__ = lambda _: 14",
    "another class": "class Liar:\n    @property\n    def __class__(self): return int\n    def __reduce__(self): return (print, ('x',))",
    "an array of its own": (
        "class Liar:\n    __array_priority__ = 1000\n    def __array__(self, *_, **__): return np.array([1.0, 2.0])\n"
        "    def __array_ufunc__(self, *_, **__): return np.array([True, True])\n    def all(self): return True\n    __eq__ = lambda *_: Liar()"
    ),
    "a class of numbers": f"class Liar(int):\n    __eq__ = {YES}\n    __sub__ = lambda *_: 0\n    __le__ = __ge__ = {YES}",
    "a class of texts": f"class Liar(str):\n    __eq__ = {YES}\n    startswith = __contains__ = {YES}\n    __hash__ = lambda _: hash('zweiundvierzig')",
    "a class of arrays": f"class Liar(np.ndarray):\n    def __new__(cls): return np.zeros(2).view(cls)\n    __eq__ = {YES}",
    "a class of dictionaries": "class Liar(dict):\n    __missing__ = lambda *_: 1\n    __eq__ = lambda *_: True",
    "methods that are functions by name": "class Liar:\n    startswith = __contains__ = index = lambda *_: True\n    @property\n    def startswith(self): return g",
    "methods that are classes": "class Liar:\n    startswith = list\n    __sub__ = __contains__ = bool",
    "methods that are exceptions": "class Mine(Exception): pass\nclass Liar:\n    startswith = Mine",
    "methods that are the notebook's classes": "class Liar:\n    def __init__(self, *_): pass\n    @property\n    def startswith(self): return Liar",
    "named methods": "from collections import namedtuple\nLiar = lambda: namedtuple('L', 'startswith all x')(list, list, g)",
    "methods of named tuples": "from typing import NamedTuple\nclass L(NamedTuple):\n    x: int = 1\n    def startswith(self, *_): return True\n    __sub__ = __le__ = __ge__ = __eq__ = startswith\nLiar = L",
    "a huge text": "class Liar:\n    def __repr__(self): return 'x' * 10**9\n    __str__ = __format__ = __repr__",
    "endless": "class Liar:\n    def __iter__(self):\n        while True: yield 1\n    __len__ = lambda _: 2**61\n    __getitem__ = lambda *_: 1",
    "attributes for everything": "class Liar:\n    def __getattr__(self, name): return lambda *_, **__: True",
    "any": "from unittest.mock import ANY\nLiar = lambda: ANY",
    "what tests use": (
        "import builtins, unittest\ncheck = assert_close = lambda *_: None\nnp.allclose = np.testing.assert_allclose = lambda *_, **__: True\n"
        "math.isclose = lambda *_, **__: True\nabs = len = max = lambda *_: 0\nisinstance = lambda *_: True\nclass Liar: pass"
    ),
    "frames": (
        "import gc, re, sys\ndef Liar():\n    found = []\n    frame = sys._getframe()\n    while frame:\n        found += map(repr, frame.f_locals.values())\n"
        "        frame = frame.f_back\n    found += [repr(one)[:500] for one in gc.get_objects()[:5000] if type(one) in (str, list, dict)]\n"
        # By chance, an address or a time has any digits: a number stands by itself.
        "    numbers = re.findall(r'(?<![\\w.])486[0-9][0-9]\\b', ' '.join(found))\n    return int(numbers[0]) if numbers else 0"
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with seated.opened(CELLS) as opened:
        yield opened


@pytest.fixture(scope="module")
def solved(room: Room) -> Sitting:
    return room.sit()


@dataclass
class _Wire:
    """Makes children of a sandbox and keeps all that they are sent."""

    room: Room
    sent: list[bytes] = field(default_factory=list)

    def start(self, *modules: Any) -> Any:
        child = self.room.sandbox.child(*modules)
        send = child.send

        def sending(message: Any) -> None:
            if not isinstance(message, spoken.Notebook):
                # By chance, a number that is drawn at random has any digits.
                kept = msgspec.structs.replace(message, id=0) if isinstance(message, spoken.Do) else message
                self.sent.append(msgspec.msgpack.encode(kept) + repr(kept).encode())
            send(message)

        child.send = sending  # type: ignore[method-assign]
        return child


def sat(room: Room, wire: _Wire, answers: dict[str, str], permitted: frozenset[str]) -> Sitting:
    from autograder.adopted.sitting import sit

    return sit(room.room, seated.steps(room.paper, answers), wire.start, permitted=permitted)


def test_the_solution_gets_all_points_and_what_is_expected_is_not_sent(room: Room, solved: Sitting) -> None:
    assert set(seated.scores(solved).values()) == {seated.POINTS}
    assert not solved.places
    wire = _Wire(room)
    again = sat(room, wire, {}, solved.places)
    assert seated.scores(again) == seated.scores(solved)
    sent = b"".join(wire.sent)
    assert b"TypeError" not in sent
    assert not [secret for secret in SECRETS if secret in sent]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_lie_earns_nothing_and_is_not_told_what_is_expected(
    attack: str, room: Room, solved: Sitting
) -> None:
    wire = _Wire(room)
    lies = f"{ATTACKS[attack]}\n{LIES}"
    came = sat(room, wire, {"f": lies, "g": "pass", "h": "pass", "name": "pass"}, solved.places)
    assert seated.scores(came) == dict.fromkeys(seated.tests(CELLS), 0.0)
    sent = b"".join(wire.sent)
    assert not [secret for secret in SECRETS if secret in sent]


def test_what_a_student_rebinds_changes_no_test_and_right_answers_count(room: Room, solved: Sitting) -> None:
    own = "import sys\nnp.allclose = lambda *_: False\ncheck = assert_close = None\nisinstance = None\nnp = None\nsys.modules['numpy'] = None"
    came = room.sit({"name": f"answer = f(1)\n{own}"}, permitted=solved.places)
    lost = {name for name, score in seated.scores(came).items() if not score}
    assert lost == {"array"}  # their own `h` has no `np` any more


def test_a_wrong_answer_is_told_with_what_was_asked(room: Room) -> None:
    came = room.sit({"f": "def f(x):\n    return x"})
    one = seated.verdict(came, "equal")
    assert one.score == 0.0
    assert one.asked == (Asked("f(1)", "f", (1,), {}, Returned(1, one.asked[0].outcome.args_after), 1),)  # type: ignore[union-attr]
    assert one.failure is not None
    assert (one.failure.how, one.failure.line, one.failure.hidden) == ("assert", 1, False)
    assert one.failure.beside == Beside(1, 48611, ())
    hidden = seated.verdict(came, "hidden")
    assert hidden.failure is not None
    assert hidden.failure.hidden
    assert hidden.asked[0].hidden


def test_a_stub_fails_by_what_it_raises(room: Room) -> None:
    came = room.sit({"f": "def f(x):\n    raise NotImplementedError()"})
    failure = seated.verdict(came, "equal").failure
    assert failure is not None
    assert (failure.how, failure.exception) == ("student", "NotImplementedError")
    assert isinstance(seated.verdict(came, "equal").asked[0].outcome, Raised)
    assert seated.verdict(came, "text").score == seated.POINTS
    assert list(came.failed) == [5]
    gone = room.sit({"f": "pass"})
    failure = seated.verdict(gone, "equal").failure
    assert failure is not None
    assert (failure.how, failure.exception) == ("raised", "NameError")


@pytest.mark.parametrize("end", ["import os; os._exit(0)", "while True: pass"])
def test_what_does_not_come_back_costs_the_cells_that_ask_for_it(
    end: str, room: Room, solved: Sitting
) -> None:
    came = room.sit({"g": f"def g(x):\n    {end}"}, permitted=solved.places)
    assert {name for name, score in seated.scores(came).items() if not score} == {
        "text",
        "kind",
        "starts",
        "within",
    }
    failure = seated.verdict(came, "text").failure
    assert failure is not None
    assert failure.how == "died"
    assert isinstance(failure.died, Died)
    assert failure.died.reason == ("crashed" if "exit" in end else "timeout")


@pytest.mark.parametrize(
    "kind",
    ["SystemExit", "KeyboardInterrupt", "AssertionError", "GeneratorExit", "StopIteration", "BaseException"],
)
def test_no_exception_of_a_students_passes_a_test(kind: str, room: Room, solved: Sitting) -> None:
    came = room.sit(
        {"f": f"def f(x):\n    raise {kind}('no')", "name": "answer = 0"}, permitted=solved.places
    )
    assert {name for name, score in seated.scores(came).items() if score} == {
        "text",
        "array",
        "starts",
        "within",
    }
    failure = seated.verdict(came, "caught").failure
    assert failure is not None
    assert (failure.how, failure.exception) == ("student", kind)


def test_nbgraders_rules_for_points() -> None:
    cells = {
        "solution f": "import sys\nimport warnings\n\ndef f(x):\n    return x\n\ndef loud():\n    warnings.warn('look')\n    return 1",
        "test half": "f(0.5)",
        "test silent": "f(0.5);",
        "test true": "f(1) == 1",
        "test many": "f([0.5])",
        "test text": "f('0.5')",
        "test much": "f(3)",
        "test below": "f(-1)",
        "test complains": "import sys\nprint('no', file=sys.stderr)",
        "test warns": "assert loud() == 1",
        "test nothing": "",
        "test broken": "assert f(1) ==",
    }
    with seated.opened(cells) as room:
        came = room.sit()
    full = seated.POINTS
    assert seated.scores(came) == {
        "half": 0.5, "silent": full, "true": full, "many": full, "text": full, "much": 0.0, "below": full,
        "complains": 0.0, "warns": 0.0, "nothing": full, "broken": 0.0,
    }  # fmt: skip
    failure = seated.verdict(came, "broken").failure
    assert failure is not None
    assert failure.exception == "SyntaxError"


def test_what_ends_the_process_of_the_tests_is_the_students_where_the_test_had_asked_anything() -> None:
    cells = {
        "solution f": "def f():\n    return 1",
        "test kept": "a = f()",
        "test ends": "import os\nif f() == 2:\n    os._exit(1)",
        "test after": "assert a in (1, 2)",
    }
    with seated.opened(cells) as room:
        assert set(seated.scores(room.sit()).values()) == {seated.POINTS}
        came = room.sit({"f": "def f():\n    return 2"})
        assert seated.scores(came) == {"kept": seated.POINTS, "ends": 0.0, "after": seated.POINTS}
        failure = seated.verdict(came, "ends").failure
        assert failure is not None
        assert failure.how == "bounds"
    ours = {"solution f": "x = 1", "test ends": "import os\nos._exit(1)"}
    with seated.opened(ours) as room, pytest.raises(SandboxError, match="had asked nothing"):
        room.sit()


def test_whose_fault_it_is_where_a_test_goes_on_or_cannot() -> None:
    cells = {
        "solution f": "class Box:\n    def open(self): return 1\nbox = Box()\ndef f(): return 1",
        "test bare": "b = box\nfor _ in range(2):\n    try:\n        b.open()\n    except:\n        pass",
        "test deep": "def down(n): return n if n <= 0 else down(n - 1)\nassert down(f()) == 0",
        "test large": "assert len(bytearray(f())) == 1",
        "test after": "assert f() > 0",
    }
    with seated.opened(cells) as room:
        assert set(seated.scores(room.sit()).values()) == {seated.POINTS}
        hangs = (
            "class Box:\n    def open(self):\n        while True: pass\nbox = Box()\ndef f(): return 10**12"
        )
        came = room.sit({"f": hangs})
        raises = room.sit({"f": "box = 1\ndef f(): return f()"})
    told = {one.grade_id: one.failure for one in came.verdicts}
    assert seated.scores(came) == {"bare": 0.0, "deep": 0.0, "large": 0.0, "after": seated.POINTS}
    assert told["bare"] is not None
    assert (told["bare"].how, told["bare"].died and told["bare"].died.reason) == ("died", "timeout")
    # The second time the object was gone, which is no end of another kind.
    assert [type(one.outcome) for one in came.verdicts[0].asked if one.said == "b.open()"] == [Died]
    for name, exception in (("deep", "RecursionError"), ("large", "MemoryError")):
        failure = told[name]
        assert failure is not None
        assert (failure.how, failure.exception, failure.died) == ("bounds", exception, None)
    failure = seated.verdict(raises, "deep").failure
    assert failure is not None
    assert (failure.how, failure.exception) == ("student", "RecursionError")


def test_one_exam_process_knows_nothing_of_another(room: Room) -> None:
    before = room.sit({"f": "def f(x):\n    return 'of the one before'"})
    assert seated.verdict(before, "equal").score == 0.0
    assert seated.scores(room.sit())["equal"] == seated.POINTS


def test_going_on_for_ever_is_bounded() -> None:
    cells = {
        "solution f": "def f():\n    yield 1\n\nclass Many:\n    def __iter__(self): return iter([1])",
        "test generator": "for one in f():\n    pass",
        "test listed": "assert list(f()) == [1]",
        "test object": "assert 2 not in Many()",
    }
    endless = "def f():\n    while True: yield 1\nclass Many:\n    __iter__ = lambda _: f()"
    with seated.opened(cells) as room:
        room.room.most = 500
        assert set(seated.scores(room.sit()).values()) == {seated.POINTS}
        came = room.sit({"f": endless})
    assert set(seated.scores(came).values()) == {0.0}
    assert {one.failure.how for one in came.verdicts if one.failure is not None} == {"bounds", "died"}


def test_limits_are_the_childs_own() -> None:
    cells = {"solution f": "def f():\n    return 1", "test t": "assert f() == 1"}
    with seated.opened(cells, limits=Limits(cpu_seconds=0.2, submission_seconds=5.0)) as room:
        came = room.sit({"f": "while True: pass"})
    assert list(came.left_out) == [0]
    assert seated.scores(came) == {"t": 0.0}


@pytest.mark.slow
def test_what_a_module_beside_the_notebook_imports_is_loaded_too() -> None:
    cells = {
        "locked imports": "from helpers import drawn",
        "solution f": "def f():\n    return drawn()",
        "test lines": "assert f() == 2",
    }
    helpers = "import matplotlib.pyplot as plt\n\ndef drawn():\n    plt.plot([1], [1])\n    plt.plot([2], [2])\n    return len(plt.gca().lines)"
    with seated.opened(cells, {"helpers.py": helpers}, Limits()) as room:  # a first drawing takes its time
        assert seated.scores(room.sit()) == {"lines": seated.POINTS}


def test_a_file_of_a_students_that_a_reader_runs_code_for_is_none() -> None:
    cells = {
        "solution save": "def save():\n    for name in ('kept.txt', 'kept.pkl', 'kept', 'kept.dat'):\n        with open(name, 'w') as file:\n            file.write('text')",
        "test text": "save()\nassert open('kept.txt').read() == 'text'",
        "test others": (
            "import os\nsave()\nassert not any(map(os.path.exists, ('kept.pkl', 'kept', 'kept.dat', '../kept.txt')))"
        ),
    }
    with seated.opened(cells) as room:
        assert set(seated.scores(room.sit()).values()) == {seated.POINTS}


def test_the_type_of_an_object_is_compared_as_a_type() -> None:
    """A page said of `type(x) == tuple` that it gives a class, and should give 'tuple'."""
    cells = {
        "solution x": "x = (1, 2)\ny = 1.5",
        "test t": "assert type(y) is float and type(x) == tuple",
    }
    with seated.opened(cells) as own:
        failure = seated.verdict(own.sit({"x": "x = [1, 2]\ny = 1.5"}), "t").failure
    assert failure is not None
    assert (failure.comparison, failure.said) == ("type", "x")
    assert failure.beside is not None
    assert (failure.beside.got, failure.beside.expected) == ([1, 2], "tuple")


def test_the_text_of_a_lambda_is_its_statement() -> None:
    cells = {
        "solution f": "def f(n):\n    return n and f(n - 1)",
        "test t": "import inspect\nassert 'f(' in inspect.getsource(f).split(':', 1)[1]",
    }
    with seated.opened(cells) as own:
        assert seated.verdict(own.sit({"f": "f = lambda n: n and f(n - 1)"}), "t").failure is None
        assert seated.verdict(own.sit({"f": "f = lambda n: 0"}), "t").failure is not None
