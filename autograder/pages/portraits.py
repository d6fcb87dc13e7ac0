"""The pictures that full marks show, drawn: of what a student's own function gave."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.drawing import arrows, heat
from autograder.earned import Picture


@dataclass(frozen=True)
class Drawing:
    """A picture as HTML, and as text for where nothing can be drawn."""

    html: str
    text: str


def drawn(picture: Picture) -> Drawing:
    """The picture, its matrices beside each other as far as there is room."""
    if picture.form == "arrows":
        made = [arrows.heads(list(picture.rows), dict(picture.matrices))]
    else:
        made = [
            heat.heat_map(list(picture.rows), list(picture.columns[: matrix.shape[1]]), {title: matrix})
            for title, matrix in picture.matrices
        ]
    return Drawing("\n".join(one.html for one in made), "\n".join(one.text for one in made))
