"""The mistakes that students make in `flatten`."""

from typing import Any

from autograder.author import Misconception

LESSON = "Boxes in boxes"


def _one_level(box: list[Any]) -> list[Any]:
    row: list[Any] = []
    for thing in box:
        row += thing if isinstance(thing, list) else [thing]
    return row


def _boxes_kept(box: list[Any]) -> list[Any]:
    return [_boxes_kept(thing) if isinstance(thing, list) else thing for thing in box]


def _loose_alone(box: list[Any]) -> list[Any]:
    return [thing for thing in box if not isinstance(thing, list)]


def _boxes_last(box: list[Any]) -> list[Any]:
    row = _loose_alone(box)
    for thing in box:
        if isinstance(thing, list):
            row += _boxes_last(thing)
    return row


MISCONCEPTIONS = {
    "flatten": (
        Misconception(
            id="flatten.one-level",
            title="Only the outermost boxes were opened",
            step=None,
            symptom=_one_level,
            why="What is taken out of a box may be a box again. It wants to be treated as the first one was.",
            look="flatten([[[1]]])  # one number, and no list",
            read=LESSON,
        ),
        Misconception(
            id="flatten.boxes-kept",
            title="The boxes were opened and packed again",
            step=None,
            symptom=_boxes_kept,
            why=(
                "What the call for an inner box gives is a list. Put into the row with append it is one thing in it, a"
                " list within a list: it is its numbers that belong there."
            ),
            look="flatten([1, [2]])  # two numbers, and no list",
            read=LESSON,
        ),
        Misconception(
            id="flatten.inner-lost",
            title="What was in the inner boxes is gone",
            step=None,
            symptom=_loose_alone,
            why="The function called itself, but nothing was done with what it gave back.",
            look="flatten([1, [2]])  # two numbers",
            read=LESSON,
        ),
        Misconception(
            id="flatten.boxes-last",
            title="The inner boxes come after everything else",
            step=None,
            symptom=_boxes_last,
            why="The numbers that lie loose were taken first, and the boxes after them. The order should stay as it is.",
            look="flatten([[1], 2])  # 1 stands before 2",
            read=LESSON,
        ),
    ),
}
