"""The words of the general findings."""

from __future__ import annotations

import re

import pytest

from autograder.explaining.general import GENERAL, SCRIPTED, WRONG_TYPE, Words, finding
from autograder.explaining.mishaps import RAISED, STOPPED

PROMISED = """not-implemented missing missing-module right-not-returned returns-none wrong-type wrong-shape raises nan mutates-input
    overwrites-results
    rounded low-precision random uses-globals hardcoded-size hardcoded-answer returns-early timeout out-of-memory crashed
    changed-step prints-nothing other-case other-spaces other-punctuation other-order duplicates missing-item extra-item
    negated off-by-one wrong-keys wrong-columns wrong-index missing-method drawing-lacks drawing-differs wrong-value
    no-error partly-right warns follows one-edit"""


def test_every_promised_id_has_its_words() -> None:
    assert set(GENERAL) == set(PROMISED.split())


@pytest.mark.parametrize(
    "words",
    [*GENERAL.values(), *WRONG_TYPE.values(), *SCRIPTED.values(), *STOPPED.values(), *RAISED.values()],
    ids=lambda words: words.title,
)
def test_words_are_plain_and_give_no_code_away(words: Words) -> None:
    assert not words.title.endswith(".")
    assert words.why.endswith((".", "?"))
    assert not re.search(r"np\.(?!round|isfinite)|@|axis=|keepdims", words.why)


def test_a_finding_takes_detail_step_line_and_a_title_of_its_own() -> None:
    plain = finding("raises")
    assert (plain.id, plain.title, plain.line) == ("general.raises", GENERAL["raises"].title, None)
    told = finding("changed-step", title="The sum is doubled", step="row sum", line=3, detail="That is all.")
    assert (told.id, told.title, told.step, told.line) == (
        "general.changed-step",
        "The sum is doubled",
        "row sum",
        3,
    )
    assert told.why.endswith("That is all.")
    with pytest.raises(KeyError):
        finding("unheard-of")
