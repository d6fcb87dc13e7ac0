"""Records that stand in for msgspec's where there is none."""

from __future__ import annotations

import pytest

from autograder.child.unsent import Meta, Struct


class Base(Struct, array_like=True):
    name: str


class Point(Base, tag="point"):
    x: int
    seen: list[int] = []  # noqa: RUF012  # structs copy their defaults


def test_a_record_is_made_by_place_or_name_and_compared_by_its_fields() -> None:
    assert Point("a", 1) == Point(x=1, name="a", seen=[])
    assert Point("a", 1) != Point("a", 2)
    assert Point.__struct_fields__ == ("name", "x", "seen")
    assert (Point.__struct_config__.tag, Point.__struct_config__.array_like) == ("point", True)
    assert repr(Point("a", 1)) == "Point(name='a', x=1, seen=[])"


def test_no_two_share_a_default() -> None:
    Point("a", 1).seen.append(3)
    assert Point("a", 1).seen == []


def test_a_record_is_matched_by_its_fields() -> None:
    match Point("a", 1):
        case Point(name, x=x):
            assert (name, x) == ("a", 1)
        case _:
            pytest.fail("no match")


@pytest.mark.parametrize(
    ("values", "named"),
    [((), {"name": "a"}), (("a", 1), {"y": 2}), (("a", 1), {"x": 2}), (("a", 1, [], 4), {})],
)
def test_a_field_that_is_missing_unknown_or_given_twice_is_told(
    values: tuple[object, ...], named: dict[str, object]
) -> None:
    with pytest.raises(TypeError, match="Point"):
        Point(*values, **named)


def test_limits_are_taken_and_not_looked_at() -> None:
    Meta(max_length=3)
