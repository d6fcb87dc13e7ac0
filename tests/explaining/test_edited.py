"""The place of the smallest edit, found in the real child."""

from __future__ import annotations

import pytest
from reports import Explained, explained, ids

__all__ = ["explained"]  # a fixture


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
