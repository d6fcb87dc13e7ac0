"""The pictures of full marks, drawn by the forms that there are."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.earned import Form, Picture
from autograder.pages.portraits import drawn

WEIGHTS = np.array([[0.25, 0.75], [0.5, 0.5]])


def made(form: Form, **matrices: np.ndarray) -> Picture:
    return Picture(("very", "skilled"), ("very", "skilled"), tuple(matrices.items()), form, ())


@pytest.mark.parametrize(
    ("picture", "tag"),
    [
        (made("map", Weights=WEIGHTS), "<table"),
        (made("arrows", One=WEIGHTS, Other=WEIGHTS), "<svg"),
        (made("query-key-value", Query=WEIGHTS, Key=WEIGHTS, Value=WEIGHTS), "<svg"),
    ],
)
def test_every_form_is_drawn_and_told(picture: Picture, tag: str) -> None:
    drawing = drawn(picture)
    assert drawing is not None
    assert tag in drawing.html
    assert "skilled" in drawing.text + drawing.html


def test_what_its_form_does_not_fit_is_not_drawn() -> None:
    assert drawn(made("arrows", Scores=WEIGHTS - 1)) is None
