"""Small changes of the lines of one definition: left out, moved into a loop or out of it, = where += is due."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from functools import partial

from autograder.explaining.changed import Change, Rank
from autograder.explaining.editable import Editable
from autograder.explaining.edited_calls import is_rounding
from autograder.explaining.edited_results import at_the_end, of_branch, of_line
from autograder.explaining.edited_sharing import copied, looped, made_once
from autograder.explaining.placed import Kind
from autograder.explaining.sites import has_two_ways

_Loop = ast.For | ast.While


def in_statements(owner: Editable) -> Iterator[Change]:
    """All small changes of the lines of a definition, in the order of the code."""
    for body in _bodies(owner.node):
        for place, statement in enumerate(body):
            yield from _left_out(owner, statement, body)
            yield from _assigned(owner, statement)
            yield from of_line(owner, statement)
            yield from _condition(owner, statement)
            yield from _branches(owner, body, place)
            yield from copied(owner, statement)
            yield from looped(owner, statement)
            yield from _gone_through(owner, statement)
            yield from _moved(owner, body, place)
        yield from of_branch(owner, body)
    yield from made_once(owner)
    yield from at_the_end(owner)


def copies(owner: Editable) -> Iterator[Change]:
    """The changes that make an array of its own where one is given another name."""
    return (
        change for body in _bodies(owner.node) for statement in body for change in copied(owner, statement)
    )


def _bodies(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for one in ast.walk(node):
        for name in ("body", "orelse", "finalbody"):
            body = getattr(one, name, None)
            if isinstance(body, list) and body and isinstance(body[0], ast.stmt):
                yield body


def _left_out(owner: Editable, statement: ast.stmt, body: list[ast.stmt]) -> Iterator[Change]:
    if isinstance(
        statement, ast.Pass | ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom | ast.Raise
    ):
        return
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return
    if (
        isinstance(statement, ast.Return)
        and body is getattr(owner.node, "body", None)
        and statement is body[-1]
    ):
        return
    start, end = owner.span(statement)
    # A block goes with all that is in it, where less may do.
    rank = Rank.FORM if hasattr(statement, "body") else Rank.WORD
    subject = owner.name_on(statement.lineno)
    rounds = isinstance(statement, ast.Assign) and is_rounding(statement.value)
    kind: Kind = "rounding" if rounds else "deletion"
    yield Change(rank, kind, statement.lineno, subject, ((start, end, "pass"),))
    if isinstance(statement, ast.Break):
        yield Change(Rank.SYMBOL, "loop", statement.lineno, "break", ((start, end, "continue"),))


def _assigned(owner: Editable, statement: ast.stmt) -> Iterator[Change]:
    """= for += and the other way round."""
    match statement:
        case ast.AugAssign(target=target, value=value):
            written = owner.of(target), owner.of(value)
            signs = ["", "+", "-", "*", "/", "@"]
        case ast.Assign(targets=[ast.Name() | ast.Subscript() | ast.Attribute() as target], value=value):
            written = owner.of(target), owner.of(value)
            # `x = x.max()` may have been `x -= x.max()`, where x has a value before.
            has_value = not isinstance(target, ast.Name) or owner.stands_before(target.id, statement.lineno)
            signs = ["+", "*", *("-/" if has_value or written[0] in written[1] else "")]
        case _:
            return
    start, end = owner.span(statement)
    subject = written[0] if isinstance(target, ast.Attribute) else owner.name_on(statement.lineno)
    for sign in signs:
        text = f"{written[0]} {sign}= {written[1]}"
        yield Change(Rank.SYMBOL, "augmented", statement.lineno, subject, ((start, end, text),))


def _condition(owner: Editable, statement: ast.stmt) -> Iterator[Change]:
    if isinstance(statement, ast.If | ast.While):
        (start, end), test = owner.span(statement.test), owner.of(statement.test)
        line, subject = statement.test.lineno, owner.name_on(statement.test.lineno, statement.test.col_offset)
        if isinstance(statement.test, ast.Attribute):  # a method that is not called
            yield Change(Rank.SYMBOL, "call", line, statement.test.attr, ((start, end, f"({test})()"),))
        kind: Kind = "turned" if has_two_ways(statement) else "condition"
        yield Change(Rank.SYMBOL, kind, line, subject, ((start, end, f"not ({test})"),))


def _branches(owner: Editable, body: list[ast.stmt], place: int) -> Iterator[Change]:
    """An `if` after an `if` as an `elif`, each further one too, the line after it as an `else`, or a later branch as the first."""
    run = list(itertools.takewhile(lambda one: isinstance(one, ast.If), body[place:]))
    last = [_chain(one) for one in run if isinstance(one, ast.If)]
    if len(run) > 1 and not any(one[-1].orelse for one in last[:-1]):
        rest = [*body[: place + 1], *body[place + len(run) :]]
        ends = [(one[-1].orelse, [other]) for one, other in zip(last, run[1:], strict=False)]
        yield _rewritten(owner, [(body, rest), *ends], Rank.FORM, "branch", run[1])
    following = body[place + 1] if place + 1 < len(body) else None
    if (
        last
        and not last[0][-1].orelse
        and following is not None
        and not isinstance(following, ast.If | ast.Return)
    ):
        rest = [*body[: place + 1], *body[place + 2 :]]
        yield _rewritten(
            owner, [(body, rest), (last[0][-1].orelse, [following])], Rank.FORM, "branch", following
        )
    for number in range(1, len(last[0]) if last else 0):
        moved = partial(_with_first, owner, last[0], number)
        line = last[0][number].lineno
        yield Change(Rank.FORM, "branch", line, owner.name_on(line), whole=moved)


def _chain(first: ast.If) -> list[ast.If]:
    """An `if` with its `elif`s."""
    found = [first]
    while len(found[-1].orelse) == 1 and isinstance(found[-1].orelse[0], ast.If):
        found.append(found[-1].orelse[0])
    return found


def _with_first(owner: Editable, chain: list[ast.If], number: int) -> str:
    """The definition with this branch before the others."""
    before = [(one.test, [*one.body]) for one in chain]
    order = [before[number], *before[:number], *before[number + 1 :]]
    try:
        for one, (test, lines) in zip(chain, order, strict=True):
            one.test, one.body[:] = test, lines
        return ast.unparse(owner.node)
    finally:
        for one, (test, lines) in zip(chain, before, strict=True):
            one.test, one.body[:] = test, lines


def _gone_through(owner: Editable, statement: ast.stmt) -> Iterator[Change]:
    """A loop through something that has to be numbered, or is no more than a number."""
    match statement:
        case ast.For(
            target=ast.Tuple(elts=[_, _]), iter=ast.Name() | ast.Attribute() | ast.Subscript() as what
        ):
            call = "enumerate"
        case ast.For(target=ast.Name(), iter=ast.Call(func=ast.Name(id="len")) as what):
            call = "range"
        case _:
            return
    start, end = owner.span(what)
    subject = owner.name_on(what.lineno, what.col_offset)
    yield Change(Rank.WORD, "call", statement.lineno, subject, ((start, end, f"{call}({owner.of(what)})"),))


def _moved(owner: Editable, body: list[ast.stmt], place: int) -> Iterator[Change]:
    """A line that moves over the next, into a loop beside it or out of the loop that it ends or begins."""
    statement = body[place]
    if place + 1 < len(body) and not isinstance(statement, _Loop | ast.FunctionDef):
        following = body[place + 1]
        if not isinstance(following, _Loop | ast.FunctionDef | ast.Return):
            order = [*body[:place], following, statement, *body[place + 2 :]]
            yield _rewritten(owner, [(body, order)], Rank.FORM, "order", statement)
        if isinstance(following, _Loop):
            inner = following.body
            order = [*body[:place], *body[place + 1 :]]
            for inside in (inner, *(one.body for one in inner if isinstance(one, _Loop))):
                yield _rewritten(
                    owner, [(body, order), (inside, [statement, *inside])], Rank.FORM, "into-loop", statement
                )
    if isinstance(statement, _Loop):
        inner = statement.body
        if place + 1 < len(body):
            following = body[place + 1]
            order = [*body[: place + 1], *body[place + 2 :]]
            if not isinstance(following, ast.Return):
                yield _rewritten(
                    owner, [(body, order), (inner, [*inner, following])], Rank.FORM, "into-loop", following
                )
        if len(inner) > 1:
            last, first = inner[-1], inner[0]
            after = [*body[: place + 1], last, *body[place + 1 :]]
            kind: Kind = "out-of-loop"
            yield _rewritten(owner, [(body, after), (inner, inner[:-1])], Rank.ORDER, kind, last)
            before = [*body[:place], first, *body[place:]]
            yield _rewritten(owner, [(body, before), (inner, inner[1:])], Rank.FORM, kind, first)


def _rewritten(
    owner: Editable,
    bodies: list[tuple[list[ast.stmt], list[ast.stmt]]],
    rank: Rank,
    kind: Kind,
    moved: ast.stmt,
) -> Change:
    """The definition with other lines in some of its blocks."""

    def text() -> str:
        return _with_blocks(owner, bodies)

    return Change(rank, kind, moved.lineno, owner.name_on(moved.lineno), whole=text)


def _with_blocks(owner: Editable, bodies: list[tuple[list[ast.stmt], list[ast.stmt]]]) -> str:
    before = [(body, [*body]) for body, _ in bodies]
    try:
        for body, lines in bodies:
            body[:] = lines
        return ast.unparse(owner.node)
    finally:
        for body, lines in before:
            body[:] = lines
