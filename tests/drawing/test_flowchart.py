"""Boxes and arrows."""

from __future__ import annotations

import pytest
from pictured import facts, svgs, written

from autograder.drawing.admitted import UndrawableError
from autograder.drawing.flowchart import flow

ATTENTION = """
Query, Key → scores: scaled_scores
scores -> weights: softmax
weights, Value → output: weighted sum
"""


def test_what_is_made_stands_below_what_it_is_made_of() -> None:
    picture = flow(ATTENTION)
    (root,) = svgs(picture)
    floors: dict[float, list[str]] = {}
    for box, name in zip(
        root.iter("rect"),
        [one for one in written(root) if one[0] not in "sw" or one in ("scores", "weights")],
        strict=True,
    ):
        floors.setdefault(float(box.attrib["y"]), []).append(name)
    assert [sorted(floor) for _, floor in sorted(floors.items())] == [
        ["Key", "Query"], ["scores"], ["Value", "weights"], ["output"],
    ]  # fmt: skip
    assert facts(root) == (
        "Query and Key → scores by scaled_scores; scores → weights by softmax;"
        " weights and Value → output by weighted sum."
    )
    assert picture.text.count("\n") == 3


def test_an_arrow_over_a_floor_goes_round_its_boxes() -> None:
    (root,) = svgs(flow("x → multi-head attention\nx, multi-head attention → sum: add"))
    right = max(float(box.attrib["x"]) + float(box.attrib["width"]) for box in root.iter("rect"))
    around = [one.attrib["d"] for one in root.iter("path") if "V" in one.attrib["d"]]
    assert len(around) == 1
    assert float(around[0].split("H")[1].split("q")[0]) > right


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ("", "1 to 30 steps"),
        ("a b", "`inputs → outputs: what is done`, and this one is 'a b'"),
        ("a → ", "needs something on both sides"),
        ("a → b\nb → a", "go round in a circle"),
        (None, "a text of steps"),
    ],
)
def test_what_is_no_flow_is_told(steps: str, told: str) -> None:
    with pytest.raises(UndrawableError, match=told):
        flow(steps)
