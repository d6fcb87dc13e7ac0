"""What students may try against test cells of their instructor's, which passes under nbgrader or would in a plain stand-in."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import parts
import pytest
import seated
from seated import Room

from autograder.adopted import guards
from autograder.adopted.papers import Sitting
from autograder.child import lockin
from autograder.data import Other
from autograder.records import Returned

pytestmark = parts.LINUX.mark
SOLUTION = """\
import pickle

class Pair:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __eq__(self, other):
        return (self.x, self.y) == (other.x, other.y)

    def __repr__(self):
        return f"Pair({self.x}, {self.y})"

def word(n):
    return "w" * n

def made(n):
    return "w" * n

def written(value):
    return repr(value)

def stored(value):
    return pickle.dumps(value)

def path():
    open("own.txt", "w").close()
    return "own.txt"

def applied(function, value):
    return function(value)

def one():
    return 1

def many(n):
    yield from range(n)
"""
CELLS = {
    "free imports": "import os\nimport pickle",
    "solution all": SOLUTION,
    "test method": "assert word(3).startswith('www')",
    "test object": "assert made(3).startswith('www')",
    "test oracle": "### BEGIN HIDDEN TESTS\ndef reference(n):\n    return 'w' * n\n\nassert word(7) == reference(7)\n### END HIDDEN TESTS",
    "test text": "p = Pair(1, -2)\nassert eval(repr(p)) == p\nassert eval(written([1, 'a'])) == [1, 'a']",
    "test texts": "exec('found = 1 + len(word(2))')\nassert found == 3 and eval('found * 2') == 6 and eval(compile('[found]', '', 'eval')) == [3]",
    "test pickle": "assert pickle.loads(stored({'a': {1, 2}, 'b': 2j})) == {'a': {1, 2}, 'b': 2j}",
    "test called": "assert applied(lambda value: one() + value, 2) == 3",
    "test exceeded": "assert applied(lambda value: sum(many(value)), 3) == 3",
    "test path": "os.remove(path()) if os.path.exists(path()) else None",
}  # fmt: skip
ATTACK = """\
import pickle

reference = None

class Lie:
    def __init__(self, what):
        self.what = what

    def __getattr__(self, name):
        return self.what

class Made:
    def __call__(self, n):
        return True if isinstance(n, str) else Lie(self)

made = Made()

class Pair:
    def __init__(self, *_): pass
    def __repr__(self): return "{run}"

def word(n):
    if isinstance(n, str):
        return True
    return Lie(word) if n < 7 else reference(n)

def written(value):
    return "{run}"

class Runs:
    def __reduce__(self):
        return eval, ("{run}",)

def stored(value):
    return pickle.dumps(Runs())

def path():
    return "{victim}"

def applied(function, value):
    return function(value)

def one():
    raise SystemExit("ended")
"""


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with seated.opened(CELLS) as opened:
        yield opened


@pytest.fixture(scope="module")
def solved(room: Room) -> Sitting:
    return room.sit()


@pytest.fixture(scope="module")
def attacked(room: Room, solved: Sitting, tmp_path_factory: pytest.TempPathFactory) -> tuple[Sitting, Path]:
    folder = tmp_path_factory.mktemp("attacked")
    (folder / "grades.txt").write_text("1", "utf-8")
    answer = ATTACK.replace("{run}", f"open('{folder / 'ran'}', 'w').close() or p")
    answer = answer.replace("{victim}", str(folder / "grades.txt"))
    return room.sit({"all": answer}, permitted=solved.places), folder


def test_the_solution_has_all_points(solved: Sitting) -> None:
    assert {one.grade_id: one.failure for one in solved.verdicts if one.failure is not None} == {}


@pytest.mark.parametrize(
    ("name", "exception"),
    {
        # What an object gives for any attribute is the notebook's own function, which may be handed anything by its name.
        "method": "OutOfPlaceError",
        "object": "OutOfPlaceError",
        # By a name that only the student has, a test's function is what is due.
        "oracle": "TypeError",
        "text": "RefusedError",
        "pickle": "RefusedError",
        # In a function of the test's that student code calls: it goes on through their code.
        "called": "SystemExit",
    }.items(),
)
def test_no_points_are_had(attacked: tuple[Sitting, Path], name: str, exception: str) -> None:
    failure = seated.verdict(attacked[0], name).failure
    assert failure is not None
    assert failure.exception == exception


def test_nothing_of_a_students_runs_with_the_tests(attacked: tuple[Sitting, Path]) -> None:
    assert not (attacked[1] / "ran").exists()


@pytest.mark.skipif(not lockin.landlock_version(), reason="this kernel has no Landlock")
def test_a_path_that_student_code_gives_leads_nowhere_else(attacked: tuple[Sitting, Path]) -> None:
    assert (attacked[1] / "grades.txt").exists()
    failure = seated.verdict(attacked[0], "path").failure
    assert failure is not None
    assert failure.exception == "PermissionError"


def test_a_syntax_tree_is_looked_at_as_its_text() -> None:
    """`compile(ast.parse(inspect.getsource(f)), …)` ran student code with the tests."""
    compiled = guards.evaluators(["x  =  1", "def", "\0"], [])["compile"]
    with pytest.raises(guards.RefusedError, match="not the test's own"):
        compiled(ast.parse("import os"), "<test>", "exec")
    for own, mode in (("x = 1", "exec"), ("[1, 2]", "eval")):
        assert compiled(ast.parse(own, mode=mode), "<test>", mode)


def test_bytes_are_no_text_of_a_test_s() -> None:
    for run in guards.evaluators(["1 + 1"], []).values():
        with pytest.raises(guards.RefusedError, match="bytes are not run here"):
            run(b"1 + 1")


@pytest.mark.parametrize(
    "told",
    [
        "def written(value): return b'1'",
        "def written(value): return '__import__(\"os\")'",
        "def written(value): return '('",
        "def written(value): return 'pickle'",
    ],
)
def test_a_text_that_makes_no_value_is_not_run(room: Room, solved: Sitting, told: str) -> None:
    answers: Mapping[str, str] = {"all": f"{SOLUTION}\n{told}"}
    failure = seated.verdict(room.sit(answers, permitted=solved.places), "text").failure
    assert failure is not None
    assert failure.exception == "RefusedError"


def test_a_bound_that_is_met_in_a_function_that_student_code_calls_is_not_handled_by_it(
    room: Room, solved: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "def applied(function, value):\n    try:\n        return function(1000)\n    except BaseException:\n        return 3"
    monkeypatch.setattr(room.room, "most", 100)
    failure = seated.verdict(
        room.sit({"all": f"{SOLUTION}\n{told}"}, permitted=solved.places), "exceeded"
    ).failure
    assert failure is not None
    assert failure.exception == "BoundsError"


@pytest.mark.slow
def test_of_large_values_that_a_function_gives_the_last_few_are_kept() -> None:
    cells = {
        "solution big": "def big(n):\n    return 'x'",
        "test big": "found = [len(big(n)) for n in range(20)]\nassert found == [1] * 20",
    }
    with seated.opened(cells) as own:
        many = own.sit({"big": "def big(n):\n    return ['x' * 9 for _ in range(15_000)]"})
        long = own.sit({"big": "def big(n):\n    return 'x' * 2_000_000"})
        other = own.sit(
            {
                "big": "from fractions import Fraction\ndef big(n):\n    return {(Fraction(1, 2), 1): {Fraction(1)}, 3: 2}"
            }
        )
    # Of the closed union there is no such key, and what is told of a failure is told of that alone.
    assert {one.outcome for one in seated.verdict(other, "big").asked} == {
        Returned(Other("dict"), (Other(""),))
    }
    assert 1 <= len(seated.verdict(many, "big").asked) < 15
    assert {one.outcome for one in seated.verdict(long, "big").asked} == {
        Returned(Other("value of more than is kept"), (Other(""),))
    }


def test_a_pickle_that_changes_a_class_earns_nothing_there_and_later() -> None:
    """`BUILD` sets attributes of a class too, and then any two would be equal."""
    cells = {
        "free imports": "import pickle",
        "locked box": "class Box:\n    def same(self, other):\n        return False",
        "solution stored": "def stored(value):\n    return pickle.dumps(value)",
        "test stored": "assert pickle.loads(stored(2)) == 2 or Box().same(1)\nassert type(pickle.loads(pickle.dumps(Box()))) is Box",
        "test later": "assert stored(1) and not Box().same(1)",
    }
    told = "def stored(value):\n    return b'c__main__\\nBox\\n(N(dVsame\\ncbuiltins\\nbool\\nstb.'"
    with seated.opened(cells) as own:
        assert set(seated.scores(own.sit()).values()) == {seated.POINTS}
        came = own.sit({"stored": told})
    failure = seated.verdict(came, "stored").failure
    assert failure is not None
    assert failure.exception == "RefusedError"
    assert seated.scores(came)["later"] == seated.POINTS
