"""What text and notebook show alike, and what neither shows."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from check_samples import HOSTILE, MISSING, STUB, UNSCALED, WAITING, explanation, thirteen, wrong

from autograder.pages import listing
from autograder.records import Check, Diagnosis
from autograder.selfcheck import view
from autograder.selfcheck.html import output
from autograder.selfcheck.terminal import text
from autograder.selfcheck.view import View

SOURCE = "def scaled_scores(Q, K):\n    raw = Q @ K.T\n    return raw\n"


@pytest.mark.parametrize(
    ("got", "expected", "due"),
    [
        (None, np.ones((2, 2)), "Expected  2 × 2"),
        (np.ones(3), np.ones((2, 2)), "Yours  3 entries"),
        (np.ones((2, 2)), None, "Yours  2 × 2"),
        (np.zeros((0, 3)), np.zeros((0, 7)), "Yours holds no numbers: its shape is 0 × 3."),
        (np.array(1.0), np.array(2.0), "Yours  a single number"),
        (np.ones((2, 3, 2)), np.zeros((2, 3, 2)), "Yours[1]"),
        (np.ones((40, 40)), np.zeros((40, 40)), "The rest is left out."),
    ],
)
def test_all_shapes_are_drawn(got: np.ndarray | None, expected: np.ndarray | None, due: str) -> None:
    found = wrong(explanation=explanation(got, expected))
    assert due in " ".join(text(found).split(" ")).replace("\n", " ")
    assert due.partition("  ")[0].strip(".") in re.sub("<[^>]*>", "", output(found))


def test_part_of_several_results_is_named() -> None:
    found = wrong(explanation=explanation(np.zeros((1, 2)), np.ones((1, 2)), part="Key"))
    assert "Yours Key" in text(found)
    assert "Cell [0, 0] of Key, step by step" in text(found)
    assert "Expected Key" in output(found)


def test_words_name_rows_and_columns() -> None:
    labels = (("cat", "dog"), ("dog", "cat"))
    found = wrong(explanation=explanation(np.eye(2), np.eye(2)[::-1], labels=labels))
    assert re.search("0 dog +1 cat", text(found))
    assert "0 <b>cat</b>" in output(found)


def test_nothing_is_claimed_where_nothing_fits() -> None:
    found = wrong(diagnoses=())
    assert "No known mistake gives exactly these numbers, so none is named." in text(found)
    assert "No known mistake gives exactly these numbers" in output(found)
    assert not any(line.startswith("✓  product") for line in text(found).splitlines())


def test_what_comes_first_is_said_and_nothing_else() -> None:
    said = text(WAITING)
    assert said.startswith("· attend: waits for scaled_scores and softmax")
    assert "which are not right yet. Put them right first" in said.replace("\n", " ")
    assert "Expected" not in said
    assert "table" not in re.sub("<style>.*</style>", "", output(WAITING), flags=re.DOTALL)


def test_students_own_text_is_escaped() -> None:
    hostile = wrong(
        name=HOSTILE,
        checks=(Check(HOSTILE, False, 0.0, HOSTILE, hidden=False),),
        diagnoses=(Diagnosis("general.raises", HOSTILE, why=f"`{HOSTILE}` {HOSTILE}", look=HOSTILE),),
        explanation=explanation(
            np.ones((1, 1)), np.zeros((1, 1)), summary=HOSTILE, case=HOSTILE, labels=((HOSTILE,), (HOSTILE,))
        ),
        notes=(HOSTILE, "one ` alone <b>"),
    )
    assert "<script" not in output(hostile)
    assert HOSTILE in text(hostile).replace("\n", "")
    assert "[red]" in text(wrong(explanation=explanation(None, None, summary="[red]no markup[/red]")))


def test_code_is_shown_with_the_line_marked() -> None:
    shown = text(wrong(source=SOURCE))
    assert "  2      raw = Q @ K.T\n▸ 3      return raw\n" in shown
    page = output(wrong(source=SOURCE))
    assert '<mark><i aria-hidden="true">▸3</i><span class="vh">Line 3, marked: </span>    return raw' in page
    assert page.count("<mark>") == 1


def test_no_code_where_no_line_is_named_or_there_is_nothing_to_explain() -> None:
    for found in (
        wrong(source=SOURCE, diagnoses=(replace(UNSCALED, line=None),)),
        wrong(source=SOURCE, diagnoses=(replace(UNSCALED, line=77),)),
        wrong(source=None),
        replace(WAITING, source=SOURCE, diagnoses=(UNSCALED,)),
        replace(STUB, source=SOURCE),
    ):
        assert View(found).code is None
        assert "▸" not in text(found)
        assert "<mark>" not in output(found)


def test_long_code_is_cut_around_the_line_and_at_the_width() -> None:
    source = "\n".join(f"a{number} = {'x' * 300}" for number in range(1, 61))
    shown = text(wrong(source=source, diagnoses=(replace(UNSCALED, line=30),)), width=40)
    lines = [line for line in shown.splitlines() if re.match(r"[ ▸] +\d+  a", line)]
    assert len(lines) == view.MOST_CODE
    assert [line for line in lines if line.startswith("▸ 30  a30 = xxx")]
    assert all(len(line) <= 40 for line in lines)
    assert "\n   …\n" in shown
    assert output(wrong(source=source, diagnoses=(replace(UNSCALED, line=30),))).count("…</i>") == 2


def test_code_is_data() -> None:
    source = f"# \x1b[31m{HOSTILE}\n# `two`\nx = '[bold]no[/bold]'"
    shown, page = text(wrong(source=source)), output(wrong(source=source))
    assert "\x1b" not in shown
    assert "▸ 3  x = '[bold]no[/bold]'" in shown
    assert "# `two`" in shown
    assert "\x1b" not in page
    assert HOSTILE not in page


def test_a_step_agrees_or_is_where_it_parts_or_is_not_known() -> None:
    explanation = wrong().explanation
    assert explanation is not None
    first, middle, *_, last = explanation.worked
    seen = replace(explanation, worked=(first, middle, last), agrees=(first.name,))
    assert listing.states(seen, last.name) == ("agrees", "", "departs")
    assert listing.states(seen, None) == ("agrees", "", "")


def test_view_of_a_mistake_in_no_worked_step() -> None:
    states = [item.state for item in View(wrong(diagnoses=(Diagnosis("x.y", "X", "elsewhere"),))).worked]
    assert states == ["", "", ""]


# ----------------------------------------------------------------------- what is folded, and what is not there


@pytest.mark.parametrize(
    ("states", "due"),
    [
        ("✓✓✓✓✓✓✓✓✓✓✗··", ["9 steps before agree", 4]),
        ("·✓✓✓✓✓✗······", ["5 steps before", 3, "5 steps after"]),
        ("✗············", [2, "11 steps after"]),
        ("·············", ["11 steps before", 2]),  # the last is where the wrong number is seen
        ("✓✗····", [3, "3 steps after"]),
        ("✓✓✗···", [4, "2 steps after"]),  # one alone is not folded
        ("✓✓✓✓✗", [5]),  # few enough
    ],
)
def test_of_many_steps_those_at_the_one_that_departs_are_shown(states: str, due: list[object]) -> None:
    found = View(thirteen(states))
    assert [run.folded or len(run.steps) for run in found.ladder] == due
    assert tuple(step for run in found.ladder for step in run.steps) == found.worked


def test_no_worked_cell_where_nothing_was_computed() -> None:
    nothing = wrong(explanation=explanation(None, np.ones((2, 2))))
    assert View(nothing).worked == View(nothing).ladder == ()
    assert "step by step" not in text(nothing)
    assert "step by step" not in output(nothing)
    assert "Expected  2 × 2" in text(nothing)


def test_of_a_function_that_is_not_there_nothing_is_compared() -> None:
    assert View(MISSING).explanation is None
    for said in (text(MISSING), output(MISSING)):
        assert "Expected" not in said
        assert "NameError" not in said


def test_a_call_in_a_hint_is_one_of_the_inputs_that_are_shown() -> None:
    look = Diagnosis("general.returns-none", "It returns None", look="print(type(scaled_scores(...)))")
    found = wrong(diagnoses=(look,))
    (hint,) = View(found).hints(look)
    assert hint.said == "print(type(scaled_scores(*inputs)))  # inputs: as loaded below"
    assert View(replace(found, inputs=None)).hints(look) == []


def test_what_fails_alike_is_told_once_and_crosses_come_first() -> None:
    checks = (
        Check("one", True, 0.0, hidden=False),
        Check("two", False, 0.0, "It is off.", hidden=False),
        Check("three", False, 0.0, hidden=False, tried=False),
        Check("four", False, 0.0, "It is off.", hidden=False),
    )
    assert [(group.sign, group.names, group.message) for group in View(wrong(checks=checks)).verdicts] == [
        ("✗", ("two", "four"), "It is off."),
        ("·", ("three",), "not tried."),
        ("✓", ("one",), ""),
    ]
    assert View(WAITING).verdicts == View(STUB).verdicts == ()


def test_inputs_are_shown_where_there_is_something_to_see() -> None:
    assert [one.name for one in View(wrong()).inputs] == ["Query", "Key"]
    for found in (replace(WAITING, inputs=wrong().inputs), replace(STUB, inputs=wrong().inputs)):
        assert View(found).inputs == View(found).calling == ()
    # A function that is right, but changes what it is given.
    assert View(wrong(explanation=None)).calling[-1] == "scaled_scores(*inputs)"


def test_advice_in_words_is_not_shown_as_code() -> None:
    words = Diagnosis("general.raises", "It raises", look="Call the function on the inputs shown here")
    assert "<dd>Call the function" in output(wrong(diagnoses=(words,)))
    assert "<dd><code>scaled_scores(Q, K)</code></dd>" in output(wrong())
