"""The place of the smallest edit, found in the real child."""

from __future__ import annotations

from dataclasses import replace

import pytest
from reports import Explained, explained, ids

from autograder import hints
from autograder.explaining.edited import Found
from autograder.explaining.mending import RETHINK, rethink
from autograder.records import Explanation, WorkedStep

__all__ = ["explained"]  # a fixture


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "source", "line", "kind"),
    [
        (
            "softmax",
            "def softmax(x):\n    e = np.exp(x - x.max(axis=-1, keepdims=True))\n    n = e.sum(axis=-1, keepdims=True)\n"
            "    n[0] = 1\n    return e / n",
            4,
            "deletion",
        ),
        (
            "scaled_scores",
            "def scaled_scores(q, k):\n    s = np.zeros((len(q), len(k)))\n    for i in range(len(q)):\n"
            "        for j in range(len(k) - 1):\n            s[i, j] = (q[i] * k[j]).sum()\n"
            "    return s / np.sqrt(q.shape[1])",
            4,
            "loop",
        ),
        (
            "multi_head",
            "def multi_head(x, wq, wk, wv, wo):\n    heads = []\n    for h in range(len(wq)):\n"
            "        heads.append(attend(x @ wq[h], x @ wk[h], x @ wv[h - 1]))\n"
            "    return np.concatenate(heads, axis=-1) @ wo",
            4,
            "index",
        ),
    ],
)
def test_the_line_and_the_kind_of_a_mistake_that_no_catalogue_holds(
    explained: Explained, function: str, source: str, line: int, kind: str
) -> None:
    report = explained(function, source)
    (found,) = (one for one in report.diagnoses if one.id == "general.one-edit")
    assert (found.line, found.kind) == (line, kind)


def test_a_helper_is_edited_too(explained: Explained) -> None:
    report = explained(
        "scaled_scores",
        "def dots(a, b):\n    return a @ b.T + a[0, 0]\n\ndef scaled_scores(q, k):\n    return dots(q, k) / np.sqrt(q.shape[1])",
    )
    assert ids(report)[0] == "general.one-edit"
    assert report.diagnoses[0].line == 2


@pytest.mark.parametrize(
    ("function", "source", "line"),
    [
        (
            "scaled_scores",
            "dots = lambda a, b: a @ a.T\ndef scaled_scores(q, k):\n    return dots(q, k) / np.sqrt(q.shape[1])",
            1,
        ),
        (
            "softmax",
            "def normalised(f):\n    def inner(x):\n        e = f(x)\n        return e / e.max(axis=-1, keepdims=True)\n"
            "    return inner\n\n@normalised\ndef softmax(x):\n    return np.exp(x - x.max(axis=-1, keepdims=True))",
            4,
        ),
    ],
)
def test_a_lambda_and_a_decorator_are_edited_too(
    explained: Explained, function: str, source: str, line: int
) -> None:
    assert explained(function, source).diagnoses[0].line == line


@pytest.mark.parametrize(
    ("function", "source", "line", "kind"),
    [
        # a term left out, as beside the same formula elsewhere
        (
            "project_qkv",
            "def project_qkv(X, a, b, c):\n    q, k, v = [], [], []\n    for x in X:\n        q.append(x @ a)\n"
            "        k.append(x @ b)\n        v.append(x)\n    q = np.array(q)\n    return q, np.array(k), np.array(v)",
            6,
            None,
        ),
        # an index left out where a loop counts
        (
            "softmax",
            "def softmax(x):\n    flat = x.reshape(-1, x.shape[-1])\n    out = np.zeros(flat.shape)\n"
            "    for i in range(len(flat)):\n        row = flat\n        e = np.exp(row - row.max())\n"
            "        out[i] = e / e.sum()\n    return out.reshape(x.shape)",
            5,
            "index",
        ),
        # a number where a loop counts
        (
            "multi_head",
            "def multi_head(x, q, k, v, o):\n    heads = []\n    for i in range(len(q)):\n"
            "        heads.append(np.tanh(attend(x @ q[i], x @ k[0], x @ v[i])))\n    heads = [np.arctanh(h) for h in heads]\n"
            "    return np.concatenate(heads, axis=-1) @ o",
            4,
            None,
        ),
        # the plain edit inside a block, and not the block
        (
            "one_hot",
            "def one_hot(tokens, vocabulary):\n    for t in tokens:\n        if t in vocabulary:\n            raise ValueError(t)\n"
            "    return np.array([[float(t == w) for w in vocabulary] for t in tokens]).reshape(-1, len(vocabulary))",
            3,
            "condition",
        ),
    ],
)
def test_what_is_left_out_or_put_in_is_found_where_it_is(
    explained: Explained, function: str, source: str, line: int, kind: str | None
) -> None:
    first = explained(function, source).diagnoses[0]
    assert first.line == line
    assert kind is None or first.kind == kind


def test_no_list_is_put_into_itself(explained: Explained) -> None:
    report = explained(
        "one_hot",
        "def one_hot(tokens, vocabulary):\n    rows = []\n    for token in tokens:\n        row = []\n"
        "        for word in vocabulary:\n            if word == token:\n                row.append(1.0)\n            else:\n"
        "                row.append(1.0)\n        rows.append(row)\n    return np.array(rows).reshape(-1, len(vocabulary))",
    )
    assert report.diagnoses[0].line == 9


def test_no_edit_writes_over_what_is_handed_in(explained: Explained) -> None:
    report = explained(
        "softmax",
        "def softmax(x):\n    out = np.zeros(x.shape, dtype=int)\n    for i in np.ndindex(x.shape[:-1]):\n"
        "        e = np.exp(x[i] - x[i].max())\n        out[i] = e / e.sum()\n    return out",
    )
    assert (report.diagnoses[0].line, report.diagnoses[0].kind) == (2, "dtype")


BY_TWO_NAMES = (
    "def project_qkv(x, wq, wk, wv):\n    {}\n    q[:] = x @ wq\n    k[:] = x @ wk\n    return q, k, x @ wv"
)


@pytest.mark.parametrize(
    ("function", "source", "line", "name"),
    [
        ("project_qkv", BY_TWO_NAMES.format("q = k = np.zeros((len(x), wq.shape[1]))"), 2, "q"),
        ("project_qkv", BY_TWO_NAMES.format("q = np.empty((len(x), wq.shape[1]))\n    k = q"), 3, "q"),
        (
            "project_qkv",
            "def project_qkv(x, wq, wk, wv):\n    room = x @ wk\n    q = np.matmul(x, wq, out=room)\n"
            "    k = np.matmul(x, wk, out=room)\n    return q, k, x @ wv",
            3,
            "q",
        ),
        (
            "multi_head",
            "def multi_head(x, wq, wk, wv, wo):\n    head, heads = np.zeros((len(x), wv.shape[2])), []\n    for i in range(len(wq)):\n"
            "        head[:] = attend(x @ wq[i], x @ wk[i], x @ wv[i])\n        heads.append(head)\n    return np.hstack(heads) @ wo",
            5,
            "head",
        ),
    ],
)
def test_one_array_under_several_names_is_told_as_one_and_not_as_what_else_gives_its_results(
    explained: Explained, function: str, source: str, line: int, name: str
) -> None:
    (found,) = explained(function, source).diagnoses
    assert (found.id, found.line, found.kind) == ("general.one-edit", line, "copy")
    assert f"an array or a list of its own at `{name}`" in found.title


NORM = "def layer_norm(x):\n    v = x.var(axis=-1, keepdims=True)\n    return (x - x.mean(axis=-1, keepdims=True)) / np.sqrt(v + {})"


@pytest.mark.slow
def test_no_edit_breaks_an_edge(explained: Explained) -> None:
    (found,) = explained("layer_norm", NORM.format(0.3)).diagnoses
    assert (found.id, found.kind) == ("general.one-edit", "constant")  # without it, equal numbers are 0/0
    report = explained("layer_norm", NORM.format(1))
    assert all(one.kind is None for one in report.diagnoses)
    assert report.explanation is not None
    assert not any(one in RETHINK for one in report.explanation.observations)


def test_an_error_on_every_input_is_no_edge_that_is_kept(explained: Explained) -> None:
    report = explained(
        "one_hot",
        "def one_hot(tokens, vocabulary):\n    same = np.array(tokens)[:, None] == np.array(vocabulary)\n"
        "    return same.astype(float).reshape(len(tokens), 1)",
    )
    (found,) = (one for one in report.diagnoses if one.id == "general.raises")
    assert (found.line, found.kind) == (
        3,
        "constant",
    )  # which takes words that are not there, as it did before


def test_none_is_told_where_it_comes_from_whatever_else_would_do(explained: Explained) -> None:
    report = explained(
        "softmax",
        "def softmax(x):\n    top = None\n    e = np.exp(x - top)\n    return e / e.sum(axis=-1, keepdims=True)",
    )
    assert (report.diagnoses[0].id, report.diagnoses[0].line) == ("general.raises", 2)


def test_a_line_too_many_is_found_between_right_ones(explained: Explained) -> None:
    report = explained(
        "softmax",
        "def softmax(x):\n    m = x.max(axis=-1, keepdims=True)\n    e = np.exp(x - m)\n    e = e + e[..., :1]\n"
        "    s = e.sum(axis=-1, keepdims=True)\n    return e / s",
    )
    (found,) = (one for one in report.diagnoses if one.id == "general.one-edit")
    assert (found.line, found.kind) == (4, "deletion")


def test_two_places_that_together_make_it_right_are_both_told(explained: Explained) -> None:
    report = explained(
        "one_hot",
        "def one_hot(tokens, vocabulary):\n    m = np.zeros((len(tokens), len(vocabulary)))\n"
        "    for i in range(1, len(tokens)):\n        m[i, vocabulary.index(tokens[i])] = 1\n"
        "    return m[::-1]",
    )
    found = [one for one in report.diagnoses if one.id == "general.one-edit"]
    assert sorted(one.line or 0 for one in found) == [3, 5]


def test_a_way_that_no_small_change_mends_is_said_to_be_one(explained: Explained) -> None:
    report = explained(
        "scaled_scores",
        "def scaled_scores(q, k):\n    return np.sin(q).sum() + np.cos(k).mean() + np.zeros((len(q), len(k)))",
    )
    assert not any(one.id == "general.one-edit" for one in report.diagnoses)
    assert report.explanation is not None
    assert RETHINK[0] in report.explanation.observations


def test_what_is_said_to_be_worked_out_is() -> None:
    shown = Explanation("a", (), None, None, None, None, None, "", ())
    assert rethink((), Found(none=True), shown) == (RETHINK[1],)
    assert "worked out" not in RETHINK[1]
    step = WorkedStep("sum", "Add.", "s", "s", "1 + 2 = 3")
    assert rethink((), Found(none=True), replace(shown, worked=(step,))) == (RETHINK[0],)
    assert rethink((), Found(), shown) == ()


@pytest.mark.parametrize("result", ["None", "len(k)", "K"])
def test_a_value_of_another_kind_and_an_error_are_no_way_of_its_own(
    explained: Explained, result: str
) -> None:
    report = explained(
        "scaled_scores", f"def scaled_scores(q, k):\n    s = np.sin(q).sum()\n    return {result}"
    )
    assert report.diagnoses
    assert report.explanation is not None
    assert not any(one in RETHINK for one in report.explanation.observations)


def test_a_right_function_is_not_edited(explained: Explained) -> None:
    report = explained("scaled_scores", "def scaled_scores(q, k):\n    return q.dot(k.T) / q.shape[1] ** 0.5")
    assert report.diagnoses == ()


def test_a_line_beside_its_loop_is_said_to_be_one_before_the_step_that_it_changes(
    explained: Explained,
) -> None:
    source = (
        "def attend(Query, Key, Value):\n    weights = softmax(scaled_scores(Query, Key))\n"
        "    total = np.zeros((len(Query), Value.shape[1]))\n    for j in range(len(Value)):\n"
        "        part = np.outer(weights[:, j], Value[j])\n    total += part\n    return total"
    )
    first = explained("attend", source).diagnoses[0]
    assert (first.id, first.kind, first.line) == ("general.one-edit", "into-loop", 6)


def test_a_known_cause_has_the_kind_of_the_edit_at_its_line(explained: Explained) -> None:
    source = (
        "def softmax(x):\n    e = np.exp(x - x.max(axis=-1, keepdims=True))\n"
        "    total = e.sum(axis=-2, keepdims=True)\n    return e / total"
    )
    first = explained("softmax", source).diagnoses[0]
    assert (first.id, first.kind, first.line) == ("softmax.wrong-axis", "axis", 3)
    assert hints.lead(first) == (
        "The rows do not add up as they should: look at line 3, and there at the axis"
    )


def test_where_none_accounts_for_it_nothing_is_called_a_way_of_its_own(explained: Explained) -> None:
    report = explained(
        "scaled_scores", "def scaled_scores(q, k):\n    s = None\n    return s / np.sqrt(q.shape[1])"
    )
    assert report.diagnoses[0].line == 2
    assert report.explanation is not None
    assert not any(one in RETHINK for one in report.explanation.observations)


@pytest.mark.parametrize(
    ("function", "source", "line"),
    [
        (
            "project_qkv",
            "def project_qkv(x, a, b, c):\n    k = []\n    for row in x:\n        k.append(None)\n"
            "    return x @ a, np.array(k), x @ c",
            4,
        ),
        (
            "softmax",
            "def softmax(x):\n    e = np.exp(x - x.max(axis=-1, keepdims=True))\n    s = np.float32(None)\n"
            "    return e / s",
            3,
        ),
        # of several calls of one function no line is told by what they made
        (
            "scaled_scores",
            "def scaled_scores(q, k):\n    first = (k @ q[0])[np.newaxis]\n    if len(q) == 1:\n        return first\n"
            "    return np.concatenate([first, scaled_scores(q[1:], k)])",
            None,
        ),
    ],
)
def test_no_line_far_from_its_cause_is_told(
    explained: Explained, function: str, source: str, line: int | None
) -> None:
    assert explained(function, source).diagnoses[0].line == line
