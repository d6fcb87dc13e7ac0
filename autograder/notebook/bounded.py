"""A file of which nobody takes much at once, as who believes what an archive says of itself would."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import Final, Protocol

_ALL: Final = -1


class _File(Protocol):
    def read(self, size: int, /) -> bytes | None: ...

    def seek(self, offset: int, whence: int, /) -> int: ...

    def tell(self) -> int: ...


class Bounded(io.RawIOBase):
    """Reads another file, up to `at_once` bytes in one go and up to `furthest` bytes in; beyond, it raises what `refusal` makes."""

    def __init__(
        self,
        file: _File,
        refusal: Callable[[], Exception],
        *,
        at_once: int,
        furthest: int | None = None,
    ) -> None:
        super().__init__()
        self._file, self._refusal, self._at_once, self._furthest = file, refusal, at_once, furthest

    def read(self, size: int | None = _ALL, /) -> bytes:
        """As files do."""
        wanted = _ALL if size is None else size
        if wanted > self._at_once:
            raise self._refusal()
        content = self._file.read(self._at_once + 1 if wanted < 0 else wanted) or b""
        if len(content) > self._at_once:
            raise self._refusal()
        return content

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """As files do."""
        if self._furthest is not None and offset > self._furthest:
            raise self._refusal()
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """As files do."""
        return self._file.tell()

    def seekable(self) -> bool:
        """As files do."""
        return True

    def readable(self) -> bool:
        """As files do."""
        return True
