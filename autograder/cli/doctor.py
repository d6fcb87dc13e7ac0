"""`autograder doctor`: how well this machine locks student code in."""

from __future__ import annotations

from typing import Final

import typer

from autograder.cli.terminal import LEVELS, plain, stdout

EXAMPLES: Final = ("autograder doctor",)


def doctor() -> None:
    """Say how well this machine locks student code in.

    Names what is missing for more, and the command that gets it. Exits 1 where student code cannot be locked in.
    """
    from rich.markup import escape

    from autograder.sandbox import doctor as examining

    with stdout.status("Trying what student code could do on this machine …"):
        found = examining.examine()
    stdout.print(f"isolation {LEVELS[found.level]}", soft_wrap=True)
    if found.reason:
        stdout.print(escape(plain(found.reason)), soft_wrap=True)
    for hole in found.could:
        stdout.print(f"student code could {hole}", soft_wrap=True)
    for finding in found.findings:
        sign = "[green]✓[/green]" if finding.works else "[yellow]✗[/yellow]"
        stdout.print(f"{sign} {escape(finding.part)}: {escape(finding.detail)}", soft_wrap=True)
        if finding.remedy:
            stdout.print(f"    [bold]{escape(finding.remedy)}[/bold]", soft_wrap=True)
    if found.level == "none":
        raise typer.Exit(1)
