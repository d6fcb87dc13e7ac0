"""What keeps a test from running what student code has written: texts that it evaluates, and bytes that it unpickles.

A test may look whether `eval(repr(value))` is the value again, or read a pickle that a function has written. Under nbgrader both
run in one process with the student's code anyway. Here they would run in the exam process, so that nothing runs but a text
that stands in the author's cells, an expression that only makes values or calls the student's own functions, and pickles of data.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from autograder.adopted.handing import beside

_VALUES: Final = (
    ast.Expression, ast.Constant, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.UnaryOp, ast.unaryop, ast.BinOp, ast.Add,
    ast.Sub, ast.Div, ast.Compare, ast.cmpop, ast.BoolOp, ast.boolop, ast.Call, ast.keyword, ast.Name, ast.expr_context,
)  # fmt: skip
# Names with which the text of a value is written.
_MAKERS: Final = frozenset(
    {
        "set",
        "frozenset",
        "dict",
        "list",
        "tuple",
        "range",
        "complex",
        "bytearray",
        "int",
        "float",
        "str",
        "bool",
    }
    | {"Fraction", "Decimal", "OrderedDict", "Counter", "deque", "date", "timedelta", "array", "nan", "inf"}
)
# By module, what pickles of data name.
_DATA: Final[Mapping[str, Collection[str]]] = {
    "builtins": frozenset(
        {"set", "frozenset", "bytearray", "complex", "range", "slice", "object", "list", "dict", "tuple"}
        | {"int", "float", "str", "bytes", "bool"}
    ),
    "copyreg": frozenset({"_reconstructor", "__newobj__"}),
    "_codecs": frozenset({"encode"}),
    "collections": frozenset({"OrderedDict", "Counter", "defaultdict", "deque"}),
    "datetime": frozenset({"date", "time", "datetime", "timedelta", "timezone"}),
    "decimal": frozenset({"Decimal"}),
    "fractions": frozenset({"Fraction"}),
    "__builtin__": frozenset({"bytes", "slice", "set", "frozenset", "complex", "range"}),
    "numpy": frozenset({"ndarray", "dtype"}),
    "numpy._core.multiarray": frozenset({"_reconstruct", "scalar"}),
    "numpy.core.multiarray": frozenset({"_reconstruct", "scalar"}),
    "numpy._core.numeric": frozenset({"_frombuffer"}),
    "numpy.core.numeric": frozenset({"_frombuffer"}),
    "numpy.ma": frozenset({"MaskedArray"}),
    "numpy.ma.core": frozenset({"_mareconstruct"}),
    # Of pandas, whose third version names its classes so.
    "pandas": frozenset(
        {"Categorical", "CategoricalDtype", "DataFrame", "DatetimeIndex", "DatetimeTZDtype", "Index", "Int64Dtype", "IntervalIndex"}
        | {"MultiIndex", "NA", "PeriodDtype", "PeriodIndex", "RangeIndex", "Series", "StringDtype", "TimedeltaIndex"}
    ),
    "pandas._libs.arrays": frozenset({"__pyx_unpickle_NDArrayBacked"}),
    "pandas._libs.internals": frozenset({"_unpickle_block"}),
    "pandas._libs.tslibs.nattype": frozenset({"_nat_unpickle"}),
    "pandas._libs.tslibs.offsets": frozenset({"Day"}),
    "pandas._libs.tslibs.timedeltas": frozenset({"_timedelta_unpickle"}),
    "pandas._libs.tslibs.timestamps": frozenset({"_unpickle_timestamp"}),
    "pandas.arrays": frozenset({"DatetimeArray", "IntegerArray", "PeriodArray", "StringArray", "TimedeltaArray"}),
    "pandas.core.arrays.categorical": frozenset({"Categorical"}),
    "pandas.core.arrays.datetimes": frozenset({"DatetimeArray"}),
    "pandas.core.dtypes.dtypes": frozenset({"CategoricalDtype", "DatetimeTZDtype"}),
    "pandas.core.frame": frozenset({"DataFrame"}),
    "pandas.core.indexes.base": frozenset({"Index", "_new_Index"}),
    "pandas.core.indexes.datetimes": frozenset({"DatetimeIndex", "_new_DatetimeIndex"}),
    "pandas.core.indexes.interval": frozenset({"_new_IntervalIndex"}),
    "pandas.core.indexes.multi": frozenset({"MultiIndex"}),
    "pandas.core.indexes.range": frozenset({"RangeIndex"}),
    "pandas.core.internals.managers": frozenset({"BlockManager", "SingleBlockManager"}),
    "pandas.core.series": frozenset({"Series"}),
}  # fmt: skip


class RefusedError(TypeError):
    """A test would run here what student code has written."""


def constants(tree: ast.AST) -> frozenset[str]:
    """The texts that stand in a cell."""
    found = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return frozenset(value for value in found if isinstance(value, str))


def evaluators(texts: Collection[str], students: Collection[str]) -> Mapping[str, Callable[..., Any]]:
    """`eval`, `exec` and `compile` for test cells; `texts` are the author's own, `students` the names that are the student's."""

    def check(source: Any) -> None:
        if isinstance(source, ast.AST):  # parsed out of a text, which may be a student's
            source = ast.unparse(source)
            source = next((one for one in texts if _as_parsed(one) == source), source)
        if isinstance(source, str) and source not in texts and not _makes_a_value(source, students):
            raise RefusedError("a text that is not the test's own is not run here")
        if isinstance(source, bytes | bytearray | memoryview):
            raise RefusedError("bytes are not run here")

    def evaluate(source: Any, /, globals: Any = None, locals: Any = None) -> Any:
        check(source)
        return builtins.eval(source, *_surrounded(globals, locals))

    def execute(source: Any, /, globals: Any = None, locals: Any = None, **options: Any) -> None:
        check(source)
        builtins.exec(source, *_surrounded(globals, locals), **options)

    def compiled(source: Any, *args: Any, **keywords: Any) -> Any:
        flags = keywords.get("flags", args[2] if len(args) > 2 else 0)
        if not (isinstance(flags, int) and flags & ast.PyCF_ONLY_AST):
            check(source)
        return builtins.compile(source, *args, **keywords)

    return {"eval": evaluate, "exec": execute, "compile": compiled}


class Pickles:
    """From the first one on, nothing is unpickled in this process but data, and objects of the author's own classes."""

    def __init__(self) -> None:
        self._seen: dict[type, dict[str, Any]] = {}
        sys.addaudithook(self._audited)

    def mend(self) -> bool:
        """Puts back what a pickle has done to a class by setting its attributes; whether one did."""
        found = False
        for kind, before in self._seen.items():
            now = dict(vars(kind))
            for name in [name for name in {**before, **now} if before.get(name) is not now.get(name)]:
                found = found or not name.startswith("__annot")
                if name in before:
                    type.__setattr__(kind, name, before[name])
                else:
                    type.__delattr__(kind, name)
        return found

    def _audited(self, event: str, args: tuple[Any, ...]) -> None:
        if event != "pickle.find_class":
            return
        module, name = args
        kind = None
        if "." not in name and (name in _DATA.get(module, ()) or _is_the_authors(module)):
            kind = getattr(sys.modules.get(module), name, None)
        # What stands for a class of the student's says that it is one.
        if issubclass(type(kind), type):
            self._seen.setdefault(kind, dict(vars(kind)))  # type: ignore[arg-type]
        elif name not in _DATA.get(module, ()):
            raise RefusedError(f"{module}.{name} is not unpickled here: it is no data")


def _is_the_authors(module: str) -> bool:
    return module == "__main__" or beside(getattr(sys.modules.get(module), "__file__", None))


def _makes_a_value(text: str, students: Collection[str]) -> bool:
    """Whether all that a text does is to write a value down, with calls of the student's own functions and classes."""
    try:
        nodes = list(ast.walk(ast.parse(text.strip(), mode="eval")))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return all(
        isinstance(node, _VALUES)
        and (not isinstance(node, ast.Name) or node.id in students or node.id in _MAKERS)
        and (not isinstance(node, ast.Call) or isinstance(node.func, ast.Name))
        for node in nodes
    )


def _as_parsed(text: str) -> str | None:
    """A text as its syntax tree is written down; None where it is no Python."""
    try:
        return ast.unparse(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _surrounded(given: Any, local: Any) -> tuple[Any, Any]:
    """The variables that Python would take: those given, or those of the cell that calls."""
    frame = sys._getframe(2)
    if given is None:
        return frame.f_globals, frame.f_locals if local is None else local
    if isinstance(given, dict):
        given.setdefault("__builtins__", frame.f_builtins)
    return given, given if local is None else local
