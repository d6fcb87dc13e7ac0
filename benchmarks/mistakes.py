"""Makes single mistakes in right code, each with the lines on which it stands; the text around it stays as it is.

Two makers: the operators of mutmut, which nobody here wrote, and the kinds of slips that students make. Neither asks
what the diagnosis can do. What a mistake changes, and whether it changes anything, its reader finds out.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import libcst


@dataclass(frozen=True)
class Mistake:
    """Right code with one thing wrong."""

    maker: str  # "mutmut" or "slip"
    kind: str
    what: str  # what stood there, and what stands there now
    source: str
    lines: frozenset[
        int
    ]  # of `source`, from 1; of what is left out, those beside the gap, and of its first use

    @property
    def name(self) -> str:
        """Maker and kind."""
        return f"{self.maker} {self.kind}"


def mistakes(source: str) -> list[Mistake]:
    """All of one cell, none of them twice, each of them Python."""
    found: dict[str, Mistake] = {}
    for mistake in (*_by_mutmut(source), *_slips(source)):
        if mistake.source != source and _is_python(mistake.source):
            found.setdefault(mistake.source, mistake)
    return list(found.values())


def both(source: str, one: Mistake, other: Mistake) -> Mistake | None:
    """Two mistakes at once; None where they touch, or where one of them moves lines."""
    lines = [text.split("\n") for text in (source, one.source, other.source)]
    if len({len(each) for each in lines}) > 1:
        return None
    changed = [{n for n, line in enumerate(each) if line != lines[0][n]} for each in lines[1:]]
    if changed[0] & changed[1]:
        return None
    merged = [lines[2][n] if n in changed[1] else line for n, line in enumerate(lines[1])]
    what = f"{one.what}, and {other.what}"
    return Mistake("double", "double", what, "\n".join(merged), one.lines | other.lines)


def _is_python(source: str) -> bool:
    try:
        compile(source, "cell", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


# ------------------------------------------------------------------------------------------------------ mutmut


def _by_mutmut(source: str) -> Iterator[Mistake]:
    # Imported here: who only asks what is in this module need not wait for them.
    import libcst
    from libcst.metadata import MetadataWrapper, PositionProvider
    from mutmut.mutation.mutators import mutation_operators

    wrapper = MetadataWrapper(libcst.parse_module(source))
    places = wrapper.resolve(PositionProvider)
    for node, place in places.items():
        if isinstance(node, libcst.Module):
            continue
        for kind, operator in mutation_operators:
            if not isinstance(node, kind):
                continue
            for other in operator(node):
                changed = wrapper.module.deep_replace(node, other)
                assert isinstance(changed, libcst.Module)
                name = operator.__name__.removeprefix("operator_").replace("_", " ")
                what = f"{_short(wrapper.module, node)} → {_short(wrapper.module, other)}"
                last = place.end.line if isinstance(node, libcst.BaseExpression) else place.start.line
                lines = frozenset(range(place.start.line, last + 1))
                yield Mistake("mutmut", name, what, changed.code, lines)


def _short(module: libcst.Module, node: libcst.CSTNode) -> str:
    return module.code_for_node(node).strip().split("\n")[0]


# ------------------------------------------------------------------------------------------------------- slips

_NEIGHBOURS: Final[Mapping[str, tuple[str, ...]]] = {
    "max": ("min", "sum", "mean"),
    "amax": ("amin",),
    "maximum": ("minimum",),
    "sum": ("mean", "max", "prod"),
    "exp": ("log", "exp2"),
    "log": ("log2", "exp"),
    "sqrt": ("square", "log"),
    "zeros": ("ones",),
    "concatenate": ("stack",),
    "hstack": ("vstack",),
    "stack": ("concatenate",),
    "outer": ("inner",),
    "dot": ("multiply", "outer"),
    "matmul": ("multiply",),
    "index": ("count",),
    "append": ("extend",),
    "arange": ("zeros",),
    "expand_dims": ("squeeze",),
}
_OPERATORS: Final[Mapping[type[ast.operator], tuple[str, ...]]] = {
    ast.MatMult: ("*",),
    ast.Mult: ("+",),
    ast.Div: ("//", "-"),
    ast.Sub: ("/",),
    ast.Pow: ("*", "/"),
    ast.Add: ("*",),
}
_COMPARISONS: Final[Mapping[type[ast.cmpop], tuple[str, ...]]] = {
    ast.Eq: ("!=", "in"),
    ast.NotEq: ("==",),
    ast.Lt: (">",),
    ast.LtE: (">=",),
    ast.Gt: ("<",),
    ast.GtE: ("<=",),
    ast.In: ("==",),
    ast.NotIn: ("in",),
}
_SWAPPED: Final = (ast.Sub, ast.Div, ast.MatMult, ast.Pow)


def _slips(source: str) -> Iterator[Mistake]:
    tree = ast.parse(source)
    for scope in _scopes(tree):
        cell = _Cell(source, scope, _names(scope))
        for node in _inside(scope):
            for kind, target, text in (*_of_expression(cell, node), *_of_statement(cell, node)):
                yield cell.with_text(kind, target, text)
        yield from _moved(cell)


@dataclass(frozen=True)
class _Name:
    role: str
    line: int  # from which it is there


@dataclass(frozen=True)
class _Cell:
    source: str
    scope: ast.AST  # the function that is looked at
    names: Mapping[str, _Name]

    def text(self, node: ast.AST) -> str:
        return ast.get_source_segment(self.source, node) or ""

    def alike(self, name: str, line: int) -> Iterator[str]:
        """The names that may be taken for one: of the same role, and there by that line."""
        for other, one in self.names.items():
            if other != name and one.role == self.names[name].role and one.line < line:
                yield other

    def with_text(self, kind: str, node: ast.expr | ast.stmt | ast.keyword, text: str) -> Mistake:
        """The source with other text in the place of a node."""
        before = self.text(node)
        lines = self.source.split("\n")
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        start = lines[first][: node.col_offset]
        rest = lines[last][node.end_col_offset :]
        lines[first : last + 1] = [start + text + rest]
        return Mistake("slip", kind, f"{before} → {text}", "\n".join(lines), frozenset({node.lineno}))

    def with_lines(self, kind: str, what: str, lines: list[str], *told: int) -> Mistake:
        """Other lines, and those of them, from 1, that are to be told."""
        inside = frozenset(line for line in told if 1 <= line <= len(lines) and lines[line - 1].strip())
        return Mistake("slip", kind, what, "\n".join(lines), inside)


def _scopes(tree: ast.Module) -> Iterator[ast.AST]:
    """Every function and lambda of the cell, inner ones with those around them."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from (method for method in node.body if isinstance(method, ast.FunctionDef))
        elif isinstance(node, ast.FunctionDef | ast.Assign):
            yield node


def _inside(scope: ast.AST) -> Iterator[ast.AST]:
    body = scope.body if isinstance(scope, ast.FunctionDef) else [scope]
    for statement in body:
        yield from ast.walk(statement)


def _names(scope: ast.AST) -> dict[str, _Name]:
    """Parameters and variables, each with its role and the line on which it is first there."""
    found: dict[str, _Name] = {}
    targets = {
        name
        for node in ast.walk(scope)
        if isinstance(node, ast.For | ast.comprehension)
        for name in ast.walk(node.target)
    }
    for node in ast.walk(scope):
        if isinstance(node, ast.arg):
            found[node.arg] = _Name("parameter", 0)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            role = "counted" if node in targets else "made"
            found.setdefault(node.id, _Name(role, 0 if node in targets else node.lineno))
    return {name: one for name, one in found.items() if name not in ("self", "_")}


def _of_expression(cell: _Cell, node: ast.AST) -> Iterator[tuple[str, ast.expr | ast.keyword, str]]:
    match node:
        case ast.Name(id=name, ctx=ast.Load()) if name in cell.names:
            yield from (("name", node, other) for other in cell.alike(name, node.lineno))
        case ast.BinOp():
            yield from _of_operation(cell, node)
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            for other in _COMPARISONS.get(type(operator), ()):
                yield "comparison", node, f"{cell.text(left)} {other} {cell.text(right)}"
        case ast.Subscript(ctx=ast.Load()):
            yield from _of_index(cell, node)
        case ast.Attribute(value=value, attr="T"):
            yield "transpose", node, cell.text(value)
        case ast.Call():
            yield from _of_call(cell, node)
        case ast.Tuple(elts=[_, _, *_], ctx=ast.Load()) | ast.List(elts=[_, _, *_], ctx=ast.Load()):
            yield from _exchanged(cell, node.elts)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield "order", node, f"{cell.text(orelse)} if {cell.text(test)} else {cell.text(body)}"


def _of_operation(cell: _Cell, node: ast.BinOp) -> Iterator[tuple[str, ast.expr, str]]:
    left, right = cell.text(node.left), cell.text(node.right)
    symbol = _symbol(node.op)
    if isinstance(node.op, _SWAPPED):
        yield "order", node, f"(({right}) {symbol} ({left}))"
    for other in _OPERATORS.get(type(node.op), ()):
        yield "operator", node, f"(({left}) {other} ({right}))"
    yield "term", node, f"({left})"
    yield "term", node, f"({right})"
    if isinstance(node.op, ast.MatMult):
        for side in (node.left, node.right):
            if isinstance(side, ast.Name | ast.Subscript):
                yield "transpose", side, f"{cell.text(side)}.T"
    if isinstance(node.op, ast.Sub | ast.Div | ast.Mult):
        yield "sign", node, f"(-({cell.text(node)}))"


def _symbol(operator: ast.operator) -> str:
    return ast.unparse(ast.BinOp(ast.Name("a"), operator, ast.Name("b"))).split()[1]


def _of_index(cell: _Cell, node: ast.Subscript) -> Iterator[tuple[str, ast.expr, str]]:
    value, index = cell.text(node.value), node.slice
    match index:
        case ast.Constant(value=int(number)) if isinstance(node.value, ast.Attribute):
            yield from (("size", node, f"{value}[{other}]") for other in (0, 1, -1) if other != number)
            yield "size", node, "4"
        case ast.UnaryOp(operand=ast.Constant()) if isinstance(node.value, ast.Attribute):
            yield "size", node, f"{value}[0]"
            yield "size", node, f"{value}[1]"
        case ast.Name(id=name):
            yield "index", node, f"{value}[0]"
            yield "index", node, f"{value}[{name} - 1]"
            yield "index", node, value
        case ast.Slice(lower=lower, upper=upper):
            begin, end = (cell.text(one) if one else "" for one in (lower, upper))
            if begin or end:
                yield "index", node, f"{value}[{end}:{begin}]"
                yield "index", node, value
            if end:
                yield "index", node, f"{value}[{begin}:{end} - 1]"
        case ast.Tuple(elts=[first, second]):
            yield "index", node, f"{value}[{cell.text(second)}, {cell.text(first)}]"
            yield "index", node, f"{value}[{cell.text(first)}]"


def _of_call(cell: _Cell, node: ast.Call) -> Iterator[tuple[str, ast.expr | ast.keyword, str]]:
    called = cell.text(node.func)
    name = called.rpartition(".")[2]
    for other in _NEIGHBOURS.get(name, ()):
        yield "call", node.func, called[: len(called) - len(name)] + other
    yield from _exchanged(cell, node.args)
    if len(node.args) == 1 and name in ("exp", "sqrt", "log", "transpose", "abs", "array", "list", "float"):
        yield "call", node, f"({cell.text(node.args[0])})"
    if name in ("exp", "sqrt"):
        yield (
            "call",
            node,
            f"np.abs({cell.text(node)})" if name == "sqrt" else f"np.exp(np.abs({cell.text(node.args[0])}))",
        )
    if name == "range" and len(node.args) == 1:
        size = cell.text(node.args[0])
        for bounds in (f"{size} - 1", f"1, {size}", f"{size} + 1"):
            yield "range", node, f"range({bounds})"
    for keyword in node.keywords:
        yield from _of_keyword(cell, node, keyword)
    if name == "einsum" and isinstance(node.args[0], ast.Constant):
        for letters in _einsum(str(node.args[0].value)):
            yield "letters", node.args[0], f'"{letters}"'


def _of_keyword(
    cell: _Cell, node: ast.Call, keyword: ast.keyword
) -> Iterator[tuple[str, ast.expr | ast.keyword, str]]:
    if keyword.arg == "axis":
        axes = (axis for axis in ("0", "1", "-1", "None") if axis != cell.text(keyword.value))
        yield from (("axis", keyword.value, axis) for axis in axes)


def _einsum(text: str) -> Iterator[str]:
    """The letters of one operand or of the result turned round."""
    inputs, _, result = text.partition("->")
    operands = inputs.split(",")
    for place, letters in enumerate(operands):
        if len(letters.replace(".", "")) > 1:
            turned = letters[:-2] + letters[-1] + letters[-2]
            yield ",".join([*operands[:place], turned, *operands[place + 1 :]]) + f"->{result}"
    if len(result) > 1:
        yield f"{inputs}->{result[:-2]}{result[-1]}{result[-2]}"
        yield f"{inputs}->{result[:-1]}"


def _exchanged(cell: _Cell, parts: list[ast.expr]) -> Iterator[tuple[str, ast.expr, str]]:
    """Two neighbours in each other's place, as one piece of text."""
    for one, other in itertools.pairwise(parts):
        if one.lineno != other.end_lineno or isinstance(one, ast.Starred) or isinstance(other, ast.Starred):
            continue
        whole = ast.Constant(None, lineno=one.lineno, col_offset=one.col_offset)
        whole.end_lineno, whole.end_col_offset = other.end_lineno, other.end_col_offset
        yield "order", whole, f"{cell.text(other)}, {cell.text(one)}"


def _of_statement(cell: _Cell, node: ast.AST) -> Iterator[tuple[str, ast.expr | ast.stmt, str]]:
    match node:
        case ast.AugAssign(target=target, value=value):
            yield "augmented", node, f"{cell.text(target)} = {cell.text(value)}"
        case ast.Assign(targets=[ast.Subscript() as target], value=value):
            yield "augmented", node, f"{cell.text(target)} += {cell.text(value)}"
            if isinstance(target.slice, ast.Tuple) and len(target.slice.elts) == 2:
                first, second = (cell.text(one) for one in target.slice.elts)
                yield "index", target, f"{cell.text(target.value)}[{second}, {first}]"
        case ast.Return(value=ast.expr() as value):
            made = (
                name for name, one in cell.names.items() if one.role != "counted" and one.line < node.lineno
            )
            yield from (("return", node, f"return {name}") for name in made if name != cell.text(value))
        case ast.If(test=test):
            yield "comparison", test, f"not ({cell.text(test)})"


# ------------------------------------------------------------------------------------- whole lines, left out or moved


def _moved(cell: _Cell) -> Iterator[Mistake]:
    lines = cell.source.split("\n")
    for block in _blocks(cell.scope):
        for place, statement in enumerate(block):
            first, last = statement.lineno - 1, statement.end_lineno or statement.lineno
            text = lines[first:last]
            if isinstance(statement, ast.Assign | ast.AugAssign | ast.Expr) and len(block) > 1:
                rest = [*lines[:first], *lines[last:]]
                unmade = _unmade(cell, statement)
                yield cell.with_lines("left out", text[0].strip(), rest, first, first + 1, *unmade)
            following = block[place + 1] if place + 1 < len(block) else None
            if isinstance(statement, ast.For | ast.While):
                yield from _out_of(cell, lines, statement)
                if following is not None and len(statement.body) > 0:
                    yield from _into(cell, lines, statement, following)
            if isinstance(following, ast.For) and isinstance(statement, ast.Assign):
                indent = " " * (following.body[0].col_offset - statement.col_offset)
                inside = [f"{indent}{line}" for line in text]
                head = lines[last : following.body[0].lineno - 1]
                moved = [*lines[:first], *head, *inside, *lines[following.body[0].lineno - 1 :]]
                yield cell.with_lines(
                    "loop", f"{text[0].strip()} begins the loop", moved, first + len(head) + 1
                )


def _unmade(cell: _Cell, statement: ast.stmt) -> list[int]:
    """Where a name is first used that nothing makes any more without the statement: there too it shows."""
    nodes = [node for node in ast.walk(cell.scope) if isinstance(node, ast.Name)]
    added = {node.target for node in ast.walk(cell.scope) if isinstance(node, ast.AugAssign)}
    own = {node for node in ast.walk(statement) if isinstance(node, ast.Name)}
    making = {node for node in nodes if isinstance(node.ctx, ast.Store) and node not in added}
    made = {node.id for node in own & making} - {node.id for node in making - own}
    used = [node.lineno for node in nodes if node.id in made and node not in own]
    gone = (statement.end_lineno or statement.lineno) - statement.lineno + 1
    return [min(used) - gone] if used else []


def _out_of(cell: _Cell, lines: list[str], loop: ast.For | ast.While) -> Iterator[Mistake]:
    """The last statement of a loop, after it."""
    if len(loop.body) < 2:
        return
    statement = loop.body[-1]
    first, last = statement.lineno - 1, statement.end_lineno or statement.lineno
    outside = [line[statement.col_offset - loop.col_offset :] for line in lines[first:last]]
    moved = [*lines[:first], *outside, *lines[last:]]
    yield cell.with_lines("loop", f"{lines[first].strip()} after the loop", moved, first + 1)


def _into(cell: _Cell, lines: list[str], loop: ast.For | ast.While, following: ast.stmt) -> Iterator[Mistake]:
    """The statement after a loop, at its end."""
    indent = " " * (loop.body[0].col_offset - loop.col_offset)
    first, last = following.lineno - 1, following.end_lineno or following.lineno
    moved = [*lines[:first], *(f"{indent}{line}" for line in lines[first:last]), *lines[last:]]
    kind = "return" if isinstance(following, ast.Return) else "loop"
    yield cell.with_lines(kind, f"{lines[first].strip()} inside the loop", moved, first + 1)


def _blocks(scope: ast.AST) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(scope):
        for name in ("body", "orelse"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield block
