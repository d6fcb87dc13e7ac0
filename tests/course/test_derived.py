"""Steps from solutions: they give what the solution gives, to the last bit, and say where each cell comes from.

Which cells play a part is held against the solution itself: a change of a cell that does is seen in the result.
"""

from __future__ import annotations

import itertools
from typing import Any

import least_form
import numpy as np
import pandas as pd
import pytest
from repository import REPOSITORY

from autograder.course import derived
from autograder.course.arithmetic import Cell
from autograder.course.lesson import Lesson
from autograder.course.steps import Procedure, number
from autograder.errors import CourseError

RNG = np.random.default_rng(5)
X, Y, Z, A = RNG.normal(size=(3, 4)), RNG.normal(size=(4, 5)), RNG.normal(size=(3, 4)), RNG.normal(size=4)
T, W = RNG.normal(size=(2, 3, 4)), RNG.normal(size=(2, 4, 5))


def steps(source: str, *args: Any) -> Procedure:
    lesson = least_form.lesson(f"def f({', '.join('xyzw'[: len(args)])}):\n{source}")
    found = derived.derive(lesson, "f", [args])
    assert found is not None, source
    assert derived.same(found, lesson.names["f"], args)
    return found


EXPRESSIONS = [
    ("x + y", X, Z),
    ("x - y", X, A),
    ("2 * x - 1", X),
    ("x / np.sqrt(x.shape[-1])", X),
    ("-x ** 2", X),
    ("np.exp(x) * np.maximum(x, y)", X, A),
    ("abs(x) > 0.5", X),
    ("np.where(x > 0, x, y)", X, Z),
    ("np.clip(x, -0.5, 0.5)", X),
    ("x @ y", X, Y),
    ("x @ y", X, A),
    ("y @ x", Y, A),
    ("x @ x", A),
    ("x @ y", T, W),
    ("x @ y", T, Y),
    ("x @ y.T", X, Z),
    ("np.dot(x, y)", X, Y),
    ("x.dot(y)", X, Y),
    ("np.matmul(x, y)", X, Y),
    ("np.einsum('ij,jk->ik', x, y)", X, Y),
    ("np.einsum('ij,kj->ki', x, y)", X, Z),
    ("np.einsum('ij->j', x)", X),
    ("np.einsum('hij,hjk', x, y)", T, W),
    ("np.einsum('ij,ij', x, y)", X, Z),
    ("x.sum()", X),
    ("x.sum(axis=0)", X),
    ("x.mean(axis=-1, keepdims=True)", X),
    ("np.max(x, axis=(0, 2))", T),
    ("np.prod(x, 1)", X),
    ("x.T", X),
    ("np.swapaxes(x, 0, 1) + 1", T),
    ("x.transpose(2, 0, 1) * 2", T),
    ("x[1:, ::-1] - y[0, 0]", X, Z),
    ("x[:, None] - y[None]", X, Z),
    ("x[-1] * x[0]", X),
    ("x[..., 1:] - x[..., :-1]", T),
    ("x[y]", X, np.array([2, 0, 2])),
    ("x.reshape(2, 6) + 1", X),
    ("np.concatenate([x, y], axis=1)", X, Z),
    ("np.stack([x, y])", X, Z),
    ("np.hstack((x, 2 * y))", X, Z),
    ("np.vstack([x, y]) @ np.ones(4)", X, Z),
    ("np.flip(x, axis=1)", X),
    ("x.copy()", X),
    ("x * np.arange(x.shape[1])", X),
    ("np.linalg.norm(x, axis=-1)", X),
    ("x.argmax(axis=1)", X),
    ("np.concatenate([np.tanh(x @ w) for w in y], axis=-1)", X, W),
    ("np.array([a * b for a, b in zip(x, y)])", X, Z),
    ("np.stack([i * x[i] for i in range(len(x))])", X),
]


@pytest.mark.parametrize(
    ("expression", "args"), [(one, args) for one, *args in EXPRESSIONS], ids=[one for one, *_ in EXPRESSIONS]
)
def test_the_cells_that_play_a_part_are_those_that_the_result_hangs_on(
    expression: str, args: list[Any]
) -> None:
    procedure = steps(f"    return {expression}", *args)
    (final,) = procedure.returns
    values = procedure.values(*args)
    last = procedure.steps[-1].cell
    assert isinstance(last, Cell)
    for place in [(0,) * np.ndim(values[final]), tuple(size - 1 for size in np.shape(values[final]))]:
        parts = last.chain.parts(values, place)
        for which, parameter in enumerate(procedure.parameters):
            if (
                args[which].dtype.kind != "f"
                or "arg" in expression
                or ">" in expression
                or "clip" in expression
            ):
                continue
            cells = parts.get(parameter)
            known = set() if cells is None else set(cells.tolist())
            for cell in range(args[which].size):
                other = [np.array(one) for one in args]
                other[which].flat[cell] += 0.75
                moved = bool(np.asarray(procedure(*other))[place] != np.asarray(values[final])[place])
                assert cell in known or not moved, (parameter, cell)
                if not moved and cell in known:
                    assert any(one in expression for one in ("max", "where", "range")), (parameter, cell)


@pytest.mark.parametrize(
    ("expression", "args"), [(one, args) for one, *args in EXPRESSIONS], ids=[one for one, *_ in EXPRESSIONS]
)
def test_every_step_has_words_a_formula_and_the_right_number_at_the_end(
    expression: str, args: list[Any]
) -> None:
    procedure = steps(f"    return {expression}", *args)
    result = procedure(*args)
    place = (0,) * np.ndim(result)
    worked = procedure.worked(tuple(args), place)
    assert worked[-1].name == procedure.steps[-1].name
    assert worked[-1].arithmetic.endswith(number(float(np.asarray(result)[place])))
    for step in procedure.steps:
        assert step.name
        assert step.sentence.endswith(".")
        assert step.formula
        assert step.plain
        assert expression not in step.plain
        assert expression not in step.sentence
    assert len({step.name for step in procedure.steps}) == len(procedure.steps)
    assert len({step.symbol for step in procedure.steps}) == len(procedure.steps)


def test_attention_is_told_as_its_author_would() -> None:
    lesson = least_form.lesson(least_form.SCORES, least_form.SOFTMAX, least_form.ATTEND)
    args = (
        np.array([[1.0, 2.0], [0.0, 1.0]]),
        np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]]),
        np.arange(6.0).reshape(3, 2),
    )
    found = derived.derive(lesson, "attend", [args])
    assert found is not None
    assert [step.name for step in found.steps] == [
        "product", "scale", "row maximum", "shift", "exponential", "row sum", "divide", "product 2",
    ]  # fmt: skip
    assert [step.plain for step in found.steps[:4]] == [
        "p = Q · Kᵀ",
        "s[i, j] = p[i, j] / √d_k",
        "r[i] = the largest s[i, j] over j",
        "S[i, j] = s[i, j] − r[i]",
    ]
    told = {step.name: step.arithmetic for step in found.worked(args, (0, 1))}
    assert told["product"] == "Query[0] · Key[0] = 1·1 + 2·0 = 1; against every row of Key: 1, 4, 3"
    assert told["scale"] == "row 0 / √2 = 0.7071, 2.828, 2.121"
    assert told["row maximum"] == "max(0.7071, 2.828, 2.121) = 2.828"
    assert told["row sum"].startswith("0.1199 + 1 + 0.4931 = ")
    assert told["product 2"].startswith("divide[0] · Value[:, 1] = ")
    sentences = {step.name: step.sentence for step in found.steps}
    assert sentences["scale"] == "Divide by the square root of the length of a key."
    assert sentences["exponential"] == "Take the exponential of each entry of “shift”."


def test_steps_of_the_same_name_are_told_apart_by_their_function_alone() -> None:
    lesson = least_form.lesson(
        "def half(x):\n    return x / 2  # half: Halve it.\n",
        "def f(x):\n    y = half(x)\n    return half(y) + 1  # add one: Add 1.\n",
    )
    found = derived.derive(lesson, "f", [(X,)])
    assert found is not None
    assert [step.name for step in found.steps] == ["half", "half: half", "add one"]


def test_the_rounds_of_a_loop_are_steps() -> None:
    lesson = least_form.lesson(least_form.HEADS)
    args = (X, W)
    found = derived.derive(lesson, "heads", [args])
    assert found is not None
    assert [(step.name, np.shape(found.values(*args)[step.symbol])) for step in found.steps] == [
        ("product", (2, 3, 5)),
        ("hyperbolic tangent", (2, 3, 5)),
        ("join", (3, 10)),
    ]
    assert found.steps[0].plain == "p[i, j, k] = the sum of x[j, l] · W[i, l, k] over l"
    told = found.worked(args, (1, 7))[0].arithmetic
    assert told.startswith("x[1] · W[1, :, 2] = ")


@pytest.mark.parametrize(
    ("body", "names"),
    [
        # An array that is filled row by row.
        ("    out = np.zeros(x.shape)\n    for i in range(len(x)):\n        out[i] = x[i] - x[i].mean()\n    return out\n", ["mean", "subtract"]),
        # What cannot be followed is one step.
        ("    out = 0 * x[0]\n    for i in range(len(x)):\n        out = out + i * x[i]\n    return out / 2\n", ["multiply", "loop", "divide"]),
        ("    y = x.copy()\n    y[y < 0] = 0\n    return y\n", ["copy", "set entries"]),
        ("    y = x\n    y = y + 1\n    y *= 2\n    return y\n", ["add", "multiply"]),
        ("    if x.ndim != 2:\n        raise ValueError('two axes')\n    return x + 1\n", ["check the input", "add"]),
        ("    n, d = x.shape\n    return x / (n * d)\n", ["divide"]),
        ("    a, b = x.sum(axis=0), x.sum(axis=1)\n    return a, b\n", ["column sum", "row sum"]),
        ("    if len(x) > 2:\n        y = x + 1\n    else:\n        y = x\n    return y @ y.T\n", ["choice", "product"]),
        ("    unused = np.exp(x)\n    return x + 1\n", ["add"]),
    ],
)  # fmt: skip
def test_statements_that_can_be_followed(body: str, names: list[str]) -> None:
    assert [step.name for step in steps(body, X).steps] == names


@pytest.mark.parametrize(
    "body",
    [
        "    while x.sum() < 10:\n        x = x + 1\n    return x\n",
        "    return x if len(x) < 2 else f(x[1:])\n",
        "    if len(x) > 2:\n        return x\n    return 2 * x\n",
        "    return str(x)\n",
        "    return {'sum': x.sum()}\n",
        "    return x\n",
        "    try:\n        return 1 / x\n    except ValueError:\n        return x\n",
        "    return np.ones(3)\n",
        "    x.missing\n    return x\n",
        "    return\n",
    ],
)
def test_what_is_no_straight_line_has_no_steps(body: str) -> None:
    lesson = least_form.lesson(f"def f(x):\n{body}")
    assert derived.derive(lesson, "f", [(X,)]) is None


@pytest.mark.parametrize(
    ("body", "argument"),
    [
        ("    made = x.normal(size=3)\n    return made + 1\n", np.random.default_rng(5)),
        ("    made = x(np.arange(3))\n    return made + 1\n", np.exp),
        ("    made = x[0](np.arange(3))\n    return made + 1\n", [np.exp]),
        ("    made = x['price'].to_numpy()\n    return made + 1\n", pd.DataFrame({"price": [1.5, 2.5]})),
    ],
)
def test_what_is_called_with_no_plain_values_has_no_steps(body: str, argument: Any) -> None:
    """A generator has moved on when it is looked at again, and of a function or a table no cell can be worked out."""
    lesson = least_form.lesson(f"def f(x):\n{body}")
    assert derived.derive(lesson, "f", [(argument,)]) is None


def test_a_list_that_is_returned_stays_one() -> None:
    body = "    x = x + 1\n    made = []\n    for row in x:\n        made.append(row * 2)\n    return made\n"
    assert isinstance(steps(body, X)(X), list)


def test_a_comment_that_names_a_step_twice_is_refused() -> None:
    lesson = least_form.lesson("def f(x):\n    y = x + 1  # add: Add 1.\n    return y + 2  # add: Add 2.\n")
    with pytest.raises(CourseError, match="names a step 'add', as the one in line"):
        derived.derive(lesson, "f", [(X,)])


def test_comments_name_parts_of_a_long_expression() -> None:
    body = "    return (\n        x @ y  # scores: Compare.\n        / 2  # half: Halve.\n    )\n"
    assert [(one.name, one.sentence) for one in steps(body, X, Y).steps] == [
        ("scores", "Compare."),
        ("half", "Halve."),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "    out = np.zeros(len(x))\n    for i in range(len(x)):\n        # row sum: Add up a row.\n        total = x[i].sum()\n        out[i] = total * 2  # twice: Double it.\n    return out\n",
        "    out = []\n    for row in x:\n        total = row.sum()  # row sum: Add up a row.\n        out.append(total * 2)  # twice: Double it.\n    return np.array(out)\n",
    ],
)
def test_comments_name_the_steps_of_a_round(body: str) -> None:
    found = [(one.name, one.sentence) for one in steps(body, X).steps]
    assert found[:2] == [("row sum", "Add up a row."), ("twice", "Double it.")]


@pytest.mark.parametrize(
    ("unit", "name", "args", "count"),
    [
        ("self-attention", "softmax", (X,), 5),
        ("self-attention", "attend", (X, Z, RNG.normal(size=(3, 2))), 8),
        ("embeddings", "project_qkv", (X, Y, Y[:, :2], Y[:, :3]), 3),
        ("multi-head", "multi_head", (X, W, W, W[..., :3], RNG.normal(size=(6, 4))), 13),
    ],
)
def test_the_units_of_the_course_could_be_written_so(
    unit: str, name: str, args: tuple[Any, ...], count: int
) -> None:
    lesson = Lesson.read(REPOSITORY / "solutions" / unit / f"{unit}.py", [name])
    found = derived.derive(lesson, name, [args])
    assert found is not None
    assert len(found.steps) == count
    assert derived.same(found, lesson.names[name], args)


def test_results_are_the_same_by_every_bit_and_type() -> None:
    pairs = [
        (1.0, 1), (np.float64(1), 1.0), (np.ones(2), np.ones(3)), (np.ones(2), np.ones(2, int)), ((1,), [1]),
        (np.ones(2), np.nextafter(np.ones(2), 2)),
    ]  # fmt: skip
    for one, other in pairs:
        assert not derived.same(lambda _, one=one: one, lambda _, other=other: other, (0,))
    for value in (np.array([np.nan, 1]), float("nan"), (1, [2.0]), "text"):
        assert derived.same(lambda _, value=value: value, lambda _, value=value: value, (0,))

    def fails(_: Any) -> Any:
        raise ValueError

    assert derived.same(fails, fails, (0,))
    assert not derived.same(fails, lambda _: 0, (0,))


def test_a_step_can_be_replaced_and_its_result_flipped() -> None:
    """What the search for mistakes does with written steps, it does with these."""
    procedure = steps("    return x @ y / np.sqrt(y.shape[-1])", X, Y)
    for one in procedure.steps:
        changed = procedure.replacing(one.name, lambda *args: args[0])
        assert not np.array_equal(np.shape(changed(X, Y)), (9, 9))
    assert all(itertools.starmap(np.array_equal, [(procedure.settled(X, Y)["x"], X)]))


def test_lone_numbers_keep_their_type() -> None:
    found = steps("    return x * y + 1", 0.5, 3)
    assert type(found(0.5, 3)) is float
    assert [step.name for step in found.steps] == ["multiply", "add"]


def test_last_digits_may_differ_where_that_is_said() -> None:
    def off(by: float) -> Any:
        return lambda x: x * (1 + by)

    x = np.array([1.0, -2.0, np.nan, np.inf])
    for by, exactly, nearly in ((0.0, True, True), (1e-14, False, True), (1e-8, False, False)):
        assert derived.same(off(by), off(0.0), (x,)) is exactly
        assert derived.same(off(by), off(0.0), (x,), near=derived.LAST_DIGITS) is nearly
    assert not derived.same(lambda x: x > 0, lambda x: x > -9, (x,), near=1.0)
    assert not derived.same(lambda x: x[:2], lambda x: x[:3], (x,), near=1.0)
