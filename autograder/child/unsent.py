"""Records declared as msgspec's structs are, for where there is no msgspec: made, compared and matched, never sent."""

from __future__ import annotations

import copy
import inspect
from types import SimpleNamespace
from typing import Any, ClassVar


class Meta:
    """The limits of a field, which only what decodes looks at."""

    def __init__(self, **_: Any) -> None:
        """Whatever limits there are."""


class Struct:
    """A record of its annotated fields. Keywords of the class say how it would be written, as for msgspec's."""

    __struct_fields__: ClassVar[tuple[str, ...]] = ()
    __match_args__: ClassVar[tuple[str, ...]] = ()
    __struct_config__: ClassVar[Any] = SimpleNamespace(tag=None, array_like=False)
    _defaults: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls, **config: Any) -> None:
        """Reads the fields, those of the class above first."""
        super().__init_subclass__()
        kinds = inspect.get_annotations(cls)
        own = [name for name, kind in kinds.items() if "ClassVar" not in kind]
        cls.__struct_fields__ = (*cls.__struct_fields__, *own)
        cls.__match_args__ = cls.__struct_fields__  # type: ignore[misc]
        cls.__struct_config__ = SimpleNamespace(**{**vars(cls.__struct_config__), "tag": None, **config})
        cls._defaults = {**cls._defaults, **{name: vars(cls)[name] for name in own if name in vars(cls)}}

    def __init__(self, *values: Any, **named: Any) -> None:
        """The fields in order or by name; TypeError where one is missing, given twice or not there."""
        fields = self.__struct_fields__
        given = dict(zip(fields, values, strict=False)) | named
        if len(given) < len(values) + len(named) or not set(given) <= set(fields):
            raise TypeError(f"{type(self).__name__} takes {', '.join(fields)}, each once")
        for name in fields:
            if name not in given and name not in self._defaults:
                raise TypeError(f"{type(self).__name__} needs {name}")
            setattr(self, name, given[name] if name in given else copy.copy(self._defaults[name]))

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    __hash__ = None  # type: ignore[assignment]  # as msgspec's that may be changed

    def __repr__(self) -> str:
        said = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__struct_fields__)
        return f"{type(self).__name__}({said})"
