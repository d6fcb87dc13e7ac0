"""What holds processes is closed however its `with` ends."""

from __future__ import annotations

import pytest

from autograder.closing import Closing


class Held(Closing):
    closed = 0

    def close(self) -> None:
        self.closed += 1


def test_it_gives_itself_and_is_closed_at_the_end() -> None:
    with Held() as held:
        assert not held.closed
    assert held.closed == 1


def test_it_is_closed_where_something_is_raised_too_and_the_error_goes_on() -> None:
    held = Held()
    with pytest.raises(KeyError, match="gone"), held:
        raise KeyError("gone")
    assert held.closed == 1
