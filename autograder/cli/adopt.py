"""`autograder adopt`: assignments of nbgrader's, as they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from autograder.cli.options import DryRun
from autograder.cli.printed import titled_table
from autograder.cli.terminal import plain, progress, relative, stderr, stdout
from autograder.errors import CourseError
from autograder.words import agree, counted, few, in_short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.adopted.serving import CellServed
    from autograder.authoring.adoption import Adoption, Home

EXAMPLES: Final = (
    "autograder adopt source/ps1",
    "autograder adopt source --dry-run",
    "autograder adopt source/ps1 --configure",
)


def adopt(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...",
            help="Assignments: folders with their source notebooks, a folder of such folders, or notebooks.",
        ),
    ],
    configure: Annotated[
        bool,
        typer.Option(
            "--configure",
            help="Add to nbgrader_config.py the lines by which nbgrader's own commands grade with the kit.",
        ),
    ] = False,
    dry_run: DryRun = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what was found as JSON, a line for each assignment.")
    ] = False,
) -> None:
    """Take nbgrader assignments into the course as they are.

    The solution of each is run as a student's work would be, locked in, with the test cells in a process of their own. Says of each
    test cell whether it is served, and if not, why and what to change; then lists the assignment in course.toml, which is made
    where there is none. No notebook is changed. Cells that are not served wait for a person in formgrader, until they are changed and
    the assignment is adopted again. Exits 1 where an assignment cannot be served at all, or its solution fails its own tests, and 2 where
    one cannot be read; the others are adopted all the same.
    """
    from rich.markup import escape

    from autograder.authoring import adoption

    names: list[str] = []
    units: list[str] = []  # that can be graded
    troubles, bad = 0, False
    for place in adoption.places(paths):
        try:
            home = adoption.home(place, Path.cwd())
            name = adoption.unit_name(home, place, names)
            one = _tried(home, place, name, hidden=as_json)
            lines = [] if dry_run else adoption.put(home, one, configure=configure)
        except CourseError as error:  # the other assignments can do nothing for it
            stderr.print(f"[red]autograder:[/red] {escape(plain(str(error)))}", soft_wrap=True)
            troubles += 1
            continue
        names.append(name)
        units += [one.unit] if one.listed else []
        bad = bad or not one.listed or any(cell.fails for cell in one.cells)
        if as_json:
            stdout.print(json.dumps(_data(one), ensure_ascii=False), soft_wrap=True, markup=False)
            continue
        _say(one)
        for line in lines:
            stdout.print(escape(line), soft_wrap=True)
    if names and not as_json:
        _say_next(units, dry_run=dry_run)
    if troubles or bad:
        raise typer.Exit(2 if troubles else 1)


def _tried(home: Home, place: Path, name: str, *, hidden: bool) -> Adoption:
    from autograder.authoring import adoption

    with progress(f"trying the solution of {name}", hidden=hidden) as bar:
        task = bar.add_task(name, total=None)

        def begun(notebooks: int) -> None:
            bar.update(task, total=notebooks)

        return adoption.adopted(home, place, name, begun, lambda: bar.advance(task))


# ------------------------------------------------------------------------------------------------- the report


_SERVED: Final = {
    "served": "[green]✓[/green] served",
    "handles": "[green]✓[/green] served, with objects that stay with the student's code",
    "not-served": "[red]✗[/red] not served",
}


def _say(one: Adoption) -> None:
    from rich.markup import escape

    table = titled_table(f"{one.unit} · {relative(one.place)}")
    table.add_column("test cell", overflow="fold")
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("", overflow="fold")
    for cell in one.cells:
        table.add_row(escape(plain(cell.name)), in_short(cell.points), _how(cell))
    stdout.print(table)
    stdout.print(_totals(one.cells), soft_wrap=True)
    if one.by_person:
        listed = few([f"{cell.name} ({counted(cell.points, 'point')})" for cell in one.by_person])
        stdout.print(f"· a person grades, as under nbgrader: {escape(plain(listed))}", soft_wrap=True)
    for note in one.notes:
        stdout.print(f"[yellow]·[/yellow] {escape(plain(note))}", soft_wrap=True)


def _how(cell: CellServed) -> str:
    from rich.markup import escape

    said = _SERVED[cell.served]
    if cell.served != "not-served":
        return said
    return f"{said}: {escape(plain(cell.why))}\n  [bold]{escape(plain(cell.change))}[/bold]"


def _totals(cells: Sequence[CellServed]) -> str:
    served = [cell for cell in cells if cell.served != "not-served"]
    handles = sum(cell.served == "handles" for cell in served)
    points, most = (sum(cell.points for cell in some) for some in (served, cells))
    said = f"{len(served)} of {counted(len(cells), 'test cell')} {agree(len(served), 'is', 'are')} served"
    said += f", {in_short(points)} of {counted(most, 'point')}"
    return f"{said}; {handles} of them with handles on objects" if handles else said


def _say_next(units: Sequence[str], *, dry_run: bool) -> None:
    if dry_run:
        stdout.print("nothing was written, as --dry-run says", soft_wrap=True)
        return
    if not units:  # what to change is said with each cell
        return
    unit = units[0]
    stdout.print("\nWhat to do next:", soft_wrap=True)
    for what, command in (
        ("hold marks against nbgrader's own", f"autograder verify {unit}"),
        ("make the students' version", f"autograder release {unit}"),
        ("grade what they hand in", f"autograder grade {unit}"),
    ):
        stdout.print(f"  {what:<34} [bold]{command}[/bold]", soft_wrap=True)


def _data(one: Adoption) -> dict[str, Any]:
    return {
        "unit": one.unit,
        "cells": [
            {
                "notebook": cell.notebook,
                "name": cell.name,
                "grade_id": cell.grade_id,
                "points": cell.points,
                "served": cell.served,
                "fails": cell.fails,
                "why": cell.why,
                "change": cell.change,
            }
            for cell in one.cells
        ],
        "by_person": [{"name": cell.name, "points": cell.points} for cell in one.by_person],
        "notes": list(one.notes),
    }
