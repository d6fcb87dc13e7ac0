"""How a self-check looks in a terminal with and without colour, and as text."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import numpy as np
import pytest
from check_samples import MISSING, RIGHT, STUB, UNSCALED, explanation, of, thirteen, wrong
from rich.console import Console

from autograder.earned import Earned, Picture
from autograder.explaining import telling
from autograder.explaining.placed import Placed
from autograder.records import Diagnosis
from autograder.selfcheck import terminal
from autograder.selfcheck.checked import Inputs, NotebookCheck
from autograder.selfcheck.html import output
from autograder.selfcheck.terminal import text


def drawn(found: NotebookCheck, width: int = 100, **options: object) -> str:
    console = Console(file=io.StringIO(), width=width, **options)  # type: ignore[arg-type]
    console.print(terminal.notebook(found))
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


# ------------------------------------------------------------------------------------------------- text


def test_text_marks_the_wrong_cells_without_colour() -> None:
    said = text(wrong())
    assert "\x1b" not in said
    assert re.search(r"1 +\[8\.000\] +✗5\.000 +1 +\[4\.000\] +2\.500", said)
    assert re.search(r"0 +2\.000 +3\.000 +0 +2\.000 +3\.000", said)
    assert "Expected 4.000, yours 8.000" in said


def test_large_numbers_are_bold_where_a_page_shades_them() -> None:
    said = drawn(of(wrong()), force_terminal=True, color_system="standard")
    assert re.search(r"\x1b\[1m +3\.000", said)
    assert not re.search(r"\x1b\[1m +2\.000", said)


def test_text_names_title_id_reason_and_next_step() -> None:
    said = text(wrong())
    assert said.startswith("✗ scaled_scores: 1 of 2 visible checks passes")
    assert "The scores were not divided by √d_k  scaled_scores.unscaled" in said
    assert "but they were handed on" in said.replace("\n", " ")
    assert "It happens in line 3 of the cell." in said
    assert re.search(r"See it yourself +scaled_scores\(Q, K\)", said)
    assert re.search(r"Read again +Scaled scores", said)
    assert "✗ a short sentence: 2 of 4 numbers are wrong." in said
    assert "✓ one token" in said


def test_text_says_what_was_not_tried() -> None:
    untried = tuple(replace(check, passed=False, tried=False, message="") for check in wrong().checks)
    said = text(wrong(checks=untried, explanation=None))
    assert "· a short sentence · one token: not tried." in said
    assert "✗ a short" not in said


def test_text_ticks_the_steps_whose_numbers_were_seen_alone() -> None:
    seen = replace(wrong().explanation, agrees=("product",))  # type: ignore[type-var]
    for shown, sign in ((wrong(), " "), (wrong(explanation=seen), "✓")):
        lines = text(shown).splitlines()
        assert any(line.startswith(f"{sign}  product") for line in lines)
        assert any(line.startswith("✗  scale") for line in lines)
        assert any(line.startswith("   after") for line in lines)


def test_text_in_colour_says_the_same() -> None:
    coloured = text(wrong(), colour=True)
    assert "\x1b[1;31m[8.000]" in coloured
    plain = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in plain.splitlines()] == text(wrong()).splitlines()


def test_text_of_a_right_one_is_a_line() -> None:
    assert text(RIGHT) == "✓ softmax: the visible check passes"


def test_text_fits_its_width() -> None:
    wide = np.arange(60.0).reshape(6, 10) * 1000 + 0.125
    got = wide.copy()
    got[2, 7] += 1
    for width, all_columns in ((30, False), (60, False), (120, True)):
        said = text(wrong(explanation=explanation(got, wide)), width=width)
        assert max(map(len, said.splitlines())) <= width
        assert "[27001.1]" in said
        assert "[27000.1]" in said
        assert ("more columns do not fit" in said) is not all_columns


def test_narrow_terminals_put_the_tables_below_each_other() -> None:
    assert not re.search("Yours.*Expected", text(wrong(), width=30))
    assert re.search("Yours.*Expected", text(wrong(), width=80))


def test_several_diagnoses() -> None:
    also = Diagnosis("general.mutates-input", "The function changes its inputs")
    said = text(wrong(diagnoses=(UNSCALED, also)))
    assert "Also: The function changes its inputs  general.mutates-input" in said


def test_long_texts_are_cut_in_the_middle() -> None:
    said = text(wrong(explanation=explanation(None, None, summary="a" * 5000 + "z")))
    assert "…" in said
    assert said.count("a") < 1000


def test_control_characters_do_not_reach_the_terminal() -> None:
    said = text(wrong(explanation=explanation(None, None, summary="\x1b[2J\x07 cleared")))
    assert "\x1b" not in said
    assert "\x07" not in said


# ---------------------------------------------------------------------------------------------- terminal


def test_notebook_begins_with_an_overview() -> None:
    lines = drawn(of(RIGHT, wrong(), STUB)).splitlines()
    assert lines[0] == "Self-attention  self-attention.ipynb"
    assert [line.split()[:2] for line in lines[3:6]] == [
        ["✓", "softmax"],
        ["✗", "scaled_scores"],
        ["·", "attend"],
    ]
    assert "not written yet  general.not-implemented" in lines[5]
    assert lines[1] == "[███████·············]  1 of 3 functions passes all visible checks"
    assert not any(line.startswith("attend ─") for line in lines)


def test_notebook_that_passes_says_what_is_still_to_come() -> None:
    assert "All visible checks pass. Grading calls your functions on other numbers." in drawn(of(RIGHT))


def test_notes_are_shown_once() -> None:
    note = "Cell 3 was left out."
    assert drawn(of(RIGHT, wrong(), MISSING, notes=(note,))).count(note) == 1
    noted = replace(RIGHT, notes=(note,))
    assert text(noted).count(note) == 1
    assert output(noted).count(note) == 1


def test_steps_far_from_the_one_that_departs_are_a_line() -> None:
    said = text(thirteen("✓✓✓✓✓✓✓✓✓✓✗··"))
    assert re.search(r"^… +9 steps before agree\n", said, re.MULTILINE)
    shown = re.findall(r"^([✓✗ ]) +step (\d+)", said, re.MULTILINE)
    assert shown == [("✓", "9"), ("✗", "10"), (" ", "11"), (" ", "12")]


def test_the_inputs_are_shown_with_lines_to_paste() -> None:
    said = text(wrong())
    assert "The inputs of “a short sentence”" in said
    assert re.search(r"Query  2 × 2 +Key  2 × 2", said)
    assert (
        "  from autograder import case\n"
        '  inputs = case("scaled_scores", "a short sentence")\n'
        "  scaled_scores(*inputs)\n"
    ) in said
    words = Inputs("an unknown word", (("tokens", ["cat", "dog"]), ("table", np.ones((9, 9)))))
    said = text(wrong(inputs=words))
    assert 'tokens  ["cat", "dog"]' in said
    assert "table  9 × 9, too many numbers for here" in said


def test_checks_that_were_not_tried_are_no_crosses() -> None:
    said = text(MISSING)
    assert "· one token · two tokens: not tried." in said
    assert not re.search(r"^✗ (?!attend)", said, re.MULTILINE)


def test_no_color_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    coloured = re.findall(r"\x1b\[[0-9;]*m", drawn(of(wrong()), force_terminal=True))
    assert not any(re.search(r"\b3[0-9]\b", code) for code in coloured)


# --------------------------------------------------------------------------------- small edits and the ladder

EDITS = telling.told([Placed(3, "index", subject="Key"), Placed(5, "axis", subject="np.sum", step="row sum")])


@pytest.mark.parametrize("hint", [None, 2])
def test_each_small_edit_is_told_at_once_with_its_line_and_once(hint: int | None) -> None:
    found = wrong(diagnoses=EDITS, hints="cause" if hint is None else "ladder")
    for said in (text(found, hint=hint), re.sub(r"<[^>]*>", "", output(found, hint))):
        said = " ".join(said.split())
        assert "Line 3: look at the index of Key general.one-edit" in said
        assert "Also: Line 5, at the step “row sum”: look at the axis at np.sum general.one-edit" in said
        assert "It happens in line" not in said
        assert "Places count from 0" in said
        assert "Ask yourself Which entries does this index pick, counted from 0?" in said.replace(
            "yourselfW", "yourself W"
        )
        assert ("step by step" in said) == (hint is None)
    said = " ".join(text(replace(found, hints="ladder")).split())
    assert "The result is not the expected one: look at line 3, and there at the index" in said
    assert "general.one-edit" not in said


def test_on_the_first_rung_findings_of_which_it_says_the_same_are_told_once() -> None:
    found = wrong(
        diagnoses=(UNSCALED, replace(UNSCALED, id="scaled_scores.other"), Diagnosis("a.b", "B")),
        hints="ladder",
    )
    said = " ".join(text(found, asking="check(f, hint={})").split())
    assert said.count("The result is not the expected one: look at line 3") == 1
    assert "Also: The result is not the expected one" in said
    assert (
        "check(f, hint=2) names the cause, check(f, hint=3) works the first wrong number out, step by step."
        in said
    )
    assert "Every number is 2 times the right one." not in said
    assert "Every number is 2 times the right one." in text(found, hint=2)


def test_a_ladder_without_a_cause_goes_on_with_the_worked_steps() -> None:
    found = wrong(diagnoses=(), hints="ladder")
    said = text(found, asking="--hint {}")
    assert "--hint 2 works the first wrong number out" in said
    assert "names the cause" not in said
    assert "step by step: the right way" not in said
    assert "step by step: the right way" in text(found, hint=2)


def test_whole_notebooks_climb_together() -> None:
    found = of(wrong(hints="ladder"), STUB, RIGHT)
    assert "scaled_scores.unscaled" not in drawn(found)
    assert "general.not-implemented" in drawn(found)  # there is nothing to keep back


def test_what_passing_earns_is_told_in_short_and_drawn_in_a_notebook() -> None:
    picture = Picture(("a", "b"), ("a", "b"), (("Map", np.eye(2)),), "map", ("“a” looks most at “a” (1.00)",))
    found = replace(RIGHT, earned=Earned("You now know it.", "Try <another>.", picture))
    for said in (text(found), drawn(of(found))):
        lines = [line.strip() for line in said.splitlines()]
        assert [line for line in lines if line.startswith(("You", "“a”", "To try"))] == [
            "You now know it.",
            "“a” looks most at “a” (1.00).",
            "To try next  Try <another>.",
        ]
    page = output(found)
    assert page.count("<table") == 1
    assert "Try &lt;another&gt;." in page
    assert "You now know it." not in output(RIGHT)
