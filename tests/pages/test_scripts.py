"""Scripts of calls on one object."""

from __future__ import annotations

from autograder.differences import Difference
from autograder.pages.literals import Words
from autograder.pages.scripts import differences, gave, is_script, making, steps

STACK = (("new", (3,)), (".push()", (1, "a")), (".pop()", ()), (".size", ()))


def test_a_script_is_told_from_arguments() -> None:
    assert is_script(STACK)
    assert is_script((("new", ()),))
    assert not is_script(())
    assert not is_script((("new", (1,)), ("old", (2,))))
    assert not is_script((("xs", (1,)),))


def test_its_steps_are_written_as_python_does() -> None:
    assert making("Stack", STACK) == "Stack(3)"
    assert steps(STACK) == ("push(1, 'a')", "pop()", "size")


def test_what_each_step_gave() -> None:
    assert gave([{"returned": [1]}, {"raised": "IndexError"}]) == [[1], Words("raises IndexError")]
    for other in ({"a": 1}, [1], [{}], [{"a": 1, "b": 2}], None):
        assert gave(other) == other


def test_differences_are_at_steps() -> None:
    found = differences(
        [
            Difference((0, "returned"), "differs"),
            Difference((1, "raised"), "missing"),
            Difference((1, "returned"), "extra"),
            Difference((2, "returned", "key"), "missing"),
            Difference((3,), "missing"),
        ]
    )
    assert found == [
        Difference((0,), "differs"),
        Difference((1,), "differs"),
        Difference((2, "key"), "missing"),
        Difference((3,), "missing"),
    ]
