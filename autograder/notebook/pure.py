"""Which code provably keeps nothing between calls, touches nothing outside them, and returns nothing but what it made.

**What is proven.** `why_not` is None for a program only where, once its cells have run, what a graded function gives
for plain values (those that may be arguments: numbers, texts, containers of them, arrays, tables) depends on these
values alone, however many calls of whatever functions of the program came before; where a call opens, writes, imports
and starts nothing, and changes nothing but its own arguments; and where no result holds memory that nobody wrote.
So one process may answer for all functions of such a program, in any order, and an edit of such a program that is
such a program again may be tried where nothing locks it in. How long a call takes, and how much memory, is not proven.

**Why it holds.** The proof is an allow-list of syntax (here), of expressions (`expressions`) and of names (`harmless`);
what is on none of them is not proven, and that is all that is said of it. It rests on an invariant: *whatever a
variable, a container, an argument or a result holds is a plain value.*

1. Nothing outlives a call. A function sees its arguments, its own variables, and of the notebook's names only
   functions, harmless modules and constants that cannot be changed: never a list, an array or an iterator that the
   cells made. No attribute is stored, nothing is `global` or `nonlocal`, defaults are constants, there are no
   decorators and no classes, and of modules no member is used that keeps anything (random numbers, settings, caches).
2. Nothing reaches out. Names and attributes are taken from the lists alone; none begins with two underscores, none is
   looked up by a text (`getattr`, `eval`, `"{0.x}".format`), annotations are names and no calls, and `**` hands on
   nothing unseen (`where=`, `file=`).
3. Memory is written before it is read: no `np.empty`, no `np.ndarray(...)` (nor `type(x)(...)`), no `np.pad(..., "empty")`,
   and `where=` only for sums and their like, or beside an `out=` that the function itself has filled.
4. No address is shown. Functions, iterators, generators and methods are called or gone through where they stand, and
   are never held, printed, hashed or compared: their text and the order of a set of them would tell where in memory
   they lie, which depends on all calls before. A generator holds no `try` and no `with` open, so that nothing happens
   when it is thrown away.
5. Running out is not survived. What says how much memory or stack is left (MemoryError, RecursionError) is caught by
   no handler, no `finally` and no context manager: such a call fails, and whoever asked goes another way.

**What is not claimed.** The last digits of sums (which may follow the place of an array in memory), the order of NaNs in
a set (which are hashed by their address), what a *function* or a random generator given as an argument does or shows,
and NumPy's words "now" and "today", which read the clock where a date is due.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from autograder import celltext
from autograder.celltext import MAX_PARSED
from autograder.notebook.meanings import fill, immutable
from autograder.notebook.scopes import (
    PLAIN,
    Scope,
    UnprovenError,
    bound,
    imported,
    is_generator,
    parameters,
    refuse,
)
from autograder.notebook.statements import definition, statement

_MOST_STATEMENTS: Final = 1_500  # of all cells, those within others not counted
_MOST_ROUNDS: Final = 20  # of functions found unproven, each for what it calls
# Magics at the beginning of a cell that do nothing where it is graded, with no sign that could join lines.
_FIRST_MAGICS: Final = re.compile(
    r"\A(?:%(?:matplotlib|config|load_ext|autoreload|precision)(?:[ \t]+[\w.=,-]+)*[ \t]*\n|[ \t]*\n)+(?![ \t])"
)
_OF_PYTHON_ITSELF: Final = frozenset({"__name__", "__future__"})


def why_not(cells: Sequence[str], graded: Iterable[str], given: Sequence[str] = ()) -> str | None:
    """None where these cells are proven; else the first reason why not, with its line.

    `graded` are the functions that are called. `given` are the handout's own cells, which are trusted to do no harm but
    not to be pure: of what they bind, imports and functions that are proven too may be used.
    """
    try:
        own = [statement for source in cells for statement in _parsed(source).body]
        handout = [one for source in given for one in _given(source)]
        if len(own) + len(handout) > _MOST_STATEMENTS:
            refuse(None, "it is too long")
        read = {*graded, *(name for one in own for name in _names_in(one))}
        notebook, _ = _notebook(own, _read_in_the_end(handout, read))
        for one in own:
            statement(one, notebook)
        for name in graded:
            if any(meaning.kind != "function" for meaning in notebook.names.get(name, ())):
                refuse(None, f"{name} is not simply defined")
    except UnprovenError as unproven:
        return str(unproven)
    except RecursionError:
        return "it is nested too deeply"
    return None


@dataclass(frozen=True)
class Extract:
    """What of a notebook is proven and can be run for itself: harmless imports, constants, and functions of these."""

    statements: tuple[ast.stmt, ...]  # in the notebook's order
    _notebook: Scope

    def takes(self, source: str, name: str) -> ast.Module | None:
        """The function of this name written otherwise, where it is proven in the place of the notebook's own; else None."""
        try:
            tree = celltext.parse(source)
            if len(tree.body) != 1 or _defined(only := tree.body[0]) != name:
                return None
            _check_names(tree, source)
            statement(only, self._notebook)
        except (*celltext.UNREADABLE, UnprovenError):
            return None
        generator = "yield" in source and isinstance(only, ast.FunctionDef) and is_generator(only)
        kinds = {meaning.kind for meaning in self._notebook.names.get(name, ())}
        return tree if kinds == {"generator" if generator else "function"} else None


def extract(cells: Sequence[str], name: str) -> Extract | None:
    """What is proven of a notebook, whose other cells are passed over; None where the function `name` is not among it."""
    try:
        handout = [one for source in cells for one in _given(source)]
        if len(handout) > _MOST_STATEMENTS:
            return None
        notebook, usable = _notebook([], handout)
    except (UnprovenError, RecursionError):
        return None
    kinds = {meaning.kind for meaning in notebook.names.get(name, ())}
    return Extract(tuple(_needed(usable, name)), notebook) if kinds == {"function"} else None


def _needed(usable: list[ast.stmt], name: str) -> Iterator[ast.stmt]:
    """What of these a function needs: imports, constants, and of the other functions those that it calls in the end."""
    functions: dict[str, list[ast.stmt]] = {}
    for one in usable:
        if (defined := _defined(one)) is not None:
            functions.setdefault(defined, []).append(one)
    wanted, waiting = {name}, [name]
    while waiting:
        nodes = (node for one in functions[waiting.pop()] for node in ast.walk(one))
        called = {node.id for node in nodes if isinstance(node, ast.Name) and node.id in functions} - wanted
        wanted |= called
        waiting += called
    for one in usable:
        # The visible checks have no part in what a function does, and are slow to load.
        checks = isinstance(one, ast.ImportFrom) and one.module == "autograder"
        if not checks and _defined(one) in {None, *wanted}:
            yield one


def _defined(node: ast.stmt) -> str | None:
    """The name of the function that a statement defines, by `def` or as a lambda; None where it does something else."""
    match node:
        case ast.FunctionDef(name=name) | ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda()):
            return name
    return None


def _parsed(source: str) -> ast.Module:
    """A cell of the student's, as it is run."""
    if len(source) > MAX_PARSED:
        refuse(None, "it is too long")
    # Of any other magic it is IPython's to say what it becomes.
    source = _FIRST_MAGICS.sub(lambda found: "\n" * found[0].count("\n"), source)
    try:
        tree = celltext.parse(celltext.tidied(source))
    except celltext.UNREADABLE:
        refuse(None, "it is no Python")
    _check_names(tree, source)
    return tree


def _check_names(tree: ast.AST, source: str) -> None:
    """UnprovenError where a name begins with two underscores, in what was made of this text."""
    if "__" not in source and source.isascii():  # two signs of another alphabet may become these
        return
    for node in ast.walk(tree):
        for name in _names(node):
            if name.startswith("__") and name not in _OF_PYTHON_ITSELF:
                refuse(node, f"uses {name}")


def _names(node: ast.AST) -> Iterable[str]:
    """All names that stand in a node itself, whatever they are the names of."""
    if isinstance(node, ast.Constant):
        return
    for _, held in ast.iter_fields(node):
        for one in held if isinstance(held, list) else [held]:
            if isinstance(one, str):
                yield from one.split(".")


@dataclass(frozen=True)
class _Given:
    """A statement of the handout, and what is known of it for itself."""

    node: ast.stmt
    binds: frozenset[str]  # all names that stand anywhere in it as something that it binds
    names: frozenset[str]  # that stand in it as variables
    usable: bool  # whether it is of the kinds that may be used, if it is proven
    refused: bool  # whether it holds a name that nothing proven holds


@functools.lru_cache(maxsize=256)  # the handout is the same for a whole class
def _given(source: str) -> tuple[_Given, ...]:
    """The statements of a cell of the handout; none where it is no Python, and then binds nothing."""
    if len(source) > MAX_PARSED:
        refuse(None, "it is too long")
    try:
        tree = celltext.parse(celltext.plain(source))
    except celltext.UNREADABLE:
        return ()
    for node in ast.walk(tree):
        if (isinstance(node, ast.alias) and node.name == "*") or (
            isinstance(node, ast.Name) and node.id == "get_ipython"
        ):
            refuse(node, "the handout binds names that it does not write out")
    return tuple(_known(one, source) for one in tree.body)


def _known(node: ast.stmt, source: str) -> _Given:
    try:
        _check_names(node, source)
        refused = False
    except UnprovenError:
        refused = True
    return _Given(
        node,
        frozenset(_all_bound(node)),
        frozenset(_names_in(node)),
        isinstance(node, ast.FunctionDef | ast.Assign) or _is_harmless_import(node),
        refused,
    )


def _names_in(node: ast.stmt) -> set[str]:
    """The names that stand in a statement as variables, but for those of a function's own."""
    if not isinstance(node, ast.FunctionDef):
        return _variables([node])
    own = {one.arg for one in parameters(node.args)}
    with contextlib.suppress(UnprovenError):
        own.update(name for name, _ in bound(node.body))
    outside = [one for one in ast.iter_child_nodes(node) if not isinstance(one, ast.stmt)]
    return (_variables(node.body) - own) | _variables(outside)


def _variables(nodes: Iterable[ast.AST]) -> set[str]:
    return {one.id for node in nodes for one in ast.walk(node) if isinstance(one, ast.Name)}


def _read_in_the_end(handout: Sequence[_Given], read: set[str]) -> list[_Given]:
    """What of the handout binds a name that is read, or that is read by what of it binds one; no other has a say."""
    waiting, taken = list(handout), set[int]()
    while found := [one for one in waiting if not read.isdisjoint(one.binds)]:
        taken.update(map(id, found))
        waiting = [one for one in waiting if id(one) not in taken]
        read = read.union(*(one.names for one in found))
    return [one for one in handout if id(one) in taken]


def _notebook(own: list[ast.stmt], given: Sequence[_Given]) -> tuple[Scope, list[ast.stmt]]:
    """The scope of all cells, and what of the handout may be used: a function only where it is proven itself."""
    usable = [one for one in given if one.usable]
    for _ in range(_MOST_ROUNDS):
        notebook = Scope()
        fill(notebook, [*own, *(one.node for one in usable)])
        kept = set(map(id, usable))
        for name in (name for one in given if id(one) not in kept for name in sorted(one.binds)):
            notebook.bind(name, PLAIN)
        proven = [one for one in usable if not one.refused and _is_proven(one.node, notebook)]
        if len(proven) == len(usable):
            return notebook, [one.node for one in usable]
        usable = proven
    refuse(None, "its functions call each other too deeply")


def _is_harmless_import(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Import | ast.ImportFrom):
        return False
    try:
        return bool([*imported(node)])
    except UnprovenError:
        return False


def _is_proven(node: ast.stmt, notebook: Scope) -> bool:
    """Whether a statement of the handout defines a proven function or a constant; that imports are harmless, is known."""
    try:
        match node:
            case ast.FunctionDef():
                definition(node, notebook)
            case ast.Assign(value=ast.Lambda()):
                statement(node, notebook)
            case ast.Assign(value=value, targets=targets):
                return all(isinstance(one, ast.Name) for one in targets) and immutable(value, notebook)
    except UnprovenError:
        return False
    return True


def _all_bound(node: ast.stmt) -> Iterable[str]:
    """All names that stand anywhere in a statement as something that it binds."""
    for one in ast.walk(node):
        match one:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case (
                ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
            ):
                yield name
            case ast.MatchMapping(rest=str(name)):
                yield name
            case ast.alias(name=name, asname=other):
                yield other or name.partition(".")[0]
