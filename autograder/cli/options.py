"""Arguments and options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

Units: TypeAlias = Annotated[
    list[str] | None, typer.Argument(metavar="[UNIT]...", help="Units; all where none is named.")
]
Jobs: TypeAlias = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        min=1,
        help="How many submissions are graded at the same time.",
        show_default="one for each processor, or as many as memory is enough for",
    ),
]
Students: TypeAlias = Annotated[
    list[str],
    typer.Argument(
        metavar="STUDENT...", help="Students, by their ids on the roster or their folders' names."
    ),
]
Out: TypeAlias = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Holds gradebook.db and results/.", show_default="the course folder"),
]
DryRun: TypeAlias = Annotated[
    bool, typer.Option("--dry-run", help="Say what would happen, and write nothing.")
]
