"""What an assertion compared: a test cell is compiled so that the two sides of what fails are there as values.

Nothing of a cell is computed twice or otherwise: round each side stands a call that hands it on and keeps hold of it, and
before each assertion one that forgets what was held. Only what is looked at after a failure costs more. Which side came
from the student is read from the cells (`origins.py`).
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final

from autograder.adopted import conditions
from autograder.adopted.conditions import Awaited, Pair
from autograder.adopted.origins import NONE, Flow, Origin

NAME: Final = "@seen"  # no name of a cell's can be this


class _Nothing:
    """That there is no value."""

    def __repr__(self) -> str:
        return "nothing"


NOTHING: Final = _Nothing()
# Of what a value that is written out is made.
_WRITTEN: Final = (
    ast.Constant, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.UnaryOp, ast.unaryop, ast.expr_context,
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """The two sides of a comparison that failed, as they were; nothing was asked of them."""

    got: object  # what came from the student; NOTHING where it was not reached
    expected: object  # the other side; NOTHING where there is none, as in `assert is_prime(7)`
    comparison: str  # "==", "in", "close", "isinstance", "true", "raises", … (conditions.py)
    said: str  # the side that came, as the cell has it: "squares(3)"
    names: tuple[str, ...]  # the student's names that this side was made with
    statement: str  # the statement as the cell has it


@dataclass(frozen=True)
class _Statement:
    """One assertion of a cell."""

    number: int
    source: str
    first: int  # its lines: those at which it fails
    last: int
    pairs: tuple[Pair, ...]
    slots: Mapping[int, int]  # where the values of its sides are kept, by the `id` of the node
    awaited: Awaited

    def value(self, side: ast.expr, held: Mapping[int, object]) -> object:
        """What a side was; NOTHING where it was not reached."""
        return side.value if isinstance(side, ast.Constant) else held.get(self.slots[id(side)], NOTHING)


@dataclass
class Asserts:
    """The assertions of one notebook's cells: found once, and what they compare held while the cells run."""

    students: Collection[str]  # the names that are the student's
    _statements: list[_Statement] = field(default_factory=list)
    _of_file: dict[str, list[_Statement]] = field(default_factory=dict)
    _trees: list[ast.Module] = field(default_factory=list)
    _origins: dict[int, Origin] = field(default_factory=dict)
    _held: dict[int, dict[int, object]] = field(default_factory=dict)  # by the number of a statement

    def rewritten(self, tree: ast.Module, filename: str, source: str) -> ast.Module:
        """The cell as it is to be compiled under this name of its own; the tree itself is changed.

        `source` is the text of which the tree was made. Cells come in the notebook's order; lines stay where they are.
        """
        lines = source.splitlines()
        self._trees.append(tree)
        tree.body = _Rewriting(self, filename, lines).body(tree.body)
        return ast.fix_missing_locations(tree)

    def ready(self) -> None:
        """After the last cell: reads which sides come from the student."""
        wanted = {
            id(node): node
            for one in self._statements
            for node in (*(side for pair in one.pairs for side in pair.sides), *one.awaited.nodes)
        }
        flow = Flow(self.students, wanted)
        for tree in self._trees:
            flow.read(tree)
        flow.finish()
        self._origins = flow.found
        self._trees.clear()

    def see(self, number: int, slot: int | None = None, value: Any = None) -> Any:
        """Hands a value on and keeps hold of it; without a slot, a statement begins."""
        if slot is None:
            self._held[number] = {}
        else:
            self._held.setdefault(number, {})[slot] = value
        return value

    def forget(self) -> None:
        """Lets go of all values, after a cell."""
        self._held.clear()

    def of(self, error: BaseException) -> Seen | None:
        """What the assertion compared in which this was raised; None where it was raised in none."""
        return self.at(error.__traceback__)

    def at(self, traceback: TracebackType | None) -> Seen | None:
        """What the innermost assertion of a traceback compared."""
        found = None
        while traceback is not None:
            statement = self._statement(traceback.tb_frame.f_code.co_filename, traceback.tb_lineno)
            found = statement or found
            traceback = traceback.tb_next
        return None if found is None else self._seen(found)

    # --------------------------------------------------------------------------------------------- the inside

    def add(
        self,
        filename: str,
        source: str,
        lines: tuple[int, int],
        pairs: tuple[Pair, ...],
        awaited: Awaited,
    ) -> Mapping[int, int]:
        """One more statement: the slots of its sides, by the `id` of the node; its number is that of the last one."""
        every = (side for pair in pairs for side in pair.sides if not isinstance(side, ast.Constant))
        sides = dict.fromkeys(map(id, every))
        slots = {node: slot for slot, node in enumerate(sides)}
        one = _Statement(len(self._statements), source, *lines, pairs, slots, awaited)
        self._statements.append(one)
        self._of_file.setdefault(filename, []).append(one)
        return slots

    @property
    def last(self) -> int:
        """The number of the statement that was added last."""
        return len(self._statements) - 1

    def _statement(self, filename: str, line: int) -> _Statement | None:
        """The assertion at a line: of several that have begun one that compares something, and the smallest."""
        there = [
            one
            for one in self._of_file.get(filename, ())
            if one.first <= line <= one.last and one.number in self._held
        ]
        return min(there, key=_nearness, default=None)

    def _seen(self, statement: _Statement) -> Seen:
        held = self._held[statement.number]
        names = _all(self._origins.get(id(node), NONE) for node in statement.awaited.nodes)
        said = statement.awaited.said
        if not statement.pairs:
            return Seen(NOTHING, NOTHING, "", said, names, statement.source)
        compared = [(pair, [statement.value(side, held) for side in pair.sides]) for pair in statement.pairs]
        reached = [one for one in compared if NOTHING not in map(_or_nothing, one[1])]
        pair, values = reached[-1] if reached else compared[0]
        if pair.comparison == "raises":
            return Seen(NOTHING, pair.text, "raises", said, names, statement.source)
        return self._compared(statement, pair, values)

    def _compared(self, statement: _Statement, pair: Pair, values: list[object]) -> Seen:
        """The two sides, the student's first."""
        origins = [self._origins.get(id(side), NONE) for side in pair.sides]
        turned = len(values) == 2 and not pair.one_way and origins[1].rank > origins[0].rank
        turned = turned or (len(values) == 2 and not pair.one_way and _is_literal(pair.sides, origins))
        sides = pair.sides[::-1] if turned else pair.sides
        got, expected = (*(values[::-1] if turned else values), NOTHING)[:2]
        comparison = conditions.TURNED.get(pair.comparison, pair.comparison) if turned else pair.comparison
        if comparison in ("==", "!=") and conditions.is_approximate(expected):
            comparison = "close" if comparison == "==" else "not close"
        said = ast.unparse(conditions.bare(sides[0], NAME))
        names = origins[1 if turned else 0].names
        return Seen(got, conditions.as_data(expected), comparison, said, names, statement.source)


def _nearness(one: _Statement) -> tuple[bool, int, int]:
    """By how little says more than what this assertion compared."""
    return not one.pairs, one.last - one.first, -one.number


def _or_nothing(value: object) -> object:
    """NOTHING or anything else, without a question to the value."""
    return NOTHING if value is NOTHING else None


def _is_literal(sides: Sequence[ast.expr], origins: Sequence[Origin]) -> bool:
    """Whether the first of two sides is a value that is written out, and nothing says which one came."""
    return (
        origins[0].rank == origins[1].rank
        and all(isinstance(one, _WRITTEN) for one in ast.walk(sides[0]))
        and not isinstance(sides[1], ast.Constant)
    )


def _all(origins: Iterable[Origin]) -> tuple[str, ...]:
    found = NONE
    for one in origins:
        found |= one
    return found.names


class _Rewriting(ast.NodeTransformer):
    """Puts the calls into one cell that keep hold of what its assertions compare."""

    def __init__(self, asserts: Asserts, filename: str, lines: list[str]) -> None:
        self._asserts, self._filename, self._lines = asserts, filename, lines

    def body(self, body: list[ast.stmt], waits: ast.Try | None = None) -> list[ast.stmt]:
        """The statements of a body, each assertion after a call that begins it; `waits`: the `try` that it is of."""
        made: list[ast.stmt] = []
        for statement in body:
            earlier = conditions.kept(statement, made)
            begins = self._assertion(statement, waits, earlier)
            # What is raised after a comparison has failed, that one tells.
            passes = begins is None and isinstance(statement, ast.If | ast.With | ast.For)
            inner = waits if passes else None
            self._bodies(statement, inner)
            if begins is not None:
                call = ast.copy_location(ast.Expr(_call(begins)), earlier or statement)
                made.insert(len(made) if earlier is None else made.index(earlier), call)
            made.append(statement)
        return made

    def _bodies(self, statement: ast.stmt, waits: ast.Try | None) -> None:
        """The bodies inside a statement."""
        within = statement if isinstance(statement, ast.Try) else waits
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(statement, name, None)
            if inner:
                setattr(statement, name, self.body(inner, None if name == "finalbody" else within))
        for one in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
            one.body = self.body(one.body)

    def _assertion(
        self, statement: ast.stmt, waits: ast.Try | None, earlier: ast.Assign | None
    ) -> int | None:
        """The number of the assertion that a statement is, with its sides kept; None where it is none.

        `earlier` is the statement that compared, where this one only looks at what came of it.
        """
        lines = (statement.lineno, statement.end_lineno or statement.lineno)
        pairs: tuple[Pair, ...] | None = None
        awaited = Awaited()
        match statement:
            case ast.Assert(test=ast.Constant()) | ast.Raise() if waits is not None:
                pairs, awaited = conditions.waited(waits), conditions.awaited(waits.body)
            case ast.Assert(test=test):
                pairs = conditions.pairs(test if earlier is None else earlier.value)
            case ast.Expr(value=ast.Call() as call):
                pairs, awaited = conditions.called(call)
            case ast.With(items=[ast.withitem(context_expr=ast.Call() as call), *_], body=body):
                pairs, awaited = conditions.called(call)
                awaited = awaited if awaited.nodes else conditions.awaited(body)
                lines = (statement.lineno, max(statement.lineno, body[0].lineno - 1))
            case ast.If(test=test, body=body, orelse=orelse):
                for branch, negated in ((body, True), (orelse, False)):
                    fails = next(filter(conditions.fails, branch), None)
                    if fails is not None and pairs is None:
                        pairs = conditions.pairs(test, negated=negated)
                        lines = (fails.lineno, fails.end_lineno or fails.lineno)
        if pairs is None:
            return None
        slots = self._asserts.add(self._filename, self._text(statement), lines, pairs, awaited)
        _Holding(self._asserts.last, slots).visit(statement if earlier is None else earlier)
        return self._asserts.last

    def _text(self, statement: ast.stmt) -> str:
        """The lines of a statement, without the bodies of one that has any."""
        last = statement.end_lineno or statement.lineno
        inner = getattr(statement, "body", None)
        if isinstance(inner, list):
            last = max(statement.lineno, inner[0].lineno - 1)
        taken = self._lines[statement.lineno - 1 : last]
        margin = min((len(one) - len(one.lstrip()) for one in taken if one.strip()), default=0)
        return "\n".join(one[margin:].rstrip() for one in taken)


class _Holding(ast.NodeTransformer):
    """Puts a call round each side of one assertion."""

    def __init__(self, number: int, slots: Mapping[int, int]) -> None:
        self._number, self._slots = number, slots

    def visit(self, node: ast.AST) -> ast.AST:
        slot = self._slots.get(id(node))
        if slot is None:
            return self.generic_visit(node)
        assert isinstance(node, ast.expr)
        return ast.copy_location(_call(self._number, slot, node), node)


def _call(number: int, slot: int | None = None, value: ast.expr | None = None) -> ast.Call:
    args: list[ast.expr] = [ast.Constant(number)]
    if value is not None:
        args += [ast.Constant(slot), value]
    return ast.Call(ast.Name(NAME, ast.Load()), args, [])
