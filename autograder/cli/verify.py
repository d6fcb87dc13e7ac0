"""`autograder verify`: the graders are proved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from autograder.cli.options import Units
from autograder.cli.terminal import progress, relative, sign, stdout, titled_table
from autograder.words import counted

if TYPE_CHECKING:
    from autograder.authoring.proofs import Part, VerifyReport
    from autograder.records import Course, Unit

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
    from autograder.authoring import proofs, release
    from autograder.authoring import verify as verifying
    from autograder.course import coursefile
    from autograder.gradebook import results
    from autograder.grading.pipeline import Pipeline
    from autograder.sandbox.children import Sandbox

    loaded = coursefile.load(coursefile.find(Path.cwd()))
    reports = []
    for unit in coursefile.choose(loaded, units or []):
        release.rehearse(loaded, unit)  # what is proven can be released
        if unit.adopted is not None:
            reports.append(_parity(loaded, unit))
            continue
        with Sandbox(loaded.limits) as sandbox:
            pipeline = Pipeline.open(loaded, unit, sandbox.child, sandbox.level)
            with progress("proving") as bar:
                total = verifying.count(pipeline, students=students, edits=edits)
                task = bar.add_task("proving", total=total + mistakes * len(unit.functions))
                found, told = [], []
                for proof in verifying.proofs(pipeline, students=students, edits=edits):
                    bar.advance(task)
                    found.append(proof)
                for one in verifying.measured(pipeline, mistakes):
                    bar.advance(task)
                    told.append(one)
            reports.append(verifying.report(pipeline, students, found, told))
        _say_proofs(reports[-1])
    if json_file is not None:
        results.write_all([(json_file, proofs.encode(reports))])
        stdout.print(f"[green]✓[/green] {relative(json_file)}", soft_wrap=True)
    if not all(report.holds for report in reports):
        raise typer.Exit(1)


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
    stdout.print(table)
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
    stdout.print(table)
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
    held = sum(proof.holds for proof in found)
    nothing = part == "apart" and not report.of("misconception", function)
    if nothing or (not found and part in ("example", "misconception")):
        return "[dim]none written[/dim]"
    if not found:
        return ""
    if held < len(found):
        return f"[red]{held} of {len(found)}[/red]" if len(found) > 1 else sign(False)
    return f"{sign(True)} {len(found)}" if len(found) > 1 else sign(True)
