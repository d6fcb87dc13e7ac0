"""Who looks at whom."""

from __future__ import annotations

import numpy as np
import pytest
from pictured import facts, svgs, written

from autograder.drawing.admitted import UndrawableError
from autograder.drawing.arrows import arrows, heads

WORDS = ["tennis", "Alcaraz"]
WEIGHTS = np.array([[0.38, 0.62], [0.995, 0.005]])


def test_the_width_of_a_line_is_its_weight_and_the_facts_say_who_looks_where() -> None:
    picture = arrows(WORDS, WEIGHTS)
    (root,) = svgs(picture)
    lines = [float(one.attrib["stroke-width"]) for one in root.iter("path")]
    assert lines == pytest.approx([11 * 0.38, 11 * 0.62, 11 * 0.995], abs=0.01)
    assert facts(root) == "tennis looks most at Alcaraz: 0.62. Alcaraz looks most at tennis: 0.99."
    assert {"0.62", "0.99"} <= set(written(root))
    assert picture.text == (
        "Who looks at whom\n  tennis looks most at Alcaraz: 0.62.\n  Alcaraz looks most at tennis: 0.99.\n"
    )


def test_one_word_alone_has_its_numbers_beside_what_it_looks_at() -> None:
    (root,) = svgs(arrows(WORDS, WEIGHTS, who="tennis"))
    assert len(list(root.iter("path"))) == 2
    assert facts(root) == "tennis looks at Alcaraz 0.62, tennis 0.38."
    bold = [one.text for one in root.iter("text") if one.get("font-weight")]
    assert bold == ["Who looks at whom", "tennis", "Alcaraz", "0.62"]


def test_those_looked_at_may_be_others() -> None:
    (root,) = svgs(
        arrows(["net"], [[0.2, 0.7, 0.1]], to=["le", "filet", "bleu"], title="English looks at French")
    )
    assert facts(root) == "net looks most at filet: 0.70."
    assert root.findtext("title") == "English looks at French"


def test_heads_stand_beside_each_other() -> None:
    picture = heads(WORDS, {"Head 0": WEIGHTS, "Head 1": WEIGHTS[::-1]})
    assert [root.findtext("title") for root in svgs(picture)] == ["Head 0", "Head 1"]
    assert "Head 1\n  tennis looks most at tennis: 0.99." in picture.text


def test_words_and_weights_have_to_fit() -> None:
    with pytest.raises(UndrawableError, match="the height of “Who looks at whom” is 2, and there is 1 label"):
        arrows(["tennis"], WEIGHTS)
    with pytest.raises(UndrawableError, match="'Carlos' is none of the words"):
        arrows(WORDS, WEIGHTS, who="Carlos")
