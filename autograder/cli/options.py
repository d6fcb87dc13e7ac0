"""Arguments and options that several commands take."""

from __future__ import annotations

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
