"""Shows what a self-check found in a terminal, and as plain text.

Nothing is told by colour alone, and what a student's code said is data.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table as RichTable
from rich.text import Text

from autograder import hints
from autograder.pages.arguments import Input
from autograder.pages.comparison import Comparison
from autograder.pages.tables import Tables
from autograder.records import Diagnosis, Explanation
from autograder.selfcheck.checked import FunctionCheck, NotebookCheck
from autograder.selfcheck.view import MOST_TEXT, Steps, Verdicts, View, printable, words
from autograder.selfcheck.widgets import Grid, Listing, SideBySide, prose
from autograder.words import clipped, passing

if TYPE_CHECKING:
    from autograder.pages.contrast import Contrast

WIDTH: Final = 88  # of plain text
_BAR: Final = 20  # characters of the bar
MOST_NUMBERS: Final = 60  # of an input that is shown whole


def notebook(found: NotebookCheck, hint: int | None = None, asking: str = "") -> RenderableType:
    """A whole notebook for a Rich console, up to the rung `hint`; `asking` is how the next is asked for."""
    views = [View(function, hint, asking) for function in found.functions]
    overview = RichTable.grid(padding=(0, 2, 0, 0))
    for view in views:
        verdict = prose(view.verdict, "dim")
        if view.check.unwritten:  # there is no more to say about it
            verdict.append(f"  {view.check.diagnoses[0].id}")
        overview.add_row(_signed(view), Text(view.check.name, "bold"), verdict)
    parts: list[RenderableType] = [
        Text.assemble((found.title, "bold"), ("  ", ""), (str(found.path.name), "dim")),
        _total(sum(view.check.passed for view in views), len(views), adopted=found.adopted),
        "",
        overview,
    ]
    for view in views:
        if not view.check.passed and not view.check.unwritten:
            parts += ["", Rule(Text(view.check.name, "bold"), align="left", style="dim"), "", *_body(view)]
    parts += _notes(found.notes)
    if found.passed:
        for view in views:
            if view.check.earned is not None:
                parts += ["", Text(view.check.name, "bold"), *_earned(view.check)]
        said = (
            "All test cells pass. Grading may run others, which are not shown."
            if found.adopted
            else "All visible checks pass. Grading calls your functions on other numbers."
        )
        parts += ["", Text(said, "green")]
    return Group(*parts)


def text(
    found: FunctionCheck,
    *,
    width: int = WIDTH,
    colour: bool = False,
    hint: int | None = None,
    asking: str = "",
) -> str:
    """One function as text, with colours for a terminal or without; `hint` and `asking` as for a notebook."""
    file = io.StringIO()
    console = Console(
        file=file,
        width=width,
        force_terminal=colour,
        force_jupyter=False,  # in a kernel Rich would show it at once, in place of writing it here
        color_system="standard" if colour else None,
        legacy_windows=False,
        highlight=False,
        emoji=False,
        markup=False,
    )
    view = View(found, hint, asking)
    console.print(Text.assemble(_signed(view), " ", (found.name, "bold"), ": ", prose(view.verdict)))
    console.print(Group(*(_earned(found) if found.passed else _body(view)), *_notes(found.notes)))
    return "\n".join(line.rstrip() for line in file.getvalue().rstrip().splitlines())


def _total(right: int, every: int, *, adopted: bool) -> Text:
    """How many functions are right, in words and as a bar that is readable without colour."""
    filled = round(_BAR * right / every) if every else 0
    bar = f"[{'█' * filled}{'·' * (_BAR - filled)}]"
    said = f"{passing(right, every, 'function')} all visible checks"
    if adopted:
        said = passing(right, every, "test cell")
    return Text.assemble((bar, "bold" if right == every else ""), "  ", said)


def _earned(found: FunctionCheck) -> Iterator[RenderableType]:
    """What passing all checks earns, in short: a terminal has no room for the picture, so its facts are told."""
    if found.earned is None:
        return
    yield prose(found.earned.understood)
    if found.earned.picture is not None:
        for fact in found.earned.picture.facts:
            yield prose(f"{fact}.")
    if found.earned.stretch:
        yield Text.assemble(("To try next  ", "cyan"), prose(found.earned.stretch))


def _body(view: View) -> list[RenderableType]:
    """Why a function is not right."""
    check, parts = view.check, list[RenderableType]()
    if check.waits_for:
        parts.append(prose(view.waiting))
    for place, diagnosis in enumerate(view.findings):
        parts += (
            ["", *_diagnosis(view, diagnosis, also=True)]
            if place
            else _diagnosis(view, diagnosis, also=False)
        )
    if not check.diagnoses and not check.waits_for:
        parts.append(Text(f"{view.unexplained}.", "bold"))
    if view.further:
        parts += ["", prose(view.further, "dim")]
    if view.code is not None:
        parts += ["", Listing(view.code)]
    if view.explanation is not None:
        parts += _explained(view, view.explanation)
    if view.inputs:
        parts += ["", *_inputs(view)]
    if view.verdicts:
        parts += ["", _verdicts(view.verdicts)]
    return parts


def _notes(notes: Sequence[str]) -> list[RenderableType]:
    return [Padding(prose(note, "dim"), (1, 0, 0, 0)) for note in notes]


def _diagnosis(view: View, diagnosis: Diagnosis, *, also: bool) -> list[RenderableType]:
    title = Text("Also: " if also else "", "dim")
    if not view.is_named(diagnosis):
        return [Text.assemble(title, prose(hints.lead(diagnosis), "bold"))]
    title = Text.assemble(title, prose(diagnosis.title, "bold"))
    title.append(f"  {diagnosis.id}", "dim")
    parts: list[RenderableType] = [title]
    if diagnosis.why:
        parts.append(prose(clipped(diagnosis.why, MOST_TEXT)))
    line = view.line_of(diagnosis)
    if line is not None:
        parts.append(Text(f"It happens in line {line} of the cell."))
    rows = RichTable.grid(padding=(0, 2, 0, 0))
    for hint in view.hints(diagnosis):
        rows.add_row(Text(hint.heading, "cyan"), prose(hint.said))
    return [*parts, Padding(rows, (1, 0, 0, 0))] if rows.row_count else parts


def _explained(view: View, explanation: Explanation) -> Iterator[RenderableType]:
    yield ""
    summary = prose(clipped(explanation.summary, MOST_TEXT))
    if explanation.tested is None:
        yield Text.assemble(("On “", ""), (explanation.case, "bold"), ("”: ", ""), summary)
    else:
        statement = printable(clipped(explanation.tested.statement, MOST_TEXT)).splitlines()
        yield Padding(Group(*(Text(line, "cyan") for line in statement)), (0, 0, 1, 2))
        yield summary
    for observation in view.observations:
        yield prose(observation)
    comparison = view.comparison
    if comparison is not None:
        yield from _tables(comparison, explanation)
    if view.contrast is not None:
        yield from _values(view.contrast, explanation)
    if view.worked:
        cell = f"[{', '.join(map(str, explanation.first or ()))}]"
        yield ""
        yield Text.assemble(
            (f"Cell {cell}", "bold"),
            (f" of {explanation.part}" if explanation.part else "", "bold"),
            (", step by step: the right way on these inputs", ""),
        )
        yield _ladder(view.ladder)
        if comparison is not None and comparison.got_first:
            yield Text.assemble(
                ("Expected ", ""),
                (comparison.expected_first, "bold green"),
                (", yours ", ""),
                (comparison.got_first, "bold red"),
            )


def _tables(comparison: Comparison, explanation: Explanation) -> Iterator[RenderableType]:
    of = f" {explanation.part}" if explanation.part else ""
    for pair in comparison.pairs:
        shown = []
        if pair.got is not None and comparison.got is not None:
            shown.append(Grid(pair.got, f"Yours{of}", comparison.got.shape, mark_wrong=True))
        if pair.expected is not None and comparison.expected is not None:
            shown.append(Grid(pair.expected, f"Expected{of}", comparison.expected.shape, mark_wrong=False))
        yield ""
        yield SideBySide(shown)
    for name, side in (("Yours", comparison.got), ("Expected", comparison.expected)):
        if side is not None and not side.tables:
            yield Text(f"{name} holds no numbers: its shape is {side.shape}.")
    left_out = {side.left_out for side in (comparison.got, comparison.expected) if side and side.left_out}
    for sentence in sorted(left_out):
        yield Text(sentence, "dim")
    if comparison.got_first:
        yield Text.assemble(
            ("✗", "red"), (" differs   ", "dim"), ("[ ]", "bold red"), (" the first that differs", "dim")
        )


def _values(contrast: Contrast, explanation: Explanation) -> Iterator[RenderableType]:
    from autograder.selfcheck import forms  # loaded where there is something to show by it

    of = f" {explanation.part}" if explanation.part else ""
    sides = [
        forms.Side(f"{name}{of}", shown, expected=name == "Expected")
        for name, shown in (("Yours", contrast.got), ("Expected", contrast.expected))
        if shown is not None
    ]
    yield ""
    yield SideBySide(sides)
    told = forms.legend(contrast)
    if told is not None:
        yield told
    if contrast.note:
        yield Text(contrast.note, "dim")


def _ladder(runs: Sequence[Steps]) -> RenderableType:
    grid = RichTable.grid(padding=(0, 2, 0, 0))
    signs = {"agrees": ("✓", "green"), "departs": ("✗", "bold red"), "": (" ", "")}
    for run in runs:
        if run.folded:
            grid.add_row(Text("…", "dim"), Text(run.folded, "dim"))
            continue
        for item in run.steps:
            grid.add_row(
                Text(*signs[item.state]),
                Text(item.step.name, "bold" if item.state == "departs" else ""),
                Group(Text(item.step.plain, "cyan"), Text(clipped(item.step.arithmetic, MOST_TEXT))),
            )
    return grid


def _inputs(view: View) -> Iterator[RenderableType]:
    """The inputs that are explained, as far as they fit on a screen, and how to have them all."""
    assert view.check.inputs is not None
    if view.script:
        yield Text.assemble(
            "The calls of “", (view.check.inputs.case, "bold"), "”, to paste into the notebook:"
        )
    else:
        yield Text.assemble(
            "The inputs of “",
            (view.check.inputs.case, "bold"),
            f"”, and lines to paste into the notebook that call {view.check.name} on them:",
        )
        yield ""
        yield from _shown_inputs(view)
    yield ""
    yield Padding(Group(*(Text(printable(line), "cyan") for line in view.calling)), (0, 0, 0, 2))


def _shown_inputs(view: View) -> Iterator[RenderableType]:
    """The inputs as far as they fit on a screen."""
    small = [one for one in view.inputs if one.tables is not None and _fits(one.tables)]
    for one in view.inputs:
        if one.shown is not None or one.code:
            yield from _long_input(one)
        elif one.tables is None:
            yield Text.assemble((one.name, "bold"), "  ", printable(words(one)))
        elif one not in small:
            yield Text.assemble(
                (one.name, "bold"), (f"  {one.tables.shape}, too many numbers for here", "dim")
            )
    if small:
        yield SideBySide(
            [
                Grid(table, one.name, one.tables.shape, mark_wrong=False)
                for one in small
                if one.tables
                for table in one.tables.tables
            ]
        )


def _long_input(one: Input) -> Iterator[RenderableType]:
    """An input of several lines."""
    if one.shown is not None:
        from autograder.selfcheck import forms  # loaded where there is something to show by it

        yield forms.Side(one.name, one.shown, expected=True)
        return
    yield Text.assemble((one.name, "bold"), (f"  {one.shape}", "dim"))
    for line in one.code:
        yield Text(f"  {line}", no_wrap=True, overflow="ellipsis")


def _fits(shown: Tables) -> bool:
    """Whether it is a single table, and small enough to stand among others."""
    numbers = sum(len(row.entries) for table in shown.tables for row in table.rows)
    return len(shown.tables) == 1 and not shown.left_out and numbers <= MOST_NUMBERS


def _verdicts(groups: Sequence[Verdicts]) -> RenderableType:
    grid = RichTable.grid(padding=(0, 1, 0, 0))
    styles = {"✗": ("red", ""), "·": ("yellow", "dim"), "✓": ("green", "dim")}
    for group in groups:
        sign, names = styles[group.sign]
        said = Text(" · ".join(group.names), names)
        if group.message:
            said = Text.assemble(said, ": ", prose(clipped(group.message, MOST_TEXT), "dim"))
        grid.add_row(Text(group.sign, sign), said)
    return grid


def _signed(view: View) -> Text:
    return Text(view.sign, {"✓": "bold green", "✗": "bold red"}.get(view.sign, "bold yellow"))
