"""A port for a server that a test starts as a program, which has to be told one."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager


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
