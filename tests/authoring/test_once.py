"""What has been made is known by the very things that it was made of."""

from __future__ import annotations

import gc

import numpy as np

from autograder.authoring.once import Once, Pool


def test_the_same_things_have_it_made_once_and_others_anew() -> None:
    once, one = Once(), [1]
    first = once.of("sum", one, make=lambda: [sum(one)])
    assert once.of("sum", one, make=lambda: [0]) is first
    assert once.of("sum", [1], make=lambda: "equal, not the same") == "equal, not the same"
    assert once.of("product", one, make=lambda: "of another kind") == "of another kind"


def test_none_takes_the_place_of_one_that_is_gone() -> None:
    once = Once()
    for number in range(100):
        assert once.of("it", [number], make=lambda number=number: number) == number
        gc.collect(0)


def test_an_array_has_one_place_by_its_numbers_type_and_shape() -> None:
    pool = Pool()
    arrays = [np.zeros(2), np.zeros((1, 2)), np.zeros(2, np.float32), np.zeros(2)]
    assert [pool.add(one) for one in arrays] == [0, 1, 2, 0]
    assert len(pool.arrays) == 3
