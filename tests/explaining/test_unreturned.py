"""The right result in a variable, and another returned: through the real worker."""

from __future__ import annotations

import pytest
from reports import Explained, explained, ids

from autograder.explaining.unreturned import Kept

__all__ = ["explained"]  # a fixture

WEIGHTS = (
    "def attend(Query, Key, Value):\n    scores = Query @ Key.T / np.sqrt(Key.shape[-1])\n"
    "    e = np.exp(scores - scores.max(axis=-1, keepdims=True))\n"
    "    weights = e / e.sum(axis=-1, keepdims=True)\n    output = weights @ Value\n"
)
ROWS = (
    "def softmax(x):\n    out = np.zeros(x.shape)\n    for i in np.ndindex(x.shape[:-1]):\n"
    "        e = np.exp(x[i] - x[i].max())\n        out[i] = e / e.sum()\n"
)
QKV = "def project_qkv(X, q, k, v):\n    Q = X @ q\n    K = X @ k\n    V = X @ v\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "source", "title", "line"),
    [
        (
            "attend",
            f"{WEIGHTS}    return weights",
            "The right output is in `output`, line 5, and is not returned",
            6,
        ),
        (
            "attend",
            f"{WEIGHTS}    return Value",
            "The right output is in `output`, line 5, and is not returned",
            6,
        ),
        # made in a loop, and long after its lines were looked at
        ("softmax", f"{ROWS}    return e", "The right output is in `out`, line 5, and is not returned", 6),
        (
            "softmax",
            f"{ROWS}    wrong = x.copy()\n    for _ in range(5000):\n        wrong = wrong * 1.0\n    return wrong",
            "The right output is in `out`, line 5, and is not returned",
            9,
        ),
        (
            "softmax",
            "def softmax(x):\n    for _ in range(5000):\n        y = 1\n    e = np.exp(x - x.max(-1, keepdims=True))\n"
            "    out = e / e.sum(-1, keepdims=True)\n    return e",
            "The right output is in `out`, line 5, and is not returned",
            6,
        ),
        # what the results look like was left out is there, and undone after it
        (
            "softmax",
            "def softmax(x):\n    e = np.exp(x - x.max(-1, keepdims=True))\n    w = e / e.sum(-1, keepdims=True)\n"
            "    return w / w.max(-1, keepdims=True)",
            "The right output is in `w`, line 3, and is not returned",
            4,
        ),
        (
            "scaled_scores",
            "def scaled_scores(Q, K):\n    s = Q @ K.T / np.sqrt(K.shape[1])\n    return s * K.shape[1] ** 0.5",
            "The right output is in `s`, line 2, and is not returned",
            3,
        ),
        (
            "scaled_scores",
            "def scaled_scores(Q, K):\n    s = Q @ K.T / np.sqrt(K.shape[1])\n    s *= np.sqrt(K.shape[1])\n    return s",
            "The right output was in `s`, line 2, and a later line changed it",
            3,
        ),
        (
            "softmax",
            "def softmax(x):\n    e = np.exp(x - x.max(-1, keepdims=True))\n    w = e / e.sum(-1, keepdims=True)\n"
            "    w = w * e.sum(-1, keepdims=True)\n    return w",
            "The right output was in `w`, line 3, and a later line changed it",
            4,
        ),
        # one of several results, or two
        (
            "project_qkv",
            f"{QKV}    return Q, K, X",
            "The right output is in `V`, line 4, and is not returned",
            5,
        ),
        (
            "project_qkv",
            f"{QKV}    return Q, K, K",
            "The right output is in `V`, line 4, and is not returned",
            5,
        ),
        (
            "project_qkv",
            f"{QKV}    return Q",
            "Right outputs are in `K`, line 3 and `V`, line 4, and are not returned",
            5,
        ),
        # something is made of it that nobody listed
        (
            "attend",
            "def attend(Q, K, V):\n    out = softmax(scaled_scores(Q, K)) @ V\n    other = np.tanh(out) + 0.3\n"
            "    return other",
            "The right output is in `out`, line 2, and is not returned",
            4,
        ),
        (
            "one_hot",
            "def one_hot(tokens, vocabulary):\n    m = np.zeros((len(tokens), len(vocabulary)))\n"
            "    for i, t in enumerate(tokens):\n        m[i, vocabulary.index(t)] = 1\n        row = m[i]\n    return row",
            "The right output is in `m`, line 4, and is not returned",
            6,
        ),
    ],
)
def test_the_variable_and_its_line_are_told_before_all_others_at_the_return(
    explained: Explained, function: str, source: str, title: str, line: int
) -> None:
    report = explained(function, source)
    first = report.diagnoses[0]
    assert (first.id, first.title, first.line, first.step) == (
        "general.right-not-returned",
        title,
        line,
        None,
    )
    assert first.why.endswith(".")


@pytest.mark.parametrize(
    ("function", "source", "expected"),
    [
        # what is made of it is a mistake with a name
        (
            "scaled_scores",
            "def scaled_scores(Q, K):\n    s = Q @ K.T / np.sqrt(K.shape[1])\n    e = np.exp(s)\n"
            "    return e / e.sum(-1, keepdims=True)",
            ["scaled_scores.softmaxed-early"],
        ),
        ("softmax", f"{ROWS}    return np.round(out, 2)", ["general.rounded"]),
        # it comes back, in a form that is not due
        ("softmax", f"{ROWS}    return out.tolist()", ["general.wrong-type", "general.one-edit"]),
        ("attend", f"{WEIGHTS}    return output, weights", ["general.wrong-type"]),
        ("project_qkv", f"{QKV}    return K, Q, V", ["project_qkv.swapped-outputs"]),
        # it is overwritten
        (
            "scaled_scores",
            "def scaled_scores(Q, K):\n    s = Q @ K.T / np.sqrt(K.shape[1])\n    s = s / np.sqrt(K.shape[1])\n    return s",
            ["scaled_scores.scaled-twice"],
        ),
        # nothing comes back at all
        (
            "softmax",
            f"{ROWS}    print(out)",
            ["general.returns-none", "general.one-edit", "general.right-not-returned"],
        ),
        (
            "softmax",
            f"{ROWS}    if out.ndim > 9:\n        return out",
            ["general.returns-none", "general.one-edit", "general.right-not-returned"],
        ),
        # right on some inputs alone
        (
            "softmax",
            "def softmax(x):\n    e = np.exp(x - x.max(-1, keepdims=True))\n"
            "    out = e / e.sum(-1, keepdims=True) if len(x) == 3 else x\n    return np.sin(x)",
            [],
        ),
    ],
)
def test_what_comes_back_or_has_a_name_is_not_said_to_be_forgotten(
    explained: Explained, function: str, source: str, expected: list[str]
) -> None:
    assert ids(explained(function, source)) == expected


def test_a_forged_name_is_passed_over(explained: Explained) -> None:
    report = explained(
        "softmax",
        "def softmax(x):\n    locals()['<b>'] = 1\n    e = np.exp(x - x.max(-1, keepdims=True))\n"
        f"    {'o' * 60} = e / e.sum(-1, keepdims=True)\n    return e",
    )
    assert ids(report) == ["softmax.not-normalised"]


def test_where_the_line_is_not_known_none_is_told() -> None:
    assert Kept((("out", None),), False).diagnosis.title == "The right output is in `out` and is not returned"
    assert Kept((("out", None),), False).diagnosis.line is None
