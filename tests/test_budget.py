"""What one submission may take of this side's time, and of its children's."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Callable

import pytest
from waiting import FOREVER

from autograder import budget
from autograder.budget import Budget


def loop(told: Callable[[Budget], object]) -> None:
    """Takes CPU time for ever, within a budget of little."""
    with budget.of(0.05) as own:
        told(own)
        while True:
            pass


def test_this_sides_time_ends() -> None:
    owns: list[Budget] = []
    with pytest.raises(budget.SpentError):
        loop(owns.append)
    assert owns[0].is_over
    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0
    assert budget.current() is None


def test_a_pattern_that_does_not_end_is_ended() -> None:
    with pytest.raises(budget.SpentError), budget.of(0.05):
        re.match(r"(a+)+$", "a" * 60 + "b")


def test_who_handles_exceptions_does_not_handle_that() -> None:
    def handle() -> None:
        try:
            loop(print)
        except Exception:
            pytest.fail("it went on")

    with pytest.raises(budget.SpentError):
        handle()


def test_what_is_open_is_not_ended_in_the_middle() -> None:
    done = []

    def work() -> None:
        with budget.of(0.05) as own, budget.undisturbed():
            with budget.undisturbed():
                while not own.is_over:
                    pass
            done.append("inner")

    with pytest.raises(budget.SpentError):
        work()
    assert done == ["inner"]


def test_what_was_swallowed_is_raised_again_until_it_is_accepted() -> None:
    with budget.of(0.05) as own:
        try:
            while True:
                pass
        except BaseException:
            pass
        with pytest.raises(budget.SpentError):
            own.refuse()
        own.accept()
        own.refuse()
        with budget.undisturbed():
            pass


def test_once_it_is_settled_only_what_is_endable_is_ended() -> None:
    with budget.of(0.05) as own:
        own.settle()
        with budget.undisturbed():
            while not own.is_over:
                pass
    with budget.of(0.05) as own:
        own.settle()
        with pytest.raises(budget.SpentError), own.endable():
            re.match(r"(a+)+$", "a" * 60 + "b")


def test_what_was_opened_is_closed() -> None:
    class Open:
        closed = 0

        def close(self) -> None:
            self.closed += 1

    one = Open()
    with budget.of(FOREVER) as own:
        own.opened.append(one)
    assert one.closed == 1


def test_another_thread_has_no_timer() -> None:
    ended = []

    def work() -> None:
        with budget.of(FOREVER):
            ended.append(signal.getitimer(signal.ITIMER_PROF)[0])

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ended == [0]
