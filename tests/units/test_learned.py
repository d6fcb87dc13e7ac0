"""The weights that the lessons hold: learned as `learned.py` says, alike in all lessons, and doing what is said of them."""

from __future__ import annotations

import importlib.util
import itertools
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from repository import REPOSITORY


@pytest.fixture(scope="module")
def script() -> types.ModuleType:
    """The script that trained them."""
    spec = importlib.util.spec_from_file_location(
        "learned", REPOSITORY / "solutions/self-attention/learned.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patched:
        # What Python would write beside it may be gone again when another process copies the folder.
        patched.setattr(sys, "dont_write_bytecode", True)
        spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def weights(script: types.ModuleType) -> dict[str, Any]:
    """What stands in the lessons."""
    return {name: value for unit in script.HELD for name, value in script.learned(unit).items()}


@pytest.fixture(scope="module")
def corpus(script: types.ModuleType) -> Any:
    """What they were trained on."""
    return script.Corpus(script.sentences(np.random.default_rng(script.SEED), script.MANY))


def test_every_lesson_holds_the_same_in_the_form_that_the_script_writes(
    script: types.ModuleType, weights: dict[str, Any]
) -> None:
    for unit, names in script.HELD.items():
        assert script.held(unit) == script.text(weights, names), unit
    assert weights["table"].shape == (61, 8) == (len(script.VOCABULARY), script.D_MODEL)
    assert len(set(script.VOCABULARY)) == 61
    assert {name: value.shape for name, value in weights.items() if name != "table"} == {
        "W_Q": (8, 6), "W_K": (8, 6), "W_V": (8, 4),
        "heads_W_Q": (2, 8, 4), "heads_W_K": (2, 8, 4), "heads_W_V": (2, 8, 3), "heads_W_O": (6, 8),
    }  # fmt: skip


def test_a_unit_needs_no_lesson_but_its_own(
    script: types.ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lesson = tmp_path / "self-attention" / "self-attention.py"
    lesson.parent.mkdir()
    lesson.write_bytes((script.SOLUTIONS / "self-attention" / "self-attention.py").read_bytes())
    monkeypatch.setattr(script, "SOLUTIONS", tmp_path)
    assert set(script.learned("self-attention")) == {"table", "W_Q", "W_K", "W_V"}


def test_it_read_600_sentences_that_hold_every_word(script: types.ModuleType) -> None:
    read = script.sentences(np.random.default_rng(script.SEED), script.MANY)
    assert len(read) == 600
    assert {word for words in read for word in words} == set(script.VOCABULARY)
    assert ["the", "singer", "plays", "the", "piano"] in [words[:5] for words in read]
    assert not [words for words in read if ("a", "old") in itertools.pairwise(words)]


def test_they_were_trained_on_this_and_further_training_has_little_to_gain(
    script: types.ModuleType, weights: dict[str, Any], corpus: Any
) -> None:
    rng = np.random.default_rng(1)
    heads = {name: weights[f"heads_{name}"] for name in ("W_Q", "W_K", "W_V", "W_O")}
    for loss, held in (
        (
            lambda w: looking(script, corpus, 0, weights["table"], w),
            {name: weights[name] for name in ("W_Q", "W_K")},
        ),
        (script.several_heads(corpus, weights["table"]), heads),
    ):
        random = {name: rng.normal(size=value.shape) * 0.4 for name, value in held.items()}
        before, _ = loss(held)
        further, _ = loss(script.trained(loss, held, 20))
        assert before < 0.85 * loss(random)[0]
        assert before - further < 0.01 * before


def looking(script: types.ModuleType, corpus: Any, kind: int, table: Any, w: dict[str, Any]) -> Any:
    """The loss of one head's attention alone, over a table that stays."""
    loss, _, by_W_Q, by_W_K = script.attention_loss(corpus, kind, table[corpus.words], w["W_Q"], w["W_K"])
    return loss, {"W_Q": by_W_Q, "W_K": by_W_K}


@pytest.mark.parametrize("name", ["table", "W_Q", "W_V", "around"])
def test_its_losses_say_how_they_change(script: types.ModuleType, corpus: Any, name: str) -> None:
    rng = np.random.default_rng(2)
    shapes = {"table": (61, 8), "W_Q": (8, 6), "W_K": (8, 6), "W_V": (8, 4), "around": (8, 61)}
    w = {key: rng.normal(size=shape) * 0.4 for key, shape in shapes.items()}
    falls_as_it_says(script.decayed(script.one_head(corpus)), w, name)
    heads = {"W_Q": (2, 8, 4), "W_K": (2, 8, 4), "W_V": (2, 8, 3), "W_O": (6, 8)}
    v = {key: rng.normal(size=shape) * 0.4 for key, shape in heads.items()}
    falls_as_it_says(
        script.several_heads(corpus, w["table"]), v, {"table": "W_K", "around": "W_O"}.get(name, name)
    )


def falls_as_it_says(loss: Any, w: dict[str, Any], name: str) -> None:
    """A step along a direction changes the loss by what the gradient says."""
    direction = np.random.default_rng(3).normal(size=w[name].shape)
    up, _ = loss(w | {name: w[name] + 1e-5 * direction})
    down, _ = loss(w | {name: w[name] - 1e-5 * direction})
    _, by = loss(w)
    assert np.isclose((up - down) / 2e-5, np.sum(by[name] * direction), rtol=1e-4)


# ------------------------------------------------------------------------------------------------- what they do


def shares(
    script: types.ModuleType, weights: dict[str, Any], text: str, W_Q: Any, W_K: Any
) -> tuple[list[str], Any]:
    words = text.split()
    X = np.array([weights["table"][script.PLACE[word]] for word in words])
    return words, script.softmax(X @ W_Q @ (X @ W_K).T / np.sqrt(W_Q.shape[-1]))


@pytest.mark.parametrize(
    ("text", "who", "whom", "least"),
    [
        ("Carlos Alcaraz is a very skilled tennis player and philanthropist", "very", "skilled", 0.5),
        ("Carlos Alcaraz is a very skilled tennis player and philanthropist", "skilled", "player", 0.6),
        ("Carlos Alcaraz is a very skilled tennis player and philanthropist", "tennis", "Alcaraz", 0.7),
        ("Clara Schumann plays the piano in a concert", "plays", "piano", 0.5),
        ("Serena Williams plays tennis", "plays", "tennis", 0.7),
        ("the old fisher mends the net on the boat", "mends", "net", 0.4),
        ("Serena Williams is a star of tennis", "star", "tennis", 0.7),
        ("she is a star of the concert", "star", "concert", 0.5),
    ],
)
def test_who_looks_at_whom(
    script: types.ModuleType, weights: dict[str, Any], text: str, who: str, whom: str, least: float
) -> None:
    words, looks = shares(script, weights, text, weights["W_Q"], weights["W_K"])
    row = looks[words.index(who)]
    assert words[row.argmax()] == whom
    assert row.max() >= least


@pytest.mark.parametrize(
    ("text", "who", "adjective", "person"),
    [
        (None, "player", "skilled", "Alcaraz"),
        (None, "philanthropist", "skilled", "Alcaraz"),
        (None, "tennis", "skilled", "Alcaraz"),
        ("Clara Schumann is a generous teacher and a famous singer", "teacher", "generous", "Schumann"),
        ("Clara Schumann is a generous teacher and a famous singer", "singer", "famous", "Schumann"),
    ],
)
def test_two_heads_look_for_different_things(
    script: types.ModuleType, weights: dict[str, Any], text: str | None, who: str, adjective: str, person: str
) -> None:
    for head, whom in enumerate((adjective, person)):
        words, looks = shares(
            script, weights, text or script.SENTENCE, weights["heads_W_Q"][head], weights["heads_W_K"][head]
        )
        row = looks[words.index(who)]
        assert (words[row.argmax()], bool(row.max() > 0.5)) == (whom, True)


@pytest.mark.parametrize(
    ("word", "alike", "other"),
    [
        ("tennis", "football", "piano"), ("player", "champion", "is"), ("very", "quite", "tennis"), ("skilled", "fast", "tennis"),
        ("philanthropist", "teacher", "fisher"), ("fisher", "sea", "music"), ("piano", "music", "tennis"), ("kind", "generous", "ball"),
        ("is", "was", "player"), ("Alcaraz", "Williams", "and"),
    ],
)  # fmt: skip
def test_like_words_lie_near_each_other(
    script: types.ModuleType, weights: dict[str, Any], word: str, alike: str, other: str
) -> None:
    unit = weights["table"] / np.linalg.norm(weights["table"], axis=1, keepdims=True)
    one, near, far = (unit[script.PLACE[name]] for name in (word, alike, other))
    assert one @ near > 0.7
    assert one @ near > one @ far + 0.3


def test_a_value_says_what_a_word_has_to_do_with(script: types.ModuleType, weights: dict[str, Any]) -> None:
    assert np.abs(weights["table"] @ weights["W_V"] - script.topics()).max() < 0.4
