"""How a self-check looks: in a terminal with and without colour, as text, and as HTML."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from autograder.pages import listing
from autograder.records import Check, Diagnosis, Explanation, WorkedStep
from autograder.selfcheck import terminal
from autograder.selfcheck.examine import FunctionCheck, NotebookCheck
from autograder.selfcheck.terminal import Shown, View, html, text

HOSTILE = "<script>alert(1)</script>"
STEPS = (
    WorkedStep("product", "Multiply.", r"P = Q K^{\top}", "P = Q · Kᵀ", "1·2 = 2"),
    WorkedStep("scale", "Divide.", r"S = P / \sqrt{d_k}", "S = P / √d_k", "2 / √4 = 1"),
    WorkedStep("after", "Nothing.", "S", "S", "1"),
)
UNSCALED = Diagnosis(
    "scaled_scores.unscaled",
    "The scores were not divided by √d_k",
    "scale",
    line=3,
    why="The dot products are right, but `they` were handed on as they are.",
    look="scaled_scores(Q, K)",
    read="Scaled scores",
)


def explanation(got: np.ndarray | None, expected: np.ndarray | None, **given: object) -> Explanation:
    wrong = None
    if got is not None and expected is not None and got.shape == expected.shape:
        wrong = ~np.isclose(got, expected)
    first = None if wrong is None or not wrong.any() else tuple(int(i) for i in np.argwhere(wrong)[0])
    fields: dict[str, object] = {
        "case": "a short sentence",
        "inputs": (),
        "expected": expected,
        "got": got,
        "wrong": wrong,
        "first": first,
        "part": None,
        "summary": "2 of 4 numbers are wrong.",
        "worked": STEPS,
        "observations": ("Every number is 2 times the right one.",),
    }
    return Explanation(**(fields | given))  # type: ignore[arg-type]


def wrong(**given: object) -> FunctionCheck:
    fields: dict[str, object] = {
        "name": "scaled_scores",
        "checks": (
            Check("a short sentence", False, 0.0, "2 of 4 numbers are wrong.", hidden=False),
            Check("one token", True, 0.0, hidden=False),
        ),
        "diagnoses": (UNSCALED,),
        "explanation": explanation(np.array([[2.0, 3], [8, 5]]), np.array([[2.0, 3], [4, 2.5]])),
        "steps": (("product", np.array([[2.0, 3], [8, 5]])),),
    }
    return FunctionCheck(**(fields | given))  # type: ignore[arg-type]


RIGHT = FunctionCheck("softmax", (Check("one token", True, 0.0, hidden=False),))
STUB = FunctionCheck(
    "attend",
    (Check("one token", False, 0.0, hidden=False),),
    (Diagnosis("general.not-implemented", "This function is still the stub", why="Nothing is wrong yet."),),
    explanation(None, np.ones((2, 2))),
)
WAITING = FunctionCheck(
    "attend",
    (Check("one token", False, 0.0, hidden=False),),
    (),
    explanation(np.zeros((2, 2)), np.ones((2, 2))),
    ("scaled_scores", "softmax"),
)


def drawn(found: NotebookCheck, width: int = 100, **options: object) -> str:
    console = Console(file=io.StringIO(), width=width, **options)  # type: ignore[arg-type]
    console.print(terminal.notebook(found))
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def of(*functions: FunctionCheck) -> NotebookCheck:
    return NotebookCheck(Path("self-attention.ipynb"), "Self-attention", functions)


# ------------------------------------------------------------------------------------------------- text


def test_text_marks_the_wrong_cells_without_colour() -> None:
    said = text(wrong())
    assert "\x1b" not in said
    assert re.search(r"1 +\[8\.000\] +✗5\.000 +1 +\[4\.000\] +2\.500", said)
    assert re.search(r"0 +2\.000 +3\.000 +0 +2\.000 +3\.000", said)
    assert "Expected 4.000, yours 8.000" in said


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


def test_text_ticks_the_steps_whose_numbers_were_seen_alone() -> None:
    seen = replace(wrong().explanation, agrees=("product",))  # type: ignore[type-var]
    for shown, sign in ((wrong(), " "), (wrong(explanation=seen), "✓")):
        lines = text(shown).splitlines()
        assert any(line.startswith(f"{sign}  product") for line in lines)
        assert any(line.startswith("✗  scale") for line in lines)
        assert any(line.startswith("   after") for line in lines)


def test_a_step_that_was_made_and_not_used_is_ticked_and_the_last_one_is_where_it_parts() -> None:
    explanation = wrong().explanation
    assert explanation is not None
    first, *_, last = explanation.worked
    seen = replace(explanation, worked=(first, last), agrees=(first.name,))
    assert listing.states(seen, first.name) == ("agrees", "departs")
    # With more steps to come it is not known at which of them.
    longer = replace(seen, worked=(first, *explanation.worked[1:], last, last))
    assert "departs" not in listing.states(longer, first.name)


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
    assert due.partition("  ")[0].strip(".") in re.sub("<[^>]*>", "", html(found))


def test_part_of_several_results_is_named() -> None:
    found = wrong(explanation=explanation(np.zeros((1, 2)), np.ones((1, 2)), part="Key"))
    assert "Yours Key" in text(found)
    assert "Cell [0, 0] of Key, step by step" in text(found)
    assert "Expected Key" in html(found)


def test_words_name_rows_and_columns() -> None:
    labels = (("cat", "dog"), ("dog", "cat"))
    found = wrong(explanation=explanation(np.eye(2), np.eye(2)[::-1], labels=labels))
    assert re.search("0 dog +1 cat", text(found))
    assert "0 <b>cat</b>" in html(found)


def test_nothing_is_claimed_where_nothing_fits() -> None:
    found = wrong(diagnoses=())
    assert "No known mistake gives exactly these numbers, so none is named." in text(found)
    assert "No known mistake gives exactly these numbers" in html(found)
    assert not any(line.startswith("✓  product") for line in text(found).splitlines())


def test_several_diagnoses() -> None:
    also = Diagnosis("general.mutates-input", "The function changes its inputs")
    said = text(wrong(diagnoses=(UNSCALED, also)))
    assert "Also: The function changes its inputs  general.mutates-input" in said


def test_what_comes_first_is_said_and_nothing_else() -> None:
    said = text(WAITING)
    assert said.startswith("· attend: waits for scaled_scores and softmax")
    assert "which are not right yet. Put them right first" in said.replace("\n", " ")
    assert "Expected" not in said
    assert "table" not in re.sub("<style>.*</style>", "", html(WAITING), flags=re.DOTALL)


def test_long_texts_are_cut_in_the_middle() -> None:
    said = text(wrong(explanation=explanation(None, None, summary="a" * 5000 + "z")))
    assert "…" in said
    assert said.count("a") < 1000


# ---------------------------------------------------------------------------------------------- terminal


def test_notebook_begins_with_an_overview() -> None:
    lines = drawn(of(RIGHT, wrong(), STUB)).splitlines()
    assert lines[0] == "Self-attention  self-attention.ipynb"
    assert [line.split()[:2] for line in lines[2:5]] == [
        ["✓", "softmax"],
        ["✗", "scaled_scores"],
        ["·", "attend"],
    ]
    assert "not written yet  general.not-implemented" in lines[4]
    assert not any(line.startswith("attend ─") for line in lines)


def test_notebook_that_passes_says_what_is_still_to_come() -> None:
    assert "All visible checks pass. Grading calls your functions on other numbers." in drawn(of(RIGHT))


def test_notes_are_shown_once() -> None:
    noted = [FunctionCheck(name, RIGHT.checks, notes=("Cell 3 was left out.",)) for name in ("a", "b")]
    assert drawn(of(*noted)).count("Cell 3 was left out.") == 1
    assert "Cell 3 was left out." in text(noted[0])
    assert "Cell 3 was left out." in html(noted[0])


def test_no_color_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    coloured = re.findall(r"\x1b\[[0-9;]*m", drawn(of(wrong()), force_terminal=True))
    assert not any(re.search(r"\b3[0-9]\b", code) for code in coloured)


# -------------------------------------------------------------------------------------------------- HTML


class Outline(HTMLParser):
    """Checks that tags nest, and collects what matters."""

    VOID = frozenset({"br", "hr", "img", "input", "meta"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def count(self, tag: str) -> int:
        return sum(seen == tag for seen, _ in self.seen)


@pytest.mark.parametrize("found", [RIGHT, STUB, WAITING, wrong(), wrong(diagnoses=())])
def test_html_is_whole_and_needs_nothing_else(found: FunctionCheck) -> None:
    outline = Outline(html(found))
    assert outline.count("script") == 0
    assert not any(value and "http" in value for _, attrs in outline.seen for value in attrs.values())


def test_html_marks_the_first_wrong_cell_not_by_colour_alone() -> None:
    page = html(wrong())
    assert page.count('class="wrong first"') == 1
    assert '<td class="wrong first"><i>✗</i><b>8.000</b></td>' in page
    assert '<td class="wrong"><i>✗</i>5.000</td>' in page
    assert '<td class="here"><b>4.000</b></td>' in page


def test_html_names_title_id_and_steps() -> None:
    page = html(wrong())
    assert "The scores were not divided by √d_k" in page
    assert '<span class="id">scaled_scores.unscaled</span>' in page
    assert "but <code>they</code> were" in page
    assert "<dt>See it yourself</dt><dd><code>scaled_scores(Q, K)</code></dd>" in page
    assert "Yours parts at ✗." in page
    assert "✓." not in page
    assert "What each step should give on these inputs" in page


def test_html_tables_have_captions_and_headers() -> None:
    outline = Outline(html(wrong()))
    assert outline.count("table") == outline.count("caption") == 3
    scopes = {attrs.get("scope") for tag, attrs in outline.seen if tag == "th"}
    assert scopes == {"col", "row"}


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
    assert "<script" not in html(hostile)
    assert HOSTILE in text(hostile).replace("\n", "")
    assert "[red]" in text(wrong(explanation=explanation(None, None, summary="[red]no markup[/red]")))


def test_control_characters_do_not_reach_the_terminal() -> None:
    said = text(wrong(explanation=explanation(None, None, summary="\x1b[2J\x07 cleared")))
    assert "\x1b" not in said
    assert "\x07" not in said


# ------------------------------------------------------------------------------------------------- check()


def test_shown_is_text_and_html() -> None:
    assert repr(Shown(RIGHT)) == text(RIGHT)
    assert Shown(RIGHT)._repr_html_() == html(RIGHT)
    assert repr(Shown("no checks")) == "no checks"
    assert "Nothing was checked" in Shown("no checks")._repr_html_()


def test_check_never_raises_for_want_of_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    assert "checks.json is missing" in repr(terminal.check(text))


def test_view_of_a_mistake_in_no_worked_step() -> None:
    states = [item.state for item in View(wrong(diagnoses=(Diagnosis("x.y", "X", "elsewhere"),))).worked]
    assert states == ["", "", ""]


# ------------------------------------------------------------------------------------------- the code

SOURCE = "def scaled_scores(Q, K):\n    raw = Q @ K.T\n    return raw\n"


def test_code_is_shown_with_the_line_marked() -> None:
    shown = text(wrong(source=SOURCE))
    assert "  2      raw = Q @ K.T\n▸ 3      return raw\n" in shown
    page = html(wrong(source=SOURCE))
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
        assert "<mark>" not in html(found)


def test_long_code_is_cut_around_the_line_and_at_the_width() -> None:
    source = "\n".join(f"a{number} = {'x' * 300}" for number in range(1, 61))
    shown = text(wrong(source=source, diagnoses=(replace(UNSCALED, line=30),)), width=40)
    lines = [line for line in shown.splitlines() if re.match(r"[ ▸] +\d+  a", line)]
    assert len(lines) == terminal.MOST_CODE
    assert [line for line in lines if line.startswith("▸ 30  a30 = xxx")]
    assert all(len(line) <= 40 for line in lines)
    assert "\n   …\n" in shown
    assert html(wrong(source=source, diagnoses=(replace(UNSCALED, line=30),))).count("…</i>") == 2


def test_code_is_data() -> None:
    source = f"# \x1b[31m{HOSTILE}\n# `two`\nx = '[bold]no[/bold]'"
    shown, page = text(wrong(source=source)), html(wrong(source=source))
    assert "\x1b" not in shown
    assert "▸ 3  x = '[bold]no[/bold]'" in shown
    assert "# `two`" in shown
    assert "\x1b" not in page
    assert HOSTILE not in page
