"""The rooms of the package as its imports make them: read for the walls' test, drawn and listed for the docs."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parents[1] / "autograder"
ROOMS: Final = tuple(sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py")))

_WIDTH, _HEIGHT, _BOX, _TALL = 720, 76, 116, 34  # of the picture and a floor, of a box; pixels


@dataclass(frozen=True)
class Import:
    """One import of a module of the package by another."""

    where: str  # file and line
    by: str  # the room that imports, or a module at the package's top
    room: str  # the room that is imported from, or a module at the top
    module: str  # in that room; empty for the room itself, and at the top
    names: tuple[str, ...]


def imports(path: Path) -> Iterator[Import]:
    """All imports of the package's own modules in a file, those inside functions too; ValueError for a relative one."""
    inside = path.relative_to(PACKAGE)
    by = inside.parts[0] if len(inside.parts) > 1 else inside.stem
    for node in _statements(ast.parse(path.read_text(encoding="utf-8"))):
        where = f"autograder/{inside.as_posix()}:{getattr(node, 'lineno', 0)}"
        match node:
            case ast.ImportFrom(level=0, module=str(module), names=names):
                yield from _split(where, by, module, tuple(alias.name for alias in names))
            case ast.ImportFrom():
                raise ValueError(f"{where}: an import names the whole path")
            case ast.Import(names=names):
                for alias in names:
                    yield from _split(where, by, alias.name, ())


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """All statements below a node; expressions, of which there are ten times as many, hold none."""
    for name in ("body", "handlers", "orelse", "finalbody", "cases"):
        for one in getattr(node, name, ()):
            yield one
            yield from _statements(one)


def _split(where: str, by: str, module: str, names: tuple[str, ...]) -> Iterator[Import]:
    package, *rest = module.split(".")
    if package != "autograder":
        return
    if not rest:  # from autograder import records
        yield from (Import(where, by, name, "", ()) for name in names or ("__init__",))
    elif len(rest) == 1 and rest[0] in ROOMS:  # from autograder.course import material
        yield from (Import(where, by, rest[0], name, ()) for name in names or ("",))
    else:
        yield Import(where, by, rest[0], ".".join(rest[1:]), names)


@functools.cache
def all_imports() -> tuple[Import, ...]:
    """The imports of every file of the package."""
    return tuple(one for path in sorted(PACKAGE.rglob("*.py")) for one in imports(path))


def used(found: Iterable[Import]) -> dict[str, frozenset[str]]:
    """For each room the others it uses."""
    pairs = {(one.by, one.room) for one in found if one.by in ROOMS and one.room in ROOMS}
    return {room: frozenset(to for by, to in pairs if by == room != to) for room in ROOMS}


def reach(uses: Mapping[str, frozenset[str]], room: str) -> frozenset[str]:
    """All rooms that a room uses, through others too."""
    return frozenset(far for near in uses[room] for far in (near, *reach(uses, near)))


def floors(uses: Mapping[str, frozenset[str]]) -> list[list[str]]:
    """The rooms by floor, the highest first: each stands right above the highest that it uses."""

    def level(room: str) -> int:
        return 1 + max(map(level, uses[room]), default=-1)

    by_level: dict[int, list[str]] = {}
    for room in ROOMS:
        by_level.setdefault(level(room), []).append(room)
    return [by_level[floor] for floor in sorted(by_level, reverse=True)]


def table() -> str:
    """Each room with its one job, what it uses and its modules, from the top floor down."""
    uses = used(all_imports())
    rows = ["| room | its one job | uses | modules |", "| --- | --- | --- | --- |"]
    for room in (room for floor in floors(uses) for room in floor):
        words = (
            ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text(encoding="utf-8"))) or ""
        )
        job = " ".join(words.partition("\n\n")[0].split())
        modules = sorted(path.stem for path in (PACKAGE / room).glob("*.py") if path.stem != "__init__")
        below = ", ".join(sorted(uses[room])) or "the base alone"
        rows.append(f"| `{room}` | {job} | {below} | {', '.join(f'`{one}`' for one in modules)} |")
    return "\n".join(rows)


def picture() -> str:
    """The rooms as boxes on their floors, with arrows to what they use; arrows that others imply are left out."""
    uses = used(all_imports())
    levels = floors(uses)
    spot = {
        room: (round((place + 0.5) * _WIDTH / len(floor)), number * _HEIGHT + 8)
        for number, floor in enumerate(levels)
        for place, room in enumerate(floor)
    }
    arrows, boxes = [], []
    for room, (x, y) in spot.items():
        for other in sorted(uses[room] - {far for near in uses[room] for far in reach(uses, near)}):
            to_x, to_y = spot[other]
            middle = (y + _TALL + to_y) // 2
            arrows.append(f'<path d="M{x} {y + _TALL} C{x} {middle} {to_x} {middle} {to_x} {to_y - 5}"/>')
        boxes.append(
            f'<rect x="{x - _BOX // 2}" y="{y}" width="{_BOX}" height="{_TALL}" rx="6"/>'
            f'<text x="{x}" y="{y + 22}">{escape(room)}</text>'
        )
    told = "; ".join(f"{room} uses {', '.join(sorted(others))}" for room, others in uses.items() if others)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {len(levels) * _HEIGHT - 24}" role="img"'
            ' font-family="system-ui, sans-serif" font-size="14">',
            f"<title>The rooms of the package</title>\n<desc>{escape(told)}</desc>",
            '<marker id="tip" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
            '<path d="M0 0 8 4 0 8Z" fill="#888"/></marker>',
            '<g fill="none" stroke="#888" stroke-width="1.5" marker-end="url(#tip)">',
            *arrows,
            '</g>\n<g fill="#e0e7ff" stroke="#4f46e5" text-anchor="middle">',
            *(box.replace("<text", '<text fill="#1e1b4b" stroke="none"') for box in boxes),
            "</g>\n</svg>\n",
        ]
    )
