"""Small changes of the expressions of one definition, in the order of the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.explaining.changed import Change, Rank
from autograder.explaining.editable import Editable
from autograder.explaining.edited_attributes import Attributes
from autograder.explaining.edited_calls import of_call
from autograder.explaining.edited_formulas import Terms, added, of_comparison, of_operator, of_sides
from autograder.explaining.edited_indices import indexed, of_subscript
from autograder.explaining.edited_results import in_place
from autograder.explaining.edited_texts import exchanged, of_formatted, of_text
from autograder.explaining.edited_units import of_angle, of_number_of_values, of_share
from autograder.explaining.edited_values import is_einsum, of_constant, of_letters, of_name, of_negative
from autograder.explaining.placed import Kind
from autograder.explaining.sites import Names, Site, has_two_ways, swapped


def in_expressions(owner: Editable) -> Iterator[Change]:
    """All small changes of the expressions of a definition."""
    parents = {child: node for node in ast.walk(owner.node) for child in ast.iter_child_nodes(node)}
    names = Names(owner.node)
    terms, attributes = Terms(owner, names), Attributes(owner.node)
    nodes = list(_expressions(owner.node))
    texts = [one for one in nodes if isinstance(one, ast.Constant) and not is_einsum(parents[one], one)]
    yield from exchanged(owner, texts)
    for node in nodes:
        site = Site(owner, node, parents)
        if isinstance(node, ast.JoinedStr):
            yield from of_formatted(site, node, names)
            continue
        yield from _of_text(site, node, names)
        yield from _of_attribute(site, node, attributes)
        yield from _of_leaf(site, node, names)
        yield from _of_formula(site, node)
        yield from of_share(site, node, names)
        yield from of_number_of_values(site, node, names)
        yield from added(site, node, terms)


def _of_text(site: Site, node: ast.expr, names: Names) -> Iterator[Change]:
    """Changes of a text that is written out, and of what is put into it."""
    match node:
        case ast.Constant(value=str(letters)) if is_einsum(site.parent, node):
            yield from of_letters(site, letters)
        case ast.Constant(value=str(text)):
            yield from of_text(site, text, names)
        case ast.Tuple(elts=parts) if _is_put_into_text(site):
            yield from swapped(site, parts, "text", Rank.WORD)


def _of_attribute(site: Site, node: ast.expr, attributes: Attributes) -> Iterator[Change]:
    """What an object keeps, where a variable stands, and the other way round."""
    if isinstance(node, ast.Name):
        yield from attributes.of_name(site, node)
    elif isinstance(node, ast.Attribute):
        yield from attributes.of_attribute(site, node)


def _of_leaf(site: Site, node: ast.expr, names: Names) -> Iterator[Change]:
    """Changes of a name, a number, an index or a call."""
    match node:
        case ast.Name():
            if isinstance(node.ctx, ast.Load):
                yield from of_name(site, node, names)
            if node.id in names:
                yield from indexed(site, node)
        case ast.Constant():
            yield from of_constant(site, node, names)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant()):
            yield from of_negative(site, node)
        case ast.Subscript():
            yield from of_subscript(site, node)
        case ast.Attribute(attr="T", value=value):
            yield site.change(Rank.SYMBOL, "transpose", f"({site.owner.of(value)})", "same")
            yield site.change(Rank.PLACE, "transpose", f"({site.owner.of(value)}).swapaxes(-1, -2)")
        case ast.Call():
            yield from in_place(site, node)
            yield from of_call(site, node)
            yield from of_angle(site, node)
        case ast.GeneratorExp():
            # With its parentheses, which may be those of a call.
            yield site.change(Rank.WORD, "call", f"(list{site.owner.of(node)})")
        case ast.Tuple(ctx=ast.Load()) if isinstance(site.parent, ast.Return):
            yield from swapped(site, node.elts, "return", Rank.WORD)


def _of_formula(site: Site, node: ast.expr) -> Iterator[Change]:
    """Changes of an operator, a sign, a comparison or a condition."""
    of = site.owner.of
    match node:
        case ast.BinOp():
            yield from of_operator(site, node)
        case ast.UnaryOp(op=ast.USub(), operand=operand) if not isinstance(operand, ast.Constant):
            yield site.change(Rank.WORD, "sign", f"({of(operand)})")
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            if isinstance(operand, ast.Attribute):  # a method that is not called
                yield site.change(Rank.SYMBOL, "call", f"(not ({of(operand)})())")
            kind: Kind = "turned" if has_two_ways(site.parent) else "condition"
            yield site.change(Rank.WORD, kind, f"({of(operand)})")
        case ast.Compare():
            yield from of_comparison(site, node)
        case ast.BoolOp():
            yield from of_sides(site, node)
        case ast.IfExp(test=test, body=body, orelse=other):
            swapped_text = f"({of(other)} if {of(test)} else {of(body)})"
            yield site.change(Rank.SYMBOL, "turned", swapped_text)
            yield site.change(Rank.PLACE, "term", f"({of(body)})")
            yield site.change(Rank.PLACE, "term", f"({of(other)})")


def _is_put_into_text(site: Site) -> bool:
    """Whether it is what `%` puts into a text."""
    match site.parent:
        case ast.BinOp(left=ast.Constant(value=str()), op=ast.Mod(), right=right):
            return right is site.node
    return False


def _expressions(root: ast.AST) -> Iterator[ast.expr]:
    """The expressions whose values count, in order: no annotations, decorators or defaults, and nothing within a formatted text."""
    waiting: list[ast.AST] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.expr):
            yield node
        if isinstance(node, ast.JoinedStr):
            continue  # its parts
        children = list(ast.iter_child_nodes(node))
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            children = list(node.body)
        elif isinstance(node, ast.AnnAssign):
            children = [one for one in (node.target, node.value) if one is not None]
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            children = []  # a docstring
        elif isinstance(node, ast.Lambda):
            children = [node.body]
        elif isinstance(node, ast.Raise):
            children = []
        waiting += reversed(children)
