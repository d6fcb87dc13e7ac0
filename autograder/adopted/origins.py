"""What of a test cell came from the student: which of their names flow into an expression, read and never run."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias


@dataclass(frozen=True)
class Origin:
    """The student's names that a value was made with, in the order in which they were met."""

    called: tuple[str, ...] = ()  # it is, or was made of, what these gave as they were called
    read: tuple[str, ...] = ()  # of what these hold

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, what was called first."""
        return tuple(dict.fromkeys((*self.called, *self.read)))

    @property
    def rank(self) -> int:
        """How much of a result of the student's it is: of two sides, the one with more is what came."""
        return 2 * bool(self.called) + bool(self.read)

    def __or__(self, other: Origin) -> Origin:
        """Of what was made of both."""
        called, read = dict.fromkeys((*self.called, *other.called)), dict.fromkeys((*self.read, *other.read))
        return Origin(tuple(called), tuple(read))


NONE: Final = Origin()
_Env: TypeAlias = dict[str, Origin]
_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)


class Flow:
    """Cells of an instructor's, gone through in order: of each expression that is asked for, where it came from.

    A variable that is bound anew has the origins of its new value. What a function of the instructor's is given is
    known when all cells have been gone through: its parameters have the origins of all its calls.
    """

    def __init__(self, students: Collection[str], wanted: Mapping[int, ast.expr]) -> None:
        """`students`: names that are theirs. `wanted`: the expressions, by their `id`; more may be put in later."""
        self._students = frozenset(students)
        self._wanted = wanted
        self._globals: _Env = {}
        self._functions: list[tuple[_Function, _Env]] = []  # whose bodies are gone through at the end
        self._given: dict[str, list[tuple[list[Origin], _Env]]] = {}  # by a function's name, of each call
        self.found: dict[int, Origin] = {}

    def read(self, tree: ast.Module) -> None:
        """Goes through the next cell."""
        self._body(tree.body, self._globals)

    def finish(self) -> None:
        """Goes through the bodies of functions, once all cells were read; those that stand in others after these."""
        for node, env in self._functions:  # which grows as it is gone through
            self._body(node.body, {**self._globals, **env, **self._parameters(node)})

    def of(self, node: ast.AST, env: _Env | None = None) -> Origin:
        """Where a value comes from."""
        inner = self._within(node, self._globals if env is None else env)
        found, called = NONE, set[int]()
        for one in ast.walk(node):
            if isinstance(one, ast.Call) and (root := _root(one.func)) is not None:
                called.add(id(root))
                found |= Origin(called=self._name(root.id, inner).names)
        for one in ast.walk(node):
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load) and id(one) not in called:
                found |= self._name(one.id, inner)
        return found

    def _name(self, name: str, env: _Env) -> Origin:
        if name in env:
            return env[name]
        return Origin(read=(name,)) if name in self._students else NONE

    def _within(self, node: ast.AST, env: _Env) -> _Env:
        """The variables inside an expression: those of its comprehensions and lambdas too."""
        for one in ast.walk(node):
            if isinstance(one, _COMPREHENSIONS):
                for loop in one.generators:
                    env = {**env, **self._looped(loop.target, loop.iter, env)}
            elif isinstance(one, ast.Lambda):
                env = {**env, **_unknown(one.args)}
        return env

    def _looped(self, target: ast.expr, value: ast.expr, env: _Env) -> _Env:
        """The variables of a loop: each has the origins of its own part of a `zip`, or of entries written out."""
        found: _Env = {}
        for one, others in _parts(target, value):
            origin = NONE
            for other in others:
                origin |= self.of(other, env)
            found.update(dict.fromkeys(_names(one), origin))
        return found

    # ------------------------------------------------------------------------------------ statements, in order

    def _body(self, body: Iterable[ast.stmt], env: _Env) -> None:
        for statement in body:
            if isinstance(statement, _Function):
                self._functions.append((statement, {} if env is self._globals else env))
                env[statement.name] = self.of(statement, {**env, **_unknown(statement.args)})
            elif isinstance(statement, ast.ClassDef):
                env[statement.name] = self.of(statement, env)
                self._body(statement.body, dict(env))
            else:
                for expression in _expressions(statement):
                    self._look(expression, env)
                self._bindings(statement, env)
                for inner in _bodies(statement):
                    self._body(inner, env)

    def _bindings(self, statement: ast.stmt, env: _Env) -> None:
        """What a statement gives its variables."""
        match statement:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._bind(target, value, env)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._bind(target, value, env)
            case ast.AugAssign(target=ast.Name(id=name), value=value):
                env[name] = self._name(name, env) | self.of(value, env)
            case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
                env.update(self._looped(target, value, env))
            case ast.With(items=items) | ast.AsyncWith(items=items):
                for item in items:
                    if item.optional_vars is not None:
                        self._bind(item.optional_vars, item.context_expr, env)
                        self._caught(_names(item.optional_vars), statement, env)
            case ast.Try(handlers=handlers):
                self._caught([one.name for one in handlers if one.name is not None], statement, env)

    def _look(self, expression: ast.expr, env: _Env) -> None:
        """Keeps what is wanted of an expression, what functions are given, and what is bound inside it."""
        inner = self._within(expression, env)
        for node in ast.walk(expression):
            if id(node) in self._wanted:
                self.found[id(node)] = self.of(node, inner)
            match node:
                case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
                    named = {one.arg: self.of(one.value, inner) for one in keywords if one.arg is not None}
                    self._given.setdefault(name, []).append(([self.of(one, inner) for one in args], named))
                case ast.NamedExpr(target=target, value=value):
                    self._bind(target, value, env)

    def _bind(self, target: ast.expr, value: ast.expr, env: _Env) -> None:
        """Binds names to where a value comes from, part by part where both are written out."""
        match target, value:
            case ast.Tuple(elts=names) | ast.List(elts=names), ast.Tuple(elts=values) | ast.List(elts=values):
                if len(names) == len(values):
                    for one, other in zip(names, values, strict=True):
                        self._bind(one, other, env)
                    return
        env.update(dict.fromkeys(_names(target), self.of(value, env)))

    def _caught(self, names: Iterable[str], statement: ast.With | ast.AsyncWith | ast.Try, env: _Env) -> None:
        """Binds exceptions to where what raised them comes from."""
        origin = NONE
        for one in statement.body:
            origin |= self.of(one, env)
        for name in names:
            env[name] = env.get(name, NONE) | origin

    def _parameters(self, node: _Function) -> _Env:
        """The parameters with the origins of all that the function is given where it is called by its name."""
        found = _unknown(node.args)
        names = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
        for args, named in self._given.get(node.name, ()):
            for name, origin in {**dict(zip(names, args, strict=False)), **named}.items():
                if name in found:
                    found[name] |= origin
        return found


def _parts(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, list[ast.expr]]]:
    """Each variable of a loop with the expressions that it goes through, as far as that is written out."""
    if isinstance(target, ast.Tuple | ast.List):
        match value:
            case ast.Call(func=ast.Name(id="zip"), args=args) if len(args) == len(target.elts):
                return [(one, [other]) for one, other in zip(target.elts, args, strict=True)]
            case ast.Call(func=ast.Name(id="enumerate"), args=[inner, *_]) if len(target.elts) == 2:
                return [(target.elts[0], []), (target.elts[1], [inner])]
            case ast.List(elts=rows) | ast.Tuple(elts=rows):
                entries = [row.elts for row in rows if isinstance(row, ast.Tuple | ast.List)]
                if len(entries) == len(rows) and {*map(len, entries)} == {len(target.elts)}:
                    return [(one, [row[place] for row in entries]) for place, one in enumerate(target.elts)]
    return [(target, [value])]


def _unknown(arguments: ast.arguments) -> _Env:
    """Parameters, before anything is known of what the function is given."""
    more = [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *more)
    return {one.arg: NONE for one in every}


def _root(node: ast.expr) -> ast.Name | None:
    """The name at the beginning of what is called: `account` of `account.pay`, `f` of `f(3)`; None where none is."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node if isinstance(node, ast.Name) else None


def _names(target: ast.expr) -> list[str]:
    """The variables that a target binds, or changes."""
    return [one.id for one in ast.walk(target) if isinstance(one, ast.Name)]


def _expressions(statement: ast.stmt) -> Iterator[ast.expr]:
    """The expressions of a statement itself, none of those in its bodies."""
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.expr):
            yield child
        elif isinstance(child, ast.withitem):
            yield child.context_expr


def _bodies(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The bodies of a statement, in order."""
    for field in ("body", "handlers", "cases", "orelse", "finalbody"):
        inner = getattr(statement, field, [])
        if field in ("handlers", "cases"):
            yield from (one.body for one in inner)
        else:
            yield inner
