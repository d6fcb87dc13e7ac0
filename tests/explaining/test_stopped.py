"""An error that its line itself shows is told by that line, and only where it shows there."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from reports import Explained, explained

from autograder.explaining import stopped
from autograder.explaining.general import GENERAL, Words
from autograder.explaining.mishaps import RAISED, STOPPED
from autograder.explaining.stopped import Stopped
from autograder.records import Raised

__all__ = ["explained"]  # a fixture


def raised(source: str, *args: object) -> Raised:
    """The error with which the last function of a cell really ends."""
    names: dict[str, object] = {"np": np}
    exec(compile(source, "cell", "exec"), names)
    function = ast.parse(source).body[-1]
    assert isinstance(function, ast.FunctionDef)
    called = names[function.name]
    assert callable(called)
    with pytest.raises(Exception) as caught:  # which one, the cases say
        called(*args)
    lines = [one.lineno + 1 for one in caught.traceback if str(one.path).endswith("cell")]
    return Raised(type(caught.value).__name__, str(caught.value), lines[-1])


def cause(source: str) -> Stopped | None:
    return stopped.cause(ast.parse(source), raised(source, np.ones((2, 3))))


@pytest.mark.parametrize(
    ("body", "who", "name"),
    [
        ("return x.max(axis=-1, keepdim=True)", "`max`", "keepdim"),
        ("return np.exp(x.max(axis=-1), axis=-1)", "`exp`", "axis"),  # of two calls, the one that is named
        ("return np.concatenate([x], axes=0)", "`concatenate`", "axes"),
        ("return (\n        x.sum(axis=0)\n        + x.sum(axes=0))", "`sum`", "axes"),
        ("return (lambda y: y)(x, z=1)", "what it calls", "z"),
    ],
)
def test_a_name_that_a_call_does_not_know(body: str, who: str, name: str) -> None:
    found = cause(f"def f(x):\n    {body}")
    assert found is not None
    assert found.how == "unknown-name"
    assert f" hands {who} something as `{name}`, " in found.told


@pytest.mark.parametrize(
    ("body", "line", "name"),
    [
        ("return x - x.max", 2, "max"),
        ("return x @ x.transpose", 2, "transpose"),
        ("return -x.sum", 2, "sum"),
        ("return str(x).upper + 'a'", 2, "upper"),
        ("return 'a b'.split[0]", 2, "split"),
        ("return np.exp(x.max)", 2, "max"),
        ("return x / np.sum", 2, "sum"),
        ("return x.mean.shape", 2, "mean"),
        ("m = np.max\n    return x - m", 2, "max"),
        ("m = x\n    m = np.exp\n    return m + x.sum()", 3, "exp"),
    ],
)
def test_a_function_that_is_not_called(body: str, line: int, name: str) -> None:
    found = cause(f"def f(x):\n    {body}")
    assert found is not None
    assert (found.how, found.line) == ("not-called", line)
    assert f"does not call `{name}`:" in found.told


def test_what_a_function_gives_that_never_returns_anything() -> None:
    itself = "def f(x):\n    if len(x) == 1:\n        print(1)\n    else:\n        print(1 + f(x[1:]))"
    helper = "def g(x):\n    print(x)\n\n\ndef f(x):\n    return g(x) + 1"
    for source, line, name in ((itself, 5, "f"), (helper, 6, "g")):
        found = stopped.cause(ast.parse(source), raised(source, np.ones(2)))
        assert found is not None
        assert (found.how, found.line) == ("gives-none", line)
        assert found.told.startswith(f"Nowhere in `{name}` stands a `return` with a value")


@pytest.mark.parametrize(
    "source",
    [
        "def g(x):\n    if x is None:\n        return 1\n\n\ndef f(x):\n    return g(x) + 1",  # it does now and then
        "def f(x):\n    y = None\n    return y + 1",
        "@lambda g: lambda x: None\ndef g(x):\n    print(x)\n\n\ndef f(x):\n    return g(x) + 1",
        "def g(x):\n    print(x)\n\n\ndef h(x):\n    print(x)\n\n\ndef f(x):\n    return g(x) + h(x)",  # two of them
    ],
)
def test_a_function_that_may_return_something_is_not_said_to_give_nothing(source: str) -> None:
    assert stopped.cause(ast.parse(source), raised(source, np.ones(2))) is None


def test_an_error_that_names_a_function_says_that_it_stands_there_itself() -> None:
    error = Raised("TypeError", "unsupported operand type(s) for /: 'float' and 'function'", 2)
    assert stopped.by_class(error) is RAISED["function"]
    assert stopped.by_class(Raised("TypeError", "can only concatenate list", 2)) is RAISED["TypeError"]


@pytest.mark.parametrize(
    ("body", "about"),
    [
        ("return max(0, x)", "truth"),
        ("if x > 0:\n        return x", "truth"),
        ("return x.size(-1)", "called"),
        ("return x.shape(0)", "called"),
        ("return (lambda a, b: a)(x)", "arguments"),
        ("return (lambda a: a)(x, x)", "arguments"),
        ("return (lambda: x)(x)", "arguments"),
        ("return (lambda a, b: a)(x, a=x)", "arguments"),
        ("return len(3) if x.size else x", "TypeError"),
    ],
)
def test_an_error_is_told_by_what_its_message_is_about(body: str, about: str) -> None:
    source = f"def f(x):\n    {body}"
    assert stopped.by_class(raised(source, np.ones((2, 3))), ast.parse(source)) is RAISED[about]


def test_an_assert_of_ones_own_is_told_as_such_and_one_that_fails_elsewhere_is_not() -> None:
    source = "def f(x):\n    assert x.ndim == 1, 'shapes must agree'\n    return x"
    assert stopped.by_class(raised(source, np.ones((2, 3))), ast.parse(source)) is STOPPED["own-assert"]
    elsewhere = Raised("AssertionError", "shapes must agree", 3)
    assert stopped.by_class(elsewhere, ast.parse(source)) is RAISED["shapes"]


@pytest.mark.parametrize(
    ("body", "called"),
    [
        ("return torch.softmax(x, dim=-1)", "PyTorch"),
        ("y = x\n    return F.relu(y)", "a part of PyTorch"),
        ("return x / math.sqrt(2)", "a module that comes with Python"),
        ("return pd.DataFrame(x)", "pandas"),
        ("return torc.softmax(x)", None),  # which may be a slip in the name of a variable
        ("return F * x", None),  # nothing is taken of it
    ],
)
def test_a_library_that_nothing_has_imported(body: str, called: str | None) -> None:
    found = cause(f"def f(x):\n    {body}")
    assert (found is None) is (called is None)
    if found is not None:
        assert found.how == "no-import"
        assert f" is how programs call {called}, and nothing has given it that name" in found.told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("if x.ndim == 3:\n        y = x\n    return y", "line 3 does, and is not run on every way."),
        ("for row in x[:0]:\n        y = row\n    return y", "line 3 does, and is not run on every way."),
        (
            "if x.ndim == 1:\n        y = x\n    elif x.ndim == 3:\n        y = x[0]\n    return y",
            "lines 3 and 5 do, and are not run on every way.",
        ),
        (
            "for i in range(2):\n        if i:\n            y = x\n        x = x + y",
            "line 4 does, and is not run on every way.",
        ),
    ],
)
def test_a_variable_that_gets_no_value_on_the_way(body: str, told: str) -> None:
    found = cause(f"def f(x):\n    {body}")
    assert found is not None
    assert found.how == "without-value"
    assert found.told.endswith(told)


@pytest.mark.parametrize(
    "body",
    [
        "return x - [1, 2].count(1, 2, 3)",  # another TypeError
        "return x.max(axis=0)(axis=1)",
        "h = h + x\n    return h",  # it may be another variable that is meant
        "if x.ndim == 2:\n        return y\n    y = x",
        "return x + np.pi.sum",  # an error that speaks of no function
        "return x - x.max - x.min",  # two that are not called
        "return dict(a=1, **{'b': 2}) + f(x, x=x)",
        "return (x.sum(axes=0)) + (x.max(axes=0))",  # either
    ],
)
def test_where_the_line_does_not_show_it_nothing_is_said(body: str) -> None:
    source = f"def f(x):\n    {body}"
    error = raised(source, np.ones((2, 3)))
    if "axes" in body:
        error = Raised(error.exception, "'axes' is an invalid keyword argument", error.line)
    assert stopped.cause(ast.parse(source), error) is None


def test_an_error_elsewhere_is_not_looked_at() -> None:
    error = Raised("TypeError", "f() got an unexpected keyword argument 'y'", 1)
    assert stopped.cause(None, error) is None
    assert stopped.cause(ast.parse("f(y=1)"), error) is None
    assert stopped.cause(ast.parse("def g(x):\n    f(y=1)"), Raised("TypeError", error.message)) is None


def test_no_small_change_is_told_beside_what_the_line_shows(explained: Explained) -> None:
    report = explained(
        "softmax",
        "def softmax(x):\n    e = np.exp(x - x.max(axis=-1, keepdim=True))\n    return e / e.sum(axis=-1, keepdims=True)",
    )
    (found,) = report.diagnoses
    assert (found.id, found.line) == ("general.raises", 2)
    assert "hands `max` something as `keepdim`" in found.why


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return {}[1]", RAISED["KeyError"]),
        ("return [1][1]", RAISED["IndexError"]),
        ("return nothing", RAISED["NameError"]),
        ("y = y + 1", RAISED["NameError"]),  # whose class is one of its own, UnboundLocalError
        ("return x.keys()", RAISED["AttributeError"]),
        ("return x + len", RAISED["function"]),
        ("return x + None", RAISED["TypeError"]),
        ("return f(x)", RAISED["RecursionError"]),
        ("raise EOFError", RAISED["EOFError"]),  # as input() does where nobody types
        ("return x @ x", RAISED["shapes"]),
        ("return x + x[:, :2]", RAISED["shapes"]),
        ("return x.sum(axis=2)", RAISED["shapes"]),
        ("return x[[True]]", RAISED["shapes"]),
        ("return np.concatenate([x, x[0]])", RAISED["shapes"]),
        ("return 1 / 0", GENERAL["raises"]),
        ("return int('one')", GENERAL["raises"]),
    ],
)
def test_shapes_are_spoken_of_where_an_error_speaks_of_them(body: str, words: Words) -> None:
    came = raised(f"def f(x):\n    {body}", np.ones((2, 3)))
    ancestors = tuple(one.__name__ for one in getattr(builtins, came.exception, ValueError).__mro__[1:])
    assert stopped.by_class(replace(came, ancestors=ancestors)) is words


def test_an_error_of_one_s_own_is_told_as_one() -> None:
    source = "def f(x):\n    if len(x):\n        raise KeyError('twice')\n    return {}['a']"
    cell = ast.parse(source)
    for args, words in (([1], STOPPED["own-raise"]), ([], RAISED["KeyError"])):
        came = raised(source, args)
        assert stopped.by_class(came, cell) is words
        assert stopped.by_class(came) is RAISED["KeyError"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            "d = 2\n    while d < x:\n        if x % d == 0:\n            return False\n    return True",
            (3, "`d` or `x`"),
        ),
        ("r = ''\n    while x >= 5:\n        r += 'V'\n    return r", (3, "`x`")),
        ("i = 1\n    while i < x:\n        print(f'{i}')", (3, "`i` or `x`")),
        ("while x:\n        x -= 1", None),
        ("while x:\n        y = x.pop()", None),  # which changes what it is called on
        ("while x[0]:\n        x[0] -= 1", None),
        ("while x[0]:\n        del x[0]", None),
        ("while x:\n        return 1", None),
        ("while x:\n        if f(x):\n            break", None),
        ("y = 0\n    while x:\n        y += 1\n        if y > 9:\n            break", None),
        ("while x():\n        y = 1", None),
        ("i = 0\n    while i < len(x):\n        y[i] = np.exp(x[i])", (3, "`i` or `x`")),
        ("i = 0\n    while i < x.shape[0]:\n        y = x[i]", (3, "`i` or `x`")),
        ("while len(x):\n        np.add(x, 1, out=x)", None),
        ("while len(x):\n        np.put(x, 0, 1)", None),
        ("while True:\n        y = 1", (2, "")),
        ("while 1:\n        y.append(x)", (2, "")),
        ("while True:\n        if x:\n            break", None),
        ("while True:\n        for y in x:\n            return y", None),
        ("while x:\n        y = 1\n    while y:\n        z = 1", None),  # either may be the one
        ("for y in x:\n        z = 1", None),
    ],
)
def test_a_loop_that_nothing_ends(body: str, told: tuple[int, str] | None) -> None:
    (node,) = ast.parse(f"def f(x):\n    {body}").body
    assert isinstance(node, ast.FunctionDef)
    found = stopped.endless(node)
    assert (found is None) is (told is None)
    if found is not None and told is not None:
        line, names = told
        stays = f"Nothing in the loop on line {line} changes {names}, so that its condition stays as it is."
        for_ever = f"The loop on line {line} goes on for ever: nothing in it breaks it off."
        assert found == (line, stays if names else for_ever)


def counted(monkeypatch: pytest.MonkeyPatch, holder: object, name: str, run: Callable[[], object]) -> int:
    """How often this is called, or how many things it gives, while something runs."""
    original, found = getattr(holder, name), list[None]()

    def counting(*given: object) -> object:
        came = original(*given)
        found.append(None)
        return (found.append(None) or one for one in came) if isinstance(came, Iterator) else came

    with monkeypatch.context() as patched:
        patched.setattr(holder, name, counting)
        assert run() is not None
    return len(found)


def test_a_text_of_twice_the_length_takes_twice_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def unbound(times: int) -> Callable[[], object]:
        cell = ast.parse("def f(a):\n" + " if a:\n  y = 1\n" * times + " return y\n")
        came = Raised("UnboundLocalError", "cannot access local variable 'y'", 2 * times + 2)
        return lambda: stopped.cause(cell, came)

    def stuck(times: int) -> Callable[[], object]:
        node = ast.parse("def f(a):\n while a:\n  if b:\n" + "   c[d] = e\n" * times).body[0]
        assert isinstance(node, ast.FunctionDef)
        return lambda: stopped.endless(node)

    for holder, name, made in ((stopped, "_holds", unbound), (ast, "walk", stuck)):
        once, twice = (counted(monkeypatch, holder, name, made(times)) for times in (100, 200))
        assert 100 < once < twice < 2.2 * once
