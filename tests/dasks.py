"""A Dask cluster of real processes on this machine, over TLS with certificates of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ports import kept_port
from waiting import wait_until

# As docs/cluster.md has them: it looks at itself a hundred times a second otherwise.
_QUIETLY = {
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "500ms",
    "DASK_DISTRIBUTED__ADMIN__SYSTEM_MONITOR__INTERVAL": "5s",
}


@dataclass
class Dask:
    """A scheduler and its workers, each with a nanny that begins it anew."""

    folder: Path
    address: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def scheduler(self) -> subprocess.Popen[bytes]:
        return self.processes[0]

    def start(self, *words: str) -> None:
        log = open(self.folder / f"{words[0]}.log", "ab")  # noqa: SIM115  # the process's own from here
        with log:
            self.processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", "dask", *words],
                    cwd=self.folder, env=self.environment, stdout=log, stderr=log, start_new_session=True,
                )
            )  # fmt: skip

    def said(self, what: str) -> str:
        return (self.folder / f"{what}.log").read_text("utf-8", "replace")

    def stations(self) -> list[tuple[int, int]]:
        """The processes that grade, each with the worker that began it."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal():
                try:
                    parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                    words = (entry / "cmdline").read_bytes().split(b"\0")
                    place = (entry / "cwd").readlink()
                except OSError:
                    continue
                if b"autograder.grading.outstation" in words and place.is_relative_to(self.folder):
                    found.append((int(entry.name), parent))
        return found

    def end(self) -> None:
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait()


def certificates(folder: Path) -> dict[str, str]:
    """Dask's settings that name new certificates, as variables of the environment."""
    from distributed.security import Security

    made = Security.temporary()
    for name, content in (
        ("ca", made.tls_ca_file),
        ("cert", made.tls_client_cert),
        ("key", made.tls_client_key),
    ):
        (folder / f"{name}.pem").write_text(content)
    start = "DASK_DISTRIBUTED__COMM__TLS__"
    named = {f"{start}CA_FILE": str(folder / "ca.pem")}
    for role in ("CLIENT", "SCHEDULER", "WORKER"):
        named |= {f"{start}{role}__{part.upper()}": str(folder / f"{part}.pem") for part in ("cert", "key")}
    return named


@contextmanager
def running(folder: Path, workers: int = 2) -> Iterator[Dask]:
    """A scheduler with workers of one thread each."""
    environment = {**os.environ, **certificates(folder), **_QUIETLY}
    with kept_port() as port:
        dask = Dask(folder, f"tls://127.0.0.1:{port}", environment)
        plain = ("--protocol", "tls", "--host", "127.0.0.1", "--no-dashboard")
        try:
            dask.start("scheduler", "--port", str(port), *plain)
            dask.start(
                "worker", dask.address, *plain, "--nthreads", "1", "--nworkers", str(workers),
                "--local-directory", str(folder),
            )  # fmt: skip
            wait_until(lambda: dask.said("worker").count("Registered to") >= workers, dask.processes[1])
            yield dask
        finally:
            dask.end()
