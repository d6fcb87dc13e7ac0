"""What is told where no mistake reproduces the results, through the real worker."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from reports import Explained, explained, ids

from autograder.checking.attempt import Attempt, Trial
from autograder.checking.compare import compare
from autograder.data import Other
from autograder.explaining import facts, whole
from autograder.records import Case, Function, Returned, Submission, Tolerance
from autograder.sandbox.worker import Run

__all__ = ["explained"]  # a fixture


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "source", "expected", "told"),
    [
        # a list of heads is not the stack that could be made of it
        (
            "multi_head",
            "def multi_head(X, W_Q, W_K, W_V, W_O):\n"
            "    return [attend(X @ q, X @ k, X @ v) for q, k, v in zip(W_Q, W_K, W_V)]",
            "general.wrong-type",
            "in a sequence, and should return one array.",
        ),
        (
            "scaled_scores",
            "def scaled_scores(Query, Key):\n    return [Key @ q / np.sqrt(len(q)) for q in Query]",
            "general.wrong-type",
            "in a sequence, and should return one array.",
        ),
        # an axis too many for a single row is no triangle
        (
            "softmax",
            "def softmax(x):\n    x = x[None] if x.ndim == 1 else x\n"
            "    e = np.exp(x - x.max(-1, keepdims=True))\n    return e / e.sum(-1, keepdims=True)",
            "general.wrong-shape",
            "On “a single row”: Its shape is (1, 6), and should be (6,).",
        ),
        (
            "softmax",
            "def softmax(x):\n    return np.zeros(x.shape)",
            "general.hardcoded-answer",
            "The answer is all zeros.",
        ),
        (
            "one_hot",
            "def one_hot(tokens, vocabulary):\n    out = np.zeros((len(tokens), len(vocabulary)))\n"
            "    for i, t in enumerate(tokens):\n        out[i, [j for j, w in enumerate(vocabulary) if w == t][0]] = 1\n"
            "    return out",
            "general.raises",
            "On “an unknown word”: It should raise ValueError or KeyError here, but raised IndexError.",
        ),
    ],
)
def test_what_is_said_of_the_whole_result_is_true_of_it(
    explained: Explained, function: str, source: str, expected: str, told: str
) -> None:
    report = explained(function, source)
    assert ids(report) in ([expected], [expected, "general.one-edit"])
    assert report.explanation is not None
    summary = report.explanation.summary
    said = f"{report.diagnoses[0].why} On “{report.explanation.case}”: {summary}"
    assert said.endswith(told) or report.diagnoses[0].why.endswith(told)
    assert not report.diagnoses[0].why.endswith(summary)  # which stands above it
    assert not any("right result" in fact for fact in report.explanation.observations)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "body"),
    [
        ("one_hot", "        m[i, vocabulary.index(t)] = 1\n        return m"),
        ("softmax", "        w = np.exp(row - row.max())\n        out[i] = w / w.sum()\n        return out"),
        (
            "scaled_scores",
            "        out.append([q @ k / np.sqrt(len(k)) for k in Key])\n        return np.array(out)",
        ),
        ("attend", "        w = np.exp(Key @ q / np.sqrt(len(q)))\n        return w / w.sum() @ Value"),
    ],
)
def test_a_return_inside_the_loop_is_named_where_the_first_row_alone_is_right(
    explained: Explained, function: str, body: str
) -> None:
    heads = {
        "one_hot": "(tokens, vocabulary):\n    m = np.zeros((len(tokens), len(vocabulary)))\n    for i, t in enumerate(tokens):\n",
        "softmax": "(x):\n    out = np.zeros(x.shape)\n    for i, row in enumerate(x):\n",
        "scaled_scores": "(Query, Key):\n    out = []\n    for q in Query:\n",
        "attend": "(Query, Key, Value):\n    out = []\n    for q in Query:\n",
    }
    report = explained(function, f"def {function}{heads[function]}{body}")
    assert [(one.id, one.line) for one in report.diagnoses] == [
        ("general.returns-early", 6 if function == "softmax" else 5)
    ]
    wrong = body.replace("return ", "return 2 * ")
    assert "general.returns-early" not in ids(explained(function, f"def {function}{heads[function]}{wrong}"))


def test_too_few_arrays_are_told_as_such(explained: Explained) -> None:
    report = explained("project_qkv", "def project_qkv(X, q, k, v):\n    return X @ q, X @ k")
    assert ids(report) == ["general.wrong-type"]
    assert report.diagnoses[0].title == "Not as many arrays come back as should"


@pytest.mark.parametrize(
    ("function", "source"),
    [
        ("softmax", "def softmax(x):\n    return np.sin(x)"),
        ("scaled_scores", "def scaled_scores(Q, K):\n    return np.sin(Q @ K.T) + 0.3"),
        ("attend", "def attend(Q, K, V):\n    return np.tanh(Q @ K.T) @ np.cosh(V)"),
        ("multi_head", "def multi_head(X, *weights):\n    return np.sin(3 * X) + X"),
        (
            "project_qkv",
            "def project_qkv(X, *W):\n    return tuple(np.sin(X @ w) + np.cos(X) @ w for w in W)",
        ),
    ],
)
def test_where_nothing_fits_nothing_is_claimed(explained: Explained, function: str, source: str) -> None:
    report = explained(function, source)
    assert ids(report) == []
    assert report.explanation is not None
    assert report.explanation.worked


def test_whole_numbers_where_fractions_are_due_are_found_where_they_are_made(explained: Explained) -> None:
    report = explained(
        "softmax",
        "def softmax(x):\n    out = np.zeros(x.shape, dtype=int)\n    for i in np.ndindex(x.shape[:-1]):\n"
        "        e = np.exp(x[i] - x[i].max())\n        out[i] = e / e.sum()\n    return out",
    )
    assert ids(report) == ["general.one-edit"]
    assert (report.diagnoses[0].line, report.diagnoses[0].kind) == (2, "dtype")


@pytest.mark.parametrize(
    ("function", "source", "line", "first"),
    [
        (  # as with a hard choice
            "softmax",
            "def softmax(x):\n    e = np.full(x.shape, 0)\n    e[:] = np.exp(x - x.max(axis=-1, keepdims=True))\n"
            "    return e / e.sum(axis=-1, keepdims=True)",
            2,
            "general.one-edit",
        ),
        (  # as with a step that loses its decimals
            "attend",
            "def attend(q, k, v):\n    s = scaled_scores(q, k).astype(np.int64)\n    return softmax(s) @ v",
            2,
            "general.one-edit",
        ),
        (  # with numbers of which some are 1, and no answer that is always the same
            "softmax",
            "def softmax(x):\n    out = np.zeros(x.shape, int)\n    for i in range(len(x)):\n"
            "        e = np.exp(x[i] - x[i].max())\n        out[i] = e / e.sum()\n    return out",
            None,
            "general.rounded",
        ),
        (
            "scaled_scores",
            "def scaled_scores(q, k):\n    s = np.zeros((len(q), len(k)), dtype='int64')\n    s[:] = q @ k.T / k.shape[1]**0.5\n    return s",
            2,
            "general.rounded",
        ),
    ],
)
def test_decimals_that_an_array_cuts_off_are_told_as_such(
    explained: Explained, function: str, source: str, line: int | None, first: str
) -> None:
    (found,) = explained(function, source).diagnoses
    assert (found.id, found.line, found.kind) == (first, line, "dtype" if line is not None else None)
    assert "array of whole numbers" in found.why


def test_a_constant_factor_is_observed_where_no_step_explains_it(explained: Explained) -> None:
    report = explained(
        "scaled_scores", "def scaled_scores(Q, K):\n    return 1.7 * Q @ K.T / np.sqrt(K.shape[1])"
    )
    assert ids(report) == ["general.one-edit"]
    assert report.explanation is not None
    assert "Every number is 1.7 times the right one." in report.explanation.observations


@pytest.mark.parametrize(
    ("function", "source", "expected"),
    [
        # right on ordinary inputs: what shows elsewhere is a finding of its own
        (
            "one_hot",
            "def one_hot(tokens, vocabulary):\n"
            "    return np.array([[float(t == w) for w in vocabulary] for t in tokens])",
            ["one_hot.unknown-accepted", "general.wrong-shape"],
        ),
        (
            "one_hot",
            "def one_hot(tokens, vocabulary):\n    out = np.zeros((len(tokens), len(vocabulary)))\n"
            "    tokens[0]\n    for i, t in enumerate(tokens): out[i, vocabulary.index(t)] = 1\n    return out",
            ["general.raises"],
        ),
        (
            "softmax",
            "def softmax(x):\n    if np.isneginf(x).any(): raise ValueError('no')\n"
            "    e = np.exp(x - x.max(axis=-1, keepdims=True))\n    return e / e.sum(axis=-1, keepdims=True)",
            ["general.raises"],
        ),
        (
            "softmax",
            "def softmax(x):\n    x -= x.max(axis=-1, keepdims=True)\n"
            "    return np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)",
            ["general.mutates-input"],
        ),
        # one answer, or one size
        (
            "softmax",
            "def softmax(x):\n    return np.full(x.shape, 1 / x.shape[-1])",
            ["general.hardcoded-answer"],
        ),
        ("softmax", "def softmax(x):\n    return np.zeros((3, 4))", ["general.hardcoded-answer"]),
        (
            "attend",
            "def attend(Q, K, V):\n    return softmax(Q @ K.T / np.sqrt(6)) @ V",
            ["general.hardcoded-size"],
        ),
        # a setting of one's own is no notebook variable that should be a parameter
        (
            "softmax",
            "EPSILON = 1e-9\nAXIS = -1\ndef softmax(x):\n    return np.sin(x).sum(axis=AXIS) + EPSILON",
            ["general.wrong-shape"],
        ),
        (
            "scaled_scores",
            "d_k = 6\ndef scaled_scores(Query, Key):\n    return Query @ Key.T / np.sqrt(d_k)",
            ["general.uses-globals"],
        ),
    ],
)
def test_general_findings_are_borne_out(
    explained: Explained, function: str, source: str, expected: list[str]
) -> None:
    assert ids(explained(function, source)) == expected


def test_what_it_raised_on_is_told(explained: Explained) -> None:
    report = explained(
        "softmax",
        "def softmax(x):\n    if x.ndim == 3:\n        raise OSError('no stacks')\n    return np.sin(x)",
    )
    (diagnosis,) = report.diagnoses
    assert diagnosis.id == "general.raises"
    assert (
        "It raised OSError on “a stack of tables” and “a large stack”, and returned on the others."
        in diagnosis.why
    )
    assert diagnosis.line == 3


def test_what_it_did_not_raise_on_is_told_where_that_is_shorter(explained: Explained) -> None:
    source = "def softmax(x):\n    if x.ndim == 2:\n        raise OSError('no tables')\n    return np.sin(x)"
    why = explained("softmax", source).diagnoses[0].why
    assert "It raised OSError on all inputs but “a single row”, “a stack of tables”" in why


def test_the_message_is_quoted_where_it_did_not_raise_on_the_input_that_is_shown(
    explained: Explained,
) -> None:
    report = explained(
        "scaled_scores",
        "def scaled_scores(Query, Key):\n    n = len(Query)\n    out = np.zeros((n, n))\n"
        "    for i in range(n):\n        for j in range(n):\n            out[i, j] = Query[i] @ Key[j]\n"
        "    return out / np.sqrt(Query.shape[1])",
    )
    assert ids(report) == ["general.raises"]
    assert report.explanation is not None
    assert report.explanation.case == "more keys than queries"
    assert (
        "On “more queries than keys” it says: index 3 is out of bounds for axis 0 with size 3"
        in report.diagnoses[0].why
    )


TWO_HEADS = (
    "def multi_head(X, W_Q, W_K, W_V, W_O):\n"
    "    one, two = (attend(X @ W_Q[i], X @ W_K[i], X @ W_V[i]) for i in (0, 1))\n"
    "    return np.concatenate([one, two], axis=1) @ W_O"
)
BY_HEADS = (
    "def multi_head(X, W_Q, W_K, W_V, W_O):\n    heads = []\n    for q, k, v in zip(W_Q, W_K, W_V):\n"
    "        s = X @ q @ (X @ k).T / np.sqrt(X.shape[1] // len(W_Q))\n"
    "        e = np.exp(s - s.max(axis=1, keepdims=True))\n"
    "        heads.append(e / e.sum(axis=1, keepdims=True) @ (X @ v))\n"
    "    return np.concatenate(heads, axis=1) @ W_O"
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "source", "told"),
    [
        (
            "multi_head",
            TWO_HEADS,
            "It is right exactly where `W_Q.shape[0]`, `W_K.shape[0]` and `W_V.shape[0]` are 2.",
        ),
        (
            "scaled_scores",
            "def scaled_scores(Q, K):\n    return Q @ K.T / 6 ** 0.5",
            "It is right exactly where `Query.shape[1]` and `Key.shape[1]` are 6.",
        ),
        # two sizes of one input fit: neither is named
        (
            "one_hot",
            "def one_hot(tokens, vocabulary):\n    out = np.zeros((10, 10))\n"
            "    for i, t in enumerate(tokens): out[i, vocabulary.index(t)] = 1\n    return out",
            "",
        ),
        # of what is made small for a page, two keys alone are right: no size that the code was written for
        (
            "attend",
            "def attend(Query, Key, Value):\n    s = Query @ Key.T / np.sqrt(Key.shape[1])\n    if s.shape[1] > 2:\n"
            "        s = np.where(s < np.sort(s, 1)[:, -2:-1], -np.inf, s)\n    return softmax(s) @ Value",
            None,
        ),
        # no number is written there: that a size fits is chance
        ("multi_head", BY_HEADS, None),
        (
            "multi_head",
            "def multi_head(X, W_Q, W_K, W_V, W_O):\n"
            "    return attend(X @ W_Q[0], X @ W_K[0], X @ W_V[0]) @ W_O[:W_V.shape[2]]",
            None,
        ),
    ],
)
def test_a_size_is_named_where_one_alone_fits_and_the_code_spells_it_out(
    explained: Explained, function: str, source: str, told: str | None
) -> None:
    report = explained(function, source)
    found = [diagnosis for diagnosis in report.diagnoses if diagnosis.id == "general.hardcoded-size"]
    assert bool(found) == (told is not None)
    if told is not None:
        assert found[0].why.endswith(told or "wrong everywhere else.")


def test_what_is_right_where_it_does_not_raise_is_not_said_to_be_rounded(explained: Explained) -> None:
    report = explained(
        "one_hot",
        "def one_hot(tokens, vocabulary):\n    for n, t in enumerate(tokens):\n        if t in tokens[:n]:\n"
        "            raise LookupError(t)\n    places = [vocabulary.index(t) for t in tokens]\n"
        "    return np.eye(len(vocabulary))[np.array(places, dtype=int)]",
    )
    assert "general.raises" in ids(report)
    assert "general.rounded" not in ids(report)


def test_an_error_over_none_is_told_where_none_came_from(explained: Explained) -> None:
    report = explained(
        "multi_head",
        "def multi_head(X, W_Q, W_K, W_V, W_O):\n    heads = []\n    for q, k, v in zip(W_Q, W_K, W_V):\n"
        "        heads = heads.append(attend(X @ q, X @ k, X @ v))\n    return np.hstack(heads) @ W_O",
    )
    (diagnosis,) = report.diagnoses
    assert (diagnosis.id, diagnosis.line) == ("general.raises", 4)
    assert "`heads` holds None since line 4: `append` changes its object in place" in diagnosis.why
    report = explained("softmax", "def softmax(x):\n    e = None\n    top = x.max()\n    return e / e.sum()")
    assert report.diagnoses[0].line == 2


def attempt(*trials: tuple[Any, Any, Any], again: Any = None) -> Attempt:
    """One function on these inputs, each an argument, what is due and what came; the first asked for again."""
    made = []
    for argument, due, came in trials:
        case = Case(str(argument), (argument,), "no-tokens" if argument == 0 else "ordinary")
        outcome = Returned(came)
        made.append(Trial(case, due, outcome, compare(case, due, outcome, Tolerance()), changed=False))
    submission = Submission("numbers", "ada", Path("numbers.ipynb"), (), "", {})
    function = Function("is_prime", 1.0, Tolerance())
    twice = () if again is None else ((made[0], Returned(again)),)
    return Attempt(submission, function, tuple(made), tuple(made), twice, Run([], defined=True))


def test_the_same_answer_is_the_same_on_edges_too() -> None:
    told = "It returned the same value for every input."
    assert facts.one_answer(attempt((7, True, True), (9, False, True))) == told
    assert facts.one_answer(attempt((7, True, True), (9, False, True), (0, False, True))) == told
    assert facts.one_answer(attempt((7, True, True), (9, False, True), (0, False, False))) is None


def test_an_object_that_comes_back_twice_is_no_other_answer() -> None:
    mine = Other("Stack")
    for first, then, differs in ((1, 2, True), (1, 1, False), (mine, mine, False), ([mine], [mine], False)):
        one = attempt((7, None, first), again=then)
        found = whole.whole_function(one, one.hidden)
        assert (found is not None and found.id == "general.random") == differs


def test_a_parameter_that_some_cases_leave_out_is_no_size() -> None:
    def trial(*args: object) -> Any:
        case = SimpleNamespace(args=args, of="", raises=None, kind="ordinary")
        return SimpleNamespace(case=case, mismatch=None if len(args) == 1 else "wrong")

    material: Any = SimpleNamespace(procedures={"f": SimpleNamespace(parameters=("x", "times"))})
    attempt: Any = SimpleNamespace(
        function=SimpleNamespace(name="f"), explain=[trial(np.ones(3))], hidden=[trial(np.ones(4), 2)]
    )
    assert facts._one_size(material, attempt, "n = 3") == "It is right exactly where `x.shape[0]` is 3."
