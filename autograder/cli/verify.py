"""`autograder verify`: the graders are proved."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import typer

from autograder.cli.options import Units
from autograder.cli.printed import print_table, titled_table
from autograder.cli.terminal import progress, relative, sign, stdout
from autograder.words import counted

if TYPE_CHECKING:
    from autograder.authoring.explained import Explained
    from autograder.authoring.proofs import Part, Proof, VerifyReport
    from autograder.grading.pipeline import Pipeline
    from autograder.records import Course, Unit

_Made = TypeVar("_Made", "Proof", "Explained")

EXAMPLES: Final = ("autograder verify", "autograder verify self-attention --students 200 --json verify.json")


def verify(
    units: Units = None,
    students: Annotated[
        int,
        typer.Option(
            "--students",
            "--seeds",
            metavar="N",
            min=0,
            help="Other students, to whom the same code must earn the same.",
        ),
    ] = 20,
    edits: Annotated[
        int,
        typer.Option(
            metavar="N", min=0, help="Machine-made mistakes in each function that they hand in too."
        ),
    ] = 12,
    mistakes: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=0,
            help="Machine-made mistakes in each function of which it is measured what students are told.",
        ),
    ] = 20,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write all that was tried, for machines.")
    ] = None,
) -> None:
    """Prove the graders before a student meets them.

    It begins with all that `release` does, so that what is proven can be released. The lesson's own cells run, the solution
    earns full marks and the stub none, every catalogued misconception is caught and named, every small change to the solution is noticed, answers
    seen elsewhere earn nothing, and the same code earns the same marks and the same first finding for every student.
    Measured is how many mistakes that nobody listed are named or placed. Of an adopted unit the solution, the stub and a wrong
    version are graded by nbgrader itself, in a course that is thrown away, and by the kit: every test cell must earn the same.
    """
    from rich.markup import escape

    from autograder.authoring import proofs, release
    from autograder.course import coursefile
    from autograder.gradebook import results
    from autograder.grading.pipeline import Pipeline
    from autograder.sandbox.children import Sandbox

    loaded = coursefile.load(coursefile.find(Path.cwd()))
    reports: list[VerifyReport] = []
    left_out: list[str] = []
    for unit in coursefile.choose(loaded, units or []):
        with stdout.status(f"{unit.name}: making the students' version …"):
            release.rehearse(loaded, unit, left_out.append)  # what is proven can be released
        _log(f"{unit.name}: it can be released")
        if unit.adopted is not None:
            reports.append(_parity(loaded, unit))
            continue
        with Sandbox(loaded.limits) as sandbox:
            pipeline = Pipeline.open(loaded, unit, sandbox.child, sandbox.level)
            reports.append(_proven(pipeline, students=students, edits=edits, mistakes=mistakes))
        _say_proofs(reports[-1])
    for line in left_out:
        stdout.print(f"[yellow]·[/yellow] {escape(line)}", soft_wrap=True)
    if json_file is not None:
        results.write_all([(json_file, proofs.encode(reports))])
        stdout.print(f"[green]✓[/green] {relative(json_file)}", soft_wrap=True)
    if not all(report.holds for report in reports):
        raise typer.Exit(1)


def _proven(pipeline: Pipeline, *, students: int, edits: int, mistakes: int) -> VerifyReport:
    """Proves a unit, and says at what it is: in a terminal beside a bar, elsewhere in a line for each part that is done."""
    from autograder.authoring import verify as verifying

    found: list[Proof] = []
    told: list[Explained] = []
    with progress("{task.description}") as bar:
        total = verifying.count(pipeline, students=students, edits=edits)
        task = bar.add_task("proving", total=total + mistakes * len(pipeline.unit.functions))

        def each(made: Iterator[_Made], kept: list[_Made], what: Callable[[_Made], str]) -> Iterator[_Made]:
            for one in made:
                kept.append(one)
                bar.update(task, advance=1, description=f"{one.function or pipeline.unit.name}: {what(one)}")
                yield one

        proofs = verifying.proofs(pipeline, students=students, edits=edits)
        made = each(proofs, found, lambda proof: _HEADINGS.get(proof.part, proof.part))
        for (function, part), group in itertools.groupby(made, lambda proof: (proof.function, proof.part)):
            held = [proof.holds for proof in group]
            _log(f"{function or pipeline.unit.name}: {_HEADINGS.get(part, part)} {_count(held)}")
        measured = each(verifying.measured(pipeline, mistakes), told, lambda _: "machine-made mistakes")
        for function, several in itertools.groupby(measured, lambda one: one.function):
            _log(f"{function}: {counted(len([*several]), 'machine-made mistake')} told")
    return verifying.report(pipeline, students, found, told)


def _log(line: str) -> None:
    """A line for whoever keeps what is printed; in a terminal the bar says as much."""
    if not stdout.is_terminal:
        stdout.print(line, soft_wrap=True)


def _parity(course: Course, unit: Unit) -> VerifyReport:
    from rich.markup import escape

    from autograder.authoring import parity

    with progress("grading as nbgrader does, and here") as bar:
        task = bar.add_task("parity", total=parity.count(course, unit))
        report = parity.report(course, unit, lambda: bar.advance(task))
    table = titled_table(report.title)
    table.add_column("test cell", overflow="fold")
    for version in parity.VERSIONS:
        table.add_column(version, justify="right")
    for name in dict.fromkeys(proof.function for proof in report.proofs):
        cells = [report.of(version, name)[0] for version in parity.VERSIONS]
        table.add_row(
            escape(name),
            *(f"{sign(cell.holds)} {cell.detail}" if cell.holds else sign(False) for cell in cells),
        )
    print_table(table)
    held = sum(proof.holds for proof in report.proofs)
    stdout.print(
        f"{held} of {counted(len(report.proofs), 'mark')} are those of nbgrader itself", soft_wrap=True
    )
    for proof in report.failures:
        stdout.print(
            f"[red]✗[/red] {proof.part} {escape(proof.function)}: {escape(proof.what)}: {escape(proof.detail)}",
            soft_wrap=True,
        )
    return report


_HEADINGS: Final[dict[Part, str]] = {
    "solution": "solution",
    "stub": "stub",
    "example": "examples",
    "misconception": "mistakes",
    "apart": "apart",
    "mutant": "mutants",
    "copied": "copied",
    "student": "same",
}


def _say_proofs(report: VerifyReport) -> None:
    from rich.markup import escape

    from autograder.authoring import explained

    table = titled_table(report.title)
    table.add_column("function", no_wrap=True)
    for heading in _HEADINGS.values():
        table.add_column(heading, justify="right")
    for function in dict.fromkeys(proof.function for proof in report.proofs if proof.function):
        table.add_row(function, *(_held(report, part, function) for part in _HEADINGS))
    print_table(table)
    same = report.of("student")
    if same:
        held = sum(proof.holds for proof in same)
        stdout.print(
            f"{held} of {counted(len(same), 'program')} earn the same for {counted(report.students, 'other student')}, "
            "and every fifth of them is told the same first",
            soft_wrap=True,
        )
    if report.mutation_score is not None:
        equivalent = sum(proof.detail.startswith("equivalent") for proof in report.of("mutant"))
        stdout.print(
            f"mutation score {report.mutation_score:.1%}, {counted(equivalent, 'equivalent mutant')} aside"
        )
    if report.explained:
        numbers = explained.told(report.explained)
        stdout.print(
            f"Of {counted(numbers['tried'], 'machine-made mistake')}, {numbers['either']} are named or placed on their line "
            f"({numbers['named']} named, {numbers['placed']} placed)",
            soft_wrap=True,
        )
    for proof in report.failures:
        which = f"{proof.part} {escape(proof.function)}".strip()
        stdout.print(
            f"[red]✗[/red] {which}: {escape(proof.what)}: {escape(proof.detail)}",
            soft_wrap=True,
        )


def _held(report: VerifyReport, part: Part, function: str) -> str:
    found = report.of(part, function)
    nothing = part == "apart" and not report.of("misconception", function)
    if nothing or (not found and part in ("example", "misconception")):
        return "[dim]none[/dim]"
    return _count([proof.holds for proof in found]) if found else ""


def _count(held: Sequence[bool]) -> str:
    """How many of some proofs hold."""
    if not all(held):
        return f"[red]{sum(held)} of {len(held)}[/red]" if len(held) > 1 else sign(False)
    return f"{sign(True)} {len(held)}" if len(held) > 1 else sign(True)
