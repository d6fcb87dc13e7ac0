"""Code that carries anything from call to call, or reaches out, is not proven; nearly all honest code is."""

from __future__ import annotations

import ast
import collections
import copy
import functools
import inspect
import itertools
import random
import re
import sys
import types
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from harmful import HARM, HONEST, IMPORTS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from programs import program
from repository import REPOSITORY

from autograder.notebook import harmless, pure


def why_not(code: str, *, given: str = IMPORTS) -> str | None:
    """What keeps a program with the function `f` from being proven."""
    return pure.why_not([code], ["f"], [given])


# ---------------------------------------------------------------------------------------- what is not proven


def test_what_does_harm_is_not_proven() -> None:
    proven = [(kind, code) for kind, codes in HARM.items() for code in codes if why_not(code) is None]
    assert proven == []


LONG = {
    "a variable again and again": "def f(x):\n" + "    x = x + 1\n" * 700 + "    return open(x)",
    "a constant again and again": "A = 1\n" + "A = A\n" * 500 + "def f(x):\n    return open(x)",
    "arrays again and again": "def f(x):\n"
    + "    o = np.zeros(3)\n" * 800
    + "    np.exp(x, out=o, where=x)\n" * 130,
    "functions of functions": "seen = []\ndef f(x):\n    return f130(x)\ndef f0(x):\n    return seen\n"
    + "".join(f"def f{n}(x):\n    return f{n - 1}(x)\n" for n in range(1, 131)),
    "more statements than are looked at": "x = 1\n" * 1600 + "def f(x):\n    return x",
    "a long list": "def f(x):\n    return [" + "x, " * 2_700 + "open(x)]",
    "attributes of attributes": "def f(x):\n    return x" + ".T" * 40_000,
}


@pytest.mark.parametrize("code", LONG.values(), ids=LONG)
def test_what_is_long_takes_a_number_of_steps_that_grows_with_it_and_no_faster(code: str) -> None:
    steps = 0

    def count(*_: object) -> None:
        nonlocal steps
        steps += 1

    sys.setprofile(count)
    try:
        assert why_not(code) is not None
        assert pure.extract([IMPORTS, code], "f") is None
    finally:
        sys.setprofile(None)
    assert steps < 450 * len(code)


@pytest.mark.parametrize(
    "code", ["def f(:", "x" * 100_001, "f = " + "(" * 150 + "1" + ")" * 150, "f = " + "-" * 5000 + "1"]
)
def test_what_cannot_be_read_is_not_proven(code: str) -> None:
    assert why_not(code) is not None


@pytest.mark.parametrize(
    "first", ["%matplotlib inline\n", "\n%load_ext autoreload\n%autoreload 2\n", "%config a.b = c\n"]
)
def test_magics_that_do_nothing_may_begin_a_cell(first: str) -> None:
    assert why_not(f"{first}def f(x):\n    return x") is None
    assert why_not(f"{first}def f(x):\n    return open(x)") == f"line {first.count(chr(10)) + 2}: calls open"


@pytest.mark.parametrize(
    "source",
    [
        "%%time\n%matplotlib inline\ndef f(x):\n    return x",
        "%matplotlib inline \\\ndef f(x):\n    return x",
        "%matplotlib?\ndef f(x):\n    return x",
        "%matplotlib 'inline\ndef f(x):\n    return x",
        "%time seen = []\ndef f(x):\n    return x",
        "%run other.py\ndef f(x):\n    return x",
        "x = 1\n%matplotlib inline\ndef f(x):\n    return x",
        "x = %time 1\ndef f(x):\n    return x",
    ],
)
def test_what_else_ipython_makes_of_a_cell_is_not_guessed(source: str) -> None:
    assert why_not(source) == "it is no Python"


def test_the_line_of_the_reason_is_told() -> None:
    assert why_not("def f(x):\n    y = 1\n    return open(x)") == "line 3: calls open"


# -------------------------------------------------------------------------------------------- what is proven


def test_what_is_honest_is_proven() -> None:
    unproven = [(code, why) for code in HONEST if (why := why_not(code)) is not None]
    assert unproven == []


def examples() -> Iterator[tuple[str, str, str]]:
    """The programs of all examples: the function's name, the heading, the code."""
    for path in sorted(REPOSITORY.glob("solutions/*/examples/*.py")) + sorted(
        REPOSITORY.glob("docs/gallery/solutions/*/examples/*.py")
    ):
        for part in re.split(r"^# %% ?", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            heading, _, code = part.partition("\n")
            yield path.stem, heading, code


# What keeps something, or may; an object, a drawing, a table of pandas, a variable and a method that nothing has;
# functions that are held in a list or handed on; the limits of a type.
_TOO_MUCH = re.compile(
    r"class |\bplt\b|\bpd\b|sales|np\.random|np\.empty|^import (os|ctypes)|import (os|ctypes)$|^@|wrapped|wraps"
    r"|makers = |parts = |around\(|np\.finfo|general\.(uses-globals|raises)|^week|rain",
    re.MULTILINE,
)


def test_nearly_all_honest_code_is_proven() -> None:
    every = [*examples()]
    reasons = {
        (name, heading): why
        for name, heading, code in every
        if (why := pure.why_not([code], [name], ["import numpy as np"])) is not None
    }
    strange = {key: why for key, why in reasons.items() if not any(
        _TOO_MUCH.search(f"{heading}\n{code}") for name, heading, code in every if (name, heading) == key
    )}  # fmt: skip
    assert not strange
    assert len(reasons) < len(every) / 8


def test_of_a_notebook_only_what_a_function_needs_is_taken_out() -> None:
    taken = pure.extract([IMPORTS, "A = 1\nx = []", "def g(x):\n    return h(x)\ndef h(x):\n    return x + A",
        "def far(x):\n    return f(x)\ndef f(x):\n    return g(x)", "import os\nos.getcwd()"], "f")  # fmt: skip
    assert taken is not None
    made = [getattr(one, "name", ast.unparse(one)) for one in taken.statements]
    assert made == [*IMPORTS.splitlines(), "A = 1", "g", "h", "f"]


def test_what_the_handout_binds_may_be_used_as_far_as_it_is_proven() -> None:
    def of(handout: str, body: str) -> str | None:
        return pure.why_not([f"def f(x):\n    return {body}"], ["f"], [IMPORTS, handout])

    assert of("def g(x):\n    return h(x)\ndef h(x):\n    return np.exp(x)", "g(x)") is None
    assert of("import os\nseen = []\nclass C: pass", "np.exp(x)") is None
    # The name of a parameter, read where its default is.
    hidden = "def f(x, float=float):\n    float.append(x)\n    return len(float)"
    assert pure.why_not([hidden], ["f"], [IMPORTS, "float = []"]) is not None
    for handout, body in [
        ("seen = []", "seen.append(x)"),
        ("seen = []\ndef g(x):\n    return [y for seen in [seen] for y in [seen.append(1)]]", "g(x)"),
        ("import os", "os.getcwd()"),
        ("import os as g", "g(x)"),
        ("from os import getcwd as g", "g()"),
        ("class C: pass", "C()"),
        ("seen = []\ndef g(x):\n    seen.append(x)\n    return len(seen)", "g(x)"),
        ("seen = []\ndef g(x):\n    return h(x)\ndef h(x):\n    return seen", "g(x)"),
        ("if True:\n    def g(x):\n        return x", "g(x)"),
        ("from numpy import *", "exp(x)"),
        ("try:\n    pass\nexcept ValueError as e:\n    pass", "e.args"),
    ]:
        assert of(handout, body) is not None, handout


# ---------------------------------------------------------------------------- made programs, and how they run

POISONS = (1.0, -7.5)
FULL = {
    value: [np.full((9, size), value) for size in (1, 2, 3, 4, 6, 9, 12, 18, 27, 500)] for value in POISONS
}


def poison(value: float) -> None:
    """Leaves this value in the memory that is free: in NumPy's own store of small pieces, and in larger ones."""
    for full in FULL[value]:
        del [row.copy() for row in full][:]


def text(value: Any) -> str:
    try:
        return repr(value)
    except ValueError:  # a Counter of arrays has none
        return "no text"


def outcome(function: Any, args: tuple[Any, ...]) -> str:
    """What a call gives, and what it makes of its arguments."""
    args = copy.deepcopy(args)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return text((function(*args), args))
    except Exception as error:
        return text((type(error), str(error), args))


def run(code: str) -> dict[str, Any]:
    """What the cells of a program bind."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(IMPORTS, namespace)
    try:
        exec(compile(code, "<program>", "exec"), namespace)
    except Exception:
        return {}
    return namespace


def codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from codes(constant)


def is_fixed(value: Any) -> bool:
    """Whether a variable of the notebook is nothing that a call can change."""
    if isinstance(value, tuple):
        return all(map(is_fixed, value))
    kept = [getattr(value, "__defaults__", None) or (), getattr(value, "__closure__", None) or ()]
    is_code = (
        inspect.isroutine(value)
        or inspect.ismodule(value)
        or inspect.isclass(value)
        or isinstance(value, np.ufunc)
    )
    return (is_code and all(map(is_fixed, kept))) or isinstance(
        value, int | float | complex | str | bytes | np.generic | None
    )


ARGUMENTS = (
    (np.array([[1.0, -2.0], [0.5, 3.0]]), 2),
    ([3, [1, 2], 2], 1),
    ("one two one", 2),
    ({"a": 1, "b": [2]}, "a"),
    (np.arange(3.0), np.arange(3.0)),
    (3, 2.5),
)


@settings(max_examples=2 * settings.default.max_examples, suppress_health_check=list(HealthCheck))
@given(st.integers(min_value=0, max_value=2**32))
def test_what_is_proven_gives_the_same_after_any_calls(seed: int) -> None:
    chance = random.Random(seed)
    code = program(chance)
    if pure.why_not([code], ["f", "g"], [IMPORTS]) is not None:
        return
    fresh = []
    for args in ARGUMENTS:  # each in a notebook of its own
        namespace = run(code)
        fresh += [outcome(namespace.get(name), args) for name in ("f", "g")]
    namespace = run(code)
    for name in ("f", "g"):
        if isinstance(function := namespace.get(name), types.FunctionType):
            read = {name for one in codes(function.__code__) for name in one.co_names}
            changing = {key for key in read & set(namespace) if not is_fixed(namespace[key])}
            assert not changing, code
    calls = [
        (number, name, args)
        for number, (args, name) in enumerate((a, n) for a in ARGUMENTS for n in ("f", "g"))
    ]
    for poisoned in POISONS:
        chance.shuffle(calls)
        for number, name, args in calls * 2:
            poison(poisoned)
            assert outcome(namespace.get(name), args) == fresh[number], code


@settings(max_examples=2 * settings.default.max_examples, suppress_health_check=list(HealthCheck))
@given(
    st.integers(min_value=0, max_value=2**32),
    st.sampled_from([code for codes in HARM.values() for code in codes]),
)
def test_harm_beside_an_honest_program_is_not_proven(seed: int, code: str) -> None:
    chance = random.Random(seed)
    honest = program(chance, harm=False).replace("def f(", "def one(").replace("def g(", "def two(")
    assert pure.why_not(chance.sample([honest, code], 2), ["f"], [IMPORTS]) is not None


def test_enough_made_programs_are_proven_and_enough_are_not() -> None:
    proven = [
        pure.why_not([program(random.Random(seed))], ["f", "g"], [IMPORTS]) is None for seed in range(200)
    ]
    assert 20 < sum(proven) < 180
    honest = [
        pure.why_not([program(random.Random(seed), harm=False)], ["f", "g"], [IMPORTS]) for seed in range(200)
    ]
    assert not [why for why in honest if why is not None]


# ------------------------------------------------------------------------------------- what the lists let through

_TRIED: tuple[Any, ...] = (
    np.array([[1.0, 2.0, 0.5], [0.0, -3.0, 4.0], [2.0, 1.0, 1.0]]),
    np.array([1, 0, 2]),
    np.array([True, False, True]),
    np.array([], dtype=float),
    np.zeros((3, 0)),
    np.zeros((0, 3)),
    np.arange(6, dtype=np.float32).reshape(2, 3),
    [[1.0, 2.0], [3.0, 4.0]],
    2,
    1.5,
    (3, 2),
    "abc",
    None,
)
_WORDS: tuple[dict[str, Any], ...] = ({}, {"axis": 0}, {"dtype": "V9"}, {"dtype": object}, {"keepdims": True})


def test_memory_that_nobody_wrote_would_be_seen() -> None:
    given = []
    for poisoned in POISONS:
        poison(poisoned)
        given.append(outcome(np.empty, (3,)))
    assert len(set(given)) == 2


_NUMPY = {
    **{name: getattr(np, name, None) for name in sorted(harmless.NUMPY_FUNCTIONS | harmless.NUMPY_TYPES)},
    **{f"linalg.{name}": getattr(np.linalg, name, None) for name in sorted(harmless.LINALG)},
}


def called(name: str, owner: Any, *args: Any) -> Any:
    """What the owner's method of this name gives."""
    return getattr(owner, name)(*args)


def gives_one(function: Any, args: tuple[Any, ...]) -> bool:
    """Whether a call gives the same whatever was in the memory that is free."""
    given = set()
    for poisoned in POISONS:
        poison(poisoned)
        given.add(outcome(function, args))
    return len(given) == 1


@pytest.mark.slow
def test_no_function_of_numpy_that_is_let_through_gives_memory_that_nobody_wrote() -> None:
    there = {name: function for name, function in _NUMPY.items() if function is not None}
    for name, function in there.items():
        chance = random.Random(name)
        for count, words in itertools.product((1, 2, 2, 3), _WORDS):
            for _ in range(2):
                args = tuple(chance.choice(_TRIED) for _ in range(count))
                assert gives_one(functools.partial(function, **words), args), (name, args, words)


@pytest.mark.slow
def test_no_method_that_is_let_through_writes_a_file_or_gives_memory_that_nobody_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame({"a": [1.0, 2.0], "b": ["x", "y"]})
    more = (
        table,
        table["a"],
        {"a": 1},
        {1, 2},
        "a b",
        b"ab",
        collections.Counter("abca"),
        collections.deque([1, 2]),
    )
    for name in sorted(harmless.METHODS):
        chance = random.Random(name)
        for owner in (*_TRIED, *more):
            if not hasattr(owner, name):
                continue
            for count in (0, 1, 1, 2):
                args = tuple(chance.choice(_TRIED) for _ in range(count))
                call = functools.partial(called, name)
                assert gives_one(call, (owner, *args)), (name, owner, args)
        assert not [*tmp_path.iterdir()], name


def test_every_name_that_is_let_through_is_one_of_its_module_in_some_version() -> None:
    least = 0.6 if np.__version__.startswith("1.") else 0.85  # 1.26 has 18 of the 29 in numpy.linalg
    for module, names in {**harmless.CALLED, **harmless.VALUES}.items():
        there = vars(__import__(module, fromlist=["*"]))
        known = [name for name in names if name in there]
        assert len(known) >= least * len(names), module
        assert not [
            name
            for name in known
            if isinstance(there[name], list | dict | set | np.ndarray | types.ModuleType)
        ]
