"""`autograder extend`: a student gets more time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from autograder.cli.options import DryRun, Out, Students
from autograder.cli.terminal import plain, stdout, waiting_for_a_run
from autograder.errors import CourseError

if TYPE_CHECKING:
    from autograder.gradebook.arrangements import Arrangements

EXAMPLES: Final = (
    "autograder extend self-attention ada --days 2",
    "autograder extend self-attention ada bob --until 2026-11-09",
    'autograder extend self-attention ada --until "2026-11-09 12:00" --dry-run',
    "autograder extend self-attention ada --take-back",
)


def extend(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="A unit, as course.toml names it.")],
    students: Students,
    days: Annotated[
        float | None, typer.Option("--days", metavar="N", help="Days after the due date.")
    ] = None,
    hours: Annotated[float | None, typer.Option("--hours", metavar="N", help="Hours after it.")] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until",
            metavar="DATE",
            help="A day, to its end, or a day and a time, in the course's time zone.",
        ),
    ] = None,
    take_back: Annotated[bool, typer.Option("--take-back", help="The unit's due date counts again.")] = False,
    out: Out = None,
    dry_run: DryRun = False,
) -> None:
    """Give students more time for a unit.

    It is nbgrader's own extension, kept in the gradebook, and takes the place of one given before. It works before
    anything was handed in. What being late costs is worked out anew by the next `grade`, without grading again.
    """
    from autograder.course import coursefile
    from autograder.gradebook import arrangements, backups, extensions, known, settings
    from autograder.grading import batch, releases

    loaded = coursefile.load(coursefile.find(Path.cwd()))
    (chosen,) = coursefile.choose(loaded, [unit])
    folder = out if out is not None else loaded.root
    zone = settings.zone(loaded)
    found = arrangements.read(loaded.root, folder, chosen)
    meant = known.meant(loaded, folder, students)
    more = _more(found, zone, days, hours, until, take_back)
    if not dry_run:
        with batch.alone(folder, waiting_for_a_run, by="command"):
            backups.backup(folder, keep=loaded.backups)
            extensions.give(
                folder,
                chosen,
                dict.fromkeys(meant, more),
                releases.read(loaded, chosen),
                config=loaded.root / settings.CONFIG,
            )
    for student in meant:
        sign = "" if dry_run else "[green]✓[/green] "
        stdout.print(sign, end="")
        stdout.print(plain(_line(chosen.name, found, student, more, zone)), markup=False, soft_wrap=True)
    if dry_run:
        stdout.print("nothing was written (--dry-run)")
    else:
        stdout.print(f"marks and pages follow with the next: autograder grade {chosen.name}", soft_wrap=True)


def _more(
    found: Arrangements,
    zone: tzinfo,
    days: float | None,
    hours: float | None,
    until: str | None,
    take_back: bool,
) -> timedelta | None:
    """The extension that is asked for; None to take one back."""
    given = [one for one in (days, hours, until) if one is not None]
    together = days is not None and hours is not None and until is None
    if take_back and not given:
        return None
    if take_back or not given or (len(given) > 1 and not together):
        raise CourseError("say how long: --days N, --hours N, --until DATE, or --take-back, one of them")
    if found.due is None:
        raise CourseError(
            f"{found.unit} has no due date, so there is nothing to extend: set `due` in course.toml"
        )
    if until is not None:
        more = _read(until, zone, found.due) - found.due
    else:
        try:
            # Days by the calendar: they end at the hour at which it was due, also where clocks are changed meanwhile.
            end = found.due.astimezone(zone) + timedelta(days=days or 0.0)
            more = end.astimezone(UTC) - found.due + timedelta(hours=hours or 0.0)
        except (OverflowError, ValueError):
            more = timedelta.max
    from autograder import times

    if not timedelta() < more <= timedelta(days=3660):
        raise CourseError(
            f"an extension ends after the due date, {times.said(found.due, zone)}, and within ten years of it"
        )
    return more


def _read(text: str, zone: tzinfo, due: datetime) -> datetime:
    """A day, to its end, or a time; in the course's zone where none is given.

    A day ends with its last second, or as that of the due date does, where that is in the last minute of one.
    """
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        pass
    else:
        last = datetime.combine(day, time(23, 59, 59), zone)
        as_due = datetime.combine(day, due.astimezone(zone).time(), zone)
        return (as_due if last - as_due < timedelta(minutes=1) else last).astimezone(UTC)
    try:
        at = datetime.fromisoformat(text.strip())
        return (at if at.tzinfo is not None else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise CourseError(
            f"--until {text!r} is no date: expected one such as 2026-11-09 or '2026-11-09 12:00'"
        ) from None


def _line(unit: str, found: Arrangements, student: str, more: timedelta | None, zone: tzinfo) -> str:
    from autograder import times

    before = found.of(student)
    was = ""
    if before.extension is not None and before.due is not None:
        was = f", in place of {times.said(before.due, zone)}"
    if more is None:
        due = "no date" if found.due is None else times.said(found.due, zone)
        return f"{student}: {unit} is due {due}, as for everyone{was}"
    assert found.due is not None  # else there is no extension
    return f"{student}: {unit} is due {times.said(found.due + more, zone)}, {times.length(more)} later than for others{was}"
