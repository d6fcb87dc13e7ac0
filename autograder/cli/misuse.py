"""A command that was typed wrongly, told in one line."""

from __future__ import annotations

from typing import Any, Final

import typer

# What is raised where a command line does not parse. Typer gives it no public name, and has it of click or of its own.
MisuseError: Final[type[Any]] = typer.BadParameter.__mro__[1]

# What Typer puts before the words of an option's own check.
_CHECKED: Final = "Value error, "


def told(error: Any) -> str:
    """The command, what is wrong, and where to read what is right; empty where nothing was typed, which asks for help."""
    said = str(error.format_message()).removesuffix(".").replace(_CHECKED, "")
    if "\n" in said:  # the help itself
        return ""
    name = error.ctx.command_path if error.ctx is not None else "autograder"
    _, _, command = name.partition(" ")
    return (
        f"{f'{command}: ' if command else ''}{said[:1].lower()}{said[1:]}: `{name} --help` says what there is"
    )
