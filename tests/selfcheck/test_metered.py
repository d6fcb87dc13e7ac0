"""What is metered does what it did before, and is stopped where it would do too much, the same on every machine."""

from __future__ import annotations

import ast
import copy
import random
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from harmful import HONEST, IMPORTS
from programs import program

from autograder.child.allowance import TooManyStepsError
from autograder.notebook import pure
from autograder.selfcheck.meter import DEEP, Meter
from autograder.selfcheck.metered import METER, metered

ARGUMENTS: tuple[tuple[Any, ...], ...] = (
    (np.array([[1.0, -2.0], [0.5, 3.0]]), 2),
    ([3, [1, 2], 2], 1),
    ("one two one", 2),
    ({"a": 1, "b": [2]}, "a"),
    (np.arange(3.0), np.arange(3.0)),
    (3, 2.5),
    (np.arange(1, 5),),
)


def outcome(function: Any, args: tuple[Any, ...]) -> str:
    args = copy.deepcopy(args)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return repr((function(*args), args))
    except Exception as error:
        return repr((type(error), str(error), args))


def namespace(code: str) -> dict[str, Any]:
    """The functions and constants of a program, as they are metered."""
    extract = pure.extract([IMPORTS, code], "f")
    assert extract is not None
    variables: dict[str, Any] = {"__name__": "__main__", METER: Meter()}
    for statement in extract.statements:
        exec(compile(metered(ast.Module([copy.deepcopy(statement)], [])), "<edit>", "exec"), variables)
    return variables


def plainly(code: str) -> dict[str, Any]:
    variables: dict[str, Any] = {"__name__": "__main__"}
    exec(IMPORTS, variables)
    for statement in ast.parse(code).body:
        if isinstance(statement, ast.FunctionDef | ast.Assign | ast.Import | ast.ImportFrom):
            if ast.unparse(statement) == "from autograder import check":
                continue
            exec(compile(ast.Module([statement], []), "<plain>", "exec"), variables)
    return variables


def the_same(code: str) -> None:
    before, after = plainly(code), namespace(code)
    for args in ARGUMENTS:
        due = outcome(before["f"], args)
        after[METER] = Meter()
        assert outcome(after["f"], args) == due, code


@pytest.mark.parametrize(
    "code",
    [code for code in HONEST if not code.startswith("%") and "yield" not in code.partition("def f")[2]],
)
def test_what_is_honest_does_what_it_did(code: str) -> None:
    the_same(code)


def test_made_programs_do_what_they_did() -> None:
    for seed in range(60):
        the_same(program(random.Random(seed), harm=False))


@pytest.mark.parametrize(
    "body",
    [
        "x[1:2] += 1\n    x[0] *= 2\n    y = x\n    y += 1\n    return x, y",
        "x[0], y = 3, x[1]\n    return x, y",
        "return [*x[1:], *x], (*x,), sum(x, start=0)",
        "i = iter(x)\n    next(i)\n    return list(i), list(zip(x, x)), dict(enumerate(x)), list(map(abs, x)), [*reversed(x)]",
        "return x[np.array([0, 1])], x[..., None], x[::-1], x[x > 0], x[-1], np.r_[0:3], np.r_[0:1:5j]",
        "return f'{x[0]:.3f} {x[1]!r:>5} {x!s}', '%.2f' % x[0], '{:>5}'.format(3)",
        "return functools.reduce(lambda a, b: a * b, x, 1), functools.reduce(max, x)",
        "return list(itertools.accumulate(x)), list(itertools.accumulate(x, max)), list(itertools.product(x, 'ab'))",
        "y: float = x[0]\n    z: int\n    return y",
        "return np.eye(3), np.full((2, 2), 1e9), np.zeros((2, 3)), np.arange(0, 1, 0.25), np.linspace(0, 1e9, 5), np.repeat(x, 3)",
        "return max(x), sorted(x, key=lambda v: -v), 3 in x, 1 < x[1] < 3, 2**10, 7 << 3, divmod(7, 2), x is None",
        "raise ValueError(f'{x[0] + 1:.2f}')",
    ],
)  # fmt: skip
def test_what_is_written_in_one_way_or_another_does_what_it_did(body: str) -> None:
    code = f"def f(x, more=None):\n    {body}"
    before, after = plainly(code), namespace(code)
    for args in ([3, 1, 2],), (np.array([3.0, 1.0, 2.0]),), (np.array([3, 1, 2]),):
        assert outcome(after["f"], args) == outcome(before["f"], args)


def test_calls_within_calls_end_where_a_smaller_stack_than_pythons_would() -> None:
    """As in a browser, whose Python ends there without a word; afterwards there is room again."""
    function = namespace("def f(x):\n    return 0 if x == 0 else f(x - 1)")["f"]
    for _ in range(2):
        assert function(DEEP) == 0
        with pytest.raises(RecursionError):
            function(DEEP + 1)


STOPPED = (
    "while True:\n        pass",
    "while True: x = 1",
    "i = 0\n    while i < 3:\n        x = i",
    "for i in itertools.count():\n        pass",
    "return [0 for i in range(10**9)]",
    "return sum(1 for i in range(10**9))",
    "return list(range(10**9))",
    "return [*range(10**9)]",
    "a, *b = range(10**9)",
    "return sum(range(10**9))",
    "return list(itertools.count())",
    "return [*itertools.count()]",
    "return max(itertools.count())",
    "return len(list(zip(itertools.count(), itertools.cycle('ab'))))",
    "return dict(zip(itertools.count(), itertools.repeat(1)))",
    "return ''.join(itertools.repeat('a'))",
    "return list(map(abs, itertools.count()))",
    "return list(itertools.product(range(9), repeat=9))",
    "return 5 in itertools.count(6)",
    "return any(itertools.repeat(0))",
    "return functools.reduce(max, itertools.count())",
    "return [0] * 10**9",
    "return 10**9 * 'a'",
    "y = [0]\n    y *= 10**9\n    return y",
    "y = [[0]]\n    y[0] *= 10**9\n    return y",
    "y = [0]\n    for i in range(60):\n        y += y\n    return len(y)",
    "y = [0]\n    for i in range(60):\n        y.extend(y)\n    return len(y)",
    "y = [0]\n    for i in range(60):\n        y = [y, y]\n    return str(y)",
    "y = []\n    y.append(y)\n    return len(y + y)",
    "y = 'a'\n    for i in range(60):\n        y = y.replace('a', 'aa')\n    return len(y)",
    "y = 3\n    for i in range(60):\n        y = y * y\n    return 1",
    "return 10**10**8",
    "y = 10\n    y **= 10**9\n    return 1",
    "return 1 << 10**10",
    "return pow(10, 10**9)",
    "return functools.reduce(pow, [9, 9, 10**9])",
    "return math.factorial(10**6)",
    "return math.comb(10**6, 10**5)",
    "return functools.reduce(lambda a, b: a * b, range(1, 10**6))",
    "return np.zeros(10**9)",
    "return np.zeros((10**5, 10**5))",
    "return np.zeros(np.array([10**5, 10**5]))",
    "return np.ones(shape=(10**5, 10**5))",
    "return np.full((10**5, 10**5), 1)",
    "return np.eye(10**5)",
    "return np.identity(n=10**5)",
    "return np.arange(10**9)",
    "return np.arange(0, 1, 1e-9)",
    "return np.linspace(0, 1, 10**9)",
    "return np.linspace(0, 1, num=10**9)",
    "return np.repeat(x, 10**9)",
    "return x.repeat(10**9)",
    "return np.tile(x, (10**5, 10**5))",
    "return np.pad(x, 10**9)",
    "return np.bincount(np.array([10**9]))",
    "return np.r_[0:10**9]",
    "return np.mgrid[0:10**5, 0:10**5]",
    "return np.diag(np.ones(10**5))",
    "return np.tri(10**5)",
    "return np.vander(np.ones(10**5))",
    "y = np.ones(10**5)\n    return y[:, None] * y",
    "y = np.ones(10**5)\n    return y[:, None] == y",
    "y = np.ones(10**5)\n    return np.outer(y, y)",
    "y = np.ones(10**5)\n    return np.add.outer(y, y)",
    "y = np.ones(10**5)\n    return np.einsum('i,j->ij', y, y)",
    "y = np.ones(2)\n    for i in range(60):\n        y = np.concatenate([y, y])\n    return y",
    "y = np.ones(2)\n    for i in range(60):\n        y = np.kron(y, y)\n    return y",
    "y = np.ones(10**5)\n    return y[np.zeros((10**5, 10), dtype=int)]",
    "y = np.ones(10**5)\n    while True:\n        y = np.sort(y)",
    "return 'a'.ljust(10**9)",
    "return '7'.zfill(10**9)",
    "return f'{3:>1000000000}'",
    "n = 10**9\n    return f'{3:>{n}}'",
    "return '%1000000000d' % 3",
    "return '%*d' % (10**9, 3)",
    "return '{:>1000000000}'.format(3)",
    "return format(3, '>1000000000')",
    "return bytes(10**9)",
    "return f(x)" ,
    "return (lambda g: g(g))(3) if 0 else [f(y) for y in [x]]",
    "raise ValueError('a' * 10**9)",
    "def g():\n        while True:\n            yield 1\n    return list(g())",
    "def g():\n        yield from itertools.count()\n    return list(g())",
    "match [*itertools.count()]:\n        case _:\n            return 1",
    "try:\n        return list(itertools.count())\n    except ValueError:\n        return 1",
    "with np.errstate(all='ignore'):\n        while True:\n            pass",
    "return (y := [0] * 10**9)",
    "return {i: [0] * 10**6 for i in range(10**3)}",
    "return [np.zeros(10**6) for i in range(10**4)]",
)  # fmt: skip


@pytest.fixture
def little_memory() -> Iterator[None]:
    """Should the meter let something through, this machine does not suffer from it."""
    resource = pytest.importorskip("resource", reason="this system has no limits of memory")
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (8 * 2**30, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("body", STOPPED)
def test_what_would_do_too_much_is_stopped(body: str) -> None:
    variables = namespace(f"def f(x):\n    {body}")
    with pytest.raises((TooManyStepsError, RecursionError)):
        variables["f"](np.array([1.0, 2.0]))


@pytest.mark.parametrize("steps", [10, 57, 1000])
def test_the_same_number_of_steps_always_ends_a_call(steps: int) -> None:
    """A count, and no clock: what has room for one step less is stopped, and what has just enough is not."""
    variables = namespace("def f(x):\n    t = 0\n    for i in range(x):\n        t += abs(i)\n    return t")

    def taken(limit: int) -> int:
        variables[METER] = meter = Meter(limit)
        variables["f"](steps)
        return limit - meter.steps

    needed = taken(10**6)
    assert taken(needed) == needed
    with pytest.raises(TooManyStepsError):
        taken(needed - 1)
