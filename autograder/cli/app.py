"""The command line: its commands, and the last to catch what a person can mend."""

from __future__ import annotations

import copy
import os
import sys
from typing import Annotated, Final

import typer
from typer.models import CommandInfo

from autograder.cli import (
    adopt,
    check,
    demo,
    doctor,
    excuse,
    export,
    extend,
    give_back,
    grade,
    init,
    new,
    release,
    replay,
    restore,
    say,
    site,
    students,
    take_in,
    update,
    verify,
)
from autograder.cli.help import Command, examples
from autograder.cli.misuse import MisuseError, told
from autograder.cli.signs import carry_any_text
from autograder.cli.terminal import plain, stderr, stdout
from autograder.errors import AutograderError, CourseError

# What only the instructor's install has.
_INSTRUCTOR: Final = {
    "filelock", "IPython", "jupytext", "latex2mathml", "nbconvert", "nbformat", "nbgrader", "pyseccomp", "sqlalchemy",
    "tomlkit", "yaml",
}  # fmt: skip

# Commands whose names Python keeps for itself.
_KEYWORDS: Final = {"take_in": "import", "give_back": "return"}

app = typer.Typer(
    name="autograder",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # whose boxes name Python's types and break sentences in their middle
    pretty_exceptions_enable=False,
    help="Teaches self-attention by hand, and explains every wrong matrix.",
    epilog="Start with `autograder demo`: a whole class, graded in a folder of its own.",
)
for _run, _lines in (  # in the order in which the help lists them
    (grade.grade, grade.EXAMPLES),
    (release.release, release.EXAMPLES),
    (site.site, site.EXAMPLES),
    (check.check, check.EXAMPLES),
    (take_in.take_in, take_in.EXAMPLES),
    (give_back.give_back, give_back.EXAMPLES),
    (export.export, export.EXAMPLES),
    (extend.extend, extend.EXAMPLES),
    (excuse.excuse, excuse.EXAMPLES),
    (replay.replay, replay.EXAMPLES),
    (restore.restore, restore.EXAMPLES),
    (say.say, say.EXAMPLES),
    (verify.verify, verify.EXAMPLES),
    (init.init, init.EXAMPLES),
    (update.update, update.EXAMPLES),
    (new.new, new.EXAMPLES),
    (adopt.adopt, adopt.EXAMPLES),
    (doctor.doctor, doctor.EXAMPLES),
    (demo.demo, demo.EXAMPLES),
):
    app.command(_KEYWORDS.get(_run.__name__), cls=Command, epilog=examples(*_lines))(_run)
app.add_typer(students.app, name="student")


def main(arguments: list[str] | None = None) -> None:
    """The entry point: exits 0 on success, 1 when the work failed, 2 on bad usage or configuration."""
    carry_any_text()
    given = spread_students(sys.argv[1:] if arguments is None else arguments)
    try:
        sys.exit(alone(given[0] if given else "")(given, prog_name="autograder", standalone_mode=False))
    except MisuseError as error:
        if said := told(error):
            _fail(CourseError(said), 2)
        error.show()
        sys.exit(error.exit_code)
    except typer.Abort:  # no was said, or nothing
        stderr.print("stopped: nothing was changed")
        sys.exit(1)
    except CourseError as error:
        _fail(error, 2)
    except AutograderError as error:
        _fail(error, 1)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in _INSTRUCTOR:
            raise
        from autograder.installed import with_extra

        needed = (
            f"this is a command for instructors, whose install has {error.name} too: "
            f"{with_extra('instructor')}"
        )
        _fail(CourseError(needed), 2)
    except BrokenPipeError:  # `autograder … | head`
        sys.exit(1)
    except OSError as error:
        if error.filename is None:  # nothing that a person could look at
            raise
        place = os.fsdecode(error.filename) if isinstance(error.filename, bytes) else str(error.filename)
        needed = f"{place}: {error.strerror}: see to this path, its permissions and the disk"
        _fail(AutograderError(needed), 1)


@app.callback(invoke_without_command=True)
def _top(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        from autograder.version import __version__

        stdout.print(f"autograder {__version__}")
        raise typer.Exit


def alone(name: str) -> typer.Typer:
    """The app with the command of this name alone, as to make the parsers of all takes long; all where none has it."""
    one = copy.copy(app)
    one.registered_commands = [known for known in app.registered_commands if command_name(known) == name]
    one.registered_groups = [known for known in app.registered_groups if known.name == name]
    return one if one.registered_commands or one.registered_groups else app


def command_name(command: CommandInfo) -> str:
    """What is typed for it."""
    assert command.callback is not None
    return command.name or command.callback.__name__.replace("_", "-")


def spread_students(arguments: list[str]) -> list[str]:
    """`grade UNIT --student ada bob` means what `--student ada --student bob` does."""
    spread: list[str] = []
    taking = False
    for position, argument in enumerate(arguments):
        if argument == "--student":
            # Where the unit has not been named yet, only one name can be the option's.
            taking = any(not earlier.startswith("-") for earlier in arguments[1:position])
        elif argument.startswith("-"):
            taking = False
        elif taking and arguments[position - 1] != "--student":
            spread.append("--student")
        spread.append(argument)
    return spread


def _fail(error: AutograderError, code: int) -> None:
    from rich.markup import escape

    stderr.print(f"[red]autograder:[/red] {escape(plain(str(error)))}", soft_wrap=True)
    sys.exit(code)
