"""Shows what a self-check found: in a terminal, as plain text, and in a notebook.

One explanation, three renderings. Nothing is told by colour alone, what a student's code said is data in all of
them, and the notebook's needs no script and reads well on light and dark ground.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import zip_longest

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.measure import Measurement
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table as RichTable
from rich.text import Text

from autograder.errors import AutograderError
from autograder.pages import listing
from autograder.pages.listing import Code
from autograder.pages.tables import Entry, Label, Table, Tables, tables, writer
from autograder.records import Array, Check, Diagnosis, Explanation, WorkedStep
from autograder.selfcheck import examine
from autograder.selfcheck.examine import FunctionCheck, NotebookCheck
from autograder.words import agree, clipped, counted

WIDTH = 88  # of plain text
_NBGRADER = "NBGRADER_EXECUTION"  # what nbgrader sets for the kernels it starts
MOST_TEXT = 600  # characters of one sentence
MOST_CODE = 13  # lines of the student's cell

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def check(function: object) -> Shown | None:
    """Checks one function of the notebook on the visible inputs: `check(softmax)` as the last line of a cell.

    Where nbgrader runs the notebook (`nbgrader validate`), a check that does not pass raises AssertionError with the
    explanation, and one that passes shows nothing: nbgrader takes whatever a cell shows for full marks.
    """
    found: FunctionCheck | str
    try:
        found = examine.check_function(function)
    except AutograderError as error:
        found = str(error)
    if _NBGRADER in os.environ:
        if isinstance(found, str) or not found.passed:
            raise AssertionError(found if isinstance(found, str) else text(found))
        return None
    return Shown(found)


class Shown:
    """A self-check as a notebook, a prompt or `print` shows it."""

    def __init__(self, found: FunctionCheck | str) -> None:
        self.found = found  # a text: why nothing could be checked

    def __repr__(self) -> str:
        return self.found if isinstance(self.found, str) else text(self.found)

    def _repr_html_(self) -> str:
        return html(self.found)


# --------------------------------------------------------------------------- what all three have in common


@dataclass(frozen=True)
class Step:
    """One step of the worked cell, and what is known of the student's own."""

    step: WorkedStep
    state: listing.StepState


@dataclass(frozen=True)
class Pair:
    """The student's table beside the one that was due; either may be absent."""

    got: Table | None
    expected: Table | None


@dataclass(frozen=True)
class Comparison:
    """The student's result beside the expected one."""

    got: Tables | None
    expected: Tables | None
    pairs: tuple[Pair, ...]
    got_first: str  # the first wrong number, empty where there is none
    expected_first: str


@dataclass(frozen=True)
class View:
    """One function's check, ready to be drawn."""

    check: FunctionCheck

    @property
    def verdict(self) -> str:
        """How it went, in a few words."""
        check = self.check
        if check.passed:
            return agree(
                len(check.checks), "the visible check passes", f"all {len(check.checks)} visible checks pass"
            )
        if check.unwritten:
            return "not written yet"
        if check.waits_for:
            return f"waits for {_listed(check.waits_for)}"
        return f"{len(self.passing)} of {counted(len(check.checks), 'visible check')} {agree(len(self.passing), 'passes', 'pass')}"

    @property
    def sign(self) -> str:
        """The verdict in one character."""
        if self.check.passed:
            return "✓"
        return "·" if self.check.unwritten or self.check.waits_for else "✗"

    @property
    def passing(self) -> list[Check]:
        """The checks that pass."""
        return [check for check in self.check.checks if check.passed]

    @property
    def failing(self) -> list[Check]:
        """The checks that do not."""
        return [check for check in self.check.checks if not check.passed]

    @property
    def waiting(self) -> str:
        """What comes first, where this function calls others that are wrong."""
        names = self.check.waits_for
        are, them = ("is", "it") if len(names) == 1 else ("are", "them")
        return (
            f"{self.check.name} calls {_listed([f'`{name}`' for name in names])}, which {are} not right yet."
            f" Put {them} right first and check again: {self.check.name} itself may well be right."
        )

    @property
    def explanation(self) -> Explanation | None:
        """The explanation, where there is something to see in it."""
        check = self.check
        return None if check.unwritten or check.waits_for else check.explanation

    @property
    def worked(self) -> tuple[Step, ...]:
        """The first wrong cell, step by step."""
        if self.explanation is None:
            return ()
        departs = self.check.diagnoses[0].step if self.check.diagnoses else None
        return tuple(map(Step, self.explanation.worked, listing.states(self.explanation, departs)))

    @property
    def code(self) -> Code | None:
        """The student's own cell around the line that a diagnosis names, where one does."""
        check = self.check
        if check.unwritten or check.waits_for or check.source is None:
            return None
        code = listing.code(check.source, check.diagnoses, MOST_CODE)
        return code if code.marked else None

    @property
    def matrices(self) -> tuple[tuple[str, Tables], ...]:
        """What each step of the right way gives on the inputs that are explained."""
        if self.explanation is None:
            return ()
        return tuple((name, tables(array, write=writer(array))) for name, array in self.check.steps)

    @property
    def comparison(self) -> Comparison | None:
        """The matrices side by side, where there are any."""
        explanation = self.explanation
        if explanation is None or (explanation.got is None and explanation.expected is None):
            return None
        return _comparison(explanation)


def _comparison(explanation: Explanation) -> Comparison:
    got, expected, first = explanation.got, explanation.expected, explanation.first
    alike = got is not None and expected is not None and got.shape == expected.shape
    first = first if alike and explanation.wrong is not None else None
    apart = None
    if first is not None and got is not None and expected is not None:
        apart = (got[first].item(), expected[first].item())
    write = writer(*(array for array in (got, expected) if array is not None), apart=apart)

    def as_tables(array: Array | None) -> Tables | None:
        if array is None:
            return None
        wrong = explanation.wrong if alike else None
        return tables(array, write=write, wrong=wrong, first=first, labels=explanation.labels)

    left, right = as_tables(got), as_tables(expected)
    return Comparison(
        left,
        right,
        tuple(
            Pair(one, other)
            for one, other in zip_longest(left.tables if left else (), right.tables if right else ())
        ),
        write(apart[0]) if apart else "",
        write(apart[1]) if apart else "",
    )


def hints(diagnosis: Diagnosis) -> list[tuple[str, str]]:
    """What a diagnosis advises, each with its heading."""
    rows = [("See it yourself", diagnosis.look), ("Read again", diagnosis.read)]
    return [(heading, clipped(said, MOST_TEXT)) for heading, said in rows if said]


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _printable(said: str) -> str:
    return _UNPRINTABLE.sub("\ufffd", said)


# -------------------------------------------------------------------------------------------- the terminal


def notebook(found: NotebookCheck) -> RenderableType:
    """A whole notebook for a Rich console."""
    views = [View(function) for function in found.functions]
    overview = RichTable.grid(padding=(0, 2, 0, 0))
    for view in views:
        verdict = _prose(view.verdict, "dim")
        if view.check.unwritten:  # there is no more to say about it
            verdict.append(f"  {view.check.diagnoses[0].id}")
        overview.add_row(_signed(view), Text(view.check.name, "bold"), verdict)
    parts: list[RenderableType] = [
        Text.assemble((found.title, "bold"), ("  ", ""), (str(found.path.name), "dim")),
        "",
        overview,
    ]
    for view in views:
        if not view.check.passed and not view.check.unwritten:
            parts += ["", Rule(Text(view.check.name, "bold"), align="left", style="dim"), "", _body(view)]
    parts += _notes(*(check for check in found.functions if check.passed or check.unwritten))
    if found.passed:
        parts += [
            "",
            Text("All visible checks pass. Grading calls your functions on other numbers.", "green"),
        ]
    return Group(*parts)


def text(found: FunctionCheck, *, width: int = WIDTH, colour: bool = False) -> str:
    """One function as text, with colours for a terminal or without."""
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
    view = View(found)
    console.print(Text.assemble(_signed(view), " ", (found.name, "bold"), ": ", _prose(view.verdict)))
    console.print(_body(view) if not found.passed else Group(*_notes(found)))
    return "\n".join(line.rstrip() for line in file.getvalue().rstrip().splitlines())


def _body(view: View) -> RenderableType:
    """Why a function is not right."""
    check, parts = view.check, list[RenderableType]()
    if check.waits_for:
        parts.append(_prose(view.waiting))
    for place, diagnosis in enumerate(check.diagnoses):
        parts += ["", *_diagnosis(diagnosis, also=place > 0)] if place else _diagnosis(diagnosis, also=False)
    if not check.diagnoses and not check.waits_for:
        parts.append(Text("No known mistake gives exactly these numbers, so none is named.", "bold"))
    if view.code is not None:
        parts += ["", _Listing(view.code)]
    if view.explanation is not None:
        parts += _explained(view, view.explanation)
    if not check.unwritten and not check.waits_for:
        parts += ["", *_check_lists(view)]
    return Group(*parts, *_notes(check))


def _notes(*checks: FunctionCheck) -> list[RenderableType]:
    notes = dict.fromkeys(note for check in checks for note in check.notes)
    return [Padding(_prose(note, "dim"), (1, 0, 0, 0)) for note in notes]


def _diagnosis(diagnosis: Diagnosis, *, also: bool) -> list[RenderableType]:
    title = Text.assemble(("Also: " if also else "", "dim"), _prose(diagnosis.title, "bold"))
    title.append(f"  {diagnosis.id}", "dim")
    parts: list[RenderableType] = [title]
    if diagnosis.why:
        parts.append(_prose(clipped(diagnosis.why, MOST_TEXT)))
    if diagnosis.line is not None:
        parts.append(Text(f"It happens in line {diagnosis.line} of the cell."))
    rows = RichTable.grid(padding=(0, 2, 0, 0))
    for heading, said in hints(diagnosis):
        rows.add_row(Text(heading, "cyan"), _prose(said))
    return [*parts, Padding(rows, (1, 0, 0, 0))] if rows.row_count else parts


@dataclass(frozen=True)
class _Listing:
    """The student's code in a terminal, with a mark before the lines that count; long lines are cut at its width."""

    code: Code

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        width = len(str(self.code.lines[-1].number))
        if self.code.before:
            yield Text("…".rjust(width + 2), "dim")
        for line in self.code.lines:
            text = Text(no_wrap=True, overflow="ellipsis")
            text.append("▸ " if line.marked else "  ", "bold red")
            text.append(f"{line.number:>{width}}  ", "bold red" if line.marked else "dim")
            text.append(_printable(line.text), "bold" if line.marked else "")
            yield text
        if self.code.after:
            yield Text("…".rjust(width + 2), "dim")


def _explained(view: View, explanation: Explanation) -> Iterator[RenderableType]:
    yield ""
    yield Text.assemble(
        ("On “", ""), (explanation.case, "bold"), ("”: ", ""), _prose(clipped(explanation.summary, MOST_TEXT))
    )
    for observation in explanation.observations:
        yield _prose(observation)
    comparison = view.comparison
    if comparison is not None:
        yield from _tables(comparison, explanation)
    if view.worked:
        cell = f"[{', '.join(map(str, explanation.first or ()))}]"
        yield ""
        yield Text.assemble(
            (f"Cell {cell}", "bold"),
            (f" of {explanation.part}" if explanation.part else "", "bold"),
            (", step by step: the right way on these inputs", ""),
        )
        yield _ladder(view.worked)
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
            shown.append(_Grid(pair.got, f"Yours{of}", comparison.got.shape, mark_wrong=True))
        if pair.expected is not None and comparison.expected is not None:
            shown.append(_Grid(pair.expected, f"Expected{of}", comparison.expected.shape, mark_wrong=False))
        yield ""
        yield _SideBySide(shown)
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


@dataclass(frozen=True)
class _Grid:
    """One table in a terminal; where that is too narrow, the columns around the first wrong cell."""

    table: Table
    name: str
    shape: str
    mark_wrong: bool

    def width(self, columns: range) -> int:
        """How many characters a line takes."""
        labels = [len(_called(row.label)) for row in self.table.rows if row.label is not None]
        widths = [*([max(labels)] if labels else []), *map(self._width, columns)]
        return sum(widths) + len(widths) - 1  # a blank between two columns

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        every = len(self.table.columns) or 1
        columns = next(
            (
                part
                for part in map(self._around_first, range(every, 1, -1))
                if self.width(part) <= options.max_width
            ),
            self._around_first(1),
        )
        yield Text.assemble((f"{self.name}{self.table.place}", "bold"), (f"  {self.shape}", "dim"))
        yield self._drawn(columns)
        if len(columns) < every:
            more = every - len(columns)
            yield Text(f"{more} more {'column does' if more == 1 else 'columns do'} not fit here.", "dim")

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        width = max(self.width(range(len(self.table.columns) or 1)), len(f"{self.name}  {self.shape}"))
        return Measurement(width, width)

    def _width(self, column: int) -> int:
        called = _called(self.table.columns[column]) if self.table.columns else ""
        return 2 + max(len(called), *(len(row.entries[column].text) for row in self.table.rows), 0)

    def _around_first(self, most: int) -> range:
        firsts = [
            place
            for row in self.table.rows
            for place, entry in enumerate(row.entries)
            if entry.mark == "first"
        ]
        every = len(self.table.columns) or 1
        start = max(0, min((firsts[0] if firsts else 0) - most // 2, every - most))
        return range(start, start + most)

    def _drawn(self, columns: range) -> RichTable:
        grid = RichTable(
            box=box.SIMPLE_HEAD,
            padding=(0, 0),
            show_edge=False,
            pad_edge=False,
            show_header=bool(self.table.columns),
            header_style="dim",
        )
        if self.table.rows[0].label is not None:
            grid.add_column("", justify="right", style="dim", no_wrap=True)
        for column in columns:
            called = _called(self.table.columns[column]) if self.table.columns else ""
            grid.add_column(f" {called} ", justify="right", no_wrap=True)
        for row in self.table.rows:
            cells = [Text(_called(row.label))] if row.label is not None else []
            grid.add_row(*cells, *(self._cell(row.entries[column]) for column in columns))
        return grid

    def _cell(self, entry: Entry) -> Text:
        if entry.mark == "first":
            return Text(f"[{entry.text}]", "bold red" if self.mark_wrong else "bold green")
        if entry.mark and self.mark_wrong:
            return Text(f"✗{entry.text} ", "red")
        return Text(f" {entry.text} ")


@dataclass(frozen=True)
class _SideBySide:
    """Tables beside each other where the terminal is wide enough, else one below the other."""

    grids: Sequence[_Grid]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        widths = [grid.__rich_measure__(console, options).maximum for grid in self.grids]
        if sum(widths) + 4 * (len(widths) - 1) > options.max_width:
            for place, grid in enumerate(self.grids):
                if place:
                    yield ""
                yield grid
            return
        row = RichTable.grid(padding=(0, 4, 0, 0))
        row.add_row(*self.grids)
        yield row


def _called(label: Label) -> str:
    return f"{label.place} {label.word}".strip()


def _ladder(steps: Sequence[Step]) -> RenderableType:
    grid = RichTable.grid(padding=(0, 2, 0, 0))
    signs = {"agrees": ("✓", "green"), "departs": ("✗", "bold red"), "": (" ", "")}
    for item in steps:
        grid.add_row(
            Text(*signs[item.state]),
            Text(item.step.name, "bold" if item.state == "departs" else ""),
            Group(Text(item.step.plain, "cyan"), Text(clipped(item.step.arithmetic, MOST_TEXT))),
        )
    return grid


def _check_lists(view: View) -> Iterator[RenderableType]:
    """Which checks pass and which do not; those that fail in the same way together."""
    alike: dict[str, list[str]] = {}
    for check in view.failing:
        alike.setdefault(check.message, []).append(check.name)
    grid = RichTable.grid(padding=(0, 1, 0, 0))
    for message, names in alike.items():
        said = Text(" · ".join(names))
        if message:
            said = Text.assemble(said, ": ", _prose(clipped(message, MOST_TEXT), "dim"))
        grid.add_row(Text("✗", "red"), said)
    if view.passing:
        grid.add_row(Text("✓", "green"), Text(" · ".join(check.name for check in view.passing), "dim"))
    yield grid


def _signed(view: View) -> Text:
    return Text(view.sign, {"✓": "bold green", "✗": "bold red"}.get(view.sign, "bold yellow"))


def _prose(said: str, style: str = "") -> Text:
    """A text in which `backticks` mark code, without what a terminal would take for a command."""
    said = _printable(said)
    parts = said.split("`")
    if len(parts) % 2 == 0:  # one backtick is without its partner
        return Text(said, style)
    styled = Text(style=style)
    for place, part in enumerate(parts):
        styled.append(part, "cyan" if place % 2 else "")
    return styled


# -------------------------------------------------------------------------------------------- the notebook


def html(found: FunctionCheck | str) -> str:
    """One function, or why nothing could be checked, for the output of a notebook's cell."""
    if isinstance(found, str):
        return _environment().get_template("selfcheck.html").render(view=None, trouble=found)
    return _environment().get_template("selfcheck.html").render(view=View(found), trouble="")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograder.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        prose=_prose_html,
        clip=partial(clipped, most=MOST_TEXT),
        hints=hints,
        counted=counted,
        agree=agree,
        printable=_printable,
    )
    return environment


def _prose_html(said: str) -> Markup:
    said = _printable(clipped(said, MOST_TEXT))
    parts = said.split("`")
    if len(parts) % 2 == 0:
        return escape(said)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part)
        for place, part in enumerate(parts)
    )
