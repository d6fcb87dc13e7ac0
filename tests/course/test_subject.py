"""A reference without steps."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from autograder.author import plain


def scaled(x: Any, /, factor: float = 2.0, *more: Any, name: str = "") -> Any:
    return factor * x


def test_a_function_has_the_parameters_that_are_given_by_place() -> None:
    reference = plain(scaled)
    assert (reference.function, reference.parameters, reference.steps) == ("scaled", ("x", "factor"), ())
    assert reference(3, 4) == 12
    assert reference(3) == 6
    assert reference.values(3) == {"x": 3}
    assert reference.worked((3,), ()) == ()


@pytest.mark.parametrize(("subject", "name"), [(Counter, "Counter"), (42, ""), (np.eye(2), "")])
def test_a_class_or_a_value_has_none(subject: Any, name: str) -> None:
    reference = plain(subject)
    assert reference.subject is subject
    assert (reference.function, reference.parameters) == (name, ())
