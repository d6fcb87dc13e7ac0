"""A port for a server that a test starts as a program, which has to be told one."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest import mock


@contextmanager
def kept_port() -> Iterator[int]:
    """A port of this machine that nobody else gets meanwhile, for a server that shares addresses, as Tornado's do.

    One that was only found free is another's by chance before the server listens: whoever connects anywhere gets a port of the same
    range.
    """
    with socket.socket() as keeper:
        # With this set on both sides the server may listen here, as this socket never does; nobody is given the port who asks for any.
        keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        keeper.bind(("127.0.0.1", 0))
        port = keeper.getsockname()[1]
        if sys.platform != "linux":  # elsewhere no two sockets can be bound to one port
            keeper.close()
        yield port


@contextmanager
def kernels_keep_theirs() -> Iterator[None]:
    """The ports that Jupyter finds in this process for kernels are kept: it tells a kernel a second before that listens."""
    from jupyter_client.connect import LocalPortCache

    with ExitStack() as kept:

        def found(*_: object) -> int:
            return kept.enter_context(kept_port())

        with mock.patch.object(LocalPortCache, "find_available_port", found):
            yield
