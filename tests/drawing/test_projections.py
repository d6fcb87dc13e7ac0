"""The picture of queries, keys and values."""

from __future__ import annotations

import numpy as np
import pytest
from pictured import facts, svgs, written

from autograder.drawing.admitted import UndrawableError
from autograder.drawing.projections import query_key_value

Q, K, V, X = (np.arange(2 * size).reshape(2, size) / 4 for size in (3, 3, 2, 4))


def test_embeddings_lead_to_three_matrices() -> None:
    picture = query_key_value(["tennis", "player"], Q, K, V, X, who="player")
    (root,) = svgs(picture)
    for said in (
        "Embeddings",
        "2 × 4",
        "· W_Q",
        "· W_K",
        "· W_V",
        "Query",
        "Key",
        "Value",
        "2 × 3",
        "passes on",
    ):
        assert said in written(root)
    assert written(root).count("tennis") == 2
    assert "The query of player: 0.75, 1.00, 1.25." in facts(root)
    assert facts(root) in picture.text


def test_without_embeddings_the_three_stand_alone() -> None:
    (root,) = svgs(query_key_value(["tennis", "player"], Q, K, V))
    assert "Embeddings" not in written(root)
    assert "· W_Q" not in written(root)


@pytest.mark.parametrize(
    ("arrays", "told"),
    [
        ((Q, None, V), "Key is None"),
        ((Q, K, V[:1]), "the height of Value is 1, and there are 2 labels"),
        ((Q, K, V, X[:1]), "the height of embeddings is 1"),
    ],
)
def test_all_have_a_row_for_each_token(arrays: tuple[object, ...], told: str) -> None:
    with pytest.raises(UndrawableError, match=told):
        query_key_value(["tennis", "player"], *arrays)
