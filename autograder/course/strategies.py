"""Inputs that Hypothesis thinks up, drawn as all others are: from the generator of the family, so that they are the same again."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_Value = TypeVar("_Value")

_EXAMPLES: Final = 8  # of which the last is taken: it begins with the plainest


def thought_up(strategy: SearchStrategy[_Value], rng: np.random.Generator) -> _Value:
    """A value of a Hypothesis strategy, chosen by the generator: `drawn("any words", lambda: (thought_up(words, rng),))`.

    The same version of Hypothesis gives the same again, in any process. Its errors come as they are, such as
    `Unsatisfiable`.
    """
    from hypothesis import HealthCheck, Phase, given, seed, settings

    pass_over_what_is_loaded()
    found: list[_Value] = []

    @seed(int(rng.integers(2**63)))
    @settings(
        max_examples=_EXAMPLES,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def keep(value: _Value) -> None:
        found.append(value)

    keep()
    return found[-1]


def pass_over_what_is_loaded() -> None:
    """From now on Hypothesis gives the same whatever modules this process has loaded.

    By itself it now and then gives a constant that it read in their source, and one process has loaded more than
    another: a student would have other inputs where a notebook is checked than where it is graded.
    """
    with suppress(ImportError, AttributeError):  # versions that do not do this, or do it elsewhere
        from hypothesis.internal.conjecture import providers
        from hypothesis.internal.constants_ast import Constants

        nothing = Constants()
        providers.CONSTANTS_CACHE.cache.clear()
        providers._get_local_constants = lambda: nothing
