"""The sandbox: whatever dies is replaced, nothing is left over, and what cannot start says why."""

from __future__ import annotations

import functools
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import parts
import pytest
from boxes import IDENTITY, LIMITS, MODES, fair, only, tried
from waiting import runs, wait_until

from autograder.errors import SandboxError
from autograder.records import Returned
from autograder.sandbox import children, jail, process, seccomp
from autograder.sandbox.children import Sandbox

pytestmark = parts.LINUX.mark


@pytest.fixture(scope="module", params=MODES)
def box(request: Any) -> Iterator[Sandbox]:
    with Sandbox(LIMITS, use_bubblewrap=request.param) as box:
        yield box


# -------------------------------------------------------------------------------------- deaths and replacement


def test_a_zygote_killed_between_children_is_replaced(box: Sandbox) -> None:
    assert fair(box)
    assert box._process is not None
    os.kill(box._process.pid, signal.SIGKILL)  # noticed before the next child is asked for
    os.waitid(os.P_PID, box._process.pid, os.WEXITED | os.WNOWAIT)
    assert fair(box)
    assert box._control is not None
    box._control.shutdown(socket.SHUT_RDWR)  # and only then
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
from autograder.child import messages
from autograder.records import Limits
from autograder.sandbox.children import Sandbox
box = Sandbox(Limits())
child = box.child()
child.send(messages.Program([messages.CellData(0, "while True: pass")], "f", []))
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
    monkeypatch.setattr(process, "tasks_of", lambda user: "many")
    monkeypatch.setattr(children, "_THREADS", "")
    with pytest.raises(SandboxError, match=r"could not prepare its children: .*Expected `int`"):
        Sandbox(LIMITS, use_bubblewrap=False).child()


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


LOADED = """
import sys
def f(a): return "xml.dom.minidom" in sys.modules, "no_such_module" in sys.modules
"""


def test_a_child_has_the_modules_loaded_that_are_asked_for(box: Sandbox) -> None:
    def loaded(*modules: str) -> object:
        return only(tried(box, LOADED, start=functools.partial(box.child, modules))).value

    assert loaded() == (False, False)
    before = box._process
    assert loaded("xml.dom.minidom", "no_such_module") == (True, False)
    assert box._process is not before
    before = box._process
    assert loaded() == (True, False)  # whoever comes next gets the same zygote
    assert loaded("xml.dom.minidom") == (True, False)
    assert box._process is before
