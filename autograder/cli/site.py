"""`autograder site`: the lessons as a folder that runs in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from autograder.cli.terminal import relative, stdout

EXAMPLES: Final = (
    "autograder site",
    "autograder site /var/www/html/attention",
    "autograder site --unit self-attention",
)


def site(
    folder: Annotated[
        Path,
        typer.Argument(metavar="[DIR]", help="A new folder for it, or an earlier site.", show_default=True),
    ] = Path("web"),
    unit: Annotated[
        list[str] | None,
        typer.Option(metavar="UNIT", help="Only this unit; may be given several times.", show_default="all"),
    ] = None,
) -> None:
    """Build a folder with which students need nothing but a browser.

    It holds JupyterLite, Python and NumPy for the browser, the released lessons and their visible checks: students
    edit, run and check there, their work stays in their browser, and they download the notebook to hand it in. Any web
    server serves it, under any path, and it asks no other one for anything. No solution is in it.
    """
    from autograder.authoring import site as building
    from autograder.course import coursefile

    course = coursefile.load(coursefile.find(Path.cwd()))
    chosen = coursefile.choose(course, unit or [one.name for one in coursefile.ours(course)])
    with stdout.status("JupyterLite makes the pages …"):
        made = building.build(course, folder, chosen)
    stdout.print(
        f"[green]✓[/green] {relative(made.folder)}: {', '.join(made.units)} ({made.megabytes:.0f} MB)"
    )
    stdout.print("Try it, here and without a network:", soft_wrap=True)
    stdout.print(
        f"    python -m http.server --bind 127.0.0.1 --directory {relative(made.folder)}", soft_wrap=True
    )
    stdout.print("    then open http://127.0.0.1:8000/", soft_wrap=True)
    stdout.print(
        "For students, put the folder on any web server with https, and give them its address.",
        soft_wrap=True,
    )
