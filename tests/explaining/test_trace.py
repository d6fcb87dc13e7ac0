"""The arrays that lines make, from the child to a place in the student's cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from catalogue import MATERIALS

from autograder.child.messages import MAX_TRACED
from autograder.course.steps import Procedure
from autograder.explaining import same_arrays, trace
from autograder.explaining.lines import Lines
from autograder.explaining.trace import Place
from autograder.notebook import syntax
from autograder.records import Case, Cell, Limits, Tolerance, TracedValue
from autograder.sandbox import worker
from autograder.sandbox.children import Sandbox
from autograder.sandbox.worker import Request, Run

MATERIAL = MATERIALS["self-attention"]
PROJECTIONS = MATERIALS["embeddings"].procedures["project_qkv"]
block_cases = MATERIALS["layers"].cases["block"]
SOFTMAX, SCORES = MATERIAL.procedures["softmax"], MATERIAL.procedures["scaled_scores"]
UNSTABLE = SOFTMAX.replacing("shift", lambda x: x, operands=("x",))
DOWN = SOFTMAX.replacing("row sum", lambda e: e.sum(axis=0, keepdims=True))
TABLE = Case("a", (np.array([[1.0, 2.0, 0.5], [3.0, -1.0, 0.25]]),))
QUERIES = Case("a", (np.array([[1.0, 2.0], [0.5, 3.0], [2.0, -1.0]]), np.array([[1.0, -2.0], [0.25, 1.5]])))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Limits(cpu_seconds=1.0, memory_mib=256)) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def run(sandbox: Sandbox) -> Callable[..., Run]:
    def traced(source: str, *args: Any, function: str = "f", **options: Any) -> Run:
        request = Request(function, [(Cell(0, source), False)], [[args or TABLE.args]], trace=True, **options)
        return worker.run(sandbox.child, request)

    return traced


def lines(run: Run) -> list[tuple[int, str]]:
    return [(value.line, value.name) for value in run.traced if not value.held]


# -------------------------------------------------------------------------------------------- what is recorded


def test_each_line_that_makes_an_array_is_recorded_with_the_array(run: Callable[..., Run]) -> None:
    done = run("def f(x):\n    n = x.shape[0]\n    y = x * 2\n\n    y = y + n\n    return y - 1")
    assert lines(done) == [(3, "y"), (5, "y"), (6, "return")]
    np.testing.assert_array_equal(done.traced[0].value, TABLE.args[0] * 2)  # type: ignore[operator]
    np.testing.assert_array_equal(done.traced[2].value, TABLE.args[0] * 2 + 1)  # type: ignore[operator]


def test_a_change_in_place_is_recorded_and_an_input_is_not(run: Callable[..., Run]) -> None:
    done = run("def f(x):\n    y = x.copy()\n    y[0] = 7\n    y[1] = y[1]\n    return y, x")
    assert lines(done) == [(2, "y"), (3, "y"), (5, "return[0]"), (5, "return[1]")]


def test_what_variables_hold_at_the_end_is_recorded_with_the_line_that_made_it(
    run: Callable[..., Run],
) -> None:
    done = run(
        "def f(x):\n    out = x * 0.0\n    for i in range(len(x)):\n        out[i] = x[i] * 2\n"
        "    gone = x + 1\n    del gone\n    return x"
    )
    held = [value for value in done.traced if value.held]
    assert [(value.line, value.name) for value in held] == [(4, "out")]
    np.testing.assert_array_equal(held[0].value, TABLE.args[0] * 2)  # type: ignore[operator]


def test_what_is_made_after_the_last_line_that_is_looked_at_has_no_line(run: Callable[..., Run]) -> None:
    done = run(
        "def f(x):\n    early = x + 1\n    for i in range(3000):\n        pass\n    late = x * 3\n    return x"
    )
    held = [value for value in done.traced if value.held]
    assert [(value.line, value.name) for value in held] == [(2, "early"), (0, "late")]
    assert len([value for value in done.traced if value.name == "return"]) == 1


def test_only_the_function_itself_is_recorded_and_once(run: Callable[..., Run]) -> None:
    done = run(
        "def g(x):\n    inner = x + 1\n    return inner\ndef f(x):\n    y = g(x)\n    return f(y) if y.max() < 9 else y"
    )
    assert lines(done) == [(5, "y"), (6, "return")]


def test_what_an_exception_ends_is_recorded_up_to_there(run: Callable[..., Run]) -> None:
    done = run("def f(x):\n    y = x + 1\n    return y.nothing")
    assert lines(done) == [(2, "y")]


@pytest.mark.parametrize(
    "source",
    [
        "f = np.sin",
        "class F:\n    def __call__(self, x): return x\nf = F()",
        "def f(x):\n    import sys\n    sys.settrace(None)\n    y = x + 1\n    return 3",
    ],
)
def test_what_cannot_be_traced_still_answers(run: Callable[..., Run], source: str) -> None:
    done = run("import numpy as np\n" + source)
    assert done.outcomes[0][0] is not None
    assert done.ended is None


def test_a_trace_is_bounded_in_lines_and_size(run: Callable[..., Run]) -> None:
    loop = "def f(x):\n    for i in range(100000):\n        y = x + i\n    z = x * 3\n    return z"
    assert len(lines(run(loop))) <= 2
    many = "def f(x):\n" + "".join(f"    a{i} = x + {i}.5\n" for i in range(300)) + "    return x * 2"
    assert len(run(many).traced) == MAX_TRACED
    assert lines(run("def f(x):\n    y = np.zeros((1000, 1000))\n    return x", function="f")) == []


def test_a_forged_trace_is_a_crash_and_no_more(run: Callable[..., Run]) -> None:
    forged = (
        "import os\nfrom autograder.child import messages, recorder, wire\n"
        "recorder.Recorder.values = property(lambda self: [], lambda self, new: None)\n"
        "def f(x):\n    os.write(4, wire.frame(messages.Locked()))\n    return x"
    )
    done = run(forged)
    assert done.traced == []


# --------------------------------------------------------------------------------------- held against the steps


def place(
    source: str,
    traced: list[TracedValue],
    case: Case = TABLE,
    reference: Procedure = SOFTMAX,
    departed: Procedure | None = None,
    named: str | None = None,
) -> Place:
    ways = trace.ways(
        args=case.args,
        reference=reference,
        departed=[] if departed is None else [departed],
        innocent=[UNSTABLE] if reference is SOFTMAX else [],
        tolerance=Tolerance(),
    )
    return trace.find(traced, syntax.definition([Cell(0, source)], "f"), ways, Tolerance(), named)


def held(run: Callable[..., Run], source: str, **options: Any) -> Place:
    case = options.get("case", TABLE)
    return place(source, run(f"{source}\nimport numpy as np", *case.args).traced, **options)


def test_the_first_line_that_departs_is_named(run: Callable[..., Run]) -> None:
    found = held(
        run,
        "def f(x):\n    a = x - x.max(axis=-1, keepdims=True)\n    b = np.exp(a)\n    c = b.sum(axis=0, keepdims=True)\n"
        "    return b / c",
        departed=DOWN,
    )
    assert found.line == 4
    assert found.lines == {"row sum": 4}
    assert [sentence.split(":")[0] for sentence in found.sentences] == ["Line 2", "Line 3", "Line 4"]


ALL_DOWN = DOWN.replacing("row maximum", lambda x: x.max(axis=0, keepdims=True))


def test_the_line_is_one_at_which_the_step_that_is_named_shows(run: Callable[..., Run]) -> None:
    source = "def f(x):\n    m = np.max(x, axis=0, keepdims=True)\n    e = np.exp(x - m)\n"
    with_a_line = f"{source}    s = np.sum(e, axis=0, keepdims=True)\n    return e / s"
    assert held(run, with_a_line, departed=ALL_DOWN).line == 2
    found = held(run, with_a_line, departed=ALL_DOWN, named="row sum")
    assert (found.line, len(found.sentences)) == (4, 1)
    assert found.sentences[0].startswith("Line 4: `s` should be the step “row sum”")
    inside = f"{source}    return e / e.sum(axis=0)"
    assert held(run, inside, departed=ALL_DOWN, named="row sum").line == 4
    assert held(run, inside, departed=ALL_DOWN, named="no such step").line == 2


def test_no_line_is_named_where_the_step_shows_in_none(run: Callable[..., Run]) -> None:
    top_down = SOFTMAX.replacing("row maximum", lambda x: x.max(axis=0, keepdims=True))
    source = "def f(x):\n    m = np.max(x, axis=0, keepdims=True)\n    z = x - m\n    return None"
    assert held(run, source, departed=top_down, named="divide") == Place()


def test_of_several_results_only_the_one_that_is_named_shows(run: Callable[..., Run]) -> None:
    rng = np.random.default_rng(0)
    case = Case("a", (rng.normal(size=(3, 4)), *(rng.normal(size=(4, 2)) for _ in range(3))))
    source = "def f(X, A, B, C):\n    q = X @ A + 1\n    k = X @ B + 1\n    v = X @ C\n    return q, k, v"
    for step, line in (("queries", 5), ("keys", 5), ("values", None)):
        assert held(run, source, case=case, reference=PROJECTIONS, named=step).line == line
    assert held(run, source, case=case, reference=PROJECTIONS).agrees == ("values",)


def test_the_steps_that_were_seen_are_told_and_no_others(run: Callable[..., Run]) -> None:
    source = "def f(x):\n    e = np.exp(x - x.max(axis=-1, keepdims=True))\n    return e / e.sum(axis=0)"
    assert held(run, source, departed=DOWN, named="row sum").agrees == ("exponential",)
    assert held(run, "def f(x):\n    y = x / x.sum()\n    return y", departed=DOWN).agrees == ()


def test_another_right_way_is_no_departure(run: Callable[..., Run]) -> None:
    source = "def f(x):\n    b = np.exp(x)\n    c = b.sum(axis=-1, keepdims=True)\n    w = np.sin(b / c)\n    return w"
    assert held(run, source).line is None  # no step of the reference was seen: nothing to hold against
    source = source.replace("np.exp(x)", "np.exp(x - x.max(axis=-1, keepdims=True))")
    found = held(run, source)
    assert found.line == 4
    assert found.sentences[-1] == "Line 4: `w` is none of the steps; before it all is right."


def test_a_step_that_is_missing_shows_where_its_result_is_due(run: Callable[..., Run]) -> None:
    unscaled = SCORES.replacing("scale", lambda products: products, operands=("products",))
    found = held(
        run,
        "def f(Q, K):\n    raw = Q @ K.T\n    return raw",
        case=QUERIES,
        reference=SCORES,
        departed=unscaled,
    )
    assert found.line == 3
    assert found.sentences[0] == "Line 2: `raw` is right, the step “product” (P = Q · Kᵀ)."
    assert found.sentences[1].startswith("Line 3: what it returns should be the step “scale”")


def test_a_right_value_in_the_place_of_another_departs(run: Callable[..., Run]) -> None:
    rng = np.random.default_rng(0)
    case = Case("a", (rng.normal(size=(3, 4)), *(rng.normal(size=(4, 2)) for _ in range(3))))
    twice = PROJECTIONS.replacing("keys", np.matmul, operands=("embeddings", "W_Q"))
    source = "def f(X, A, B, C):\n    q = X @ A\n    k = X @ A\n    v = X @ C\n    return q, k, v"
    assert held(run, source, case=case, reference=PROJECTIONS, departed=twice).line == 3
    swapped = "def f(X, A, B, C):\n    q, k = X @ A, X @ B\n    v = X @ C\n    return k, q, v"
    assert held(run, swapped, case=case, reference=PROJECTIONS).line == 4


def test_a_variable_that_is_made_twice_stands_for_no_step_of_its_own() -> None:
    block = MATERIALS["layers"].procedures["block"]
    case = next(iter(block_cases(np.random.default_rng(0))))
    due = block.values(*case.args)
    head = "def f(x, mask, *weights):\n    N = layer_norm(x)\n    H = x + multi_head(N, *weights[:4], mask)\n"
    one = f"{head}    F = feed_forward(layer_norm(H), *weights[4:])\n    return x + F"
    two = f"{head}    N = layer_norm(H)\n    return x + feed_forward(N, *weights[4:])"
    for source, name, step in ((one, "F", "network"), (two, "N", "second_norm")):
        traced = [
            TracedValue(2, "N", due["first_norm"]),
            TracedValue(3, "H", due["half"]),
            TracedValue(4, name, due[step]),
            TracedValue(5, "return", due["x"] + due["network"]),
        ]
        lost = block.replacing("second sum", np.add, operands=("x", "network"))
        found = place(source, traced, case, block, departed=lost)
        assert found.line == 5
        assert [told.split(" is right")[0] for told in found.sentences[-3:-1]] == [
            "Line 3: `H`",
            f"Line 4: `{name}`",
        ]


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    return np.exp(x) / np.exp(x).sum(axis=0)",
        "def f(x):\n    return [[0]]",
        "def f(x):\n    out = np.zeros(x.shape)\n    for i in range(len(x)):\n        e = np.exp(x[i])\n        out[i] = e / 3\n    return out",
        "f = lambda x: x * 3",
        "def f(x):\n    def g(y):\n        z = np.exp(y)\n        return z / z.sum(axis=0)\n    return g(x)",
    ],
)
def test_where_there_is_nothing_to_hold_against_no_line_is_named(
    run: Callable[..., Run], source: str
) -> None:
    assert held(run, source, departed=DOWN) == Place()


def test_a_mistake_out_of_sight_in_a_loop_blames_no_later_line(run: Callable[..., Run]) -> None:
    source = (
        "def f(x):\n    e = np.exp(x - x.max(axis=-1, keepdims=True))\n    rows = []\n"
        "    for row in e:\n        rows.append(row * 0.3)\n    out = np.array(rows)\n    return out"
    )
    found = held(run, source)
    assert found.line is None
    assert len(found.sentences) == 1


def test_a_statement_over_several_lines_counts_from_its_first(run: Callable[..., Run]) -> None:
    source = (
        "def f(x):\n    e = np.exp(\n        x\n        - x.max(axis=-1, keepdims=True)\n    )\n"
        "    return (\n        e\n        / e.sum(axis=0)\n    )"
    )
    found = held(run, source, departed=DOWN)
    assert found.line == 6
    assert found.sentences[0].startswith("Line 2: `e` is right")


def test_forged_lines_and_names_are_passed_over() -> None:
    source = "def f(x):\n    y = x\n    return y"
    bad = [
        TracedValue(2, "<script>", np.ones(2)),
        TracedValue(2, "x" * 500, np.ones(2)),
        TracedValue(99, "y", np.ones(2)),
        TracedValue(3, "return[999]", np.ones(2)),
    ]
    assert place(source, bad) == Place()


def test_two_thousand_branches_are_no_depth() -> None:
    source = "def f(x):\n    if x:\n        pass\n" + "    elif x:\n        pass\n" * 2000
    found = syntax.definition([Cell(0, source)], "f")
    assert Lines.of(found.node).statement == {3 + 2 * number: 3 + 2 * number for number in range(2001)}


def test_a_cell_that_is_no_python_has_no_lines() -> None:
    assert place("def f(:", [TracedValue(1, "y", np.ones(2)), TracedValue(2, "z", np.ones(2))]) == Place()


def test_a_return_that_hands_on_what_a_loop_made_is_not_the_place(run: Callable[..., Run]) -> None:
    source = (
        "def f(x):\n    e = np.exp(x - x.max(axis=-1, keepdims=True))\n    out = np.zeros_like(e)\n"
        "    for j in range(e.shape[1]):\n        out[:, j] = e[:, j] / e.sum(axis=0)[j]\n    return out"
    )
    divided = SOFTMAX.replacing("divide", lambda e, s: e / e.sum(axis=0))
    found = held(run, source, departed=divided)
    assert found.line is None
    assert held(run, source.replace("return out", "return out * 1.0"), departed=divided).line == 6


def test_what_is_innocent_is_found_at_once_as_one_by_one() -> None:
    row = np.array([1.0, -2.0, 0.5])
    odd = [np.array([1.0, bad, 0.5]) for bad in (np.nan, np.inf, -np.inf)]
    values = [row, row + 1e-12, row + 1e-3, row * 5e307, *odd, odd[0] + 1e-12, odd[1] + 1e-3, row * 0]
    values += [np.array([1, -2, 0]), np.array([1.0, -2.0, 0.0]), row.astype(np.float32), row + 0j]
    values += [row[:0], row[:1], np.array(1.0), np.array([row, row])]
    found = set()
    with np.errstate(all="ignore"):
        for one in values:
            for other in values:
                same = same_arrays.same(one, other, Tolerance())
                for innocent in ((other,), (row * 7, other, row * 1e300)):
                    ways = trace.Ways((), {}, (), {}, innocent=innocent)
                    assert ways.is_innocent(one, Tolerance()) is same
                found.add(same)
    assert found == {True, False}
