"""From results to findings, through the real worker: the whole corpus, two faults at once, and odd functions."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

import pytest
from catalogue import MATERIALS
from reports import HOME, Explained, explained, ids

from autograder.authoring.rehearsal import Rehearsal
from autograder.course.corpus import Example, examples
from autograder.grading.pipeline import Pipeline
from autograder.records import Function

__all__ = ["explained"]  # a fixture


@pytest.fixture(scope="module")
def rehearsed(pipelines: Mapping[str, Pipeline]) -> Callable[[str], Rehearsal]:
    """The rehearsal of a unit, whose notebook is read once."""
    return functools.cache(lambda name: Rehearsal.of(pipelines[name]))


# ------------------------------------------------------------------------------------------------- the corpus


def named(unit: Rehearsal, graded: Function, example: Example) -> list[str]:
    """The ids of what is found of an example, the best first; "right" for full marks."""
    judged = unit.judged(graded, example.source)
    if judged.full_marks:
        return ["right"]
    diagnoses = unit.findings(judged, lines=False).diagnoses
    assert all(diagnosis.title and diagnosis.why for diagnosis in diagnoses)
    return [diagnosis.id for diagnosis in diagnoses]


def told_in_full(function: str) -> list[Example]:
    """The corpus of one function, with one form of each catalogued mistake, the last.

    That every form of it has the results of that mistake and of no other, tests/units/test_examples.py shows without a
    child: what is found of them is the same.
    """
    corpus = examples(MATERIALS[HOME[function].name], function)
    last = {example.expect: example for example in corpus}
    return [
        example
        for example in corpus
        if example.expect == "right"
        or example.expect.startswith("general.")
        or example is last[example.expect]
    ]


# Those of multi_head are among the proofs of its unit, all of which are made in tests/authoring/test_verify.py.
@pytest.mark.slow
@pytest.mark.parametrize("function", [name for name in HOME if name != "multi_head"])
def test_examples_are_named_first_or_right(rehearsed: Callable[[str], Rehearsal], function: str) -> None:
    unit = HOME[function]
    rehearsal = rehearsed(unit.name)
    (graded,) = (one for one in unit.functions if one.name == function)
    taken_for = {}
    for example in told_in_full(function):
        ids = named(rehearsal, graded, example)
        if ids[:1] != [example.expect]:
            taken_for[f"{example.expect}: {example.description}"] = ids
    assert taken_for == {}


@pytest.mark.parametrize(
    ("function", "body", "first"),
    [
        ("softmax", "e = np.exp(x)\n    return e / e.sum(axis=0)", "softmax.wrong-axis"),  # of the catalogue
        # a step is changed, and said to be right by a line that makes it
        (
            "softmax",
            "s = x - x.max(-1, keepdims=True)\n    e = np.exp(0.5 * s)\n    return e / e.sum(-1, keepdims=True)",
            "general.changed-step",
        ),
        # an edit shows that it is one array under two names
        (
            "project_qkv",
            "q = k = np.zeros((len(x), wq.shape[1]))\n    q[:] = x @ wq\n    k[:] = x @ wk\n    return q, k, x @ wv",
            "general.one-edit",
        ),
        # and that an array cuts decimals off
        (
            "softmax",
            "e = np.zeros(x.shape, int)\n    e[:] = np.exp(x - x.max(-1, keepdims=True))\n    return e / e.sum(-1, keepdims=True)",
            "general.one-edit",
        ),
        # an edit says more than the fact that it raises
        ("softmax", "e = np.exp(x)\n    return e / e.sum(axis=3)", "general.raises"),
        (
            "softmax",
            "e = np.exp(x)\n    e[0] = 1\n    return e / e.sum(-1, keepdims=True)",
            "general.one-edit",
        ),
        ("one_hot", "return 1", "general.wrong-type"),
    ],
)
def test_which_finding_comes_first_is_known_without_its_lines(
    rehearsed: Callable[[str], Rehearsal], function: str, body: str, first: str
) -> None:
    unit = HOME[function]
    (graded,) = (one for one in unit.functions if one.name == function)
    rehearsal = rehearsed(unit.name)
    parameters = {"softmax": "x", "one_hot": "tokens, vocabulary", "project_qkv": "x, wq, wk, wv"}[function]
    judged = rehearsal.judged(graded, f"def {function}({parameters}):\n    {body}")
    found, whole = (rehearsal.findings(judged, lines=lines).diagnoses for lines in (False, True))
    assert found[0].id == whole[0].id == first
    if first == "softmax.wrong-axis":
        assert (found[0].line, whole[0].line) == (None, 3)


# ---------------------------------------------------------------------------------------------- two at once


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "source", "expected"),
    [
        (
            "attend",
            "def attend(Query, Key, Value):\n    return softmax(Query @ Key.T).T @ Value",
            ["attend.unscaled", "attend.weights-transposed"],
        ),
        (
            "attend",
            "def attend(Query, Key, Value):\n    return softmax(Query @ Key.T) @ Key",
            ["attend.unscaled", "attend.key-for-value"],
        ),
        (
            "scaled_scores",
            "def scaled_scores(Query, Key):\n    return Key @ Query.T / Key.shape[-1]",
            ["scaled_scores.transposed", "scaled_scores.divided-by-d_k"],
        ),
        (
            "multi_head",
            "def multi_head(X, W_Q, W_K, W_V, W_O):\n"
            "    heads = [softmax(X @ q @ (X @ k).T) @ (X @ v) for q, k, v in zip(W_Q, W_K, W_V)]\n"
            "    return np.concatenate(heads[::-1], axis=-1) @ W_O\n"
            "def softmax(x):\n"
            "    e = np.exp(x - x.max(axis=-1, keepdims=True))\n"
            "    return e / e.sum(axis=-1, keepdims=True)",
            ["multi_head.unscaled", "multi_head.reversed-order"],
        ),
        (
            "scaled_scores",
            "def scaled_scores(Query, Key):\n    return np.round(Query @ Key.T, 3)",
            ["scaled_scores.unscaled", "general.rounded"],
        ),
        (
            "softmax",
            "def softmax(x):\n    x -= x.max()\n    return np.exp(x) / np.exp(x).sum()",
            ["softmax.global-normalise", "general.mutates-input"],
        ),
        (
            "softmax",
            "def softmax(x):\n    return np.exp(x) / np.exp(x).sum(axis=0)",
            ["softmax.wrong-axis", "softmax.unstable"],
        ),
        # the same numbers above and below
        *(
            ("softmax", f"def softmax(x):\n    m = np.max(x, axis=-1, keepdims=True)\n{rest}", [expected])
            for rest, expected in (
                (
                    "    return np.exp(x) / np.sum(np.exp(x - m), axis=-1, keepdims=True)",
                    "softmax.half-shifted",
                ),
                (
                    "    return np.exp(x - m) / np.sum(np.exp(x), axis=-1, keepdims=True)",
                    "softmax.half-shifted",
                ),
                (
                    "    e = np.exp(x) - m\n    return e / np.sum(e, axis=-1, keepdims=True)",
                    "softmax.shifted-late",
                ),
                (
                    "    e = np.exp(x)\n    return (e - m) / np.sum(e, axis=-1, keepdims=True)",
                    "softmax.shifted-late",
                ),
            )
        ),
        (
            "one_hot",
            "def one_hot(tokens, vocabulary):\n    out = np.zeros((len(tokens), len(vocabulary)))\n"
            "    for i, token in enumerate(tokens):\n        if token not in vocabulary: raise ValueError\n"
            "        for j, word in enumerate(vocabulary):\n            if token in word: out[i, j] = 1\n"
            "    return out",
            ["one_hot.part-of-a-word"],
        ),
    ],
)
def test_two_faults_at_once_are_both_named(
    explained: Explained, function: str, source: str, expected: list[str]
) -> None:
    assert ids(explained(function, source)) == expected


# ------------------------------------------------------------------------------------------- one step changed


@pytest.mark.parametrize(
    ("function", "source", "step", "told"),
    [
        (
            "attend",
            "def attend(Query, Key, Value):\n    return softmax(Query @ Key.T / Key.shape[-1]) @ Value",
            "scale",
            "The scores were divided by d_k, not by its square root",
        ),
        (
            "softmax",
            "def softmax(x):\n    e = np.exp(0.5 * (x - x.max(axis=-1, keepdims=True)))\n"
            "    return e / e.sum(axis=-1, keepdims=True)",
            "shift",
            "is halved",
        ),
        (
            "scaled_scores",
            "def scaled_scores(Query, Key):\n    return Query @ Key.T / Key.shape[-1] ** 2",
            "scale",
            "divided by the square of the number of columns of `Query`",
        ),
        (
            "project_qkv",
            "def project_qkv(X, W_Q, W_K, W_V):\n    return X @ W_Q, X @ W_K, np.abs(X @ W_V)",
            "values",
            "has lost its signs",
        ),
        (
            "softmax",
            "def softmax(x):\n    e = np.exp(x - x.max(axis=-1, keepdims=True))\n"
            "    return e / e.std(axis=-1, keepdims=True)",
            "row sum",
            "takes the standard deviation of each row",
        ),
    ],
)
def test_a_step_changed_in_a_way_nobody_listed_is_told_in_words(
    explained: Explained, function: str, source: str, step: str, told: str
) -> None:
    report = explained(function, source)
    assert ids(report)[0] == "general.changed-step"
    assert report.diagnoses[0].step == step
    assert told in report.diagnoses[0].title
    for text in (report.diagnoses[0].title, report.diagnoses[0].why):
        assert "np." not in text
        assert "axis=" not in text


@pytest.mark.parametrize(
    ("function", "source", "told"),
    [
        (
            "scaled_scores",
            "def scaled_scores(Query, Key):\n    out = np.zeros((len(Query), len(Key)))\n"
            "    for i, q in enumerate(Query):\n        for j, k in enumerate(Key):\n"
            "            for f in range(len(q) - 1):\n                out[i, j] += q[f] * k[f]\n"
            "    return out / np.sqrt(Key.shape[1])",
            "In the step “product” the last column of `Query` plays no part",
        ),
        (
            "scaled_scores",
            "def scaled_scores(Query, Key):\n"
            "    return Query @ Key.reshape(Key.shape[1], Key.shape[0]) / np.sqrt(Key.shape[1])",
            "In the step “product” `Key` is reshaped where it should be flipped: each number then stands elsewhere",
        ),
        (
            "project_qkv",
            "def project_qkv(X, *W):\n    def product(A, B):\n        out = np.zeros((A.shape[0], B.shape[1]))\n"
            "        for i in range(A.shape[0]):\n            for j in range(B.shape[1]):\n"
            "                for k in range(A.shape[1]):\n                    out[i, j] = A[i, k] * B[k, j]\n"
            "        return out\n    return tuple(product(X, w) for w in W)",
            "In the steps “queries”, “keys” and “values” only the last column of `embeddings` counts: the products before it are lost, not added up",
        ),
        (
            "attend",
            "def attend(Q, K, V):\n    return softmax(Q @ K.T) / np.sqrt(K.shape[1]) @ V",
            "The step “scale” comes too late, after the step “divide”",
        ),
        (
            "attend",
            "def attend(Q, K, V):\n    return softmax(Q @ K / np.sqrt(K.shape[1])) @ V",
            "In the step “product” `Key` lies the wrong way: its rows should be its columns",
        ),
        (
            "attend",
            "def attend(Q, K, V):\n    w = softmax(scaled_scores(Q, K))\n"
            "    return np.mean(w[:, :, None] * V[None], axis=1)",
            "The result of the step “weighted sum” is divided by the number of rows of `Key`",
        ),
        (
            "softmax",
            "def softmax(x):\n    e = np.exp(x - x.max(-1, keepdims=True))\n    return 100 * e / e.sum(-1, keepdims=True)",
            "The result of the step “divide” is 100 times too large",
        ),
        (
            "one_hot",
            "def one_hot(tokens, vocabulary):\n    out = np.zeros((len(tokens), len(vocabulary)))\n"
            "    for i, t in enumerate(tokens[::-1]): out[i, vocabulary.index(t)] = 1\n    return out",
            "The result of the step “look up” is in reverse order",
        ),
        (
            "multi_head",
            "def multi_head(X, W_Q, W_K, W_V, W_O):\n    def own(Q, K, V):\n        s = Q @ K.T\n"
            "        s = s / np.sqrt(s.shape[-1])\n        e = np.exp(s - s.max(-1, keepdims=True))\n"
            "        return e / e.sum(-1, keepdims=True) @ V\n"
            "    return np.hstack([own(X @ q, X @ k, X @ v) for q, k, v in zip(W_Q, W_K, W_V)]) @ W_O",
            "In the step “scale” the result of “product” is divided by the square root of the number of rows of `embeddings`",
        ),
        (
            "multi_head",
            "def multi_head(X, W_Q, W_K, W_V, W_O):\n"
            "    heads = [attend(X @ q, X @ k, X @ v) for q, k, v in zip(W_Q, W_K, W_V)]\n"
            "    return np.concatenate(heads, axis=-1) @ W_O + X",
            "The result of the step “output projection” has `embeddings` added to it",
        ),
    ],
)
def test_what_students_write_is_told_in_words_that_are_true_of_it(
    explained: Explained, function: str, source: str, told: str
) -> None:
    report = explained(function, source)
    assert [(one.id, one.title) for one in report.diagnoses] == [("general.changed-step", told)]


def test_heads_that_stand_side_by_side_are_not_said_to_be_averaged(explained: Explained) -> None:
    report = explained(
        "multi_head",
        "def multi_head(X, W_Q, W_K, W_V, W_O):\n"
        "    heads = [attend(X @ q, X @ k, X @ v) for q, k, v in zip(W_Q, W_K, W_V)]\n"
        "    return np.concatenate(heads, axis=-1) @ W_O / len(heads)",
    )
    assert ids(report) == ["multi_head.heads-averaged"]
    assert report.diagnoses[0].title == "The result was divided by the number of heads"


def test_an_exponential_that_is_there_is_not_said_to_be_missing(explained: Explained) -> None:
    report = explained(
        "softmax",
        "def softmax(x):\n    z = x / x.sum(-1, keepdims=True)\n    return np.exp(z) / np.exp(z).sum(-1, keepdims=True)",
    )
    assert "softmax.no-exp" not in ids(report)


def test_a_finding_on_the_whole_function_names_no_line_of_an_array(explained: Explained) -> None:
    report = explained(
        "project_qkv",
        "def project_qkv(X, q, k, v):\n    X -= X.mean(axis=0)\n    Q = X @ q\n    return Q, X @ k, X @ v",
    )
    assert ids(report) == ["general.mutates-input"]
    assert report.diagnoses[0].line == 2  # the smallest edit leaves it out


def test_a_shift_that_the_results_do_not_show_is_not_told(explained: Explained) -> None:
    report = explained(
        "multi_head",
        "def multi_head(X, W_Q, W_K, W_V, W_O):\n    heads = []\n    for q, k, v in zip(W_Q, W_K, W_V):\n"
        "        s = (X @ q) @ (X @ k).T / np.sqrt(q.shape[1])\n        e = np.exp(s - s.max())\n"
        "        heads.append(e / e.sum(axis=0) @ (X @ v))\n    return np.concatenate(heads, axis=-1) @ W_O",
    )
    assert ids(report) == ["general.changed-step"]
    assert report.diagnoses[0].step == "row sum"
    assert "maxim" not in report.diagnoses[0].title


@pytest.mark.parametrize(
    ("subtracted", "expected"),
    [
        ("x.mean(axis=-1, keepdims=True)", "softmax.mean-shift"),
        ("x.min(axis=-1, keepdims=True)", "softmax.min-shift"),
        ("np.median(x, axis=-1, keepdims=True)", "general.nan"),
    ],
)
def test_what_was_subtracted_in_place_of_the_maximum(
    explained: Explained, subtracted: str, expected: str
) -> None:
    report = explained(
        "softmax",
        f"def softmax(x):\n    e = np.exp(x - {subtracted})\n    return e / e.sum(axis=-1, keepdims=True)",
    )
    assert ids(report)[0] == expected


def test_a_general_finding_speaks_of_the_function_by_its_name(explained: Explained) -> None:
    body = "    e = np.exp(x - x.max(-1, keepdims=True))\n    print(e / e.sum(-1, keepdims=True))"
    told, *_ = explained("softmax", f"def softmax(x):\n{body}").diagnoses
    assert (told.id, told.look) == ("general.returns-none", "print(type(softmax(...)))")
    (told,) = explained("softmax", "def softmax(x):\n    while True: pass").diagnoses
    assert "your_function" not in told.look


@pytest.mark.parametrize(
    "body",
    [
        "for i, t in enumerate(tokens):\n        m[i, vocabulary.index(t)] = 1\n        return m",
        "for j, w in enumerate(vocabulary):\n        if w in tokens: m[tokens.index(w), j] = 1\n    return m",
    ],
)
def test_an_edge_finding_does_not_stand_for_what_is_wrong_with_ordinary_inputs(
    explained: Explained, body: str
) -> None:
    source = f"def one_hot(tokens, vocabulary):\n    m = np.zeros((len(tokens), len(vocabulary)))\n    {body}"
    report = explained("one_hot", source)
    assert (ids(report) or [""])[0] != "one_hot.unknown-accepted"


@pytest.mark.parametrize(
    "body",
    [
        "e = np.exp(x - x.min())\n    return e / e.sum(axis=0, keepdims=True)",  # which names no maximum
        # whose exponential never overflows
        "e = np.exp(x.min(axis=-1, keepdims=True) - x)\n    return e / e.sum(axis=-1, keepdims=True)",
    ],
)
def test_an_edge_finding_is_told_beside_another_only_where_its_words_are_true(
    explained: Explained, body: str
) -> None:
    report = explained("softmax", f"def softmax(x):\n    {body}")
    assert len(report.diagnoses) == 1


def test_a_row_without_its_1_is_no_1_in_another_place(explained: Explained) -> None:
    report = explained(
        "one_hot",
        "def one_hot(tokens, vocabulary):\n    m = np.zeros((len(tokens), len(vocabulary)))\n"
        "    for i in range(len(tokens) - 1):\n        m[i, vocabulary.index(tokens[i])] = 1\n    return m",
    )
    assert ids(report) == ["one_hot.row-left-out"]
    assert report.diagnoses[0].title == "The last row has no 1"


# --------------------------------------------------------------------------------------------------- the line


def test_the_report_says_which_line_departs_and_what_stood_before_it(explained: Explained) -> None:
    report = explained(
        "softmax",
        "def softmax(x):\n"
        "    raw = x - x.max(axis=-1, keepdims=True)\n"
        "    e = np.exp(raw)\n"
        "    w = e / e.sum(axis=0, keepdims=True)\n"
        "    return w",
    )
    assert (report.diagnoses[0].id, report.diagnoses[0].line) == ("softmax.wrong-axis", 4)
    assert report.explanation is not None
    told = report.explanation.observations
    assert told[-3].startswith("Line 2: `raw` is right, the step “shift”")
    assert told[-2].startswith("Line 3: `e` is right, the step “exponential”")
    assert told[-1].startswith("Line 4: `w` should be the step “divide”")
    assert told[-1].endswith("Its columns sum to one; its rows should.")


def test_the_line_belongs_to_the_step_of_the_diagnosis(explained: Explained) -> None:
    report = explained(
        "softmax",
        "def softmax(x):\n    m = np.max(x, axis=0, keepdims=True)\n    e = np.exp(x - m)\n"
        "    s = np.sum(e, axis=0, keepdims=True)\n    return e / s",
    )
    assert (report.diagnoses[0].id, report.diagnoses[0].step) == ("softmax.wrong-axis", "row sum")
    assert report.diagnoses[0].line == 4
    assert report.explanation is not None
    assert not any("row maximum" in told for told in report.explanation.observations)


@pytest.mark.parametrize(
    "source",
    [
        "softmax = lambda x: np.exp(x) / np.exp(x).sum(axis=0)",
        "exec('def softmax(x):\\n    e = np.exp(x)\\n    return e / e.sum(axis=0)')",
        "def softmax(x):\n    def inner(y):\n        e = np.exp(y)\n        return e / e.sum(axis=0)\n    return inner(x)",
        "class Softmax:\n    def __call__(self, x):\n        e = np.exp(x)\n        return e / e.sum(axis=0)\nsoftmax = Softmax()",
    ],
)
def test_no_line_is_named_where_there_is_nothing_to_hold_against(explained: Explained, source: str) -> None:
    report = explained("softmax", source)
    assert report.diagnoses[0].id == "softmax.wrong-axis"
    assert report.diagnoses[0].line is None


@pytest.mark.parametrize(
    ("function", "source"),
    [
        (  # which raised, and returns in a run of its own
            "one_hot",
            "place = {}\ndef one_hot(tokens, vocabulary):\n    for word in vocabulary:\n        place.setdefault(word, len(place))\n"
            "    m = np.zeros((len(tokens), len(vocabulary)))\n    for i, token in enumerate(tokens):\n        m[i, place[token]] = 1\n"
            "    return m",
        ),
        (
            "softmax",
            "def softmax(x, axes=[]):\n    axes.append(x.ndim - 1)\n    e = np.exp(x - x.max(axis=-1, keepdims=True))\n"
            "    return e / e.sum(axis=axes[0], keepdims=True)",
        ),
    ],
)
def test_lines_of_another_run_that_went_right_are_not_told(
    explained: Explained, function: str, source: str
) -> None:
    report = explained(function, source)
    assert report.diagnoses
    assert report.explanation is not None
    assert not any(told.startswith("Line ") for told in report.explanation.observations)
    assert report.explanation.agrees == ()


def test_a_function_of_one_line_goes_wrong_on_that_line(explained: Explained) -> None:
    report = explained("softmax", "def softmax(x):\n    return np.exp(x) / np.exp(x).sum(axis=0)")
    assert (report.diagnoses[0].id, report.diagnoses[0].line) == ("softmax.wrong-axis", 2)


# --------------------------------------------------------------------------------------------- odd functions


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # different from call to call, with and without a seed of one's own
        ("def softmax(x):\n    return np.random.rand(*x.shape)", "general.random"),
        ("def softmax(x):\n    return np.random.default_rng().random(x.shape)", "general.random"),
        (
            "calls = []\ndef softmax(x):\n    calls.append(1)\n    return x * len(calls)",
            "general.random",
        ),
        # on some inputs only
        ("def softmax(x):\n    return x / x.sum(axis=1, keepdims=True)", "general.raises"),
        (
            "def softmax(x):\n    if x.ndim == 1:\n        return None\n    return np.sin(x)",
            "general.returns-none",
        ),
        # recursive without end, and with one
        ("def softmax(x):\n    return softmax(x)", "general.raises"),
        (
            "def softmax(x):\n    if x.ndim > 1:\n        return np.stack([softmax(row) for row in x])\n    return x / x.sum()",
            "softmax.no-exp",
        ),
        # made by exec, defined twice, nested, decorated, a method, a lambda, a partial
        ("exec('def softmax(x):\\n    return x / x.sum(axis=-1, keepdims=True)')", "softmax.no-exp"),
        (
            "def softmax(x):\n    return x\ndef softmax(x):\n    return x / x.sum(axis=-1, keepdims=True)",
            "softmax.no-exp",
        ),
        (
            "import functools\ndef logged(f):\n    @functools.wraps(f)\n    def g(*a):\n        print(a)\n        return f(*a)\n"
            "    return g\n@logged\ndef softmax(x):\n    return x / x.sum(axis=-1, keepdims=True)",
            "softmax.no-exp",
        ),
        (
            "class Model:\n    def run(self, x):\n        return x / x.sum(axis=-1, keepdims=True)\nsoftmax = Model().run",
            "softmax.no-exp",
        ),
        ("softmax = lambda x: x / x.sum(axis=-1, keepdims=True)", "softmax.no-exp"),
        (
            "import functools\ndef by(axis, x):\n    return x / x.sum(axis=axis, keepdims=True)\n"
            "softmax = functools.partial(by, -1)",
            "softmax.no-exp",
        ),
        ("softmax = np.tanh", "nothing"),
        ("softmax = 7", "general.missing"),
        # names that shadow NumPy and what the grader might use
        ("np = None\ndef softmax(x):\n    return np.exp(x)", "general.raises"),
        (
            "import numpy as np\nnp.exp = lambda x: x\ndef softmax(x):\n    e = np.exp(x)\n    return e / np.sum(e, axis=-1, keepdims=True)",
            "softmax.no-exp",
        ),
        (
            "sum = max = len = 3\ndef softmax(x):\n    return x / x.sum(axis=-1, keepdims=True)",
            "softmax.no-exp",
        ),
        # source that is no plain Python, or lies
        (
            "%matplotlib inline\ndef softmax(x):\n    return x / x.sum(axis=-1, keepdims=True)",
            "softmax.no-exp",
        ),
        ("def softmax(x):\n    return x /", "general.missing"),
        (
            "def softmax(x):\n    return x / x.sum(axis=-1, keepdims=True)\nsoftmax.__code__ = (lambda x: x + 1).__code__",
            "nothing",
        ),
        (
            "def softmax(x):\n    import sys\n    sys.settrace(None)\n    y = x * 1\n    return y / y.sum(axis=-1, keepdims=True)",
            "softmax.no-exp",
        ),
        # values that are none
        ("def softmax(x):\n    return x.astype(complex) * 1j", "nothing"),
        ("def softmax(x):\n    return x > 0", "nothing"),
        ("def softmax(x):\n    y = x > 0\n    return y.astype(np.uint8)", "nothing"),
        ("def softmax(x):\n    return np.array(['a'])", "general.wrong-type"),
        ("def softmax(x):\n    return x.astype(object)", "general.wrong-type"),
        ("def softmax(x):\n    return (e for e in x)", "general.wrong-type"),
        ("def softmax(x):\n    yield x", "general.wrong-type"),
        ("async def softmax(x):\n    return x", "general.wrong-type"),
        ("def softmax(x):\n    return np.float16(x) / np.float16(x).sum(axis=-1, keepdims=True)", "nothing"),
        ("def softmax(x):\n    return np.broadcast_to(np.float64(1), (10**6,))", "general.hardcoded-answer"),
        ("def softmax(x, axis):\n    return x", "general.raises"),
        ("def softmax():\n    return 1", "general.raises"),
        ("def softmax(x):\n    raise KeyboardInterrupt", "general.raises"),
        ("def softmax(x):\n    raise SystemExit", "general.raises"),
        ("def softmax(x):\n    raise type('E' * 1000, (Exception,), {})('x' * 10000)", "general.raises"),
    ],
)
def test_no_odd_function_breaks_a_report(explained: Explained, source: str, expected: str) -> None:
    report = explained("softmax", source)
    assert report.score < report.max_score
    assert (ids(report) or ["nothing"])[0] == expected
