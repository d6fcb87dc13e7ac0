"""How far a call may run, in lines."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from autograder.child import allowance, cells


def made(source: str) -> Callable[..., Any]:
    variables: dict[str, Any] = {}
    exec(cells.code_of(source, cells.file_of(0)), variables)
    function: Callable[..., Any] = variables["f"]
    return function


def test_a_loop_without_an_end_is_ended_and_a_short_one_is_not() -> None:
    endless = made("def f():\n    while True:\n        pass")
    with pytest.raises(allowance.TooManyStepsError, match="more than 500 lines"), allowance.of_lines(500):
        endless()
    short = made("def f():\n    return sum(i for i in range(10))")
    with allowance.of_lines(500):
        assert short() == 45


def test_what_handles_exceptions_does_not_go_on() -> None:
    stubborn = made(
        "def f():\n    try:\n        while True:\n            pass\n    except Exception:\n        return 1"
    )
    with pytest.raises(allowance.TooManyStepsError), allowance.of_lines(500):
        stubborn()


def test_what_traced_before_traces_again() -> None:
    before = sys.gettrace()
    with allowance.of_lines(5):
        pass
    assert sys.gettrace() is before


def test_time_that_is_up_ends_the_code_of_these_variables_at_its_next_line() -> None:
    endless, other = made("def f():\n    while True:\n        pass"), made("def f():\n    return 1")
    with allowance.of_seconds(0, endless.__globals__):
        assert other() == 1
    with (
        pytest.raises(allowance.TooManyStepsError, match="longer than 0 s"),
        allowance.of_seconds(0, endless.__globals__),
    ):
        endless()
