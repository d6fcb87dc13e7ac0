"""One locked-in child: its limits of time, memory and output hold, and its end is told for what it was."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import parts
import pytest
from boxes import IDENTITY, LIMITS, MODES, fair, only, tried
from waiting import FOREVER

from autograder import budget
from autograder.records import Cell, Died, Limits, Returned
from autograder.sandbox import locked, process, worker
from autograder.sandbox.children import Sandbox
from autograder.sandbox.locked import LockedChild
from autograder.sandbox.outcomes import ChildDiedError
from autograder.sandbox.worker import Request

pytestmark = parts.LINUX.mark


@pytest.fixture(scope="module", params=MODES)
def box(request: Any) -> Iterator[Sandbox]:
    with Sandbox(LIMITS, use_bubblewrap=request.param) as box:
        yield box


# ------------------------------------------------------------------------------------------------------ time


def test_cpu_time_decides(box: Sandbox) -> None:
    assert only(tried(box, "def f(a):\n    while True: pass")) == Died(
        "timeout", "used more than 0.2 s of CPU time"
    )


def test_sleeping_costs_no_cpu_time(box: Sandbox) -> None:
    assert isinstance(only(tried(box, "import time\ndef f(a): time.sleep(0.4); return a")), Returned)


def test_the_cells_and_the_calls_have_their_time_each(box: Sandbox) -> None:
    spend = "import time\ndef spend():\n    end = time.process_time() + 0.12\n    while time.process_time() < end: pass\n"
    assert isinstance(only(tried(box, spend + "spend()\ndef f(a): spend(); return a")), Returned)


@pytest.mark.slow
def test_idling_ends_too() -> None:
    with Sandbox(Limits(cpu_seconds=0.1)) as box:
        run = tried(box, f"import time\ndef f(a): time.sleep({FOREVER})")
        assert only(run) == Died("timeout", "did nothing for 1 s")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stopped", "answered"), [({0}, True), ({0, 1}, False), ({1}, True)], ids=["once", "twice", "never"]
)
def test_a_child_that_stood_still_is_tried_once_more(stopped: set[int], answered: bool) -> None:
    """Stopped from outside, as a machine that is suspended or waits for its disk would."""
    children: list[LockedChild] = []
    with Sandbox(Limits(cpu_seconds=0.1)) as box:

        def start() -> LockedChild:
            child = box.child()
            if len(children) in stopped:
                os.kill(child._pid, signal.SIGSTOP)
            children.append(child)
            return child

        outcome = only(tried(box, "def f(a): return a", start=start))
    assert isinstance(outcome, Returned) == answered
    assert len(children) == (1 if 0 not in stopped else 2)


@pytest.mark.slow
def test_waiting_for_a_busy_machine_is_not_idling(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child with a sixtieth of a processor takes far longer than its idle limit, and is answered."""
    monkeypatch.setattr(locked, "IDLE_FACTOR", 1)  # half a second, and all the time that a slow machine takes
    processor = min(os.sched_getaffinity(0))
    spend = "import time\ndef f(a):\n    end = time.process_time() + 0.015\n    while time.process_time() < end: pass\n    return a"
    hog = subprocess.Popen(
        [sys.executable, "-c", f"import os; os.sched_setaffinity(0, {{{processor}}})\nwhile True: pass"]
    )
    try:
        with Sandbox(Limits(cpu_seconds=0.5)) as box:

            def start() -> LockedChild:
                child = box.child()
                os.setpriority(os.PRIO_PROCESS, child._pid, 19)
                with contextlib.suppress(
                    OSError
                ):  # sessions share processors among themselves, where there are such
                    Path(f"/proc/{child._pid}/autogroup").write_text("19")
                os.sched_setaffinity(child._pid, {processor})
                return child

            outcome = only(tried(box, spend, start=start))
    finally:
        hog.kill()
        hog.wait()
    assert isinstance(outcome, Returned)


def test_a_busy_machine_does_not_prolong_a_child_that_sleeps(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This side waits for a turn all the time; the child, which asks for none, has its submission's time all the same."""
    real, ours = process.delayed, os.getpid()
    monkeypatch.setattr(process, "delayed", lambda pid: time.monotonic() if pid == ours else real(pid))
    with budget.of(0.5) as own:
        run = tried(box, f"import time\ndef f(a): time.sleep({FOREVER})")
    assert only(run) == Died("timeout", "used up the 0.5 s that a whole submission may take")
    assert own.is_over


def test_when_a_submissions_time_is_up_nothing_is_tried_however_quick_it_is(box: Sandbox) -> None:
    with budget.of(FOREVER) as own:
        own.is_over = True
        run = tried(box, IDENTITY)
    assert only(run).reason == "timeout"
    assert not run.defined


def test_all_threads_count(box: Sandbox) -> None:
    source = """
import threading, zlib
data = bytes(10**7)
def spin():
    while True: zlib.crc32(data)  # which lets other threads run beside it
def f(a):
    threads = [threading.Thread(target=spin, daemon=True) for _ in range(2)]
    for thread in threads: thread.start()
    threads[0].join()
"""
    assert only(tried(box, source)).reason == "timeout"


# ------------------------------------------------------------------------------------------- memory and output


def test_memory_is_limited(box: Sandbox) -> None:
    run = tried(box, "import numpy as np\ndef f(a): return np.ones(30_000_000)")
    assert only(run).exception == "MemoryError"
    # Without a number written: a machine that has to find the memory first may take longer over it than a child has.
    assert isinstance(
        only(tried(box, "import numpy as np\ndef f(a): return np.zeros(5_000_000)[:3]")), Returned
    )


def test_an_honest_long_print_passes_and_is_cut(box: Sandbox) -> None:
    run = tried(box, "def f(a):\n    for n in range(2000): print('x' * 99)\n    return a")
    assert isinstance(only(run), Returned)
    kept, _, note = run.printed.rpartition("\n… ")
    assert len(kept) == LIMITS.output_kib * 1024
    assert note == f"{200_000 - 65_536:,} more bytes were printed"


def test_a_flood_is_ended(box: Sandbox) -> None:
    run = tried(box, "import os\ndef f(a):\n    while True: os.write(2, bytes(2**16))")
    assert only(run) == Died("crashed", "printed more than 16 MiB")


def test_printing_to_a_closed_output_is_not_waited_for(box: Sandbox) -> None:
    assert isinstance(only(tried(box, "import os\nos.close(1); os.close(2)\ndef f(a): return a")), Returned)


def test_answers_do_not_pile_up() -> None:
    with Sandbox(Limits(cpu_seconds=5)) as patient:
        source = "import numpy as np\nbig = np.zeros(4_000_000)\ndef f(a): return big"
        batches = [[(np.ones(1),)] * 30]
        run = worker.run(patient.child, Request("f", [(Cell(0, source), False)], batches))
        assert isinstance(run.outcomes[0][0], Returned)
        assert run.outcomes[0][-1] == Died("crashed", "answered with more than 128 MiB")


# ------------------------------------------------------------------------------------------------------ deaths


def test_a_child_killed_from_outside(box: Sandbox) -> None:
    """Whoever does that without being us is the system, for lack of memory."""
    child = box.child()
    os.kill(child._pid, signal.SIGKILL)
    with pytest.raises(ChildDiedError) as death:
        child.receive()
    assert death.value.reason == "out-of-memory"
    child.close()
    assert fair(box)
