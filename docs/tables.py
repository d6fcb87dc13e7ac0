"""Writes the parts of the docs that repeat what the code says: `python docs/tables.py`; with `--check` it only tells.

Each part stands between two comments, `<!-- begin: NAME -->` and `<!-- end: NAME -->`, in one page of `docs/`.
"""

from __future__ import annotations

import enum
import inspect
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, get_type_hints

from typer.models import CommandInfo, OptionInfo, ParameterInfo

from autograder.cli.app import app
from autograder.course import coursefile, material
from autograder.course.steps import Misconception
from autograder.explaining import telling
from autograder.explaining.general import GENERAL

sys.path.insert(0, str(Path(__file__).resolve().parent))
import quotes  # beside this file, which need not be where Python looks
import rooms

DOCS: Final = Path(__file__).resolve().parent


def commands() -> str:
    """Every command of the command line with its arguments and options."""
    parts = [_command(command) for command in app.registered_commands]
    for group in app.registered_groups:
        inside = group.typer_instance
        assert inside is not None
        parts += [_command(command, f"{group.name} ") for command in inside.registered_commands]
    return "\n\n".join(parts)


def diagnoses() -> str:
    """Every diagnosis id with its title, function by function; of the catalogue nothing but these."""
    loaded = coursefile.load(DOCS.parent / coursefile.FILE_NAME)
    parts: list[str] = []
    catalogue: dict[str, tuple[Misconception, ...]] = {}
    for unit in loaded.units:
        for function, known in material.load(loaded, unit).misconceptions.items():
            # What is brought along may get mistakes of its own in a later unit.
            catalogue[function] = (*catalogue.get(function, ()), *known)
    for function, known in catalogue.items():
        # Several ways to make a mistake share its id; the first is the plain one.
        titles = {misconception.id: misconception for misconception in reversed(known)}
        ordered = {misconception.id: titles[misconception.id] for misconception in known}
        rows = [(f"`{id}`", f"{one.title}{' *' if one.edge else ''}") for id, one in ordered.items()]
        parts.append(f"### {function}\n\n{_table(('id', 'title'), rows)}")
    general = [(f"`general.{name}`", words.title) for name, words in GENERAL.items()]
    parts.append(f"### Any function\n\n{_table(('id', 'title'), general)}")
    return "\n\n".join(parts)


def kinds() -> str:
    """Every kind of small edit with what is said of it; of what is right in its place nothing."""
    rows = []
    for kind, look in telling.LOOKS.items():
        said = look.said.format("`x`").removeprefix(":").strip()
        rows.append((f"`{kind}`", said, look.why))
    return _table(("kind", "after the line", "and besides"), rows)


PARTS: Final[tuple[tuple[str, str, Callable[[], str]], ...]] = (
    ("commands.md", "commands", commands),
    ("results.md", "diagnoses", diagnoses),
    ("results.md", "kinds", kinds),
    ("rooms.md", "rooms", rooms.table),
)


def renewed() -> dict[Path, str]:
    """The pages that have such a part or quote units, and the picture of the rooms, each as it should be."""
    pages = {DOCS / name: (DOCS / name).read_text(encoding="utf-8") for name, _, _ in PARTS}
    for name, part, make in PARTS:
        begin, end = f"<!-- begin: {part} -->", f"<!-- end: {part} -->"
        before, _, rest = pages[DOCS / name].partition(begin)
        _, found, after = rest.partition(end)
        if not found:
            sys.exit(f"docs/{name}: {begin} and {end} are missing")
        pages[DOCS / name] = f"{before}{begin}\n\n{make()}\n\n{end}{after}"
    gallery = DOCS / "gallery.md"
    pages[gallery] = quotes.renewed(gallery.read_text(encoding="utf-8"))
    pages[DOCS / "rooms.svg"] = rooms.picture()
    return pages


def _command(command: CommandInfo, within: str = "") -> str:
    assert command.callback is not None
    parameters = [
        _Parameter(parameter, next(one for one in hint.__metadata__ if isinstance(one, ParameterInfo)))
        for parameter, hint in zip(
            inspect.signature(command.callback).parameters.values(),
            get_type_hints(command.callback, include_extras=True).values(),
            strict=False,  # the last hint is the return's
        )
    ]
    name = within + (command.name or command.callback.__name__.replace("_", "-"))
    parameters.sort(key=lambda one: one.is_option)  # arguments first, as --help has them
    usage = [
        "autograder",
        name,
        *(one.called for one in parameters if not one.is_option),
        *(["[OPTIONS]"] if any(one.is_option for one in parameters) else []),
    ]
    said = inspect.getdoc(command.callback) or ""
    paragraphs = [re.sub(r"\s*\n\s*", " ", text) for text in said.split("\n\n")]
    parts = [f"## autograder {name}", *paragraphs, f"```text\n{' '.join(usage)}\n```"]
    if parameters:
        parts.append(_table(("", ""), [(f"`{one.called}`", one.said) for one in parameters]))
    examples = re.findall(r"^ +(autograder .*)$", command.epilog or "", re.MULTILINE)
    if examples:
        parts.append("\n".join(["```sh", *examples, "```"]))
    return "\n\n".join(parts)


class _Parameter:
    """One argument or option of a command."""

    def __init__(self, parameter: inspect.Parameter, info: ParameterInfo) -> None:
        self.is_option = isinstance(info, OptionInfo)
        default = parameter.default
        shown = info.show_default if isinstance(info.show_default, str) else ""
        if info.show_default is True and default not in (None, False, inspect.Parameter.empty):
            shown = f"`{getattr(default, 'value', default)}`"
        said = info.help or ""
        self.said = f"{said.rstrip('.')} (default: {shown})" if shown else said
        value = info.metavar or (
            "|".join(one.value for one in type(default))
            if isinstance(default, enum.Enum)
            else parameter.name.upper()
        )
        # In an annotation, typer takes the first name for a default.
        named = (info.default, *(info.param_decls or ()))
        name = next(
            (one for one in named if str(one).startswith("--")), f"--{parameter.name.replace('_', '-')}"
        )
        flag = isinstance(default, bool)
        self.called = value if not self.is_option else name if flag else f"{name} {value}"


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [[cell.replace("|", r"\|") for cell in row] for row in (heads, ("---",) * len(heads), *rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def kept(path: Path) -> str:
    """What a file holds; nothing where there is none yet."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main() -> None:
    """Writes the pages, or with `--check` exits 1 where one is not as it should be."""
    stale = {path: text for path, text in renewed().items() if kept(path) != text}
    for path, text in stale.items():
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        print(f"docs/{path.name}: {'behind the code' if '--check' in sys.argv else 'renewed'}")
    sys.exit(1 if stale and "--check" in sys.argv else 0)


if __name__ == "__main__":
    main()
