"""A code cell as Python: its magics turned into it, compiled, which names it binds and reads, and which cells are needed."""

from __future__ import annotations

import ast
import functools
import importlib
import importlib.util
import sys
import types
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from autograder import celltext
from autograder.child.messages import CellData, Names

# What binds names, and fails or not for itself.
_BINDING = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
    ast.Try,
)


def python(source: str) -> str:
    """The cell's source as plain Python, prompts and magics read by IPython's rules; every line keeps its number."""
    if celltext.is_ordinary(source):
        return source
    text = celltext.tidied(source)
    if celltext.is_python(text):
        return text
    transform = transformer()
    if transform is None:
        return celltext.plain(source)  # the light install has no IPython
    start = len(text) - len(text.lstrip("\r\n"))  # IPython drops these lines
    return text[:start] + transform(text[start:])


@functools.cache
def transformer() -> Callable[[str], str] | None:
    """IPython's own input transformer; None where there is no IPython.

    It is loaded without the rest of IPython, a shell of 60 modules that every fork of a zygote would pay for.
    """
    spec = importlib.util.find_spec("IPython")
    if spec is None or not spec.submodule_search_locations:
        return None
    stubs = [] if "IPython" in sys.modules else ["IPython", "IPython.core", "IPython.utils"]
    try:
        for name in stubs:
            package = types.ModuleType(name)
            package.__path__ = [str(Path(spec.submodule_search_locations[0], *name.split(".")[1:]))]
            sys.modules[name] = package
        manager: Any = importlib.import_module("IPython.core.inputtransformer2").TransformerManager
    finally:
        if stubs:  # whoever imports IPython next gets the whole of it
            for name in [name for name in sys.modules if name.partition(".")[0] == "IPython"]:
                del sys.modules[name]
    return lambda source: str(manager().transform_cell(source))


@functools.lru_cache(maxsize=1024)
def names(source: str) -> Names:
    """The names a cell binds and reads; one that is no Python binds `*`, which may be any."""
    try:
        tree = celltext.parse(python(source))
    except Exception:  # Python's parser and IPython's both have their ways to fail
        return Names(["*"], [])
    binds, reads = set[str](), set[str]()
    if "%pylab" in source:  # which binds some hundred
        binds.add("*")
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                reads.add(name)
            case ast.Name(id=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                binds.add(name)
            case ast.ClassDef(name=name):
                binds.add(name)
            # `table[0] = 1` and `table.shape = 2, 3` change what `table` is.
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store()):
                binds.add(name)
            case ast.Attribute(value=ast.Name(id=name), ctx=ast.Store()):
                binds.add(name)
            case ast.alias(name=name, asname=alias):
                binds.add(alias or name.partition(".")[0])
    return Names(sorted(binds), sorted(reads))


def compiled(cell: CellData) -> types.CodeType:
    """A cell's code, magics turned into Python; whatever Python's parser and IPython's raise."""
    return code_of(python(cell.source), file_of(cell.index))


def code_of(source: str | ast.Module, file_name: str) -> types.CodeType:
    """Code that awaits at its top, as Jupyter allows, is compiled too."""
    code: types.CodeType = compile(
        source, file_name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True
    )
    return code


def definition(cell: CellData, function: str) -> types.CodeType:
    """The last `def` of a function in a cell, or its last `class`, alone; nothing where there is none."""
    found: list[ast.stmt] = [
        node
        for node in ast.walk(ast.parse(python(cell.source)))
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == function
    ]
    return code_of(ast.Module(found[-1:], []), file_of(cell.index))


def rest(cell: CellData, line: int) -> list[types.CodeType]:
    """What a cell imports, defines and assigns after the statement that stands on this line, piece by piece."""
    statements = ast.parse(python(cell.source)).body
    return [
        code_of(ast.Module([statement], []), file_of(cell.index))
        for statement in statements
        if statement.lineno > line and isinstance(statement, _BINDING)
    ]


def file_of(index: int) -> str:
    """The name of the file that a cell's code says it is from."""
    return f"<cell {index}>"


def needed(cells: Sequence[CellData], wanted: Iterable[str]) -> list[CellData]:
    """The cells that must run where these names are wanted.

    All that the student wrote or changed, and of the unchanged cells of the handout those that bind a name which
    is wanted or which a needed one reads. Plots, prints and checks that came with the notebook are passed over.
    """
    wanted = set(wanted)
    passed_over = {cell.index: cell.handout for cell in cells if cell.handout is not None}
    while taken := [
        index
        for index, names in passed_over.items()
        if "*" in names.binds or not wanted.isdisjoint(names.binds)
    ]:
        for index in taken:
            wanted.update(passed_over.pop(index).reads)
    return [cell for cell in cells if cell.index not in passed_over]


def global_names(code: types.CodeType) -> list[str]:
    """The global names that a function's code, and the functions inside it, may read."""
    names = list(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names += global_names(constant)
    return sorted(set(names))


def number_of(file_name: str) -> int | None:
    """The number of the cell that a file's name stands for; None where it is no cell's."""
    number = file_name.removeprefix("<cell ").removesuffix(">")
    return int(number) if number.isdecimal() and len(number) <= 6 else None
