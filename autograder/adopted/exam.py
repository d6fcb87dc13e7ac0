"""The exam process: the instructor's cells of one notebook, run for one submission, the student's names standing for a child.

It is trusted, and holds what test cells expect. It has no secret, no gradebook and no other submission, and student code is
never in it: what it knows of that comes through the process that grades (`sitting.py`), as data.
"""

from __future__ import annotations

import ast
import asyncio
import builtins
import contextlib
import inspect
import io
import linecache
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from autograder.adopted import failing, guards, hidden, marking, outline, standins
from autograder.adopted.asserting import NAME, Asserts
from autograder.adopted.link import CellNow, Link
from autograder.adopted.namespace import Namespace
from autograder.adopted.outline import Imported
from autograder.adopted.slips import HeldCell, Receive, RunStep, Send, StepDone
from autograder.adopted.standing import Held, ask, call_it, held, named
from autograder.adopted.surroundings import Surroundings
from autograder.adopted.written import Written
from autograder.child import cells, nodes, spoken
from autograder.child.shell import Shell

_AUTHORS: Final = ("locked", "test")
_MAX_PRINTED: Final = 64 * 1024
_TYPE: Final = "@type"  # no name of a cell's can be this


@dataclass(frozen=True)
class Ready:
    """One cell of the instructor's, as far as it can be made ready before anyone is graded."""

    cell: HeldCell
    filename: str
    lines: Sequence[str]  # as Python
    hidden: frozenset[int]
    body: types.CodeType | None  # None: it cannot be compiled
    last: types.CodeType | None  # its last expression, where it has a value
    refused: SyntaxError | None
    early: frozenset[str]  # names that its classes read while they are made
    theirs: frozenset[str]  # of a cell of the student's: names that are theirs from there on
    imports: Mapping[str, types.CodeType]  # its imports, of which one is of the instructor's names
    awaited: frozenset[
        str
    ]  # those of them that students are to write: nobody's before they have bound the name


class Paper:
    """A notebook made ready."""

    def __init__(self, held: Sequence[HeldCell]) -> None:
        students = {name for cell in held if cell.kind not in _AUTHORS for name in _given(cell, "")[0]}
        self.texts: set[str] = set()  # that stand in the author's cells
        self.evaluators = guards.evaluators(self.texts, students)
        self.asserts = Asserts(students)
        own = [outline.read_inside(cell.source) for cell in held if cell.kind not in _AUTHORS]
        self.settings = frozenset(
            students.intersection(*[set().union(*own)])
        )  # variables that their functions read
        self.known = _known(held) - students
        tainted = hidden.Tainted()
        self.cells = {cell.index: self._ready(cell, tainted) for cell in held}
        self.asserts.ready()

    def _ready(self, cell: HeldCell, tainted: hidden.Tainted) -> Ready:
        filename = f"<{cell.kind} cell {cell.index}>"
        if cell.kind not in _AUTHORS:
            return Ready(
                cell, filename, (), frozenset(), None, None, None, frozenset(), *_given(cell, filename)
            )
        body = last = refused = None
        early: frozenset[str] = frozenset()
        python = cell.source
        secret = frozenset(cell.hidden)
        try:
            python = cells.python(cell.source)
            tree = ast.parse(python, filename)
            secret = tainted.lines(tree, secret)
            early = outline.read_in_classes(tree)
            self.texts |= guards.constants(tree)
            # First what is compared is read, of which `type(…)` is a part.
            tree = _Types().visit(self.asserts.rewritten(tree, filename, python))
            body, last = _compiled(ast.fix_missing_locations(tree), filename, python)
        except SyntaxError as error:
            refused = error
        except Exception as error:  # IPython's parser has ways of its own to fail
            refused = SyntaxError(str(error))
        lines = python.splitlines()
        imports = {one.name: _import(one, filename) for one in outline.of(cell.source).imports}
        return Ready(
            cell, filename, lines, secret, body, last, refused, early, frozenset(), imports, frozenset()
        )

    def load(self) -> None:
        """Imports what the instructor's text imports; what fails to is for the cell to say."""
        variables: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
        for cell in self.cells.values():
            for code in cell.imports.values():
                with contextlib.suppress(Exception):
                    exec(code, variables)


class Exam:
    """One sitting of the paper."""

    def __init__(
        self, paper: Paper, send: Send, receive: Receive, permitted: frozenset[str] | None, most: int
    ) -> None:
        """`permitted` and `most`: see `link.Link`."""
        self._paper = paper
        self._names = Namespace({**vars(builtins), **_BUILTINS, **paper.evaluators}, self._fetch)
        self._link = Link(send, receive, self._names, standins.stand_in, permitted, most)
        self._surroundings = Surroundings(self._link, self._names, paper.settings, paper.known)
        self._link.bring_up = self._surroundings.bring_up
        self._link.known_as = self._surroundings.known_as
        self._fetched: dict[str, tuple[int, Any, Any]] = {}
        self._generation = 0
        self._handed: set[int] = set()
        self._awaited: dict[str, types.CodeType] = {}
        self._names[NAME] = paper.asserts.see
        self._names[_TYPE] = standins.type_of
        self._names["get_ipython"] = lambda: Shell(self._execute)
        self._names["display"] = lambda *_, **__: None
        # Pickling and dataclasses look a class's module up by its name.
        sys.modules["__main__"] = _Main(self._names)
        self._serve_libraries()
        self._pickles = guards.Pickles()
        written = Written(self._link)
        written.watch()
        self._link.bring = written.bring

    def run(self, step: RunStep) -> StepDone:
        """Runs one cell of the instructor's, after what of the student's comes before it in the notebook."""
        ready = self._paper.cells[step.cell]
        self._names.shared = True  # what is imported for the student's cells has been imported there
        self._note_bound(step.bound)
        self._hand_over(step.cell)
        self._fetched.clear()  # cells of the student's may have run
        cell = self._link.cell = CellNow(step.cell, ready.filename, ready.lines, ready.hidden)
        self._link.raised.clear()
        self._names.shared, self._names.imports = ready.cell.kind == "locked", frozenset(ready.imports)
        printed, complained = _Stream(), _Stream()
        score, failed = 0.0, None
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(complained):
            try:
                with self._names.lent(ready.early):
                    value = self._value(ready)
                score = marking.score(value, step.max_score, complained=complained.length > 0)
                if self._pickles.mend():
                    raise guards.RefusedError("a pickle has changed a class")
            except BaseException as error:
                failed = failing.of(error, self._link, self._paper.asserts)
                self._pickles.mend()
        if cell.gone is not None and failed is None:
            score, failed = 0.0, failing.gone(cell.gone)
        elif failed is None and complained.length:
            failed = failing.complained(complained.getvalue(), hidden=bool(ready.hidden))
        self._paper.asserts.forget()
        with contextlib.suppress(BaseException):
            self._surroundings.bring_up()  # the student's next cell finds it
        if ready.cell.kind == "locked":
            self._surroundings.settle()
        return StepDone(score, failed, printed.getvalue(), cell.handles, cell.asked, sorted(cell.places))

    def called_back(self, call: spoken.CallBack) -> spoken.Reply:
        """What a function of a test's gives that a cell of the student's calls."""
        return self._link.called_back(call)

    def _value(self, ready: Ready) -> Any:
        """What the cell's last line gives; whatever it raises."""
        if ready.refused is not None:
            raise ready.refused
        if ready.body is not None:
            self._execute(ready.body)
        return self._evaluated(ready.last) if ready.last is not None else None

    def _evaluated(self, code: types.CodeType) -> Any:
        if code.co_flags & inspect.CO_COROUTINE:
            return asyncio.run(types.FunctionType(code, self._names)())
        return eval(code, self._names)

    def _execute(self, code: types.CodeType | str) -> None:
        if isinstance(code, str):  # of a magic that runs Python
            code = cells.code_of(cells.python(code), self._link.cell.filename)
        self._evaluated(code)

    def _hand_over(self, before: int) -> None:
        """The cells before this one that are the student's: what they bind is theirs, and what they import the instructor's."""
        for number, ready in self._paper.cells.items():
            if number >= before or number in self._handed or ready.cell.kind in _AUTHORS:
                continue
            self._handed.add(number)
            self._names.hand_over(ready.theirs)
            for name, code in ready.imports.items():
                if name in ready.awaited and name not in self._names.bound:
                    self._awaited[name] = code
                else:
                    self._import(code)

    def _note_bound(self, names: Sequence[str]) -> None:
        """Cells have bound these names in the student's notebook: what students were to import is there."""
        self._names.note_bound(names)
        for name in names:
            if (code := self._awaited.pop(name, None)) is not None:
                self._import(code)

    def _import(self, code: types.CodeType) -> None:
        with contextlib.suppress(Exception):
            exec(code, self._names)

    def _fetch(self, name: str) -> Any:
        """A variable of the student's: what it holds now."""
        epoch, data, value = self._fetched.get(name, (-1, None, None))
        known = data is not None and self._generation == self._link.generation
        # A function rebinds itself so seldom that it is not asked for each time.
        lasts = isinstance(value, Held) and held(value).kind in ("function", "class")
        if known and (lasts or epoch == self._link.epoch):
            return value
        try:
            found, answer = self._link.answered("fetch", name=name)
        except NameError:
            self._link.raised.pop()
            raise KeyError(name) from None
        self._generation = self._link.generation
        # What a test has done to a value stays done, as long as student code leaves the value alone.
        found = value if known and nodes.alike(data, answer.value) else call_it(found, name)
        self._fetched[name] = (self._link.epoch, answer.value, found)
        return found

    def _serve_libraries(self) -> None:
        """Has functions of libraries that look into an object ask the child instead, where it stays there."""
        inspect.getsource = _served(inspect.getsource, _source)
        inspect.getsourcelines = _served(
            inspect.getsourcelines, lambda one: (_source(one).splitlines(keepends=True), 1)
        )
        inspect.signature = _served(inspect.signature, _signature)
        if (pyplot := sys.modules.get("matplotlib.pyplot")) is not None:
            for name in ("gca", "gcf"):
                setattr(pyplot, name, self._drawn(pyplot, name))

    def _drawn(self, pyplot: Any, name: str) -> Callable[..., Any]:
        """`plt.gca` and `plt.gcf` of a test that has drawn nothing: what the student's cells have drawn on."""
        real = getattr(pyplot, name)

        def current(*args: Any, **keywords: Any) -> Any:
            if pyplot.get_fignums() or args or keywords:
                return real(*args, **keywords)
            return self._link.library("matplotlib.pyplot", name)()

        return current


class _Main(types.ModuleType):
    """The module that the cells are of."""

    def __init__(self, names: Namespace) -> None:
        super().__init__("__main__")
        object.__setattr__(self, "_names", names)

    def __getattr__(self, name: str) -> Any:
        try:
            return object.__getattribute__(self, "_names")[name]
        except KeyError:
            raise AttributeError(f"module '__main__' has no attribute {name!r}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        object.__getattribute__(self, "_names")[name] = value


class _Stream(io.StringIO):
    """What is printed, cut to the limit."""

    length = 0

    def write(self, text: str) -> int:
        kept = text[: max(0, _MAX_PRINTED - self.length)]
        self.length += len(text)
        super().write(kept)
        return len(text)


class _Types(ast.NodeTransformer):
    """`type(x)` asks what stands for an object for its class; `type` itself stays a class."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """One call."""
        self.generic_visit(node)
        if (
            isinstance(node.func, ast.Name)
            and node.func.id == "type"
            and len(node.args) == 1
            and not node.keywords
        ):
            node.func.id = _TYPE
        return node


def _given(
    cell: HeldCell, filename: str
) -> tuple[frozenset[str], Mapping[str, types.CodeType], frozenset[str]]:
    """Of a cell of the student's: the names that are theirs, the imports that are the instructor's, those they are to write.

    What students are to import from a module beside the notebook is theirs: it may keep what their code does to it.
    """
    found = outline.of(cell.source)
    seen = {one.name for one in outline.of(cell.shown).imports}
    theirs = {one.name for one in found.imports if one.name not in seen and _is_beside(one.module)}
    imports = {one.name: _import(one, filename) for one in found.imports if one.name not in theirs}
    return found.binds | theirs, imports, frozenset(imports.keys() - seen)


def _known(held: Sequence[HeldCell]) -> frozenset[str]:
    """Variables of test cells that a solution may well read: students see them, or the instructor's own functions read them."""
    tests = [cell for cell in held if cell.kind == "test"]
    seen = {name for cell in tests for name in outline.of(cell.shown).binds}
    read = {name for cell in held if cell.kind not in _AUTHORS for name in outline.read_inside(cell.source)}
    return frozenset(seen | (read & {name for cell in tests for name in outline.of(cell.source).binds}))


def _is_beside(module: str) -> bool:
    name = module.partition(".")[0]
    return bool(name) and (Path(f"{name}.py").exists() or Path(name).is_dir())


def _import(one: Imported, filename: str) -> types.CodeType:
    return compile(one.source, filename, "exec", dont_inherit=True)


def _compiled(tree: ast.Module, filename: str, python: str) -> tuple[types.CodeType, types.CodeType | None]:
    """A cell's code, and that of its last expression, whose value a notebook shows unless a semicolon ends it."""
    last = None
    linecache.cache[filename] = (len(python), None, python.splitlines(keepends=True), filename)
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not python.rstrip().endswith(";"):
        expression = ast.Expression(tree.body.pop().value)  # type: ignore[attr-defined]
        last = compile(expression, filename, "eval", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    return cells.code_of(tree, filename), last


def _served(real: Callable[..., Any], ask: Callable[[Any], Any]) -> Callable[..., Any]:
    def serving(value: Any, *args: Any, **keywords: Any) -> Any:
        return ask(value) if isinstance(value, Held) else real(value, *args, **keywords)

    return serving


def _source(value: Any) -> str:
    """The text of a function or a class, out of the cells that the student handed in."""
    name = ask(value, "attribute", "__qualname__")
    if type(name) is str and name.endswith("<lambda>"):
        name = named(value)
    return str(held(value).link.ask("source", name=name if type(name) is str else ""))


def _signature(value: Any) -> inspect.Signature:
    """A function's signature, of names and defaults that are data."""
    return inspect.Signature(
        [
            inspect.Parameter(
                str(name),
                inspect._ParameterKind[kind],
                default=default if has else inspect.Parameter.empty,
            )
            for name, kind, has, default in ask(value, "parameters")
        ]
    )


_BUILTINS: Final[Mapping[str, Any]] = {
    "isinstance": standins.is_instance,
    "issubclass": standins.is_subclass,
}
