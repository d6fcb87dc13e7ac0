"""How a command's help is written: as people write commands, with examples, and without Python's types."""

from __future__ import annotations

from typing import Any

import typer.core


class Command(typer.core.TyperCommand):
    """A command whose help names its arguments as people write them: UNIT, not {UNIT} of type <str>."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """What stands behind the command's name in its usage line."""
        return ["[OPTIONS]", *(argument.metavar for argument in self._arguments())]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Writes the sections of arguments and options."""
        rows = {
            "Arguments": [(one.metavar, _described(one)) for one in self._arguments()],
            "Options": [
                record
                for one in self.get_params(ctx)
                if one not in self.params or one.param_type_name == "option"
                if (record := one.get_help_record(ctx))
            ],
        }
        for heading, written in rows.items():
            if written:
                with formatter.section(heading):
                    formatter.write_dl(written)

    def _arguments(self) -> list[Any]:
        return [parameter for parameter in self.params if parameter.param_type_name == "argument"]


def _described(argument: Any) -> str:
    default = "" if argument.required or argument.default is None else f"  [default: {argument.default}]"
    return f"{argument.help}{default}"


def examples(*lines: str) -> str:
    """An epilog of commands, each on a line of its own: the first character says that they are not to be wrapped."""
    return "\n".join(["\b", "Examples:" if len(lines) > 1 else "Example:", *(f"  {line}" for line in lines)])
