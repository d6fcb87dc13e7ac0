"""The portable child of self-checks: a Python of its own over two pipes, ended when its time is up.

Theory of operation: the student's own machine has nothing to hide from the student's own code, so a process and
a clock are all it takes; this needs neither fork nor resource limits nor polling of pipes, and works on Windows
and macOS. Reads and writes block; a timer ends the child when its time is up, the pipe then breaks, and who
waited on it learns why. The time is that of the child's own computing, as on a busy machine honest code takes long:
the timer looks how much of it was used, and comes back after what is left. Should we be killed first, as by the
restart of a kernel, the child ends by itself.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, NoReturn, Self, TypeVar

from autograder import interrupts
from autograder.child import messages, spoken
from autograder.child.nodes import WireError
from autograder.errors import SandboxError
from autograder.sandbox.outcomes import ChildDiedError
from autograder.sandbox.worker import Child
from autograder.selfcheck import clocks

SECONDS: Final = 10.0  # of CPU time for the cells, and again for the calls
_IDLE_FACTOR: Final = (
    10  # a child that is not done after this many times as long has timed out, whatever it did
)
_LEAST: Final = 0.3  # of that, for cells where others have hung: slow machines import a library in it
_GLANCE_SECONDS: Final = 0.05  # between two looks at a child whose time is nearly up
_MAIN: Final = (
    "import faulthandler; faulthandler.dump_traceback_later({}, exit=True);"
    " from autograder.child.conversation import main; main()"
)
_Result = TypeVar("_Result")
_APART: Mapping[str, Any]
if sys.platform == "win32":
    _APART = {"creationflags": subprocess.CREATE_NO_WINDOW}  # it would open a console
else:
    _APART = {"start_new_session": True}  # so that what it starts ends with it
# More threads than one only make a start slow.
_ENVIRONMENT: Final = {"MPLBACKEND": "Agg", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class PlainChild:
    """One child in a process of its own; see `worker.Child`. May be started ahead of its use.

    `folder` is where the student's code runs; SandboxError where no process can be had.
    """

    def __init__(self, folder: Path, seconds: float = SECONDS) -> None:
        self._seconds = self._allowed = self._for_cells = seconds
        self._runs_cells = True
        self._timer: threading.Timer | None = None
        self._since = self._cpu_since = 0.0
        self._timing = threading.Lock()
        self._timed_out = ""  # what is said of it
        self._locked = False
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the child
        try:
            self._process = subprocess.Popen(
                # -P: a student's `random.py` beside the notebook must not take the place of Python's.
                [sys.executable, "-P", "-c", _MAIN.format(30 + 3 * _IDLE_FACTOR * seconds)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                cwd=folder,
                env={**os.environ, **_ENVIRONMENT},
                **_APART,
            )
        except (OSError, ValueError) as error:
            self._log.close()
            raise SandboxError(f"no process could be started for your code: {error}") from None
        # Where there are no processes, there need be nothing to speak with them either.
        from autograder.child import wire

        self._wire = wire

    def send(self, message: spoken.ToChild) -> None:
        """Delivers one message; SandboxError where the child's Python did not get as far as our own code."""
        if not self._locked:
            self._greet()
        try:
            self._input.write(self._wire.frame(message))
            self._input.flush()
        except OSError:
            self._end_of_conversation()

    def receive(self) -> spoken.ToParent:
        """The child's next message."""
        try:
            header = self._output.read(self._wire.LENGTH.size)
            body = (
                self._output.read(self._wire.body_length(header))
                if len(header) == self._wire.LENGTH.size
                else b""
            )
            if not body:
                self._end_of_conversation()
            return self._wire.decode_to_parent(body)
        except WireError as error:
            raise ChildDiedError("crashed", str(error)) from None

    def allow(self, cpu_seconds: float | None = None) -> None:
        """Gives the child its full time again, or another; SandboxError where no clock can be started."""
        self._stop_timer()
        self._runs_cells = False
        self._allowed = self._seconds if cpu_seconds is None else cpu_seconds
        self._since, self._cpu_since = time.monotonic(), clocks.cpu_seconds(self._process) or 0.0
        try:
            self._start_timer(self._allowed)
        except RuntimeError as error:
            raise SandboxError(f"no clock could be started beside your code: {error}") from None

    @property
    def hung(self) -> bool:
        """Whether its time was up before the cells were done."""
        return self._runs_cells and bool(self._timed_out)

    def hurry(self, seconds: float) -> None:
        """Gives so much to the cells; has no effect once they run."""
        self._for_cells = seconds

    def stop(self) -> None:
        """Ends the child at once, from any thread; whoever waits for it then learns that it died."""
        if self._process.returncode is None:  # else its number may be another process's by now
            self._kill()

    def close(self) -> str:
        """Ends the child; what it printed went nowhere, so nothing is returned."""
        self._stop_timer()
        self._kill()
        self._process.wait()
        for pipe in (self._input, self._output):
            with contextlib.suppress(OSError):  # what was not delivered is of no use any more
                pipe.close()
        self._log.close()
        return ""

    @property
    def _input(self) -> Any:
        return self._process.stdin

    @property
    def _output(self) -> Any:
        return self._process.stdout

    def _greet(self) -> None:
        """Waits until the child's Python runs our own code; the time that takes is not the student's."""
        try:
            greeting: object = self.receive()
        except ChildDiedError:
            greeting = None
        if not isinstance(greeting, messages.Locked):
            raise SandboxError(f"the process for your code did not start: {self._said()}")
        self._locked = True
        self.allow(self._for_cells)
        self._runs_cells = True

    def _end_of_conversation(self) -> NoReturn:
        """The child closed its pipe: it is dead, or as good as dead. Says why."""
        if self._timed_out:
            raise ChildDiedError("timeout", self._timed_out)
        try:
            status = self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            raise ChildDiedError("crashed", "closed its pipe") from None
        if status >= 0:
            raise ChildDiedError("crashed", f"ended itself with exit code {status}")
        name = signal.Signals(-status).name
        if name == "SIGKILL":  # not by us: systems do this for lack of memory
            raise ChildDiedError("out-of-memory", "was ended by the system for lack of memory")
        raise ChildDiedError("crashed", f"ended by {name}")

    def _said(self) -> str:
        self._log.seek(0)
        lines = self._log.read(2**16).decode("utf-8", "replace").strip().splitlines()
        errors = [line for line in lines if "Error" in line] or lines
        return errors[-1][:300] if errors else "it said nothing"

    def _start_timer(self, seconds: float) -> None:
        self._timer = timer = threading.Timer(seconds, lambda: self._look_at_time(timer))
        timer.daemon = True
        timer.start()

    def _look_at_time(self, timer: threading.Timer) -> None:
        """Ends the child if its time is up, and else comes back later."""
        with self._timing:
            if self._timer is not timer:  # its time has been given to it again, or nobody waits any more
                return
            used = clocks.cpu_seconds(self._process)
            left = 0.0 if used is None else self._allowed - (used - self._cpu_since)
            longest = _IDLE_FACTOR * self._allowed
            if left > 0 and time.monotonic() - self._since < longest:
                # Where no second clock can be started, the child is ended by its own.
                with contextlib.suppress(RuntimeError):
                    self._start_timer(max(left, _GLANCE_SECONDS))
                return
            self._timed_out = (
                f"took longer than {self._allowed:g} s" if left <= 0 else f"was not done after {longest:g} s"
            )
            self._kill()

    def _stop_timer(self) -> None:
        with self._timing:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = None

    def _kill(self) -> None:
        """Ends the child and, where the system has sessions, all that it started."""
        if sys.platform != "win32" and hasattr(os, "killpg"):
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()


class Processes:
    """Children side by side, one for each function; all end where the check itself is interrupted."""

    def __init__(self, folder: Path, seconds: float = SECONDS) -> None:
        self._folder, self._seconds = folder, seconds
        self._started: list[PlainChild] = []
        self._spare: list[PlainChild] = []
        self._stopped = False
        self._threads = ThreadPoolExecutor()

    def start(self, modules: Sequence[str] = ()) -> Child:
        """A fresh child; SandboxError where none can be had any more. What it needs, it imports as any other would.

        Each time that cells have hung, the next have half as long: a function that hangs is often called in many of them.
        """
        if self._stopped:
            raise SandboxError("the check was stopped")
        child = self._spare.pop() if self._spare else self._begun()
        hung = sum(one.hung for one in self._started)
        child.hurry(self._seconds * max(0.5**hung, _LEAST))
        return child

    def ahead(self) -> None:
        """Starts the child that is asked for next: it loads while something else is worked out."""
        with contextlib.suppress(SandboxError):  # which is told to who asks for one
            self._spare.append(self._begun())

    def _begun(self) -> PlainChild:
        child = PlainChild(self._folder, self._seconds)
        self._started.append(child)
        if self._stopped:  # while it was being started, by when the others had been ended
            child.stop()
        return child

    def each(self, of: Callable[[str], _Result], names: Sequence[str]) -> dict[str, _Result]:
        """What is found of the functions of these names, all at once; one after the other where there are no threads."""
        if len(names) < 2:
            return {name: of(name) for name in names}
        try:
            found = [self._threads.submit(of, name) for name in names]
        except RuntimeError:
            return {name: of(name) for name in names}
        return {name: interrupts.result(one) for name, one in zip(names, found, strict=True)}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped = True
        for child in self._started:
            child.stop()
        for child in self._spare:
            child.close()
        self._threads.shutdown()
