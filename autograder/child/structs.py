"""What messages and values as data are made of: msgspec's structs, or as much of them as a process needs that sends none.

In a browser there is no msgspec, which is compiled, and no other process to speak with either. The same records are made
and looked at there, and neither encoded nor decoded: limits (`Meta`) are for what comes from outside, and are not looked
at by these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from msgspec import Meta, Struct
else:
    try:
        from msgspec import Meta, Struct
    except ImportError:
        from autograder.child.unsent import Meta, Struct

__all__ = ["Meta", "Struct"]
