"""Values of further types of Python's own, of pandas and of NumPy, where a notebook is asked cell by cell.

The closed union (`data.py`) is what courses of our own hold. Test cells that were written for a plain namespace meet more:
ranges, dates, fractions, named tuples, counters. Each is taken apart into values that cross, and put together again on the
other side by a table of kinds that is closed too: what comes of it is an object of Python's, pandas's or NumPy's own
classes, or a `Named` of this module, and never of a class that the other side chose.
"""

from __future__ import annotations

import builtins
import contextlib
import datetime
import decimal
import fractions
import functools
import sys
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final

import numpy as np

from autograder.child import nodes
from autograder.child.nodes import LibraryData, WireError
from autograder.child.packing import Kin

_MAX_FIELDS: Final = 100  # of a named tuple
_MAX_DECIMAL: Final = 10_000  # characters of a decimal number
# Classes of Python's own that cross by their name: a call of one makes a value and does no more.
_CLASSES: Final[Mapping[str, type]] = {
    kind.__name__: kind
    for kind in (
        *(
            bool,
            int,
            float,
            complex,
            str,
            bytes,
            list,
            tuple,
            set,
            frozenset,
            dict,
            range,
            object,
            type(None),
        ),
        *(
            kind
            for kind in vars(builtins).values()
            if isinstance(kind, type) and issubclass(kind, BaseException)
        ),
    )
}
_NAMES: Final = {kind: name for name, kind in _CLASSES.items()}
_FACTORIES: Final = frozenset({"int", "float", "str", "list", "dict", "set", "bool", "tuple"})
_CONSTANTS: Final[Mapping[str, Any]] = {"Ellipsis": Ellipsis, "NotImplemented": NotImplemented}
_LIBRARIES: Final = frozenset(
    {"builtins", "math", "_operator", "operator", "statistics", "numpy", "numpy.linalg"}
)
_OF_PANDAS: Final = ("NA", "NaT")


class Named(tuple[Any, ...]):
    """A named tuple of the other side's: a tuple whose parts have names; for what else its class has, that is asked."""

    _fields: tuple[str, ...] = ()
    of_: Any = None  # what stands for its class; no field's name ends so

    def __getattr__(self, name: str) -> Any:
        if name in type(self)._fields:
            return self[type(self)._fields.index(name)]
        if self.of_ is not None and not name.startswith("_"):
            part = getattr(self.of_, name)
            return part.fget(self) if hasattr(part, "fget") else functools.partial(part, self)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _asdict(self) -> dict[str, Any]:
        return dict(zip(self._fields, self, strict=True))

    def _replace(self, **values: Any) -> Named:
        if unknown := values.keys() - set(self._fields):
            raise ValueError(f"Got unexpected field names: {sorted(unknown)!r}")
        made = type(self)(values.get(name, one) for name, one in self._asdict().items())
        made.of_ = self.of_
        return made

    def __repr__(self) -> str:
        said = ", ".join(f"{name}={one!r}" for name, one in self._asdict().items())
        return f"{type(self).__name__}({said})"


@functools.lru_cache(maxsize=256)
def _named(name: str, fields: tuple[str, ...]) -> type[Named]:
    """The class of named tuples of this name with these fields."""
    # Texts alone: the class has no method that one of them could stand for.
    return type(name, (Named,), {"_fields": fields})


def library(value: Any) -> LibraryData | None:
    """A function of Python's own or of NumPy's by its name; None where it is none.

    By that it is the same on both sides, and need not be called back.
    """
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
    if not callable(value) or type(name) is not str:
        return None
    for module in (getattr(value, "__module__", None) or "builtins", "numpy"):
        with contextlib.suppress(AttributeError, KeyError):
            if module in _LIBRARIES and attrgetter(name)(sys.modules[module]) is value:
                return LibraryData(module, name)
    return None


# ------------------------------------------------------------------------------------------------- apart


def parted(value: Any) -> Kin | None:
    """A value taken apart; None where it is of no kind that there is here."""
    if (apart := _APART.get(type(value))) is not None:
        found: Kin | None = apart(value)
        return found
    if isinstance(value, tuple):
        return _named_parts(value)
    if isinstance(value, np.dtype):
        return Kin("dtype", (), (value.str,)) if nodes.is_allowed(value.str) or value.kind == "O" else None
    if type(value) is np.ndarray and value.dtype == object and value.ndim <= nodes.MAX_DIMENSIONS:
        return Kin("objects", (tuple(value.shape), *value.ravel().tolist()))
    if isinstance(value, type):
        return Kin("class", (), (_NAMES[value],)) if value in _NAMES else None
    return _of_pandas(value)


def _named_parts(value: tuple[Any, ...]) -> Kin | None:
    kind = type(value)
    fields = Named._fields if kind is Named else getattr(kind, "_fields", None)
    if not (kind.__bases__ in ((tuple,), (Named,)) and type(fields) is tuple and len(fields) == len(value)):
        return None
    if len(fields) > _MAX_FIELDS or not all(type(name) is str and name.isidentifier() for name in fields):
        return None
    if "of_" in fields:
        return None
    of = value.of_ if isinstance(value, Named) else None
    return Kin("named", (of, *tuple.__iter__(value)), (kind.__name__, *fields))


def _of_pandas(value: Any) -> Kin | None:
    pandas = sys.modules.get("pandas")
    if pandas is None or not hasattr(pandas, "Timestamp"):
        return None
    for name in _OF_PANDAS:
        if value is getattr(pandas, name, None):
            return Kin("constant", (), (name,))
    if type(value) is pandas.Timestamp and value.tzinfo is None:
        return Kin("Timestamp", (value.to_datetime64(),))
    if type(value) is pandas.Timedelta:
        return Kin("Timedelta", (value.to_timedelta64(),))
    return None


def _flat(entries: Iterable[tuple[Any, Any]]) -> list[Any]:
    return [one for entry in entries for one in entry]


def _defaultdict(value: defaultdict[Any, Any]) -> Kin:
    factory = getattr(value.default_factory, "__name__", "")
    known = factory in _FACTORIES and _CLASSES[factory] is value.default_factory
    return Kin("defaultdict", _flat(dict.items(value)), (factory,) if known else ())


def _moment(value: Any) -> Kin | None:
    if value.tzinfo is not None:
        return None
    day = (value.year, value.month, value.day) if isinstance(value, datetime.datetime) else ()
    parts = (*day, value.hour, value.minute, value.second, value.microsecond)
    return Kin(type(value).__name__, parts)


_APART: Final[Mapping[type, Callable[[Any], Kin | None]]] = {
    OrderedDict: lambda value: Kin("OrderedDict", _flat(OrderedDict.items(value))),
    Counter: lambda value: Kin("Counter", _flat(dict.items(value))),
    defaultdict: _defaultdict,
    deque: lambda value: Kin("deque", tuple(value), () if value.maxlen is None else (str(value.maxlen),)),
    type({}.keys()): lambda value: Kin("dict_keys", _flat((key, None) for key in value)),
    type({}.values()): lambda value: Kin("dict_values", tuple(value)),
    type({}.items()): lambda value: Kin("dict_items", _flat(value)),
    bytearray: lambda value: Kin("bytearray", (bytes(value),)),
    range: lambda value: Kin("range", (value.start, value.stop, value.step)),
    slice: lambda value: Kin("slice", (value.start, value.stop, value.step)),
    fractions.Fraction: lambda value: Kin("Fraction", (value.numerator, value.denominator)),
    decimal.Decimal: lambda value: Kin("Decimal", (str(value),)),
    datetime.date: lambda value: Kin("date", (value.year, value.month, value.day)),
    datetime.time: _moment,
    datetime.datetime: _moment,
    datetime.timedelta: lambda value: Kin("timedelta", (value.days, value.seconds, value.microseconds)),
    type(Ellipsis): lambda _: Kin("constant", (), ("Ellipsis",)),
    type(NotImplemented): lambda _: Kin("constant", (), ("NotImplemented",)),
}


# ---------------------------------------------------------------------------------------------- together


def made(
    kind: str,
    parts: list[Any],
    names: Sequence[str],
    dictionary: Callable[[list[Any]], dict[Any, Any]],
) -> Any:
    """The value of these parts; WireError where they make none. `dictionary` makes one of keys and values in turn."""
    make = _TOGETHER.get(kind)
    if make is None:
        raise WireError("a kind of value that there is not")
    try:
        return make(dictionary(parts) if kind in _DICTIONARIES else parts, names)
    except (
        ArithmeticError,
        LookupError,
        TypeError,
        ValueError,
        ImportError,
        AttributeError,
        decimal.DecimalException,
    ):
        raise WireError("parts that make no value") from None


def _made_class(_: Sequence[Any], names: Sequence[str]) -> Any:
    return _CLASSES[names[0]]


def _made_defaultdict(entries: dict[Any, Any], names: Sequence[str]) -> Any:
    factory = _CLASSES[names[0]] if names and names[0] in _FACTORIES else None
    return defaultdict(factory, entries)


def _made_named(parts: Sequence[Any], names: Sequence[str]) -> Any:
    name, *fields = names
    of, *parts = parts
    if (
        len(set(fields)) != len(parts)
        or "of_" in fields
        or len(fields) > _MAX_FIELDS
        or not all(map(str.isidentifier, fields))
        # As a method of a name that a test calls, it would be handed what the test expects, and could answer yes.
        or any(map(callable, parts))
    ):
        raise ValueError(fields)
    made = _named(name, tuple(fields))(parts)
    made.of_ = of
    return made


def _made_objects(parts: Sequence[Any], _: Sequence[str]) -> Any:
    shape, *values = parts
    if not all(type(side) is int and 0 <= side <= nodes.MAX_NODES for side in shape):
        raise ValueError(shape)
    if nodes.largest(shape, 1) > nodes.MAX_NODES or len(shape) > nodes.MAX_DIMENSIONS:
        raise ValueError(shape)
    array = np.empty(len(values), dtype=object)
    for place, one in enumerate(values):  # in one go, NumPy would look into them
        array[place] = one
    return array.reshape(shape)


def _made_decimal(parts: Sequence[Any], _: Sequence[str]) -> Any:
    (text,) = parts
    if type(text) is not str or len(text) > _MAX_DECIMAL:
        raise ValueError(text)
    return decimal.Decimal(text)


def _made_dtype(_: Sequence[Any], names: Sequence[str]) -> Any:
    if names[0] != "|O" and not nodes.is_allowed(names[0]):
        raise ValueError(names)
    return np.dtype(names[0])


def _made_constant(_: Sequence[Any], names: Sequence[str]) -> Any:
    if names[0] not in _OF_PANDAS:
        return _CONSTANTS[names[0]]
    import pandas

    return getattr(pandas, names[0])


def _integers(make: Callable[..., Any], count: int) -> Callable[[Sequence[Any], Sequence[str]], Any]:
    """What makes a value of so many whole numbers."""

    def of(parts: Sequence[Any], _: Sequence[str]) -> Any:
        if len(parts) != count or not all(type(part) is int for part in parts):
            raise ValueError(parts)
        return make(*parts)

    return of


def _by_pandas(name: str, scalar: type) -> Callable[[Sequence[Any], Sequence[str]], Any]:
    def of(parts: Sequence[Any], _: Sequence[str]) -> Any:
        import pandas

        (value,) = parts
        if type(value) is not scalar:
            raise ValueError(value)
        return getattr(pandas, name)(value)

    return of


def _bytearray(parts: Sequence[Any], _: Sequence[str]) -> Any:
    (data,) = parts
    if type(data) is not bytes:
        raise ValueError(data)
    return bytearray(data)


_DICTIONARIES: Final = frozenset({"OrderedDict", "Counter", "defaultdict", "dict_keys", "dict_items"})
_TOGETHER: Final[Mapping[str, Callable[[Any, Sequence[str]], Any]]] = {
    "OrderedDict": lambda entries, _: OrderedDict(entries),
    "Counter": lambda entries, _: Counter(entries),
    "defaultdict": _made_defaultdict,
    "dict_items": lambda entries, _: entries.items(),
    "dict_keys": lambda entries, _: entries.keys(),
    "dict_values": lambda parts, _: dict(enumerate(parts)).values(),
    "deque": lambda parts, names: deque(parts, int(names[0][:9]) if names else None),
    "bytearray": _bytearray,
    "named": _made_named,
    "range": _integers(range, 3),
    "slice": lambda parts, _: slice(*parts),
    "Fraction": _integers(fractions.Fraction, 2),
    "Decimal": _made_decimal,
    "date": _integers(datetime.date, 3),
    "time": _integers(datetime.time, 4),
    "datetime": _integers(datetime.datetime, 7),
    "timedelta": _integers(datetime.timedelta, 3),
    "Timestamp": _by_pandas("Timestamp", np.datetime64),
    "Timedelta": _by_pandas("Timedelta", np.timedelta64),
    "constant": _made_constant,
    "class": _made_class,
    "dtype": _made_dtype,
    "objects": _made_objects,
}
