"""A server of PostgreSQL for tests: its own, in a folder of its own, without a network."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import parts

_SERVERS = Path("/usr/lib/postgresql")


def programs() -> Path | None:
    """The folder with Debian's newest server, or that of the PATH; None where there is none."""
    found = sorted(_SERVERS.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else None if on_path is None else Path(on_path).parent


@contextmanager
def server() -> Iterator[str]:
    """The address of an empty database on a server that is there as long as this is; skips where there is none."""
    parts.POSTGRESQL.require()
    bin = programs()
    assert bin is not None
    folder = Path(tempfile.mkdtemp(prefix="postgresql-", dir="/tmp"))  # a socket's path must be short
    user = [] if os.geteuid() else ["runuser", "-u", "postgres", "--"]  # which no server runs as root
    if user:
        shutil.chown(folder, "postgres")

    def run(*command: str) -> None:
        subprocess.run([*user, *command], check=True, cwd="/", capture_output=True)

    data = str(folder / "data")
    try:
        run(str(bin / "initdb"), "-D", data, "-U", "course", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        run(str(bin / "pg_ctl"), "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://course@/postgres?host={folder}"
        finally:
            run(str(bin / "pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)
