"""A Dask cluster that grades: batches go out to its workers, and what they say comes back.

What leaves this machine is plain JSON (`parcels.py`) over TLS, whose certificates are Dask's own settings. Of every
worker is asked, before it gets the course and its secret, whether it has the same kit, Python and NumPy; then how well it
locks student code in. A worker that is lost costs nothing: Dask hands its batches to others. Where the scheduler is lost,
the run ends, and the next one goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec

from autograder import interrupts
from autograder.errors import ClusterError, CourseError
from autograder.grading import parcels
from autograder.grading.parcels import Answer, Examined, Versions
from autograder.grading.station import Graded, Work
from autograder.installed import DISTRIBUTION, with_extra
from autograder.records import Course, Level, Unit
from autograder.sandbox import machine
from autograder.words import counted

if TYPE_CHECKING:
    from distributed import Client

_CONNECT_SECONDS: Final = 20.0
_LOOK_AGAIN: Final = 5.0  # seconds between two looks at how many workers there are
_LEVELS: Final[tuple[Level, ...]] = ("none", "reduced", "full")


class LostError(Exception):
    """Whoever graded a batch was ended, again and again."""


class Cluster:
    """The workers of a Dask scheduler; see `pool.Place`. It is opened before it grades."""

    most: Final = 10
    ahead: Final = 3
    lost: Final = LostError
    all_fall: Final = False

    def __init__(self, course: Course, unit: Unit, address: str, *, unencrypted: bool = False) -> None:
        """CourseError for an address over which a secret must not go."""
        self.unit = unit
        self._course, self._address = course, address
        _refuse_listened_to(address, "the scheduler", unencrypted=unencrypted)
        self._unencrypted = unencrypted
        self._client: Client | None = None
        self._name = f"autograder-{uuid4().hex}"
        self._workers: dict[str, Examined] = {}
        self._looked_at = 0.0
        self._width = 1

    def open(self, *, trust_students: bool = False) -> None:
        """Connects, waits for a first worker, examines all there are and brings them what they need.

        Raises ClusterError where there is no scheduler or a worker cannot grade, CourseError where one is not as it has
        to be: other versions, several threads, no isolation (unless students are trusted).
        """
        client = self._connected()
        try:
            with interrupts.listening():
                while not client.ncores():
                    time.sleep(0.2)
            self._refuse_unfit(client)
            self._bring_course(client, trust_students=trust_students)
        except OSError as error:
            raise self._gone(str(error)) from None

    def begin(self) -> None:
        """Nothing: its workers are ready once it is open."""

    @property
    def width(self) -> int:
        """How many workers there are."""
        return self._width

    @property
    def level(self) -> Level:
        """How well the weakest of the workers locks student code in."""
        return min((one.level for one in self._workers.values()), key=_LEVELS.index, default="none")

    @property
    def levels(self) -> Mapping[Level, int]:
        """How many workers lock student code in how well."""
        return Counter(one.level for one in self._workers.values())

    @property
    def notices(self) -> tuple[str, ...]:
        """What an instructor should know of the machines: where memory may not be enough for all workers."""
        each = machine.a_job_mib(self._course.limits)
        by_host: dict[str, list[Examined]] = {}
        for one in self._workers.values():
            by_host.setdefault(one.host, []).append(one)
        return tuple(
            f"{counted(len(there), 'worker')} on {host} may want {len(there) * each} MiB of memory beside Dask's own, and "
            f"{free} MiB are free there: start fewer, or student code may be ended and its result say out-of-memory"
            for host, there in by_host.items()
            if (free := min((one.free_mib for one in there if one.free_mib is not None), default=None))
            is not None
            and free < len(there) * each
        )

    def submit(self, batch: Sequence[Work]) -> Future[list[Graded]]:
        """Hands a batch to the scheduler."""
        from autograder.grading import outpost

        client = self._opened()
        self._count(client)
        letters = msgspec.json.encode([parcels.letter(work, self.unit) for work in batch])
        try:
            asked = client.submit(outpost.grade, self._name, letters, pure=False)
        except Exception as error:  # a client whose scheduler is gone refuses in many ways
            refused: Future[list[Graded]] = Future()
            refused.set_exception(self._gone(str(error)))
            return refused
        # Not by Dask's own executor: where the connection is lost while a result comes, its futures never end.
        return asyncio.run_coroutine_threadsafe(self._graded(asked, batch), client.loop.asyncio_loop)

    def end(self) -> None:
        """Gives up what is under way."""
        self.close()

    def close(self) -> None:
        """Takes away what workers have of the course, and leaves the cluster to others."""
        client, self._client = self._client, None
        if client is None:
            return
        with contextlib.suppress(Exception):  # where it is gone, so is all that it held
            if client.status == "running":
                client.unregister_worker_plugin(self._name)
        with contextlib.suppress(Exception):
            client.close(timeout=_CONNECT_SECONDS)

    # ------------------------------------------------------------------------------------------- opening

    def _connected(self) -> Client:
        try:
            import dask
            from distributed import Client, Security
        except ImportError:
            raise CourseError(
                f"--cluster needs Dask distributed, which is not installed: {with_extra('cluster')}"
            ) from None
        # What goes wrong there, or in the loop that it runs in, is said here in one line.
        for name in [*logging.root.manager.loggerDict]:
            if name.partition(".")[0] in {"distributed", "tornado", "asyncio"}:
                logging.getLogger(name).setLevel(logging.CRITICAL)
        dask.config.set({"distributed.comm.timeouts.connect": _CONNECT_SECONDS})
        is_encrypted = self._address.startswith("tls://")
        security = Security(require_encryption=is_encrypted)
        if is_encrypted and security.get_connection_args("client")["ssl_context"] is None:
            raise CourseError(
                f"{self._address} needs certificates, which Dask's settings name: DASK_DISTRIBUTED__COMM__TLS__CA_FILE, "
                "and the same with …__CLIENT__CERT and …__CLIENT__KEY in place of …__CA_FILE"
            )
        try:
            self._client = Client(
                self._address, security=security, timeout=_CONNECT_SECONDS, set_as_default=False
            )
        except (OSError, TypeError, ValueError, RuntimeError) as error:
            raise ClusterError(
                f"no scheduler answers at {self._address}: {_in_one_line(error)}; is it running there, and started with "
                f"{'the same certificates' if is_encrypted else 'tcp:// and no certificates'}?"
            ) from None
        return self._client

    def _opened(self) -> Client:
        if self._client is None:
            raise ClusterError("the cluster is closed")
        return self._client

    def _refuse_unfit(self, client: Client) -> None:
        """Looks at workers before they get anything."""
        from importlib import metadata

        from autograder.grading import outpost

        threads = client.nthreads()
        here = Versions.here()
        kits: dict[str, Any] = client.run(metadata.version, DISTRIBUTION, on_error="return")
        for address, count in threads.items():
            _refuse_listened_to(address, "a worker", unencrypted=self._unencrypted)
            if count != 1:
                raise CourseError(
                    f"worker {address} has {count} threads, and grades with one alone: start it with `--nthreads 1`, and "
                    "--nworkers for more at a time"
                )
            if kits[address] != here.kit:
                kit = kits[address] if isinstance(kits[address], str) else "missing"
                raise self._differs(address, [f"autograder {kit}, here {here.kit}"])
        said = client.run(outpost.versions)
        for address, there in said.items():
            if differing := here.differing(msgspec.json.decode(there, type=Versions)):
                raise self._differs(address, differing)

    def _differs(self, address: str, differing: Sequence[str]) -> CourseError:
        return CourseError(
            f"worker {address} has {', '.join(differing)}: results would differ; install the same on all machines, then "
            "start its workers again"
        )

    def _bring_course(self, client: Client, *, trust_students: bool) -> None:
        from autograder.grading import outpost

        parcel = parcels.material(self._course, self.unit, trust_students=trust_students)
        client.register_plugin(outpost.Outpost(self._name, parcel))
        said = client.run(outpost.examined, self._name)
        self._workers = {address: msgspec.json.decode(one, type=Examined) for address, one in said.items()}
        self._width = max(1, len(said))
        self._looked_at = time.monotonic()
        for address, one in self._workers.items():
            if one.trouble:
                kind = CourseError if one.course else ClusterError
                raise kind(f"worker {address}: {one.trouble}")

    # ------------------------------------------------------------------------------------------- grading

    def _count(self, client: Client) -> None:
        """Sees now and then how many workers there are: clusters grow and shrink."""
        if time.monotonic() - self._looked_at > _LOOK_AGAIN:
            with contextlib.suppress(Exception):  # of a scheduler that is gone, what is under way tells
                self._width = max(1, len(client.nthreads()))
            self._looked_at = time.monotonic()

    async def _graded(self, asked: Awaitable[bytes], batch: Sequence[Work]) -> list[Graded]:
        """What came of a batch, in this process's own terms."""
        try:
            answer = msgspec.json.decode(await asked, type=Answer)
        except (Exception, asyncio.CancelledError) as error:
            raise self._in_our_terms(error) from None
        if answer.trouble:
            raise ClusterError(f"{answer.trouble}: mend it or end it, and run the same command again")
        if answer.lost:
            raise LostError
        return parcels.graded(answer, batch)

    def _in_our_terms(self, error: BaseException) -> Exception:
        from distributed.scheduler import KilledWorker

        if isinstance(error, KilledWorker):
            return LostError()
        is_lost = self._client is not None and self._client.status != "running"
        if is_lost or isinstance(error, asyncio.CancelledError | CancelledError | OSError):
            return self._gone("the connection was lost")
        return ClusterError(
            f"a worker of {self._address} failed: {type(error).__name__}: {_in_one_line(error)}"
        )

    def _gone(self, why: str) -> ClusterError:
        return ClusterError(
            f"the scheduler at {self._address} is gone ({why.strip()}): what is finished is kept; start it again, and "
            "run the same command again to go on"
        )


def _refuse_listened_to(address: str, whose: str, *, unencrypted: bool) -> None:
    """CourseError where others could read what goes to an address: it is not encrypted, and leaves this machine."""
    parts = urlsplit(address)
    if parts.scheme == "tls":
        return
    if parts.scheme != "tcp" or not parts.hostname:
        raise CourseError(
            f"{address!r} is no address of a scheduler: expected tls://HOST:PORT, or on this machine tcp://127.0.0.1:PORT"
        )
    if unencrypted or _is_loopback(parts.hostname):
        return
    raise CourseError(
        f"{address} of {whose} is not encrypted, and the course's secret would go there: start the cluster with "
        "certificates and name it tls://…, or say --unencrypted where nobody else is on the network"
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def _in_one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300]
