"""The pictures that full marks show, drawn: of what a student's own function gave."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.drawing import arrows, canvas, heat, projections
from autograder.drawing.admitted import UndrawableError
from autograder.earned import Picture


@dataclass(frozen=True)
class Drawing:
    """A picture as HTML, and as text for where nothing can be drawn."""

    html: str
    text: str


def drawn(picture: Picture) -> Drawing | None:
    """The picture, its matrices beside each other as far as there is room; None where its form does not fit them."""
    try:
        made = _drawn(picture)
    except UndrawableError:
        return None
    return Drawing(made.html, made.text)


def _drawn(picture: Picture) -> canvas.Picture:
    rows, columns, matrices = list(picture.rows), list(picture.columns), dict(picture.matrices)
    if picture.form == "query-key-value":
        return projections.query_key_value(rows, *matrices.values())
    if picture.form == "arrows":
        return arrows.heads(rows, matrices, to=None if columns == rows else columns)
    return heat.heat_map(rows, columns, matrices)
