"""A function rewritten so that all that it does goes through a meter; every line keeps its number. See `meter.py`."""

from __future__ import annotations

import ast
from typing import Any, Final

from autograder.selfcheck.meter import OPERATORS

METER: Final = "__autograder_meter"  # a name that no proven code can use
_INDEXED: Final = (ast.Constant, ast.Slice, ast.UnaryOp)


def metered(tree: ast.Module) -> ast.Module:
    """The same program, whose namespace is to hold a Meter under the name METER. `tree` itself is changed."""
    changed = _Metered().visit(tree)
    assert isinstance(changed, ast.Module)
    return changed


def _at(node: ast.AST) -> dict[str, Any]:
    """Where a node stands, for one that is made in its place."""
    return {"lineno": getattr(node, "lineno", 1), "col_offset": getattr(node, "col_offset", 0)}


def _ask(method: str, node: ast.AST, *args: ast.expr, words: list[ast.keyword] | None = None) -> ast.Call:
    """A call of a method of the meter."""
    at = _at(node)
    meter = ast.Attribute(ast.Name(METER, ast.Load(), **at), method, ast.Load(), **at)
    return ast.Call(meter, list(args), words or [], **at)


class _Metered(ast.NodeTransformer):
    """Each method takes what it is of, and gives it back with a question to the meter before or around it."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        self.generic_visit(node)
        node.body.insert(0, ast.Expr(_ask("step", node), **_at(node)))
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        self.generic_visit(node)
        node.body = ast.BoolOp(ast.Or(), [_ask("step", node), node.body], **_at(node))
        return node

    def visit_For(self, node: ast.For | ast.comprehension) -> ast.AST:
        self.generic_visit(node)
        node.iter = _ask("rounds", node.iter, node.iter)
        return node

    visit_comprehension = visit_For

    def visit_YieldFrom(self, node: ast.YieldFrom) -> ast.AST:
        self.generic_visit(node)
        node.value = _ask("rounds", node.value, node.value)
        return node

    def visit_While(self, node: ast.While) -> ast.AST:
        self.generic_visit(node)
        node.body.insert(0, ast.Expr(_ask("step", node), **_at(node)))
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        return _ask("operation", node, _named(node.op, _at(node)), node.left, node.right)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        if len(node.ops) > 1 or type(node.ops[0]).__name__ not in OPERATORS:
            return node
        return _ask("operation", node, _named(node.ops[0], _at(node)), node.left, node.comparators[0])

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        self.generic_visit(node)
        before, at = list[ast.stmt](), _at(node)
        if isinstance(node.target, ast.Name):
            left: ast.expr = ast.Name(node.target.id, ast.Load(), **at)
        else:
            assert isinstance(node.target, ast.Subscript)
            # What is looked up is worked out once, and kept under names that no proven code can use.
            for part, name in (("value", f"{METER}_of"), ("slice", f"{METER}_at")):
                kept = ast.Name(name, ast.Store(), **at)
                before.append(ast.Assign([kept], _index(getattr(node.target, part)), **at))
                setattr(node.target, part, ast.Name(name, ast.Load(), **at))
            left = ast.Subscript(node.target.value, node.target.slice, ast.Load(), **at)
        node.value = _ask("side", node.value, _named(node.op, at), left, node.value)
        return [*before, node]

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        plain = all(isinstance(part, _INDEXED) for part in parts) and not isinstance(
            node.value, ast.Attribute
        )
        if plain or not isinstance(node.ctx, ast.Load):
            return node
        return _ask("item", node, node.value, _index(node.slice))

    def visit_Starred(self, node: ast.Starred) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.ctx, ast.Load):
            node.value = _ask("all_of", node, node.value)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        if any(isinstance(target, ast.Tuple | ast.List) for target in node.targets):
            node.value = _ask("all_of", node, node.value)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        return _ask("call", node, node.func, *node.args, words=node.keywords)

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.AST:
        self.generic_visit(node)
        if node.format_spec is None:
            return node
        conversion = ast.Constant(node.conversion, **_at(node))
        shown = _ask("shown", node, node.value, node.format_spec, conversion)
        return ast.FormattedValue(shown, -1, None, **_at(node))

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        if isinstance(node.exc, ast.Call):  # the class itself is no value
            node.exc.args = [self.visit(argument) for argument in node.exc.args]
        return node

    def visit_arguments(self, node: ast.arguments) -> ast.AST:
        for parameter in (*node.posonlyargs, *node.args, *node.kwonlyargs, node.vararg, node.kwarg):
            if parameter is not None:
                parameter.annotation = None  # which may be of a module that is not there
        node.defaults = [self.visit(default) for default in node.defaults]
        node.kw_defaults = [None if one is None else self.visit(one) for one in node.kw_defaults]
        return node

    def visit_With(self, node: ast.With) -> ast.AST:
        node.body = [changed for one in node.body for changed in _listed(self.visit(one))]
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        node.body = [changed for one in node.body for changed in _listed(self.visit(one))]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        if node.value is None:
            return ast.Pass(**_at(node))
        return self.visit(ast.Assign([node.target], node.value, **_at(node)))

    def visit_match_case(self, node: ast.match_case) -> ast.AST:
        node.guard = self.visit(node.guard) if node.guard is not None else None
        node.body = [changed for one in node.body for changed in _listed(self.visit(one))]
        return node


def _listed(made: Any) -> list[ast.stmt]:
    return made if isinstance(made, list) else [made]


def _named(operator: ast.AST, at: dict[str, Any]) -> ast.Constant:
    return ast.Constant(type(operator).__name__, **at)


def _index(node: ast.expr) -> ast.expr:
    """An index as a value, in which slices are calls of `slice`."""
    at = _at(node)
    match node:
        case ast.Slice():
            return _ask(
                "slice",
                node,
                *(part or ast.Constant(None, **at) for part in (node.lower, node.upper, node.step)),
            )
        case ast.Tuple(elts=parts):
            return ast.Tuple([_index(part) for part in parts], ast.Load(), **at)
    return node
