"""Two changes of a procedure at once."""

from __future__ import annotations

import numpy as np
from made import SHIFT, X

from autograder.explaining import changes


def test_changes_of_different_steps_compose_and_of_the_same_do_not() -> None:
    one = SHIFT.replacing("top", np.min)
    other = SHIFT.replacing("move", np.add)
    both = changes.composed(one, other, SHIFT)
    assert both is not None
    np.testing.assert_array_equal(both(X), X + X.min())
    assert changes.changed_steps(both, SHIFT) == ("m", "d")
    assert changes.composed(one, SHIFT.replacing("top", np.max), SHIFT) is None
    assert changes.composed(one, SHIFT, SHIFT) is None
