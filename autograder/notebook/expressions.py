"""Whether an expression gives a plain value, and does nothing besides; for `pure`, which says what that is for.

Each function here takes an expression and the scope it stands in, returns nothing where it is proven, and raises
UnprovenError where it is not.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Collection
from typing import Any, Final

from autograder.notebook import harmless
from autograder.notebook.meanings import (
    Made,
    asked_after,
    fill,
    immutable,
    is_array_type,
    is_builtin,
    made_by,
    pad,
    reads_attributes,
    resolved,
    where,
)
from autograder.notebook.scopes import (
    PLAIN,
    Comprehension,
    Function,
    Meaning,
    Scope,
    bound,
    parameters,
    refuse,
)

BUILTINS: Final = frozenset(dir(builtins))
_PARTS: Final = (ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.IfExp, ast.Dict, ast.Set, ast.List, ast.Tuple, ast.Slice, ast.JoinedStr)  # fmt: skip
_COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp)
_SHOWS: Final = frozenset({"print", "repr", "str"})
_KEYED: Final = frozenset({"max", "min", "sort", "sorted"})


def value(node: ast.expr, scope: Scope) -> None:
    """Proves that the expression gives a plain value."""
    if isinstance(node, _PARTS):
        for part in ast.iter_child_nodes(node):
            if isinstance(part, ast.expr):
                value(part, scope)
    elif isinstance(node, _COMPREHENSIONS):
        comprehension(node, scope)
    else:
        _value(node, scope)


def _value(node: ast.expr, scope: Scope) -> None:
    match node:
        case ast.Constant():
            pass
        case ast.Name():
            _name(node, scope)
        case ast.Call():
            if (made := call(node, scope)) != "plain":
                refuse(node, f"keeps what may only be {'called' if made == 'function' else 'gone through'}")
        case ast.Attribute():
            _attribute(node, scope)
        case ast.Subscript():
            _subscript(node, scope)
        case ast.Compare():
            _compare(node, scope)
        case ast.NamedExpr(value=given):
            value(given, scope)
        case ast.FormattedValue(value=given, format_spec=form):
            shown(given, scope)
            if form is not None:
                value(form, scope)
        case ast.Starred(value=given):
            iterable(given, scope)
        case _:
            refuse(node, f"holds {_said(node)} where a value is due")


def _said(node: ast.AST) -> str:
    return {ast.Lambda: "a function", ast.GeneratorExp: "a generator", ast.Await: "await"}.get(
        type(node), type(node).__name__
    )


def _name(node: ast.Name, scope: Scope) -> None:
    meaning = scope.look_up(node)
    if meaning is None:
        known = node.id in harmless.TYPES or node.id in harmless.CONSTANTS
        if not known and (
            node.id in BUILTINS or node.id.startswith("_") or node.id in harmless.OF_THE_NOTEBOOK
        ):
            refuse(node, f"uses {node.id} as a value")
        return  # a name that nothing binds raises a NameError, each time
    if meaning.kind == "member" and meaning.name in harmless.VALUES.get(meaning.module, ()):
        return
    if meaning.kind not in ("plain", "constant"):
        refuse(node, f"uses {node.id} as a value")


def _attribute(node: ast.Attribute, scope: Scope) -> None:
    if (meaning := resolved(node, scope)) is not None:
        if meaning.kind != "member" or meaning.name not in harmless.VALUES.get(meaning.module, ()):
            refuse(node, f"uses {ast.unparse(node)} as a value")
        return
    if node.attr not in harmless.DATA:
        refuse(node, f"reads .{node.attr}")
    if node.attr == "args" and _is_error(node.value, scope):
        return
    value(node.value, scope)


def _subscript(node: ast.Subscript, scope: Scope) -> None:
    base = node.value
    meaning = resolved(base, scope)
    if meaning is not None and meaning.member in {("numpy", name) for name in harmless.NUMPY_INDEXERS}:
        pass
    elif isinstance(base, ast.Attribute) and base.attr == "flat" and meaning is None:
        value(base.value, scope)
    else:
        value(base, scope)
    value(node.slice, scope)


def _compare(node: ast.Compare, scope: Scope) -> None:
    sides = [node.left, *node.comparators]
    for number, side in enumerate(sides):
        if number and isinstance(node.ops[number - 1], ast.In | ast.NotIn):
            iterable(side, scope)
        elif is_builtin(side.func if isinstance(side, ast.Call) else side, {"type"}, scope):
            # Else `type(x)(8)` would make an array that nobody wrote.
            if not isinstance(side, ast.Call) or len(side.args) != 1 or side.keywords:
                refuse(side, "uses type as a value")
            value(side.args[0], scope)
        elif len(sides) == 2 and is_array_type(side, scope):
            pass
        else:
            value(side, scope)


def shown(node: ast.expr, scope: Scope) -> None:
    """Proves what is turned into text, where an error may stand too."""
    if not _is_error(node, scope):
        value(node, scope)


def _is_error(node: ast.expr, scope: Scope) -> bool:
    return isinstance(node, ast.Name) and (found := scope.look_up(node)) is not None and found.kind == "error"


def iterable(node: ast.expr, scope: Scope) -> None:
    """Proves an expression that is gone through at once and kept nowhere, and whose parts are plain values."""
    match node:
        case ast.GeneratorExp():
            comprehension(node, scope)
        case ast.Call():
            if call(node, scope) == "function":
                refuse(node, "goes through a function")
        case ast.Attribute(value=base, attr="flat") if resolved(node, scope) is None:
            value(base, scope)
        case ast.Name() if (meaning := scope.look_up(node)) is not None and meaning.kind == "iterator":
            pass
        case _:
            value(node, scope)


def comprehension(node: Comprehension, scope: Scope) -> None:
    """Proves a comprehension, whose targets are names of its own."""
    inner = Scope(scope, comprehension=True)
    for part in node.generators:
        for name, meaning in bound([part.target]):
            inner.bind(name, meaning)
    for number, part in enumerate(node.generators):
        if part.is_async:
            refuse(node, "holds async")
        iterable(part.iter, inner if number else scope)
        target(part.target, inner)
        for condition in part.ifs:
            value(condition, inner)
    made = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    for one in made:
        value(one, inner)


def target(node: ast.expr, scope: Scope) -> None:
    """Proves what something is assigned to, or what is deleted."""
    match node:
        case ast.Name():
            pass
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                target(part, scope)
        case ast.Starred(value=part):
            target(part, scope)
        case ast.Subscript():
            _subscript(node, scope)
        case _:
            refuse(node, "stores an attribute")


def function(node: ast.expr, scope: Scope) -> None:
    """Proves an expression that is a function, and is handed to what calls it at once or calls it itself."""
    match node:
        case ast.Lambda():
            lambda_(node, scope)
        case ast.Call():
            if call(node, scope) == "iterator":
                refuse(node, "calls what is gone through")
        case ast.Name() if (meaning := scope.look_up(node)) is not None:
            if meaning.kind not in ("function", "plain", "constant") and not _is_callable(meaning):
                refuse(node, f"hands on {node.id}")
        case ast.Name(id=name):
            if name not in harmless.FUNCTIONS | harmless.TYPES and name in BUILTINS:
                refuse(node, f"hands on {name}")
        case ast.Attribute():
            meaning = resolved(node, scope)
            if meaning is None:
                _method_base(node, scope)
            elif not _is_callable(meaning):
                refuse(node, f"hands on {ast.unparse(node)}")
        case _:
            value(node, scope)


def _is_callable(meaning: Meaning) -> bool:
    return (
        meaning.kind == "member"
        and meaning.name in harmless.CALLED.get(meaning.module, ())
        and meaning.name != "pad"
    )


def lambda_(node: ast.Lambda, scope: Scope) -> None:
    """Proves a lambda: what it gives is a plain value."""
    value(node.body, within(node, scope, [node.body]))


def within(node: Function, scope: Scope, body: list[Any]) -> Scope:
    """The scope of a function, whose parameters' defaults are proven: they are kept as long as it is."""
    arguments = node.args
    for default in [*arguments.defaults, *(one for one in arguments.kw_defaults if one is not None)]:
        if scope.is_notebook:
            if not immutable(default, scope):
                refuse(default, "has a default that is no constant")
        else:
            value(default, scope)
    inner = Scope(scope)
    for parameter in parameters(arguments):
        inner.bind(parameter.arg, PLAIN)
    fill(inner, body)
    return inner


def call(node: ast.Call, scope: Scope) -> Made:
    """Proves a call, and says what it makes."""
    for word in node.keywords:
        if word.arg is None:
            refuse(node, "hands on keywords that are not written out")
        if word.arg == "where":
            where(node, scope)
    func = node.func
    meaning = resolved(func, scope)
    if meaning is not None:
        _call_member(node, meaning, scope)
    elif isinstance(func, ast.Attribute):
        _call_method(node, func, scope)
    elif isinstance(func, ast.Name):
        _call_name(node, func, scope)
    else:
        function(func, scope)
        _arguments(node, scope)
    return made_by(node, scope)


def _arguments(
    node: ast.Call,
    scope: Scope,
    through: range = range(0),
    functions: tuple[int, ...] = (),
    words: Collection[str] = (),
    each: Callable[[ast.expr, Scope], None] = value,
) -> None:
    """Proves the arguments: those at the places of `through` are gone through, those of `functions` and `words` called."""
    for place, argument in enumerate(node.args):
        if isinstance(argument, ast.Starred):
            if functions and place <= max(functions):
                refuse(argument, "hands on functions that are not written out")
            iterable(argument.value, scope)
        elif place in functions and not (isinstance(argument, ast.Constant) and argument.value is None):
            function(argument, scope)
        elif place in through:
            iterable(argument, scope)
        else:
            each(argument, scope)
    for word in node.keywords:
        if word.arg in words and not isinstance(word.value, ast.Constant):
            function(word.value, scope)
        elif word.arg == "dtype" and is_builtin(word.value, {"object"}, scope):
            pass  # called, it would make what has an address
        else:
            value(word.value, scope)


def _call_name(node: ast.Call, func: ast.Name, scope: Scope) -> None:
    meaning = scope.look_up(func)
    if meaning is None:
        _call_builtin(node, func.id, scope)
    elif meaning.kind in ("function", "generator", "plain", "constant"):
        _arguments(node, scope)
    else:
        refuse(node, f"calls {func.id}")


def _call_builtin(node: ast.Call, name: str, scope: Scope) -> None:
    if name == "isinstance" and len(node.args) == 2:
        value(node.args[0], scope)
        asked_after(node.args[1], scope)
    elif name == "iter" and (len(node.args) != 1 or isinstance(node.args[0], ast.Starred)):
        refuse(node, "calls iter in another way than with one argument")
    elif name == "print" and not {word.arg for word in node.keywords} <= {"sep", "end", "flush"}:
        refuse(node, "prints elsewhere")
    elif name in harmless.FUNCTIONS | harmless.TYPES | harmless.ITERATORS | {"next"}:
        through = harmless.GOES_THROUGH.get(("", name), range(0))
        if name in ("max", "min") and len(node.args) > 1:
            through = range(0)
        functions = harmless.TAKES_FUNCTION.get(("", name), ())
        _arguments(
            node,
            scope,
            through,
            functions,
            {"key"} if name in _KEYED else (),
            shown if name in _SHOWS else value,
        )
    elif name in BUILTINS or name.startswith("_") or name in harmless.OF_THE_NOTEBOOK:
        refuse(node, f"calls {name}")
    else:
        _arguments(node, scope)  # nothing binds it: a NameError


def _call_member(node: ast.Call, meaning: Meaning, scope: Scope) -> None:
    module, name = meaning.member
    if module == "numpy" and name == "pad":
        pad(node)
    elif module == "numpy" and name in harmless.SWALLOWING and scope.is_notebook:
        pass
    elif (
        not _is_callable(meaning)
        and meaning.member not in harmless.MAKERS
        and made_by(node, scope) != "iterator"
    ):
        refuse(node, f"calls {ast.unparse(node.func)}")
    through = harmless.GOES_THROUGH.get((module, name), range(0))
    functions = harmless.TAKES_FUNCTION.get((module, name), ())
    _arguments(node, scope, through, functions, words={"func"} if module == "itertools" else ())


def _call_method(node: ast.Call, func: ast.Attribute, scope: Scope) -> None:
    if func.attr == "format":
        _format(node, func, scope)
        return
    if func.attr in harmless.ITERATED:
        value(func.value, scope)
    else:
        _method_base(func, scope)
    through = harmless.METHODS_THAT_GO_THROUGH.get(func.attr, range(0))
    _arguments(node, scope, through, words={"key"} if func.attr in _KEYED else ())


def _method_base(node: ast.Attribute, scope: Scope) -> None:
    """Proves what a method is of: a plain value, a type, or one of NumPy's own functions."""
    member = resolved(node.value, scope)
    if member is not None and member.module == "numpy" and member.name in harmless.UFUNCS:
        if node.attr not in harmless.UFUNC_METHODS:
            refuse(node, f"uses {ast.unparse(node)}")
    elif is_builtin(node.value, harmless.TYPES, scope):
        if node.attr not in harmless.OF_TYPES:
            refuse(node, f"uses {ast.unparse(node)}")
    elif node.attr not in harmless.METHODS:
        refuse(node, f"calls .{node.attr}")
    else:
        value(node.value, scope)


def _format(node: ast.Call, func: ast.Attribute, scope: Scope) -> None:
    """`"{}".format(x)`, whose text is written out and reads no attributes."""
    text = func.value.value if isinstance(func.value, ast.Constant) else None
    if not isinstance(text, str) or (any(sign in text for sign in ".[") and reads_attributes(text)):
        refuse(node, "formats by a text that is not written out, or that reads attributes")
    _arguments(node, scope)
