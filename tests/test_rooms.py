"""The walls of the house: which room may use which, written down once and held against every import."""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from repository import REPOSITORY

sys.path.insert(0, str(REPOSITORY / "docs"))
import rooms
from rooms import PACKAGE, Import

from autograder.version import APART

# Used by all, use nothing but one another.
BASE = {
    "budget",
    "celltext",
    "closing",
    "data",
    "decoding",
    "dialect",
    "differences",
    "earned",
    "errors",
    "hints",
    "installed",
    "interrupts",
    "lateness",
    "mismatch",
    "naming",
    "nearest",
    "nested",
    "records",
    "times",
    "tolerance",
    "unneeded",
    "version",
    "words",
}
DOORS = {"__init__", "__main__", "author", "draw", "nbgrader_bridge", "pytest_plugin", "pytest_visible"}

# Each room and what it may use beside the base; it stands above all of them.
MAY_USE: Mapping[str, frozenset[str]] = {
    room: frozenset(others.split())
    for room, others in {
        "child": "",
        "drawing": "",
        "course": "child",
        "notebook": "",
        "sandbox": "child",
        "checking": "child course notebook sandbox",
        "gradebook": "course notebook",
        "pages": "course drawing gradebook",
        "explaining": "checking course notebook",
        "adopted": "checking child course explaining notebook pages sandbox",
        "selfcheck": "adopted checking child course drawing explaining notebook pages sandbox",
        "grading": "adopted checking child course explaining gradebook notebook pages sandbox",
        "lms": "course gradebook grading notebook pages",
        "authoring": "adopted checking child course explaining gradebook grading notebook pages sandbox selfcheck",
        "cli": "adopted authoring course grading gradebook lms sandbox selfcheck",
    }.items()
}
# A student's notebook must not check itself where it is graded: the child puts nothing in the place of `check`.
EXCEPTED = {("child", "__init__")}

# Tests of a whole room, or of what its pages look like where people read them.
WHOLE = {"cli": {"at_once"}, "explaining": {"truth"}, "pages": {"browser"}}

FILES = sorted(PACKAGE.rglob("*.py"))


def named(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def wrong(one: Import) -> str:
    """What is wrong with an import; empty where it keeps to the walls."""
    if one.by in DOORS or one.by == one.room or one.room in BASE or (one.by, one.room) in EXCEPTED:
        return ""
    if one.room not in MAY_USE:
        return f"{one.where}: nothing inside imports the door {one.room!r}"
    if one.by in BASE:
        return f"{one.where}: the base uses nothing but itself, and not {one.room!r}"
    if one.room not in MAY_USE[one.by]:
        return f"{one.where}: the room {one.by!r} may not use {one.room!r}"
    private = [name for name in (one.module, *one.names) if name.startswith("_")]
    return f"{one.where}: {private[0]} is private to {one.room!r}" if private else ""


def test_every_module_has_its_place() -> None:
    assert {path.stem for path in PACKAGE.glob("*.py")} == BASE | DOORS
    assert set(rooms.ROOMS) == set(MAY_USE)


def test_the_page_of_the_rooms_names_each_module_of_the_base_once() -> None:
    page = (REPOSITORY / "docs" / "rooms.md").read_text(encoding="utf-8")
    listed = page.partition("- the **base**")[2].partition("- the **doors**")[0]
    assert sorted(listed.split("`")[1::2]) == sorted(BASE)


def test_no_two_rooms_need_each_other() -> None:
    order = list(TopologicalSorter(MAY_USE).static_order())
    assert order[-1] == "cli"
    with pytest.raises(CycleError):
        list(TopologicalSorter({**MAY_USE, "child": {"sandbox"}}).static_order())


def test_imports_keep_to_the_walls() -> None:
    assert [told for told in map(wrong, rooms.all_imports()) if told] == []


def test_a_room_uses_all_that_it_may() -> None:
    """A door in a wall that nobody walks through is walled up."""
    assert rooms.used(rooms.all_imports()) == MAY_USE


def test_what_is_apart_from_results_is_used_by_nothing_that_makes_them() -> None:
    makers = {"grading"}
    while (below := makers.union(*(MAY_USE[room] for room in makers))) != makers:
        makers = below
    assert set(MAY_USE) - makers == APART


@pytest.mark.parametrize(
    ("by", "room", "module", "name", "told"),
    [
        ("child", "sandbox", "worker", "run", "'child' may not use 'sandbox'"),
        ("pages", "explaining", "diagnose", "Findings", "'pages' may not use 'explaining'"),
        ("course", "nbgrader_bridge", "", "prepare", "the door 'nbgrader_bridge'"),
        ("records", "course", "coursefile", "load", "the base uses nothing but itself"),
        ("cli", "grading", "batch", "_plan", "_plan is private"),
        ("cli", "grading", "_batch", "plan", "_batch is private"),
        ("cli", "grading", "batch", "plan", ""),
        ("author", "checking", "attempt", "Attempt", ""),
        ("child", "records", "", "Value", ""),
    ],
)
def test_an_import_the_wrong_way_is_told(by: str, room: str, module: str, name: str, told: str) -> None:
    assert told in wrong(Import("a file", by, room, module, (name,)))
    assert bool(told) == bool(wrong(Import("a file", by, room, module, (name,))))


@pytest.mark.parametrize("line", ["from . import wire", "from autograder.checking.attempt import Attempt"])
def test_an_import_that_is_written_is_read(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "PACKAGE", tmp_path)
    (tmp_path / "child").mkdir()
    file = tmp_path / "child" / "inside.py"
    file.write_text(f"def later():\n    {line}\n")
    if line.startswith("from ."):
        with pytest.raises(ValueError, match="names the whole path"):
            list(rooms.imports(file))
    else:
        (one,) = rooms.imports(file)
        assert one == Import("autograder/child/inside.py:2", "child", "checking", "attempt", ("Attempt",))
        assert wrong(one) == "autograder/child/inside.py:2: the room 'child' may not use 'checking'"


@pytest.mark.parametrize("room", sorted(MAY_USE))
def test_a_room_says_what_it_is_for_and_what_others_may_import(room: str) -> None:
    tree = ast.parse((PACKAGE / room / "__init__.py").read_text(encoding="utf-8"))
    assert len((ast.get_docstring(tree) or "").splitlines()) >= 3
    (listed,) = (
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    )
    others = {one.module for one in rooms.all_imports() if one.room == room and one.by != room}
    assert listed == (["main"] if room == "cli" else sorted(others)), "the modules that other rooms import"


@pytest.mark.parametrize("room", sorted(MAY_USE))
def test_tests_mirror_the_room(room: str) -> None:
    modules = {path.stem for path in (PACKAGE / room).glob("*.py")}
    tests = {path.stem.removeprefix("test_") for path in (REPOSITORY / "tests" / room).glob("test_*.py")}
    assert tests
    stray = tests - modules - WHOLE.get(room, set())
    assert not stray, f"tests/{room} has tests of no module: {stray}"


def test_no_two_tests_have_the_same_name() -> None:
    """Pytest would take the one for the other."""
    names = [path.name for path in (REPOSITORY / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))


def test_no_file_outgrows_its_room() -> None:
    lines = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert {name: count for name, count in lines.items() if count > 400} == {}
