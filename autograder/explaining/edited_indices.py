"""Small changes of indices and slices."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.explaining.changed import Change
from autograder.explaining.placed import Kind
from autograder.explaining.sites import Site, first_name


def of_subscript(site: Site, node: ast.Subscript) -> Iterator[Change]:
    """Other indices, in another order, one more or fewer, one off."""
    of, base = site.owner.of, site.owner.of(node.value)
    kind: Kind = "size" if isinstance(node.value, ast.Attribute) and node.value.attr == "shape" else "index"
    subject = first_name(node.value, node.lineno) or ""
    load = isinstance(node.ctx, ast.Load)
    match node.slice:
        case ast.Tuple(elts=parts):
            texts = [of(part) for part in parts]
            for place in range(len(parts) - 1):
                swapped = [*texts]
                swapped[place : place + 2] = reversed(swapped[place : place + 2])
                if swapped != texts:
                    yield site.change(0, kind, f"{base}[{', '.join(swapped)}]", subject=subject)
            for place, part in enumerate(parts):
                less = texts[:place] + texts[place + 1 :]
                yield site.change(
                    0, kind, f"{base}[{', '.join(less)}{',' if len(less) > 1 else ''}]", subject=subject
                )
                yield from _index(site, part, kind, subject)
        case part:
            yield from _index(site, part, kind, subject)
            if not isinstance(part, ast.Constant) or kind != "size":
                yield site.change(0, kind, f"{base}[:, {of(part)}]", subject=subject)
    if load and kind == "index":
        yield site.change(1, kind, base, subject=subject)


def _index(site: Site, part: ast.expr, kind: Kind, subject: str) -> Iterator[Change]:
    """One index or slice, one off; numbers are changed where they stand."""
    of = site.owner.of
    if isinstance(part, ast.Slice):
        bounds = [of(bound) if bound is not None else "" for bound in (part.lower, part.upper, part.step)]
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
        start, end = site.owner.span(part)
        for one in tried:
            if one != bounds:
                text = ":".join(one[:2]) + (f":{one[2]}" if one[2] else "")
                yield Change(0, kind, part.lineno, subject, ((start, end, text),))
    elif not isinstance(part, ast.Constant | ast.UnaryOp):
        for sign in "-+":
            yield site.change(0, kind, f"({of(part)}) {sign} 1", at=part, subject=subject)
