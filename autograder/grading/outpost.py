"""What a cluster's worker has of a run: the course in a private folder, and a process of its own that grades.

Dask brings it to every worker there is, and to every one that comes later, and takes it away at the end of the run.
Between the worker and that process, as between machines, goes plain JSON.
"""

from __future__ import annotations

import asyncio
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import msgspec
from distributed import get_worker
from distributed.diagnostics.plugin import WorkerPlugin

from autograder.grading.parcels import Answer, Examined, Material, Versions

_PARTING_SECONDS: Final = 5.0


class Outpost(WorkerPlugin):  # type: ignore[misc]  # Dask is without types here
    """A worker's share in a run: `name` tells runs apart, `parcel` is the course's material as JSON."""

    def __init__(self, name: str, parcel: bytes) -> None:
        self.name, self._parcel = name, parcel

    async def setup(self, worker: Any) -> None:
        """Makes the worker ready to grade, if it can be; what is in the way is said by `examined`."""
        self._one_at_a_time = threading.Lock()
        # A process that ends with who began it ends with that thread, and Dask's own come and go with others' tasks.
        self._beginner = ThreadPoolExecutor(1)
        self._where = f"worker {worker.address} on {platform.node()}"
        self._process: subprocess.Popen[bytes] | None = None
        self._is_over = False
        # Below the worker's own folder, which Dask clears away after a worker that was killed. For its owner alone.
        self._folder = Path(tempfile.mkdtemp(prefix="course-", dir=worker.local_directory))
        parcel = msgspec.json.decode(self._parcel, type=Material)
        differing = parcel.versions.differing(Versions.here())
        if differing:
            self.examined = Examined(Versions.here(), trouble=f"it has {', '.join(differing)}")
            return
        # Off the loop, so that the scheduler goes on hearing of this worker.
        self.examined = await asyncio.to_thread(self._begun)

    async def teardown(self, worker: Any) -> None:
        """Ends the process and removes what there was of the course."""
        await asyncio.to_thread(self._leave)

    def grade(self, batch: bytes) -> bytes:
        """Grades letters, as JSON, and gives the answer as JSON; the process is begun again if it was ended."""
        with self._one_at_a_time:
            for _ in range(2):
                if self._is_over:  # whoever would hear of it is gone
                    break
                if self._process is None and not self.examined.trouble:
                    self.examined = self._begin()
                if self.examined.trouble:
                    return msgspec.json.encode(Answer(trouble=f"{self._where}: {self.examined.trouble}"))
                if line := self._asked(batch):
                    return line
                self._end()
        return msgspec.json.encode(Answer(lost=True))

    def _begun(self) -> Examined:
        with self._one_at_a_time:
            return self._begin()

    def _begin(self) -> Examined:
        place = self._folder / "run"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        self._process = self._beginner.submit(
            subprocess.Popen,
            [sys.executable, "-P", "-m", "autograder.grading.outstation"],
            cwd=place,
            start_new_session=True,  # a terminal's Ctrl-C is the worker's affair
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ).result()
        if self._is_over:  # it was not there yet to be ended
            self._process.kill()
        line = self._asked(self._parcel)
        if not line:
            self._end()
            return Examined(Versions.here(), trouble="the process that grades ended before it was ready")
        return msgspec.json.decode(line, type=Examined)

    def _asked(self, line: bytes) -> bytes:
        """The answer to a line; empty where the process is no more."""
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(line + b"\n")
            self._process.stdin.flush()
            return self._process.stdout.readline()
        except OSError:
            return b""

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with process:
            assert process.stdin is not None
            try:
                process.stdin.close()  # it ends by itself, and its sandbox with it
                process.wait(_PARTING_SECONDS)
            except (OSError, subprocess.TimeoutExpired):
                process.kill()

    def _leave(self) -> None:
        self._is_over = True
        process = self._process
        if process is not None and self._one_at_a_time.locked():
            process.kill()  # whoever would hear what it still grades is gone
        # Who waits for that process hears that it is no more, and begins no other in a folder that goes.
        with self._one_at_a_time:
            self._end()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._beginner.shutdown()


def grade(name: str, batch: bytes) -> bytes:
    """A batch graded by the worker that this runs on."""
    outpost: Outpost = get_worker().plugins[name]
    return outpost.grade(batch)


def examined(name: str, dask_worker: Any) -> bytes:
    """What the worker that this runs on says of itself, as JSON."""
    outpost: Outpost = dask_worker.plugins[name]
    return msgspec.json.encode(outpost.examined)


def versions() -> bytes:
    """What must be the same on all machines, as JSON."""
    return msgspec.json.encode(Versions.here())
