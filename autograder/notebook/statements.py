"""Whether a statement of a function or a cell does nothing but to its own variables; for `pure`, which says why.

As in `expressions`, each function returns nothing where it is proven and raises UnprovenError where it is not.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from autograder.notebook import harmless
from autograder.notebook.expressions import (
    call,
    function,
    iterable,
    shown,
    target,
    value,
    within,
)
from autograder.notebook.meanings import is_annotating, kind, resolved
from autograder.notebook.scopes import Scope, imported, parameters, refuse


def statement(node: ast.stmt, scope: Scope) -> None:
    """Proves a statement and all within it."""
    match node:
        case ast.Expr(value=made):
            _for_itself(made, scope)
        case ast.Return(value=made):
            _each([made], scope)
        case ast.Assign() | ast.AugAssign() | ast.AnnAssign():
            _assignment(node, scope)
        case ast.If(test=test) | ast.While(test=test):
            value(test, scope)
            _block([*node.body, *node.orelse], scope)
        case ast.For(iter=through):
            iterable(through, scope)
            target(node.target, scope)
            _block([*node.body, *node.orelse], scope)
        case ast.Assert(test=test, msg=message):
            _each([test, message], scope)
        case ast.FunctionDef():
            definition(node, scope)
        case ast.Import() | ast.ImportFrom():
            for _ in imported(node):
                pass
        case _:
            _other(node, scope)


def _other(node: ast.stmt, scope: Scope) -> None:
    match node:
        case ast.Pass() | ast.Break() | ast.Continue():
            pass
        case ast.Delete(targets=targets):
            for one in targets:
                target(one, scope)
        case ast.Raise(exc=error, cause=cause):
            _error(error, scope)
            _error(cause, scope)
        case ast.Try():
            _try(node, scope)
        case ast.With():
            _with(node, scope)
        case ast.Match(subject=subject, cases=cases):
            value(subject, scope)
            for case in cases:
                _pattern(case.pattern)
                _each([case.guard], scope)
                _block(case.body, scope)
        case _:
            refuse(node, f"holds {type(node).__name__}")


def _block(nodes: Iterable[ast.stmt], scope: Scope) -> None:
    for node in nodes:
        if scope.outer is None and isinstance(node, ast.FunctionDef | ast.Import | ast.ImportFrom):
            refuse(node, "defines or imports under a condition")
        statement(node, scope)


def _each(nodes: Iterable[ast.expr | None], scope: Scope) -> None:
    for node in nodes:
        if node is not None:
            value(node, scope)


def _for_itself(node: ast.expr, scope: Scope) -> None:
    """An expression that stands for what it does, or for what a generator yields."""
    match node:
        case ast.Yield(value=made) | ast.YieldFrom(value=made):
            if scope.guarded:
                refuse(node, "yields within a try or a with")
            if isinstance(node, ast.YieldFrom):
                iterable(node.value, scope)
            else:
                _each([made], scope)
        case ast.Call() if _is_of_the_kit(node.func, scope):
            _handed(node, scope)
        case ast.Call():
            if call(node, scope) == "function":
                refuse(node, "makes a function and drops it")
        case _:
            value(node, scope)


def _is_of_the_kit(called: ast.expr, scope: Scope) -> bool:
    """Whether a cell checks, predicts or draws, which has no part in what its functions do."""
    match called:
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="draw" as name)):
            return scope.outer is None and {one.kind for one in scope.names.get(name, [])} == {"check"}
    return False


def _handed(node: ast.Call, scope: Scope) -> None:
    """What the kit is given: values, or the function that is to be checked."""
    for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
        if not isinstance(argument, ast.Name):
            value(argument, scope)


def _assignment(node: ast.Assign | ast.AugAssign | ast.AnnAssign, scope: Scope) -> None:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    for one in targets:
        target(one, scope)
    if isinstance(node, ast.AnnAssign):
        annotation(node.annotation, scope)
    if node.value is None:
        return
    named = isinstance(node, ast.Assign) and all(isinstance(one, ast.Name) for one in targets)
    taken_apart = isinstance(node, ast.Assign) and all(
        isinstance(one, ast.Tuple | ast.List) for one in targets
    )
    found = kind(node.value, scope) if named else "plain"
    if found == "function":
        function(node.value, scope)
    elif found == "iterator" or taken_apart:
        iterable(node.value, scope)
    else:
        value(node.value, scope)


def _error(node: ast.expr | None, scope: Scope) -> None:
    """What is raised, or is the cause of it."""
    match node:
        case None | ast.Constant(value=None):
            return
        case ast.Call(func=kind_, args=arguments, keywords=[]):
            for argument in arguments:
                shown(argument, scope)
        case _:
            kind_ = node
    if (
        isinstance(kind_, ast.Name)
        and (meaning := scope.look_up(kind_)) is not None
        and meaning.kind == "error"
    ):
        if isinstance(node, ast.Call):
            refuse(node, "calls an error")
    elif not _is_error_type(kind_, scope, harmless.ERRORS):
        refuse(node, "raises something else than one of Python's own errors")


def _is_error_type(node: ast.expr, scope: Scope, names: frozenset[str]) -> bool:
    if isinstance(node, ast.Name) and scope.home(node.id) is None:
        return node.id in names
    found = resolved(node, scope)
    return found is not None and found.member == ("numpy.linalg", "LinAlgError")


def _try(node: ast.Try, scope: Scope) -> None:
    if not scope.is_notebook:  # what a cell catches can only be in its own variables
        if node.finalbody:
            refuse(node.finalbody[0], "has a finally")
        for handler in node.handlers:
            types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
            if not all(one is not None and _is_error_type(one, scope, harmless.CAUGHT) for one in types):
                refuse(handler, "catches what says how much memory or stack is left")
    scope.guarded += 1
    _block([*node.body, *(one for handler in node.handlers for one in handler.body)], scope)
    _block([*node.orelse, *node.finalbody], scope)
    scope.guarded -= 1


def _with(node: ast.With, scope: Scope) -> None:
    for item in node.items:
        made = item.context_expr
        if isinstance(made, ast.Call) and _is_of_the_kit(made.func, scope) and item.optional_vars is None:
            _handed(made, scope)
            continue
        member = resolved(made.func, scope) if isinstance(made, ast.Call) else None
        if (
            not isinstance(made, ast.Call)
            or member is None
            or member.member != ("numpy", "errstate")
            or made.args
        ):
            refuse(node, "holds a with")
        for word in made.keywords:
            if not isinstance(word.value, ast.Constant) or word.value.value not in (
                "ignore",
                "warn",
                "raise",
            ):
                refuse(node, "has errors of numbers handled in a way of its own")
        if item.optional_vars is not None:
            target(item.optional_vars, scope)
    scope.guarded += 1
    _block(node.body, scope)
    scope.guarded -= 1


def _pattern(pattern: ast.pattern) -> None:
    for node in ast.walk(pattern):
        match node:
            case ast.MatchClass(cls=ast.Name(id=name), kwd_attrs=[], patterns=inner):
                if name not in harmless.TYPES or len(inner) > 1:
                    refuse(pattern, "matches a class")
            case ast.MatchClass():
                refuse(pattern, "matches a class")
            case ast.MatchValue(value=made):
                if not isinstance(made, ast.Constant | ast.UnaryOp):
                    refuse(pattern, "matches what is not written out")


def definition(node: ast.FunctionDef, scope: Scope) -> None:
    """Proves a function."""
    if node.decorator_list:
        refuse(node, f"{node.name} is decorated")
    if getattr(node, "type_params", None):
        refuse(node, f"{node.name} has parameters of types")
    for parameter in parameters(node.args):
        if parameter.annotation is not None:
            annotation(parameter.annotation, scope)
    if node.returns is not None:
        annotation(node.returns, scope)
    inner = within(node, scope, node.body)
    _block(node.body, inner)


def annotation(node: ast.expr, scope: Scope) -> None:
    """Proves that an annotation is names, and calls nothing when it is evaluated."""
    match node:
        case ast.Constant():
            pass
        case ast.Name(id=name):
            home = scope.home(name)
            kinds = {one.kind for one in home.names[name]} if home is not None else {"annotation"}
            if not kinds <= {"annotation", "member", "module"} or (home is None and not name.isidentifier()):
                refuse(node, f"is annotated with {name}")
        case ast.Attribute(value=base, attr=name):
            annotation(base, scope)
            whole = ast.unparse(node)
            if not is_annotating(base, scope) and name not in harmless.ANNOTATIONS_OF_NUMPY:
                refuse(node, f"is annotated with {whole}")
        case ast.Subscript(value=base, slice=inside):
            annotation(base, scope)
            annotation(inside, scope)
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            annotation(left, scope)
            annotation(right, scope)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                annotation(part, scope)
        case _:
            refuse(node, "has an annotation that is more than names")
