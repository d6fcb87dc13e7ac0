"""What each name of a program stands for, by Python's rules of scope: a function, a module's member, or a plain value.

For `pure`, which says what it is for. Nothing here is run, and nothing is guessed: a name that is bound in ways that
do not go together is no name that can be proven.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, NoReturn, TypeAlias

from autograder.notebook import harmless

# "plain" is any plain value; "constant" one that cannot be changed, bound by the notebook itself; "iterator" something
# that may only be gone through; "annotation" a name of a module that stands in annotations alone.
Kind: TypeAlias = Literal[
    "plain",
    "constant",
    "iterator",
    "function",
    "generator",
    "error",
    "module",
    "member",
    "annotation",
    "check",
]
Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
Function: TypeAlias = ast.FunctionDef | ast.Lambda
_COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# What lessons import of the kit: where a notebook is graded or tried, none of these does anything.
_OF_THE_KIT: Final = frozenset({"check", "predict", "draw", "waits_for"})
_TOGETHER: Final[tuple[tuple[frozenset[Kind], Kind], ...]] = (
    (frozenset({"plain", "constant"}), "plain"),
    (frozenset({"plain", "constant", "iterator"}), "iterator"),
    (frozenset({"function", "generator"}), "generator"),
)


class UnprovenError(Exception):
    """What is not proven of a program, with the line of its cell."""


def refuse(node: ast.AST | None, why: str) -> NoReturn:
    """Raises UnprovenError with where it is."""
    line = getattr(node, "lineno", None)
    raise UnprovenError(why if line is None else f"line {line}: {why}")


@dataclass(frozen=True)
class Meaning:
    """What a name stands for in one scope."""

    kind: Kind
    module: str = ""  # of a module, or of a member of one
    name: str = ""  # of a member
    value: ast.expr | None = None  # what is assigned to it, where it is that alone

    @property
    def member(self) -> tuple[str, str]:
        """Of a member: its module and its name there."""
        return self.module, self.name


PLAIN: Final = Meaning("plain")


@dataclass
class Scope:
    """The names that one function, comprehension or notebook binds, inside another scope."""

    outer: Scope | None = None
    comprehension: bool = False
    guarded: int = 0  # how many `try` and `with` stand around what is read now
    names: dict[str, list[Meaning]] = field(default_factory=dict)
    _known: dict[str, Meaning | None] = field(
        default_factory=dict
    )  # what names stand for, of those looked up

    def bind(self, name: str, meaning: Meaning) -> None:
        """Takes note of one way in which the name is bound."""
        self.names.setdefault(name, []).append(meaning)
        self._known.pop(name, None)

    def become(self, name: str, meanings: list[Meaning]) -> None:
        """Has the ways in which the name is bound mean this."""
        self.names[name] = meanings
        self._known.pop(name, None)

    def home(self, name: str) -> Scope | None:
        """The scope whose name this is here; None where no scope binds it."""
        scope: Scope | None = self
        while scope is not None and name not in scope.names:
            scope = scope.outer
        return scope

    @property
    def is_notebook(self) -> bool:
        """Whether this is the scope of the cells, or of a comprehension that stands in one."""
        return self.outer is None or (self.comprehension and self.outer.is_notebook)

    def look_up(self, node: ast.Name) -> Meaning | None:
        """What the name stands for; None where no scope binds it. UnprovenError where that may be several things."""
        home = self.home(node.id)
        if home is None:
            return None
        if node.id not in home._known:
            home._known[node.id] = _together(home.names[node.id])
        meaning = home._known[node.id]
        if meaning is None:
            refuse(node, f"{node.id} is bound in several ways")
        if home.outer is None and not self.is_notebook and meaning.kind in ("plain", "iterator", "check"):
            refuse(node, f"reads the notebook's variable {node.id}")
        return meaning

    def values(self, name: str) -> list[ast.expr | None]:
        """What is assigned to a name of a function, each time that it is bound; None where it comes otherwise."""
        home = self.home(name)
        return (
            [one.value for one in home.names[name]] if home is not None and home.outer is not None else [None]
        )


def _together(meanings: list[Meaning]) -> Meaning | None:
    """What a name stands for that is bound in these ways; None where they do not go together."""
    first = meanings[0]
    if len(meanings) == 1 or all(one == first for one in meanings):
        return first
    kinds = frozenset(one.kind for one in meanings)
    if len(kinds) == 1 and first.kind not in ("module", "member"):
        return Meaning(first.kind)
    return next((Meaning(kind) for together, kind in _TOGETHER if kinds <= together), None)


def is_generator(function: ast.FunctionDef) -> bool:
    """Whether a call of it makes a generator."""
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in _own(function.body))


def _own(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """What stands in these, but for what stands in functions within."""
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting += ast.iter_child_nodes(node)


def parameters(arguments: ast.arguments) -> list[ast.arg]:
    """All parameters of a function."""
    every = [
        *arguments.posonlyargs,
        *arguments.args,
        arguments.vararg,
        *arguments.kwonlyargs,
        arguments.kwarg,
    ]
    return [one for one in every if one is not None]


def bound(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, Meaning]]:
    """The names that a scope's own code binds; a value that is assigned to one alone is in its meaning, unread."""
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        yield from _bound(node)
        match node:
            case ast.FunctionDef() | ast.Lambda():
                waiting += _evaluated_outside(node)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                # Its targets are its own; what `:=` binds in it is not.
                waiting += [one for one in _inside(node) if isinstance(one, ast.NamedExpr)]
            case ast.Assign(targets=targets) if all(isinstance(target, ast.Name) for target in targets):
                waiting.append(node.value)
            case _:
                waiting += ast.iter_child_nodes(node)


def _evaluated_outside(function: Function) -> list[ast.AST]:
    arguments = function.args
    return [*arguments.defaults, *(one for one in arguments.kw_defaults if one is not None)]


def _inside(comprehension: Comprehension) -> Iterator[ast.AST]:
    waiting: list[ast.AST] = [comprehension]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def _bound(node: ast.AST) -> Iterator[tuple[str, Meaning]]:
    """What one node itself binds."""
    match node:
        case ast.FunctionDef(name=name):
            yield name, Meaning("generator" if is_generator(node) else "function")
        case ast.Assign(targets=targets, value=value) if all(isinstance(one, ast.Name) for one in targets):
            for target in targets:
                assert isinstance(target, ast.Name)
                yield target.id, Meaning("plain", value=value)
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name, PLAIN
        case ast.NamedExpr(target=ast.Name()):
            pass  # the name itself says so
        case ast.ExceptHandler(name=str(name)):
            yield name, Meaning("error")
        case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            yield name, PLAIN
        case ast.Import() | ast.ImportFrom():
            yield from imported(node)


def imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, Meaning]]:
    """What an import binds; UnprovenError where it is none of the harmless modules, or none of their harmless names."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.name in harmless.ANNOTATING:
                yield alias.asname or alias.name.partition(".")[0], Meaning("annotation")
            elif alias.name not in harmless.CALLED:
                refuse(node, f"imports {alias.name}")
            else:
                whole = alias.name if alias.asname else alias.name.partition(".")[0]
                yield alias.asname or whole, Meaning("module", whole)
        return
    for alias in node.names:
        yield alias.asname or alias.name, _member(node, node.module or "", alias.name)


def _member(node: ast.ImportFrom, module: str, name: str) -> Meaning:
    if node.level == 0 and module in harmless.ANNOTATING:
        return Meaning("annotation")
    if node.level == 0 and module == "autograder" and name in _OF_THE_KIT:
        return Meaning("check")
    if (module, name) in harmless.SUBMODULES:
        return Meaning("module", harmless.SUBMODULES[module, name])
    if node.level or module not in harmless.CALLED or not is_known(module, name):
        refuse(node, f"imports {name} from {module}")
    return Meaning("member", module, name)


def is_known(module: str, name: str) -> bool:
    """Whether proven code may use this member of a module in some way."""
    return (
        name in harmless.CALLED.get(module, ())
        or name in harmless.VALUES.get(module, ())
        or name in harmless.MADE_TO_GO_THROUGH.get(module, ())
        or (module, name) in harmless.MAKERS
        or (
            module == "numpy"
            and name in harmless.NUMPY_INDEXERS | harmless.SWALLOWING | {"ndarray", "errstate"}
        )
        or (module, name) == ("numpy.linalg", "LinAlgError")
    )
