"""The sandbox: limits hold, whatever dies is replaced, and the level is what a probing child finds."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import parts
import pytest
from waiting import FOREVER, runs, wait_until

from autograder import jail, lockin, sandbox, seccomp, worker
from autograder.errors import SandboxError
from autograder.records import Cell, Died, Limits, Raised, Returned
from autograder.sandbox import LockedChild, Sandbox
from autograder.worker import ChildDiedError, Request, Run

pytestmark = parts.LINUX.mark
LIMITS = Limits(cpu_seconds=0.3, memory_mib=200)
IDENTITY = "def f(a): return a"
MODES = [
    pytest.param(True, id="bubblewrap", marks=parts.BUBBLEWRAP.mark),
    pytest.param(False, id="without"),
]


@pytest.fixture(scope="module", params=MODES)
def box(request: Any) -> Iterator[Sandbox]:
    with Sandbox(LIMITS, use_bubblewrap=request.param) as box:
        yield box


def tried(box: Sandbox, *sources: str, start: Any = None) -> Run:
    cells = [(Cell(index, source), False) for index, source in enumerate(sources)]
    return worker.run(start or box.child, Request("f", cells, [[(np.arange(3.0),)]]))


def only(run: Run) -> Any:
    ((outcome,),) = run.outcomes
    return outcome


def fair(box: Sandbox) -> bool:
    """Whether an honest function is answered."""
    return isinstance(only(tried(box, IDENTITY)), Returned)


# ------------------------------------------------------------------------------------------------------ time


def test_cpu_time_decides(box: Sandbox) -> None:
    assert only(tried(box, "def f(a):\n    while True: pass")) == Died(
        "timeout", "used more than 0.3 s of CPU time"
    )


def test_sleeping_costs_no_cpu_time(box: Sandbox) -> None:
    assert isinstance(only(tried(box, "import time\ndef f(a): time.sleep(0.6); return a")), Returned)


def test_the_cells_and_the_calls_have_their_time_each(box: Sandbox) -> None:
    spend = "import time\ndef spend():\n    end = time.process_time() + 0.2\n    while time.process_time() < end: pass\n"
    assert isinstance(only(tried(box, spend + "spend()\ndef f(a): spend(); return a")), Returned)


def test_idling_ends_too() -> None:
    with Sandbox(Limits(cpu_seconds=0.05)) as box:
        run = tried(box, f"import time\ndef f(a): time.sleep({FOREVER})")
        assert only(run) == Died("timeout", "did nothing for 0.5 s")


@pytest.mark.parametrize(
    ("stopped", "answered"), [({0}, True), ({0, 1}, False), ({1}, True)], ids=["once", "twice", "never"]
)
def test_a_child_that_stood_still_is_tried_once_more(stopped: set[int], answered: bool) -> None:
    """Stopped from outside, as a machine that is suspended or waits for its disk would."""
    children: list[LockedChild] = []
    with Sandbox(Limits(cpu_seconds=0.05)) as box:

        def start() -> LockedChild:
            child = box.child()
            if len(children) in stopped:
                os.kill(child._pid, signal.SIGSTOP)
            children.append(child)
            return child

        outcome = only(tried(box, "def f(a): return a", start=start))
    assert isinstance(outcome, Returned) == answered
    assert len(children) == (1 if 0 not in stopped else 2)


def test_waiting_for_a_busy_machine_is_not_idling() -> None:
    """A child with a sixtieth of a processor takes far longer than its idle limit, and is answered."""
    processor = min(os.sched_getaffinity(0))
    spend = "import time\ndef f(a):\n    end = time.process_time() + 0.03\n    while time.process_time() < end: pass\n    return a"
    hog = subprocess.Popen(
        [sys.executable, "-c", f"import os; os.sched_setaffinity(0, {{{processor}}})\nwhile True: pass"]
    )
    try:
        with Sandbox(Limits(cpu_seconds=0.1)) as box:

            def start() -> LockedChild:
                child = box.child()
                os.setpriority(os.PRIO_PROCESS, child._pid, 19)
                with contextlib.suppress(
                    OSError
                ):  # sessions share processors among themselves, where there are such
                    Path(f"/proc/{child._pid}/autogroup").write_text("19")
                os.sched_setaffinity(child._pid, {processor})
                return child

            begun = time.monotonic()
            outcome = only(tried(box, spend, start=start))
            waited = time.monotonic() - begun
    finally:
        hog.kill()
        hog.wait()
    assert isinstance(outcome, Returned)
    if waited < 1.0:
        pytest.skip("the machine gave the child its turn at once")


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
    assert isinstance(
        only(tried(box, "import numpy as np\ndef f(a): return np.ones(10_000_000)[:3]")), Returned
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


def test_answers_do_not_pile_up(box: Sandbox) -> None:
    with Sandbox(Limits(cpu_seconds=5)) as patient:
        source = "import numpy as np\nbig = np.zeros(4_000_000)\ndef f(a): return big"
        batches = [[(np.ones(1),)] * 30]
        run = worker.run(patient.child, Request("f", [(Cell(0, source), False)], batches))
        assert isinstance(run.outcomes[0][0], Returned)
        assert run.outcomes[0][-1] == Died("crashed", "answered with more than 128 MiB")


# -------------------------------------------------------------------------------------- deaths and replacement


def test_a_child_killed_from_outside(box: Sandbox) -> None:
    """Whoever does that without being us is the system, for lack of memory."""
    child = box.child()
    os.kill(child._pid, signal.SIGKILL)
    with pytest.raises(ChildDiedError) as death:
        child.receive()
    assert death.value.reason == "out-of-memory"
    child.close()
    assert fair(box)


def test_a_zygote_killed_between_children_is_replaced(box: Sandbox) -> None:
    assert fair(box)
    for _ in range(2):  # noticed before the next child is asked for, and only then
        assert box._process is not None
        os.kill(box._process.pid, signal.SIGKILL)
        os.waitid(os.P_PID, box._process.pid, os.WEXITED | os.WNOWAIT)
        assert fair(box)
        assert box._control is not None
        box._control.shutdown(socket.SHUT_RDWR)
        assert fair(box)


def test_a_zygote_killed_with_its_child_is_our_failure(box: Sandbox) -> None:
    child = box.child()
    assert box._process is not None
    box._process.kill()
    with pytest.raises(SandboxError, match="the zygote ended, and its child with it"):
        child.receive()
    child.close()
    assert fair(box)


def test_a_child_dies_with_the_trusted_side() -> None:
    source = """
import os, sys
from autograder import wire
from autograder.records import Limits
from autograder.sandbox import Sandbox
box = Sandbox(Limits())
child = box.child()
child.send(wire.Program([wire.CellData(0, "while True: pass")], "f", []))
child.receive()
print(child._pid, flush=True)
os.kill(os.getpid(), 9)
"""
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    pid = int(done.stdout)
    wait_until(lambda: not runs(pid))


def test_one_child_at_a_time(box: Sandbox) -> None:
    child = box.child()
    with pytest.raises(SandboxError, match="one at a time"):
        box.child()
    child.close()
    child.close()
    assert fair(box)


def test_closing_ends_the_running_child_and_may_be_done_twice() -> None:
    box = Sandbox(LIMITS)
    child = box.child()
    pid = child._pid
    box.close()
    box.close()
    child.close()
    wait_until(lambda: not runs(pid))


def test_no_descriptor_is_lost(box: Sandbox) -> None:
    assert fair(box)
    before = len(os.listdir("/proc/self/fd"))
    for source in (IDENTITY, "import os; os._exit(0)", "while True: pass", "def f(a): print('x')"):
        tried(box, source)
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_child_inherits_its_pipes_and_nothing_else(box: Sandbox) -> None:
    with open(__file__, "rb") as ours:
        os.set_inheritable(ours.fileno(), True)
        with Sandbox(LIMITS, use_bubblewrap=False) as fresh:
            look = """
import os, numpy as np
def is_open(number):
    try: return os.fstat(number) is not None
    except OSError: return False
def f(a): return np.array([number for number in range(1000) if is_open(number)])
"""
            for each in (box, fresh):
                assert only(tried(each, look)).value.tolist() == [0, 1, 2, 3, 4]


# --------------------------------------------------------------------------------------------- failing to start


def test_a_zygote_that_is_no_python(monkeypatch: Any) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(
        SandboxError, match=r"could not be started: the zygote did not start: it said nothing"
    ):
        Sandbox(LIMITS, use_bubblewrap=False).child()


def test_a_zygote_that_fails_says_why(monkeypatch: Any) -> None:
    monkeypatch.setattr(
        jail, "ENVIRONMENT", {**jail.ENVIRONMENT, "PYTHONPATH": "/nowhere", "PYTHONHOME": "/nowhere"}
    )
    with pytest.raises(SandboxError, match=r"the zygote did not start: .*\w"):
        Sandbox(LIMITS, use_bubblewrap=False).child()


def test_a_python_that_cannot_be_run(monkeypatch: Any) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(SandboxError, match=r"could not be started: .*nowhere"):
        Sandbox(LIMITS, use_bubblewrap=False).child()


def test_without_libseccomp_no_child_is_started(monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "pyseccomp", None)
    monkeypatch.setattr(seccomp, "program", functools.cache(seccomp.program.__wrapped__))
    with pytest.raises(SandboxError, match="pyseccomp is missing"):
        Sandbox(LIMITS).child()


def test_a_child_that_cannot_lock_itself_in_runs_nothing(monkeypatch: Any) -> None:
    monkeypatch.setattr(
        seccomp, "program", lambda: bytes(8)
    )  # no filter: the kernel takes none without an end
    with (
        Sandbox(LIMITS, use_bubblewrap=False) as box,
        pytest.raises(SandboxError, match=r"could not lock itself in: .*Invalid argument"),
    ):
        box.child()


def test_a_zygote_that_cannot_prepare(monkeypatch: Any) -> None:
    monkeypatch.setattr(sandbox, "_tasks_of", lambda user: "many")
    monkeypatch.setattr(sandbox, "_THREADS", "")
    with pytest.raises(SandboxError, match=r"could not prepare its children: .*Expected `int`"):
        Sandbox(LIMITS, use_bubblewrap=False).child()


def test_no_such_process() -> None:
    with pytest.raises(SandboxError, match="does not tell"):
        sandbox._pid_of(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))


# ------------------------------------------------------------------------------------------------------ levels


def test_the_level_here(box: Sandbox) -> None:
    """Files' names and sizes can be seen where there is no root folder of its own; nothing else anywhere."""
    assert box.could <= ({"names"} if not box._use_bubblewrap else frozenset())
    assert box.level == ("reduced" if box.could else "full")


FORBIDDEN = {
    "a container's default seccomp profile": (
        ["unshare", "mount", "setns", "pivot_root", "umount2", "bpf", "perf_event_open"],
        "reduced",
    ),
    "no Landlock": (["landlock_create_ruleset", "unshare", "mount", "pivot_root"], "none"),
}
_HANDICAPPED = """
import errno, sys
import pyseccomp
rules = pyseccomp.SyscallFilter(defaction=pyseccomp.ALLOW)
for name in sys.argv[1:]:
    rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
for flag in (0x10000000, 0x20000000, 0x20000, 0x40000000):  # new user, process, mount and network namespaces
    rules.add_rule(pyseccomp.ERRNO(errno.EPERM), "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
rules.load()
from autograder.records import Limits
from autograder.sandbox import Sandbox
with Sandbox(Limits()) as box:
    print(box.level, *sorted(box.could))
"""


@pytest.mark.parametrize("machine", FORBIDDEN)
def test_levels_of_machines_that_forbid_more(machine: str) -> None:
    """Imitated by a filter on this whole process tree: what is refused there is refused here."""
    names, level = FORBIDDEN[machine]
    done = subprocess.run(
        [sys.executable, "-c", _HANDICAPPED, *names], capture_output=True, text=True, check=False
    )
    assert done.stdout.split()[:1] == [level], done.stderr
    assert ("read" in done.stdout.split()) == (level == "none")


@pytest.mark.parametrize("enclosed", [True, False], ids=["bubblewrap", "without"])
def test_root_of_a_container_that_has_no_other_user(enclosed: bool) -> None:
    """A user namespace with one user in it, as rootless containers have: nobody is not there to become."""
    script = (
        "from autograder.records import Limits; from autograder.sandbox import Sandbox; import os\n"
        f"with Sandbox(Limits(), use_bubblewrap={enclosed}) as box: print(os.geteuid(), box.level, *box.could)"
    )
    try:
        subprocess.run(["unshare", "-r", "true"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no user namespace can be made here")
    done = subprocess.run(
        ["unshare", "-r", sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() in (["0", "full"], ["0", "reduced", "names"]), done.stderr


def test_a_probe_that_gives_no_answer_is_our_failure(monkeypatch: Any) -> None:
    monkeypatch.setattr(sandbox, "_PROBES", "def probe(): raise ValueError")
    with Sandbox(LIMITS, use_bubblewrap=False) as box, pytest.raises(SandboxError, match="gave no answer"):
        _ = box.could


class BareSandbox(Sandbox):
    """Children of this one enter no lock."""

    _zygote = ("-c", "from autograder import lockin, zygote; lockin.enter = lambda lock: None; zygote.main()")


def test_probes_do_find_holes() -> None:
    """Their silence in a locked-in child means something: in one that is not, each of them speaks."""
    with BareSandbox(LIMITS, use_bubblewrap=False) as box:
        assert box.level == "none"
        quiet = set(sandbox.PROBES) - box.could
        assert quiet <= {"environment", "descriptors", "trace", "kernel"}


def test_a_leaked_variable_and_an_open_file_are_found(monkeypatch: Any) -> None:
    monkeypatch.setattr(BareSandbox, "_zygote", (
        "-c",
        "import os; os.environ['LEAKED'] = '1'; from autograder import lockin, zygote\n"
        "lockin.enter = lambda lock: os.dup2(0, 7); zygote.main()",
    ))  # fmt: skip
    with BareSandbox(LIMITS, use_bubblewrap=False) as box:
        assert box.could >= {"environment", "descriptors"}


def test_raising_a_limit_or_a_power_is_not_possible_once_locked_in(box: Sandbox) -> None:
    source = """
import resource
def f(a):
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)
"""
    assert isinstance(only(tried(box, source)), Raised)


@pytest.mark.parametrize("enclosed", MODES)
def test_packages_that_are_their_owners_alone_can_be_imported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, enclosed: bool
) -> None:
    """As in a course that root has in a home of its own, where the umask is 077."""
    (tmp_path / "packages").mkdir(mode=0o700)
    (tmp_path / "packages" / "a_package.py").write_text("two = 2")
    places = [*jail.readable(), tmp_path / "packages"]
    monkeypatch.setattr(jail, "readable", lambda: places)
    monkeypatch.setattr(jail, "bubblewrap", jail.bubblewrap.__wrapped__)
    monkeypatch.setitem(jail.ENVIRONMENT, "PYTHONPATH", f"{jail.ENVIRONMENT['PYTHONPATH']}:{places[-1]}")
    with Sandbox(LIMITS, use_bubblewrap=enclosed) as box:
        assert isinstance(only(tried(box, "def f(a):\n    import a_package\n    return a")), Returned)
        assert box.level == ("full" if enclosed else "reduced")


def test_a_root_that_stays_root_has_no_powers() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root has powers to give up")
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            lockin._give_up_capabilities()
            effective = [line for line in Path("/proc/self/status").read_text().splitlines() if "Cap" in line]
            code = 0 if all(int(line.split()[1], 16) == 0 for line in effective[:3]) else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_calls_that_the_kernel_refuses_are_said_by_name() -> None:
    with pytest.raises(OSError, match="system call 446: "):
        lockin._syscall(446, -1, 0)
    with pytest.raises(OSError, match="prctl 9999: Invalid argument"):
        lockin._prctl(9999)
