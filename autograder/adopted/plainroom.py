"""The exam room of self-checks, on any machine: a process of its own for each sitting, over two pipes, and nothing forked.

The student's own machine has nothing to hide from the student: what keeps test cells apart from student code is for grading.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Collection
from pathlib import Path
from typing import Final

from autograder.adopted import slips, warm
from autograder.adopted.examroom import MAX_TAKEN, ExamEndedError
from autograder.adopted.papers import Paper
from autograder.child.nodes import WireError
from autograder.errors import SandboxError

_SECONDS: Final = 120.0  # of one cell, what it waits for included
_ENVIRONMENT: Final = {"MPLBACKEND": "Agg", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class PlainExamRoom:
    """The exam processes of one notebook in a folder; as `examroom.ExamRoom`, which needs no closing."""

    def __init__(self, paper: Paper, folder: Path) -> None:
        self.paper, self._folder = paper, folder

    def exam(self, permitted: Collection[str] | None = None) -> PlainExam:
        """A fresh exam process; SandboxError where none can be had."""
        exam = PlainExam(self._folder)
        try:
            exam.send(slips.prepared(self.paper))
            exam.send(
                slips.Begin(str(self._folder), None if permitted is None else list(permitted), 0, MAX_TAKEN)
            )
        except ExamEndedError as error:
            exam.close()
            raise SandboxError(f"no process could be had in which tests run: {error}") from None
        return exam


class PlainExam:
    """One exam process."""

    def __init__(self, folder: Path) -> None:
        """SandboxError where there can be none."""
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "autograder.adopted.warm", warm.ALONE, str(_SECONDS)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                cwd=folder,
                env={**os.environ, **_ENVIRONMENT},
            )
        except (OSError, ValueError) as error:
            self._log.close()
            raise SandboxError(f"no process could be had in which tests run: {error}") from None
        self._timer: threading.Timer | None = None

    def allow(self) -> None:
        """Gives it the full time of a cell."""
        self._stop()
        self._timer = threading.Timer(_SECONDS, self._process.kill)
        self._timer.daemon = True
        self._timer.start()

    def send(self, message: slips.ToExam | slips.Prepare) -> None:
        """Delivers one message; ExamEndedError where it has ended."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(slips.frame(message))
            self._process.stdin.flush()
        except OSError:
            raise ExamEndedError("ended its process") from None

    def receive(self) -> slips.FromExam:
        """Its next message; ExamEndedError where it has ended, or its time was up and it was ended."""
        assert self._process.stdout is not None
        header = self._process.stdout.read(4)
        body = self._process.stdout.read(slips.body_length(header)) if len(header) == 4 else b""
        if not body:
            raise ExamEndedError("ended its process")
        try:
            return slips.from_exam(body)
        except WireError:
            raise ExamEndedError("ended in the middle of a message") from None

    def close(self) -> None:
        """Ends the process."""
        self._stop()
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what it did not take any more
                    pipe.close()
        self._log.close()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()
            self._timer = None
