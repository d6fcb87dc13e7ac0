"""The mistakes that students make in `walk`."""

import numpy as np

from autograder.author import Array, Misconception
from solutions.random_walk.reference import walk

LESSON = "The walk of a ladybird"


def _always_from_the_start(start: float, seconds: int, generator: np.random.Generator) -> Array:
    return start + np.concatenate([[0], generator.choice([-1, 1], size=seconds)])


def _start_left_out(start: float, seconds: int, generator: np.random.Generator) -> Array:
    return walk(start, seconds, generator)[1:]


def _from_nought(start: float, seconds: int, generator: np.random.Generator) -> Array:
    return walk(0, seconds, generator)


def _own_seed(start: float, seconds: int, generator: np.random.Generator) -> Array:
    return walk(start, seconds, np.random.default_rng(5))


def _first_coin_twice(start: float, seconds: int, generator: np.random.Generator) -> Array:
    coins = generator.choice([-1, 1], size=seconds)
    return start + np.cumsum(np.concatenate([coins[:1], coins]))


MISCONCEPTIONS = {
    "walk": (
        Misconception(
            id="walk.forgetful",
            title="After each coin, the ladybird goes on from the start",
            step=None,
            symptom=_always_from_the_start,
            why="Each step goes on from where the last one ended, so that steps add up.",
            look="walk(0, 9, np.random.default_rng(5))  # neighbours differ by 1",
            read=LESSON,
        ),
        Misconception(
            id="walk.start-left-out",
            title="The start is not in the result",
            step=None,
            symptom=_start_left_out,
            why="Before the first coin the ladybird is somewhere, too. With it there is one place more than coins.",
            look="walk(0, 9, np.random.default_rng(5)).shape  # (10,)",
            read=LESSON,
        ),
        Misconception(
            id="walk.from-nought",
            title="The walk begins at 0",
            step=None,
            symptom=_from_nought,
            why="Where the ladybird sits at first was not used.",
            look="walk(8, 9, np.random.default_rng(5))[0]  # 8",
            read=LESSON,
        ),
        Misconception(
            id="walk.own-seed",
            title="The coins are always those of one seed",
            step=None,
            symptom=_own_seed,
            why=(
                "The function made a generator of its own, with the seed of the lesson, and left the one that it was"
                " handed unused. So all walks are the same."
            ),
            look="Compare the walks of two generators with different seeds",
            read=LESSON,
        ),
    ),
}
