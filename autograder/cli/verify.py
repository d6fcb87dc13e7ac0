"""`autograder verify`: the graders are proved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from autograder.cli.options import Units
from autograder.cli.terminal import progress, relative, sign, stdout
from autograder.words import counted

if TYPE_CHECKING:
    from autograder.authoring.verify import Part, VerifyReport

EXAMPLES: Final = ("autograder verify", "autograder verify self-attention --seeds 200 --json verify.json")


def verify(
    units: Units = None,
    seeds: Annotated[
        int, typer.Option(metavar="N", min=0, help="Other secrets under which all verdicts must be the same.")
    ] = 3,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write all that was tried, for machines.")
    ] = None,
) -> None:
    """Prove the graders before a student meets them.

    The solution earns full marks and the stub none, every catalogued misconception is caught and named, every small
    change to the solution is noticed, and all of it is the same under other secrets.
    """
    from autograder.authoring import verify as verifying
    from autograder.course import coursefile
    from autograder.gradebook import results
    from autograder.grading.pipeline import Pipeline
    from autograder.sandbox.children import Sandbox

    loaded = coursefile.load(coursefile.find(Path.cwd()))
    reports = []
    for unit in coursefile.choose(loaded, units or []):
        with Sandbox(loaded.limits) as sandbox:
            pipeline = Pipeline.open(loaded, unit, sandbox.child, sandbox.level)
            with progress("proving") as bar:
                task = bar.add_task("proving", total=verifying.count(pipeline, seeds=seeds))
                found = []
                for proof in verifying.proofs(pipeline, seeds=seeds):
                    bar.advance(task)
                    found.append(proof)
            reports.append(verifying.report(pipeline, seeds, found))
        _say_proofs(reports[-1])
    if json_file is not None:
        results.write_all([(json_file, verifying.encode(reports))])
        stdout.print(f"[green]✓[/green] {relative(json_file)}", soft_wrap=True)
    if not all(report.holds for report in reports):
        raise typer.Exit(1)


def _say_proofs(report: VerifyReport) -> None:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(
        box=box.SIMPLE_HEAD, title=report.title, title_justify="left", title_style="bold", pad_edge=False
    )
    table.add_column("function", no_wrap=True)
    parts: dict[Part, str] = {
        "solution": "solution",
        "stub": "stub",
        "example": "examples",
        "misconception": "mistakes",
        "apart": "apart",
        "mutant": "mutants",
    }
    for heading in parts.values():
        table.add_column(heading, justify="right")
    for function in dict.fromkeys(proof.function for proof in report.proofs if proof.part == "solution"):
        row = []
        for part in parts:
            found = report.of(part, function)
            held = sum(proof.holds for proof in found)
            colour = "green" if held == len(found) else "red"
            row.append(
                f"[{colour}]{held} of {len(found)}[/{colour}]" if len(found) > 1 else sign(held == len(found))
            )
        table.add_row(function, *row)
    stdout.print(table)
    same = report.of("seed")
    if same:
        stdout.print(
            f"the same verdicts under {sum(proof.holds for proof in same)} of {counted(len(same), 'other secret')}"
        )
    if report.mutation_score is not None:
        equivalent = sum(proof.detail.startswith("equivalent") for proof in report.of("mutant"))
        stdout.print(
            f"mutation score {report.mutation_score:.1%}, {counted(equivalent, 'equivalent mutant')} aside"
        )
    for proof in report.failures:
        stdout.print(
            f"[red]✗[/red] {proof.part} {escape(proof.function)}: {escape(proof.what)}: {escape(proof.detail)}",
            soft_wrap=True,
        )
