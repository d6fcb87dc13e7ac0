"""Ctrl-C: noted where something is half done, raised where somebody listens, and never lost."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
import traceback
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import parts
import pytest
from waiting import wait_until

from autograder import interrupts
from autograder.errors import SandboxError

Put = Callable[..., Path]

# In a callback, as imports have them, Python says that a KeyboardInterrupt was ignored, and goes on.
IN_A_CALLBACK = """
import sys, weakref

class Thing:
    pass

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "nbgrader":
            thing = Thing()
            gone = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGINT))
            del thing

sys.meta_path.insert(0, Finder())
"""
# By way of another thread, as that of the bar, which does not know that this one holds Ctrl-C back; a process has been
# started by then, and does not know yet what it is to do.
AS_A_PROCESS_IS_STARTED = """
import threading
from multiprocessing import util
now, done = threading.Event(), threading.Event()

def interrupt():
    now.wait()
    signal.raise_signal(signal.SIGINT)
    done.set()

threading.Thread(target=interrupt, daemon=True).start()
start = util.spawnv_passfds

def started(path, arguments, descriptors):
    pid = start(path, arguments, descriptors)
    if any(b"spawn_main" in part for part in map(util.os.fsencode, arguments)):
        now.set()
        done.wait()
    return pid

util.spawnv_passfds = started
"""
# As a class ends that was graded before anybody listened.
AT_THE_END = """
from autograder.grading import reporting
write = reporting.write_pages

def written(*arguments):
    signal.raise_signal(signal.SIGINT)
    return write(*arguments)

from autograder.grading import batch
batch.write_pages = written
"""


@pytest.mark.slow
@parts.LINUX.mark
@pytest.mark.parametrize("moment", [IN_A_CALLBACK, AS_A_PROCESS_IS_STARTED, AT_THE_END])
def test_ctrl_c_ends_grading_with_one_line_whenever_it_comes(
    course_folder: Path, put: Put, moment: str
) -> None:
    put("ada")
    program = f"import signal\n{moment}\nfrom autograder.cli import main\nmain()"
    command = [sys.executable, "-c", program, "grade", "embeddings", "--jobs", "1"]
    done = subprocess.run(command, cwd=course_folder, capture_output=True, text=True, check=False)
    assert done.stderr == "stopped: what is finished is kept; run the same command again to go on\n"
    assert done.returncode == 130


def interrupt() -> None:
    signal.raise_signal(signal.SIGINT)


def test_it_is_raised_where_somebody_listens() -> None:
    with interrupts.held_back():
        interrupt()
        reached = True
        with pytest.raises(KeyboardInterrupt), interrupts.listening():
            reached = False
        assert reached
        interrupts.wanted()  # raised already
    with interrupts.held_back(), pytest.raises(KeyboardInterrupt), interrupts.listening():
        interrupt()


def test_it_is_raised_where_one_asks_and_else_at_the_end() -> None:
    with interrupts.held_back():
        interrupts.wanted()
        interrupt()
        with pytest.raises(KeyboardInterrupt):
            interrupts.wanted()
    with pytest.raises(KeyboardInterrupt), interrupts.held_back():
        interrupt()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_second_is_raised_at_once(number: signal.Signals) -> None:
    with interrupts.held_back():
        interrupt()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)


def test_an_error_goes_before() -> None:
    def broken() -> None:
        with interrupts.held_back():
            interrupt()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()


def test_where_nothing_holds_back_nothing_changes() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with interrupts.listening():
        interrupts.wanted()
    with interrupts.interruptible(), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGTERM)
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_other_threads_hear_nothing() -> None:
    """Signals are the first thread's alone; what grades in another is not stopped by them."""
    said: list[str] = []

    def work() -> None:
        with interrupts.held_back(), interrupts.listening():
            interrupts.wanted()
            said.append("done")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert said == ["done"]


@parts.LINUX.mark
def is_called(function: Callable[..., object]) -> bool:
    """Whether the main thread is within a function."""
    frame = sys._current_frames()[threading.main_thread().ident or 0]
    return any(inner.f_code is function.__code__ for inner, _ in traceback.walk_stack(frame))


@parts.LINUX.mark
def test_what_waits_heeds_a_signal_that_does_not_wake_it() -> None:
    """As one that another thread takes, or that comes right before it goes to sleep."""
    running: Future[str] = Future()
    heeded = threading.Event()

    def take_it() -> None:
        state = Path(f"/proc/self/task/{threading.main_thread().native_id}/stat")
        wait_until(lambda: is_called(interrupts.result) and ") S " in state.read_text("ascii"))
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)
        if not heeded.wait(60.0):
            running.set_result("slept on")

    taking = threading.Thread(target=take_it)
    taking.start()
    with interrupts.interruptible(), pytest.raises(KeyboardInterrupt):
        interrupts.result(running)
    heeded.set()
    taking.join()
    assert not running.done()


def test_before_a_command_has_begun_it_ends_without_a_word() -> None:
    as_it_is_imported = (
        "import signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # which a script's background has deaf
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'typer': signal.raise_signal(signal.SIGINT)\n"
        "sys.meta_path.insert(0, Finder())\n"
        "from autograder.cli import main\n"
        "main(['--version'])"
    )
    done = subprocess.run([sys.executable, "-c", as_it_is_imported], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, b"", b"")


def test_who_sees_to_it_already_goes_on_doing_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interrupts.without_a_word():
            interrupt()
    finally:
        signal.signal(signal.SIGINT, before)


def interrupted(*, wanted: bool) -> None:
    """Is told of Ctrl-C, and then its sandbox breaks."""
    with interrupts.held_back():
        interrupt()
        try:
            if wanted:
                interrupts.wanted()
        except KeyboardInterrupt:
            raise SandboxError("of what was done about it") from None
        raise SandboxError("a process that heard it too")


def test_a_sandbox_that_breaks_after_it_broke_by_it() -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupted(wanted=False)
    with pytest.raises(SandboxError, match="what was done"):
        interrupted(wanted=True)
    with pytest.raises(SandboxError, match="by itself"), interrupts.held_back():
        raise SandboxError("by itself")


class Thing:
    """Something that goes, of which a callback is told."""


@pytest.mark.parametrize("waits", [interrupts.interruptible, interrupts.held_back])
def test_one_that_a_callback_has_lost_comes_again(
    waits: Callable[[], contextlib.AbstractContextManager[None]], capfd: pytest.CaptureFixture[str]
) -> None:
    """A watch was told to end while a finished thread was forgotten, and went on for ever."""
    thing = Thing()
    gone = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGTERM))
    with pytest.raises(KeyboardInterrupt), waits():  # noqa: PT012
        with interrupts.listening():
            del thing
        assert gone() is None
        while True:
            with interrupts.listening():
                threading.Event().wait(0.01)
    assert capfd.readouterr().err == ""
