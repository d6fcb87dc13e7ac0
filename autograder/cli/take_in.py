"""`autograder import`: an LMS's download into `submitted/`."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from autograder import times
from autograder.cli.options import DryRun
from autograder.cli.terminal import names, plain, stdout, waiting_for_a_change
from autograder.naming import as_text
from autograder.words import agree, counted

if TYPE_CHECKING:
    from autograder.gradebook.arrangements import Arrangements
    from autograder.lms.decisions import Decision, Outcome
    from autograder.lms.importing import Imported

EXAMPLES: Final = (
    "autograder import self-attention submissions.zip --dry-run",
    "autograder import self-attention submissions.zip",
    "autograder import self-attention moodle.zip Grades-Attention-4711.csv",
    "autograder import self-attention downloads/ --from plain",
)
_MOST_LINES: Final = 30


class _Kind(enum.Enum):
    CANVAS = "canvas"
    MOODLE = "moodle"
    GRADESCOPE = "gradescope"
    BLACKBOARD = "blackboard"
    ILIAS = "ilias"
    PLAIN = "plain"


def take_in(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="A unit, as course.toml names it.")],
    downloads: Annotated[
        list[Path],
        typer.Argument(metavar="DOWNLOAD...", help="Zips or folders, and Moodle's grading worksheets."),
    ],
    kind: Annotated[
        _Kind | None,
        typer.Option(
            "--from",
            help="Where it comes from: canvas, moodle, gradescope, blackboard, ilias or plain.",
            show_default="told by the names in it",
        ),
    ] = None,
    submitted: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where students' folders are.", show_default="submitted"),
    ] = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace", help="What is there gives way, also where it cannot be told which is newer."
        ),
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Take in what an LMS lets you download.

    Students are known by the roster: by the LMS's number, login or address, by Moodle's grading worksheet, and by name
    where one alone has it. The latest attempt of each goes to submitted/. Older attempts, and work of which it is not
    known whose it is, are kept in imported/.
    """
    from autograder.course import coursefile
    from autograder.gradebook import arrangements, settings
    from autograder.lms import importing

    loaded = coursefile.load(coursefile.find(Path.cwd()))
    (chosen,) = coursefile.choose(loaded, [unit])
    with stdout.status("What was downloaded is looked through …"):
        done = importing.take_in(
            loaded,
            chosen,
            downloads,
            kind=kind.value if kind is not None else None,
            submitted=submitted,
            replace=replace,
            dry_run=dry_run,
            waiting=waiting_for_a_change,
        )
    if dry_run:
        _list(done, settings.zone(loaded), arrangements.read(loaded.root, loaded.root, chosen))
    _tell(done, dry_run=dry_run)
    if not dry_run and any(one.outcome in _PUT for one in done.decisions):
        stdout.print(f"graded by: autograder grade {chosen.name}", markup=False, soft_wrap=True)


_PUT: Final = ("new", "newer", "another")
# By what became of the latest attempt: a sign, what is said of their number, and whether each is named.
_SAID: Final[dict[Outcome, tuple[str, str]]] = {
    "new": ("[green]✓[/green]", "new"),
    "newer": ("[green]✓[/green]", "newer than what was there, which is kept in imported/"),
    "another": (
        "[yellow]![/yellow]",
        "other than what was imported before, with no time to tell which is newer: the download's counts, "
        "and what was there is kept in imported/",
    ),
    "same": ("·", "there already"),
    "older": ("·", "older than what is there: kept in imported/, and what is there counts"),
    "by-hand": ("·", "imported before and changed here since: left as it is"),
    "unclear": (
        "[red]✗[/red]",
        "other than what is there, which did not come by import: left as it is, and the download's kept in imported/; "
        "--replace takes it",
    ),
}


def _tell(done: Imported, *, dry_run: bool) -> None:
    from autograder.lms.downloads import CALLED

    systems = " and ".join(CALLED[kind] for kind in done.kinds) or "worksheet"
    found = counted(len(done.decisions) + len(done.unmatched), "submission")
    would = ", and nothing is written" if dry_run else ""
    stdout.print(f"{systems}: {found}{would}", markup=False, soft_wrap=True)
    for outcome, (sign, said) in _SAID.items():
        own = [one for one in done.decisions if one.outcome == outcome]
        if own:
            who = "" if outcome in ("new", "same") and len(own) > 10 else f": {names(_students(own))}"
            stdout.print(f"{sign} {len(own)} {said}{who}", soft_wrap=True)
    earlier = [one for one in done.decisions if one.earlier]
    if earlier:
        count = sum(len(one.earlier) for one in earlier)
        stdout.print(
            f"· {counted(count, 'earlier attempt')} of {names(_students(earlier))}: kept in imported/",
            soft_wrap=True,
        )
    for name in done.worksheets:
        stdout.print(plain(f"· worksheet {name}: kept for `autograder return`"), markup=False, soft_wrap=True)
    _lines(done.notes)
    if done.without_work:
        stdout.print(
            f"· {len(done.without_work)} without a notebook or zip: {names(done.without_work)}",
            soft_wrap=True,
        )
    if done.unmatched:
        count = len(done.unmatched)
        stdout.print(
            f"[red]✗[/red] {count} {agree(count, 'is', 'are')} not known whose, and kept in imported/ until a later import "
            "of it can tell:",
            soft_wrap=True,
        )
        _lines([f"  {one.label}: {one.why}" for one in done.unmatched])


def _list(done: Imported, zone: tzinfo, arranged: Arrangements) -> None:
    """Everyone's latest attempt in a line: the student, when it came, and what the LMS calls it."""
    width = max((len(plain(name)) for name in _students(done.decisions)), default=0)
    for one in done.decisions:
        attempt = one.latest.attempt
        when = "late" if attempt.late else "time not known" if attempt.at is None else ""
        if attempt.at is not None:
            due = arranged.of(one.student).due
            is_late = attempt.late or (due is not None and attempt.at.replace(tzinfo=UTC) > due)
            when = f"{times.said(attempt.at, zone)}{', late' if is_late else ''}"
        line = f"  {plain(as_text(one.student)):<{width}}  {when:<32}  {plain(as_text(attempt.label))}"
        stdout.print(line, markup=False, soft_wrap=True)


def _students(decisions: Sequence[Decision]) -> list[str]:
    return [as_text(one.student) for one in decisions]


def _lines(lines: Sequence[str]) -> None:
    for line in lines[:_MOST_LINES]:
        stdout.print(plain(line), markup=False, soft_wrap=True)
    if len(lines) > _MOST_LINES:
        stdout.print(f"and {len(lines) - _MOST_LINES} more such lines", soft_wrap=True)
