"""Records from JSON by what their fields are declared as, with the standard library alone.

The records are structs (`child/structs.py`), and the form is msgspec's, which writes them: an object, or a list of the
fields in order where the struct is `array_like`, with its tag before them where it has one; bytes are base64. What is
not of the form is refused with ValueError; limits of fields are not looked at.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from autograder.child.structs import Struct

Read: TypeAlias = Callable[[Any], Any]
_PLAIN: Final = (str, int, float, bool, NoneType)


@cache
def reader(kind: Any) -> Read:
    """What makes a value of this kind of what `json.loads` gives; it raises ValueError where that is none."""
    origin, parts = get_origin(kind), get_args(kind)
    if kind in _PLAIN:
        return _plain(frozenset([kind]))
    if kind is bytes:
        return _bytes
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _Record(kind)
    if origin in (Union, UnionType):
        return _union(parts)
    if origin is Literal:
        return _one_of(parts)
    if origin is list:
        return _list(reader(parts[0]))
    if origin is dict:
        return _dict(reader(parts[1]))
    if origin is tuple:
        return _tuple(parts)
    raise TypeError(f"there is no reader of {kind}")


class _Record:
    """Reads a struct; its fields are looked up when one is met, since their kinds may be this one's own."""

    def __init__(self, kind: type[Struct]) -> None:
        self._kind = kind
        self._fields: list[tuple[str, Read]] | None = None

    def __call__(self, data: Any) -> Any:
        if self._fields is None:
            kinds = get_type_hints(self._kind)
            self._fields = [(name, reader(kinds[name])) for name in self._kind.__struct_fields__]
        config = self._kind.__struct_config__
        if config.array_like:
            given = _typed(data, list)[1 if config.tag else 0 :]
            if len(given) > len(self._fields):
                raise ValueError("more fields than there are")
            named = {name: read(one) for (name, read), one in zip(self._fields, given, strict=False)}
        else:
            object_ = _typed(data, dict)
            named = {name: read(object_[name]) for name, read in self._fields if name in object_}
        try:
            return self._kind(**named)
        except TypeError as error:
            raise ValueError(str(error)) from None


def _typed(data: Any, kind: type) -> Any:
    if type(data) is not kind:
        raise ValueError(f"{kind.__name__} expected")
    return data


def _plain(kinds: frozenset[type]) -> Read:
    """Reads one of Python's own values; a whole number serves as a float."""

    def read(data: Any) -> Any:
        if type(data) in kinds:
            return data
        if type(data) is int and float in kinds:
            return float(data)
        raise ValueError(f"one of {sorted(kind.__name__ for kind in kinds)} expected")

    return read


def _bytes(data: Any) -> bytes:
    return base64.b64decode(_typed(data, str), validate=True)


def _union(kinds: tuple[Any, ...]) -> Read:
    """Reads one of several kinds: plain ones by their type, structs by their tag, and at most one of any other."""
    plain = _plain(frozenset(kind for kind in kinds if kind in _PLAIN))
    rest = [kind for kind in kinds if kind not in _PLAIN]
    if not rest:
        return plain
    tagged = {tag: kind for kind in rest if (tag := _tag(kind)) is not None}
    if tagged:
        return _tagged({tag: reader(kind) for tag, kind in tagged.items()}, plain)
    (other,) = rest
    read_other = reader(other)
    return lambda data: plain(data) if data is None else read_other(data)


def _tag(kind: Any) -> Any:
    return kind.__struct_config__.tag if isinstance(kind, type) and issubclass(kind, Struct) else None


def _tagged(readers: Mapping[str, Read], plain: Read) -> Read:
    def read(data: Any) -> Any:
        if type(data) is not list:
            return plain(data)
        if not data or type(data[0]) is not str or data[0] not in readers:
            raise ValueError("a tag that there is not")
        return readers[data[0]](data)

    return read


def _one_of(values: tuple[Any, ...]) -> Read:
    def read(data: Any) -> Any:
        if type(data) is not str or data not in values:
            raise ValueError(f"one of {values} expected")
        return data

    return read


def _list(read_one: Read) -> Read:
    return lambda data: [read_one(one) for one in _typed(data, list)]


def _dict(read_one: Read) -> Read:
    return lambda data: {key: read_one(one) for key, one in _typed(data, dict).items()}


def _tuple(parts: tuple[Any, ...]) -> Read:
    """Reads a tuple of so many of one kind (`tuple[int, ...]`), or of these kinds in order."""
    if len(parts) == 2 and parts[1] is Ellipsis:
        read_one = reader(parts[0])
        return lambda data: tuple(read_one(one) for one in _typed(data, list))
    readers = [reader(part) for part in parts]

    def read(data: Any) -> Any:
        if len(_typed(data, list)) != len(readers):
            raise ValueError(f"{len(readers)} values expected")
        return tuple(read_one(one) for read_one, one in zip(readers, data, strict=True))

    return read
