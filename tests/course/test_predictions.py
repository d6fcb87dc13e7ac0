"""Predictions in a lesson: what ships of them, and what their author is told."""

from __future__ import annotations

import pytest

from autograder.course.predictions import Prediction, PredictionError, blanked

CELL = """\
x = 1
predict("the shape of the scores", (10, 10))
# why: Each of ten tokens has a score
#   for each of ten tokens.
# (10, 6): That is the shape of Query: of the queries.
# or: [3, 4]
predict(
    "größte Zahl",  # by the author
    -2.5,
)
# why: It is “negative”.
# -1: Too large.
y = 2
"""


def test_answers_and_what_is_said_of_them_are_taken_out() -> None:
    source, found = blanked(CELL)
    assert source.splitlines() == [
        "x = 1",
        'predict("the shape of the scores", ...)',
        "predict(",
        '    "größte Zahl",  # by the author',
        "    ...,",
        ")",
        "y = 2",
    ]
    assert found == (
        Prediction(
            "the shape of the scores",
            "shape",
            (10, 10),
            "Each of ten tokens has a score for each of ten tokens.",
            ((3, 4),),
            (((10, 6), "That is the shape of Query: of the queries."),),
        ),
        Prediction("größte Zahl", "one", (-2.5,), "It is “negative”.", (), (((-1,), "Too large."),)),
    )


def test_what_was_taken_out_before_may_stay_so() -> None:
    source, found = blanked(CELL)
    assert found
    assert blanked(source, again=True) == (source, ())
    with pytest.raises(PredictionError, match="is no answer to type"):
        blanked(source)


@pytest.mark.parametrize(
    ("answer", "form", "held"),
    [
        ("True", "one", (True,)),
        ("'a: b'", "one", ("a: b",)),
        ("{'b', 'a'}", "several", ("a", "b")),
        ("[1, 2]", "shape", (1, 2)),
        ("(4,)", "shape", (4,)),
    ],
)
def test_what_an_answer_may_be(answer: str, form: str, held: tuple[object, ...]) -> None:
    _, (found,) = blanked(f"predict('q', {answer})\n# why: so\n# {answer}: no")
    assert (found.form, found.answer, found.wrong) == (form, held, ((held, "no"),))


@pytest.mark.parametrize(
    "source", ["x = 1", "%predict('q', 1)", "predict()", "def f():\n    predict('q', 1)", "x = 'predict('"]
)
def test_other_code_stays_as_it_is(source: str) -> None:
    assert blanked(source) == (source, ())


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("predict('q')", 1, "a question and its answer"),
        ("predict(q, 1)", 1, "a question and its answer"),
        ("predict(' ', 1)", 1, "a question and its answer"),
        ("predict('q', guess=1)", 1, "a question and its answer"),
        ("predict('q', ...)\n# why: so", 1, "is no answer to type"),
        ("\npredict('q', shape)\n# why: so", 2, "shape is no answer to type"),
        ("predict('q', ())\n# why: so", 1, "is no answer to type"),
        ("predict('q', 1)", 1, "nothing says why"),
        ("predict('q', 1)\n# why:", 2, "write `# why: …`"),
        ("predict('q', 1)\n# why: so\n# it is one", 3, "write `# why: …`"),
        ("predict('q', 1)\n# why: so\n# (1, 2): no", 3, "no answer of the same form"),
        ("predict('q', 1)\n# why: so\n# or: 1 +", 3, "no answer of the same form"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_line(source: str, line: int, said: str) -> None:
    with pytest.raises(PredictionError, match=said) as caught:
        blanked(source)
    assert caught.value.line == line
