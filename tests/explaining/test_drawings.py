"""What is said of drawings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.explaining import drawings

LINE = {"x": np.array([0.0, 1.0]), "y": np.array([1.0, 2.0])}
DUE = {"axes": [{"title": "Growth", "xlabel": "day", "lines": [LINE], "xscale": "log"}]}


def drawn(**changes: Any) -> dict[str, Any]:
    axes = {key: value for key, value in {**DUE["axes"][0], **changes}.items() if value is not None}
    return {"axes": [axes]}


@pytest.mark.parametrize(
    ("got", "told"),
    [
        (drawn(title=None), "The drawing lacks a title"),
        (drawn(title=None, xlabel=None), "The drawing lacks a title and a label at the x axis"),
        (drawn(lines=None), "The drawing lacks its lines"),
        (drawn(title="Decay"), "The title is not what it should be"),
        (drawn(lines=[{**LINE, "y": np.array([1.0, 3.0])}]), "The lines are not what they should be"),
        (drawn(xscale="linear"), "The scale of the x axis is not what it should be"),
        (
            drawn(title="Decay", xlabel="night"),
            "The title and the label at the x axis are not what they should be",
        ),
        (drawn(legend=["a"]), "The legend is not what it should be"),
        (drawn(xlim=(0.0, 9.0)), "The limits of the x axis are not what they should be"),
        ({"axes": []}, "Nothing was drawn"),
        ({"axes": [*DUE["axes"], {}]}, "The drawing has another number of axes than it should"),
    ],
)
def test_what_is_told(got: dict[str, Any], told: str) -> None:
    (one,) = drawings.found([(DUE, got), (DUE, got)])
    assert one.title == told


def test_of_several_axes_it_is_said_which_lack_something() -> None:
    """What one of them lacks may be on another."""
    left, right = {"points": [LINE]}, {"bars": [LINE]}
    due, got = {"axes": [left, right]}, {"axes": [{"title": "t"}, {"title": "t"}]}
    (one,) = drawings.found([(due, got)])
    assert one.title == "The drawing lacks its points on axes 1 of 2 and its bars on axes 2 of 2"


@pytest.mark.parametrize("got", [DUE, {"axes": 3}, {"a": 1}, None, drawn(others=["Arrow"])])
def test_where_there_is_nothing_to_tell(got: Any) -> None:
    assert drawings.found([(DUE, got)]) == []
    assert drawings.found([]) == []


def test_what_is_told_holds_of_all_of_them() -> None:
    assert drawings.found([(DUE, drawn(title=None)), (DUE, drawn(xlabel=None))]) == []
