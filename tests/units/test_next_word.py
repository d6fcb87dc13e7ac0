"""The weights by which the lesson on layers tells the next word: what they were trained on, and what they know."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import jupytext
import numpy as np
import pytest

from autograder.course import coursefile, material

COURSE = coursefile.load(Path(__file__).parents[2] / "course.toml")
LESSON = COURSE.root / "solutions" / "layers" / "layers.py"


@pytest.fixture(scope="module")
def learned() -> ModuleType:
    """The module that trains."""
    material.load(COURSE, COURSE.unit("layers"))
    from solutions.layers import learned

    return learned


@pytest.fixture(scope="module")
def weights(learned: ModuleType) -> Any:
    """The weights that the lesson holds."""
    return learned.held(LESSON.read_text(encoding="utf-8"))[1]


def test_the_lesson_holds_what_was_trained_on_these_sentences_in_this_way(learned: ModuleType) -> None:
    """Else: python solutions/layers/learned.py, and release again."""
    digest, _ = learned.held(LESSON.read_text(encoding="utf-8"))
    assert digest == learned.settings()


def test_gradients_are_what_small_differences_say(learned: ModuleType) -> None:
    rng = np.random.default_rng(0)
    some = learned.start(rng)
    places, there = learned.encoded(learned.sentences(3, 5))
    _, gradients = learned.loss(some, places, there)
    for array, gradient in zip(some, gradients, strict=True):
        place = np.unravel_index(np.abs(gradient).argmax(), gradient.shape)
        kept, losses = array[place], []
        for step in (1e-5, -1e-5):
            array[place] = kept + step
            losses.append(learned.loss(some, places, there)[0])
        array[place] = kept
        assert (losses[0] - losses[1]) / 2e-5 == pytest.approx(gradient[place], rel=1e-4, abs=1e-7)


@pytest.mark.slow
def test_training_learns(learned: ModuleType) -> None:
    losses = [loss for loss, _ in learned.trained(steps=40)]
    assert losses[-1] < losses[0] - 0.5


def test_what_it_learned_holds_for_sentences_that_were_held_back(learned: ModuleType, weights: Any) -> None:
    assert learned.surprise(weights) < 0.8
    assert learned.surprise(learned.start(np.random.default_rng(0))) > 4


@pytest.mark.parametrize(
    ("text", "word", "least"),
    [
        ("Carlos Alcaraz is a very skilled tennis", "player", 0.9),
        ("Carlos Alcaraz is a very", "skilled", 0.3),
        ("Clara Schumann plays the", "piano", 0.9),
        ("the old fisher catches the", "fish", 0.9),
        ("Serena Williams catches the", "ball", 0.9),
        ("Carlos Alcaraz is a very skilled tennis player and philanthropist", ".", 0.9),
    ],
)
def test_the_likeliest_next_word(
    learned: ModuleType, weights: Any, text: str, word: str, least: float
) -> None:
    ((first, probability),) = learned.next_words(weights, text, most=1)
    assert first == word
    assert probability > least


def test_the_lesson_reads_the_same_weights(learned: ModuleType, weights: Any) -> None:
    cells = jupytext.reads(LESSON.read_text(encoding="utf-8"), fmt="py:percent").cells
    (helper,) = [cell.source for cell in cells if "def read_weights(" in cell.source]
    names: dict[str, Any] = {"np": np}
    exec(helper, names)
    assert names["vocabulary"] == learned.VOCABULARY
    for one, other in zip([names["table"], *names["arrays"]], weights, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)
    known = [learned.VOCABULARY.index(word) for word in ("the", "old", "fisher", "and")]
    assert names["places_of"]("The old Fisher and zorro") == known


def test_what_is_packed_comes_back(learned: ModuleType) -> None:
    some = learned.start(np.random.default_rng(1))
    for one, other in zip(some, learned.unpacked(learned.text_of(some)), strict=True):
        np.testing.assert_allclose(one, other, atol=np.abs(one).max() / learned.BITS)
