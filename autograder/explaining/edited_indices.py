"""Small changes of indices and slices, and indices where there are none."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from autograder.explaining.changed import Change, Rank
from autograder.explaining.placed import Kind
from autograder.explaining.sites import Site, is_whole


def of_subscript(site: Site, node: ast.Subscript) -> Iterator[Change]:
    """Other indices, in another order, one more or fewer, one off."""
    of, base = site.owner.of, site.owner.of(node.value)
    kind: Kind = "size" if isinstance(node.value, ast.Attribute) and node.value.attr == "shape" else "index"
    subject = site.owner.name_on(node.lineno, node.col_offset)
    load = isinstance(node.ctx, ast.Load)
    match node.slice:
        case ast.Tuple(elts=parts):
            texts = [of(part) for part in parts]
            for place in range(len(parts) - 1):
                swapped = [*texts]
                swapped[place : place + 2] = reversed(swapped[place : place + 2])
                if swapped != texts:
                    yield site.change(Rank.WORD, kind, f"{base}[{', '.join(swapped)}]", subject=subject)
            for place, part in enumerate(parts):
                less = texts[:place] + texts[place + 1 :]
                yield site.change(
                    Rank.PLACE,
                    kind,
                    f"{base}[{', '.join(less)}{',' if len(less) > 1 else ''}]",
                    subject=subject,
                )
                yield from _index(site, part, kind, subject)
        case part:
            yield from _index(site, part, kind, subject)
            if not isinstance(part, ast.Constant) or kind != "size":
                yield site.change(Rank.PLACE, kind, f"{base}[:, {of(part)}]", subject=subject)
    if load and kind == "index":
        yield site.change(Rank.PLACE, kind, base, subject=subject)


def indexed(site: Site, node: ast.Name) -> Iterator[Change]:
    """A variable of a loop as the index of another variable that has none; an axis of length 1 beside an operator."""
    parent = site.parent
    if isinstance(parent, ast.Subscript | ast.Attribute | ast.keyword) or (
        isinstance(parent, ast.Call) and parent.func is node
    ):
        return
    if isinstance(node.ctx, ast.Load) and (item := _item_at(site, node)):
        yield site.change(Rank.PLACE, "name", item, f"name {node.id} {item}", subject=node.id)
    rank = Rank.PLACE if is_whole(site) else Rank.FORM
    for name in counted(site):
        if name != node.id:
            yield site.change(rank, "index", f"{node.id}[{name}]", f"index {node.id} {name}")
            if isinstance(node.ctx, ast.Load):
                yield site.change(rank, "index", f"{node.id}[:, {name}]")
    if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Sub | ast.Div):
        yield site.change(Rank.FORM, "keepdims", f"{node.id}[..., None]", f"keepdims {node.id}")


def _item_at(site: Site, node: ast.Name) -> str:
    """The item at a place that a loop counts, of what it counts the places of; empty where no loop does."""
    around: ast.AST | None = site.node
    while (around := site.parents.get(around) if around is not None else None) is not None:
        match around:
            case ast.For(
                target=ast.Name(id=name),
                iter=ast.Call(
                    func=ast.Name(id="range"),
                    args=[*_, ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=of)])],
                ),
            ) if name == node.id:
                return f"{of}[{name}]"
    return ""


def counted(site: Site) -> list[str]:
    """What counts around an expression: the variables of its loops, the innermost first, and those that go up by steps."""
    found: dict[str, None] = {}
    node: ast.AST | None = site.node
    top: ast.AST = site.node
    while node is not None:
        loops = [node] if isinstance(node, ast.For) else getattr(node, "generators", [])
        for loop in loops:
            found |= dict.fromkeys(one.id for one in ast.walk(loop.target) if isinstance(one, ast.Name))
        if isinstance(node, ast.Lambda):
            found |= dict.fromkeys(one.arg for one in node.args.args)
        top, node = node, site.parents.get(node)
    return list(found | dict.fromkeys(_stepped(top)))


@lru_cache(maxsize=8)  # for all places of a definition
def _stepped(top: ast.AST) -> tuple[str, ...]:
    """The variables that go up by steps."""
    steps = (one.target for one in ast.walk(top) if isinstance(one, ast.AugAssign))
    return tuple(one.id for one in steps if isinstance(one, ast.Name))


def _index(site: Site, part: ast.expr, kind: Kind, subject: str) -> Iterator[Change]:
    """One index or slice, one off; numbers are changed where they stand, or are variables of a loop."""
    of = site.owner.of
    if isinstance(part, ast.Slice):
        start, end = site.owner.span(part)
        for one in _slices(
            [of(bound) if bound is not None else "" for bound in (part.lower, part.upper, part.step)]
        ):
            text = ":".join(one[:2]) + (f":{one[2]}" if one[2] else "")
            yield Change(Rank.PLACE, kind, part.lineno, subject, ((start, end, text),))
    elif isinstance(part, ast.Constant | ast.UnaryOp):
        for name in counted(site) if kind == "index" else ():
            yield site.change(Rank.WORD, kind, name, f"index {of(part)} {name}", at=part, subject=subject)
    else:
        for sign in "-+":
            yield site.change(Rank.PLACE, kind, f"({of(part)}) {sign} 1", at=part, subject=subject)


def _slices(bounds: list[str]) -> Iterator[list[str]]:
    """Other slices than the one with these bounds and this step, of which any may be empty."""
    tried = [["", bounds[1], bounds[2]], [bounds[0], "", bounds[2]], [bounds[0], bounds[1], ""]]
    for place in (0, 1):
        for sign in "+-":
            if bounds[place] and not bounds[place].lstrip("-").isdecimal():
                off = [*bounds]
                off[place] = f"({bounds[place]}) {sign} 1"
                tried.append(off)
    if not bounds[0]:
        tried.append(["1", *bounds[1:]])
    if not bounds[1]:
        tried.append([bounds[0], "-1", bounds[2]])
    if not bounds[2]:
        tried.append([*bounds[:2], "-1"])
    tried.insert(0, [bounds[1], bounds[0], bounds[2]])
    yield from (one for one in tried if one != bounds)
