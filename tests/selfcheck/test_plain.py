"""The portable child: outcomes as the locked-in one gives, on a plain process and a clock."""

import contextlib
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from asking import Asking
from student import solved
from waiting import FOREVER, runs, wait_until

from autograder.child import messages
from autograder.errors import SandboxError
from autograder.records import Cell, Died, Raised, Returned
from autograder.sandbox.worker import Request, Run, run
from autograder.selfcheck import clocks, plain
from autograder.selfcheck.plain import PlainChild, Processes

NUMPY = "import numpy as np"


SLEEPING = f"import time\ndef double(x):\n    open('called', 'w').close()\n    time.sleep({FOREVER})"


def run_cells(
    folder: Path, *sources: str, calls: int = 1, seconds: float = 10.0, function: str = "double"
) -> Run:
    cells = [(Cell(place, source), False) for place, source in enumerate((NUMPY, *sources))]
    request = Request(function, cells, [[(np.arange(3.0),)] * calls])
    return run(lambda: PlainChild(folder, seconds), request)


def test_answers_calls_with_arrays(tmp_path: Path) -> None:
    result = run_cells(tmp_path, "def double(x):\n    return 2 * x", calls=3)
    assert result.defined
    for outcome in result.outcomes[0]:
        assert isinstance(outcome, Returned)
        np.testing.assert_array_equal(outcome.value, [0, 2, 4])  # type: ignore[arg-type]


def test_a_notebook_is_asked_beside_its_files_and_writes_none(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("def words(): return open('words.txt').read().split()")
    (tmp_path / "words.txt").write_text("a b")
    cells = ["from helper import words", "with open('out.txt', 'w') as file: file.write('mine')"]
    with Asking(lambda: PlainChild(tmp_path), *cells, "mine = open('out.txt').read()") as asking:
        assert asking.call("words") == ["a", "b"]
        assert asking.fetch("mine") == "mine"
    assert not (tmp_path / "out.txt").exists()


def test_exception_is_an_outcome(tmp_path: Path) -> None:
    (outcome,) = run_cells(tmp_path, "def double(x):\n    return x @ y").outcomes[0]
    assert outcome == Raised("NameError", "name 'y' is not defined", 2)


def test_prints_and_reads_of_standard_input_do_no_harm(tmp_path: Path) -> None:
    source = "print('a' * 100_000)\ndef double(x):\n    print(x)\n    return 2 * x"
    result = run_cells(tmp_path, "input()", source)
    assert result.failed[1].exception == "EOFError"
    assert isinstance(result.outcomes[0][0], Returned)


def test_endless_loop_in_a_call_is_a_timeout(tmp_path: Path) -> None:
    outcomes = run_cells(
        tmp_path, "def double(x):\n    while True:\n        pass", calls=2, seconds=0.3
    ).outcomes
    assert outcomes == [[Died("timeout", "took longer than 0.3 s")] * 2]


def test_endless_loop_in_a_cell_is_left_out(tmp_path: Path) -> None:
    result = run_cells(tmp_path, "while True: pass", "def double(x):\n    return 2 * x", seconds=0.3)
    assert result.left_out == {1: Died("timeout", "took longer than 0.3 s")}
    assert isinstance(result.outcomes[0][0], Returned)


@pytest.mark.slow
def test_cells_that_hang_one_after_another_have_less_time_each_and_calls_as_long_as_ever(
    tmp_path: Path,
) -> None:
    hanging = ["while True: pass"] * 3
    cells = [
        (Cell(place, source), False)
        for place, source in enumerate((*hanging, "def loop(x):\n    while x: pass"))
    ]
    with Processes(tmp_path, 0.4) as processes:
        result = run(processes.start, Request("loop", cells, [[(1,)]]))
    took = [f"took longer than {seconds:g} s" for seconds in (0.4, 0.2, 0.12, 0.4)]
    assert [result.left_out[place].detail for place in range(3)] == took[:3]
    assert result.outcomes == [[Died("timeout", took[3])]]


def test_exit_is_a_crash(tmp_path: Path) -> None:
    (outcome,) = run_cells(tmp_path, "import os\ndef double(x):\n    os._exit(3)").outcomes[0]
    assert outcome == Died("crashed", "ended itself with exit code 3")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
@pytest.mark.parametrize(
    ("name", "died"),
    [
        ("SIGSEGV", Died("crashed", "ended by SIGSEGV")),
        ("SIGKILL", Died("out-of-memory", "was ended by the system for lack of memory")),
    ],
)
def test_signal_tells_how_it_ended(tmp_path: Path, name: str, died: Died) -> None:
    source = f"import os, signal\ndef double(x):\n    os.kill(os.getpid(), signal.{name})"
    assert run_cells(tmp_path, source).outcomes[0] == [died]


def test_nonsense_on_the_pipe_is_a_crash(tmp_path: Path) -> None:
    source = (
        "import os\ndef double(x):\n"
        "    for descriptor in range(3, 20):\n"
        "        try: os.write(descriptor, b'\\xff' * 64)\n"
        "        except OSError: pass\n"
        "    return x"
    )
    (outcome,) = run_cells(tmp_path, source).outcomes[0]
    assert isinstance(outcome, Died)
    assert outcome.reason == "crashed"


def test_closed_pipe_is_a_crash(tmp_path: Path) -> None:
    source = f"import os, time\ndef double(x):\n    os.closerange(3, 20)\n    time.sleep({FOREVER})"
    (outcome,) = run_cells(tmp_path, source).outcomes[0]
    assert outcome == Died("crashed", "closed its pipe")


def test_student_files_do_not_shadow_pythons_own(tmp_path: Path) -> None:
    (tmp_path / "random.py").write_text("raise RuntimeError('shadowed')")
    (tmp_path / "numpy.py").write_text("raise RuntimeError('shadowed')")
    assert run_cells(tmp_path, "def double(x):\n    return 2 * x").defined


def test_code_runs_in_the_notebooks_folder(tmp_path: Path) -> None:
    (tmp_path / "two.txt").write_text("2")
    source = "def double(x):\n    return float(open('two.txt').read()) * x"
    assert isinstance(run_cells(tmp_path, source).outcomes[0][0], Returned)


@pytest.mark.skipif(sys.platform == "win32", reason="sessions are POSIX's")
def test_what_the_child_started_ends_with_it(tmp_path: Path) -> None:
    source = (
        "import subprocess, sys\n"
        "sleeper = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(10**6)'])\n"
        "def double(x):\n    return np.array([sleeper.pid])"
    )
    (outcome,) = run_cells(tmp_path, source).outcomes[0]
    assert isinstance(outcome, Returned)
    pid = int(outcome.value[0])  # type: ignore[index,call-overload,arg-type]
    wait_until(lambda: not runs(pid))


def test_child_left_behind_ends_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    main = plain._MAIN
    for seconds in (0.5 * 4**tries for tries in range(8)):  # on a busy machine, its start alone takes so long
        monkeypatch.setattr(plain, "_MAIN", main.replace("{}", f"{seconds} + 0 * {{}}"))
        with contextlib.suppress(SandboxError):
            outcomes = run_cells(tmp_path, SLEEPING, seconds=FOREVER).outcomes
        if (tmp_path / "called").exists():  # else it ended while it ran the cells, or before
            break
    assert outcomes == [[Died("crashed", "ended itself with exit code 1")]]


def test_without_a_python_to_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain.sys, "executable", str(tmp_path / "no-python"))
    with pytest.raises(SandboxError, match="no process could be started for your code"):
        run_cells(tmp_path, "def double(x):\n    return 2 * x")


def test_python_that_does_not_find_the_kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHOME", str(tmp_path))
    with pytest.raises(SandboxError, match=r"the process for your code did not start: .*encodings"):
        run_cells(tmp_path, "def double(x):\n    return 2 * x")


def test_child_that_takes_no_message(tmp_path: Path) -> None:
    child = PlainChild(tmp_path, 0.3)
    try:
        child.send(messages.Program([messages.CellData(0, "while True: pass")], "double", []))
        too_much_for_a_pipe = messages.Program([messages.CellData(0, "#" * 2**20)], "double", [])
        with pytest.raises(plain.ChildDiedError, match=r"took longer than 0\.3 s"):
            child.send(too_much_for_a_pipe)
    finally:
        assert child.close() == ""


def test_interrupting_ends_all_processes(tmp_path: Path) -> None:
    hanging = (
        "def softmax(x):\n    import os\n    open(f'hangs-{os.getpid()}', 'w').close()\n    while True: pass"
    )
    solved("self-attention", tmp_path, softmax=hanging)
    code = (
        "import signal; from pathlib import Path; from autograder.selfcheck import plain, saved;"
        "signal.signal(signal.SIGINT, signal.default_int_handler);"  # whoever started this may be deaf to it
        f"plain.Processes.__init__.__defaults__ = ({FOREVER},);"
        "saved.check_notebook(Path('.'))"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: list(tmp_path.glob("hangs-*")), process)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert "KeyboardInterrupt" in err
    hanging_ones = [int(one.name.removeprefix("hangs-")) for one in tmp_path.glob("hangs-*")]
    wait_until(lambda: not any(map(runs, hanging_ones)))


def test_started_children_are_the_last(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    with processes:
        pass
    with pytest.raises(SandboxError, match="the check was stopped"):
        processes.start()


def test_a_child_that_was_started_ahead_is_the_next_and_is_ended_where_nobody_asks_for_it(
    tmp_path: Path,
) -> None:
    with Processes(tmp_path) as processes:
        processes.ahead()
        (ahead,) = processes._started
        first, second = processes.start(), processes.start()
        assert first is ahead
        assert second is not ahead
        for child in (first, second):
            child.close()
        processes.ahead()
        left = processes._started[-1]
    assert left._process.returncode is not None


@pytest.mark.slow
def test_time_is_what_the_child_computes_and_not_what_a_busy_machine_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain, "_IDLE_FACTOR", FOREVER)
    patient = "import time\ndef double(x):\n    time.sleep(1.5)\n    return 2 * x"
    (outcome,) = run_cells(tmp_path, patient, seconds=1.0).outcomes[0]
    assert isinstance(outcome, Returned)
    # Without a clock for that, the wall's has to do; not for the cells, which may take long on a busy machine.
    called = tmp_path / "called"
    monkeypatch.setattr(clocks, "cpu_seconds", lambda process: None if called.exists() else 0.0)
    (outcome,) = run_cells(tmp_path, SLEEPING, seconds=0.5).outcomes[0]
    assert outcome == Died("timeout", "took longer than 0.5 s")


def test_a_child_that_waits_for_ever_is_ended_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called = tmp_path / "called"
    clock = SimpleNamespace(monotonic=lambda: 10.0 if called.exists() else 0.0)
    monkeypatch.setattr(plain, "time", clock)
    (outcome,) = run_cells(tmp_path, SLEEPING, seconds=1.0).outcomes[0]
    assert outcome == Died("timeout", "was not done after 10 s")
