"""Checking a function in a kernel that runs, and in plain Python."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from check_samples import ids
from kernels import IMPORTS, Kernel
from student import ATTEND, SCALED_SCORES, SOFTMAX, STEP_BY_STEP, WRONG_AXIS, hand_out

from autograder.selfcheck.live import check_function


@pytest.fixture
def ipython(tmp_path: Path) -> Kernel:
    hand_out("self-attention", tmp_path)
    return Kernel(tmp_path)


def test_kernel_checks_the_function_as_it_is_now(ipython: Kernel) -> None:
    """And names the line; takes the function's name as well, and says where that was taken."""
    said = ipython.run(
        *(IMPORTS, STEP_BY_STEP, "check(softmax)", SOFTMAX, "check('softmax')"),
        *("softmax = softmax(np.ones(3))", "check(softmax)", "check('softmax')"),
    )
    assert "softmax.wrong-axis" in said[2]
    assert "Expected" in said[2]
    assert "It happens in line 5 of the cell." in said[2]
    assert "▸ 5      total = e.sum(axis=0, keepdims=True)" in said[2]
    assert "Line 3: e is right, the step “exponential”" in said[2]
    assert said[4].startswith("✓ softmax: all 10 visible checks pass")
    assert "inside this kernel" not in said[4]
    for taken in said[6:]:
        assert taken.startswith("softmax is no function any more: a later cell has given the name")


def test_kernel_runs_what_the_function_needs_alone(ipython: Kernel) -> None:
    """The cells that print, sleep and check are not run again; the helpers are, and magics do no harm."""
    (said,) = ipython.run(
        IMPORTS,
        "began = 1",
        "open('runs.txt', 'a').write('x')",
        SCALED_SCORES,
        SOFTMAX,
        "%time 1 + 1",
        ATTEND,
        "check(attend)",
    )[-1:]
    assert said.startswith("✓ attend: all")
    assert (ipython.folder / "runs.txt").read_text() == "x"


def test_kernel_names_what_comes_first(ipython: Kernel) -> None:
    said = ipython.run(IMPORTS, SCALED_SCORES, WRONG_AXIS, ATTEND, "check(attend)")[-1]
    assert said.startswith("· attend: waits for softmax")


def test_kernel_falls_back_on_itself_for_what_no_cell_defines(ipython: Kernel) -> None:
    (ipython.folder / "mine.py").write_text(f"import numpy as np\n{SOFTMAX}")
    made = f"exec({SOFTMAX!r})"
    for cell in ("import sys; sys.path.insert(0, '.'); from mine import softmax", made):
        said = ipython.run(IMPORTS, cell, "check(softmax)")[-1]
        assert said.startswith("✓ softmax: all 10 visible checks pass")
        assert "Checked inside this kernel. Should it hang" in said


def test_kernel_looks_at_results_again_without_processes(ipython: Kernel) -> None:
    shared = (
        "held = {}\ndef softmax(x):\n    e = held.setdefault(x.shape, np.empty(x.shape))\n"
        "    np.exp(x - x.max(-1, keepdims=True), out=e)\n    e /= e.sum(-1, keepdims=True)\n    return e"
    )
    said = ipython.run(IMPORTS, shared, "import sys; sys.executable = ''", "check(softmax)")[-1]
    assert "A later call changes the result that it returned" in said
    assert "general.overwrites-results" in said


def test_kernel_falls_back_on_itself_where_processes_cannot_start(ipython: Kernel) -> None:
    said = ipython.run(IMPORTS, WRONG_AXIS, "import sys; sys.executable = ''", "check(softmax)")[-1]
    assert "softmax.wrong-axis" in said
    assert "Checked inside this kernel (no process could be started for your code:" in said


@pytest.mark.parametrize("above", ["", "# a comment\n\n"])
def test_kernel_names_the_line_without_processes_and_hands_the_trace_back(
    ipython: Kernel, above: str
) -> None:
    tracer = "import sys; sys.executable = ''\ndef tracer(*_): return None\nsys.settrace(tracer)"
    said = ipython.run(
        IMPORTS, above + STEP_BY_STEP, f"{tracer}\nfound = check(softmax)\nsys.gettrace() is tracer", "found"
    )
    line = 5 + above.count("\n")
    assert said[2] == "True"
    assert f"It happens in line {line} of the cell." in said[3]
    assert f"▸ {line}      total = e.sum(axis=0, keepdims=True)" in said[3]


LOOPED = """
def softmax(x):
    rows = np.exp(x - x.max(axis=-1, keepdims=True)).reshape(-1, x.shape[-1])
    for i in range(rows.shape[0]):
        total = 0.0
        for j in range(rows.shape[1]):
            total = rows[i, j]
        rows[i] /= total
    return rows.reshape(x.shape)
""".strip()


@pytest.mark.parametrize("processes", [True, False])
def test_kernel_tries_small_edits_of_the_code_with_and_without_processes(
    ipython: Kernel, processes: bool
) -> None:
    setting = "import sys, threading" if processes else _NONE
    said = ipython.run(IMPORTS, LOOPED, f"{setting}\ncheck(softmax)")[-1]
    assert "general.one-edit" in said
    assert "▸ 6" in said


# Neither processes nor threads can be had, as in a browser.
_NONE = """
import sys, threading
sys.executable = ''
def none(*_): raise RuntimeError("can't start new thread")
threading.Thread.start = none
""".strip()


_EACH_WAY = """
{setting}
import builtins, warnings
asked = []
def softmax(x):
    {line}
    return x
builtins.input = asked.append  # as a kernel's, which asks whoever sits before it
check(softmax)
""".strip()


@pytest.mark.parametrize(
    ("line", "due"),
    [
        ("print('told', x); warnings.warn('warned'); sys.stderr.write('wrote')", "softmax.no-exp"),
        ("x * float(input('factor? '))", "It raised EOFError"),
        ("sys.stdin.readline()[0]", "It raised IndexError"),
        ("sys.exit('over')", "It raised SystemExit"),
    ],
)
def test_kernel_hears_nothing_of_a_call_and_asks_nobody_without_processes(
    ipython: Kernel, line: str, due: str
) -> None:
    """As in a process of its own. The notebook's own output and `input` are as before."""
    (said, after) = ipython.run(
        IMPORTS, _EACH_WAY.format(setting=_NONE, line=line), "print('heard'); input('me'); asked"
    )[1:]
    assert due in said
    assert ipython.printed.startswith("Out[2]:")
    assert "\nheard\n" in ipython.printed
    assert after == "['me']"


def test_kernel_names_no_line_of_what_no_cell_holds(ipython: Kernel) -> None:
    said = ipython.run(IMPORTS, f"exec({STEP_BY_STEP!r})", "check(softmax)")[-1]
    assert "softmax.wrong-axis" in said
    assert "It happens in line" not in said


def test_kernel_finds_functions_under_other_names(ipython: Kernel) -> None:
    said = ipython.run(
        IMPORTS,
        "def mine(x):\n    e = np.exp(x - x.max(-1, keepdims=True))\n    return e / e.sum(-1, keepdims=True)",
        "softmax = mine",
        "check(softmax)",
    )[-1]
    assert said.startswith("✓ softmax")


def test_kernel_is_told_what_to_check(ipython: Kernel) -> None:
    said = ipython.run(IMPORTS, "check('sofmax')", "check(print)", "check(np.ones(3))")
    assert "there are no checks for sofmax in checks.json of unit 'self-attention'" in said[1]
    assert "there are no checks for print in checks.json of unit 'self-attention'" in said[2]
    assert "check takes the function itself, without parentheses: check(scaled_scores)" in said[3]


AWAITED = "there is no softmax in this notebook yet: run the cell that begins with `def softmax(`"


def test_kernel_explains_a_check_before_the_function_is_there(ipython: Kernel) -> None:
    """By its name, and without quotes, where Python stops before `check` is called."""
    assert ipython.run(IMPORTS, "check('softmax')")[-1].startswith(AWAITED)
    ipython.run(IMPORTS, "check(softmax)\nprint('went', 'on')", SOFTMAX, "check(softmax)")
    assert ipython.printed.splitlines()[0].startswith(f"NameError: {AWAITED}")
    assert "Traceback" not in ipython.printed
    assert "went on" not in ipython.printed


def test_kernel_shows_other_name_errors_as_ever(ipython: Kernel) -> None:
    calls = "def attend(q):\n    return softmax(q)"
    for cells in (["check(sofmax)"], [calls, "attend(1)"]):
        ipython.run(IMPORTS, *cells)
        assert "Traceback" in ipython.printed
        assert "in this notebook yet" not in ipython.printed
    (ipython.folder / "checks.json").unlink()
    ipython.run(IMPORTS, "check(softmax)")
    assert "Traceback" in ipython.printed


def test_kernel_leaves_a_handler_that_was_there_first(ipython: Kernel) -> None:
    first = "get_ipython().set_custom_exc((KeyError,), lambda *args, **_: print('mine'))"
    ipython.run(first, IMPORTS, "{}[1]", "check(softmax)")
    assert ipython.printed.startswith("mine\n")
    assert "in this notebook yet" not in ipython.printed


def test_kernel_without_the_checks(ipython: Kernel) -> None:
    (ipython.folder / "checks.json").unlink()
    assert "checks.json is missing" in ipython.run(IMPORTS, SOFTMAX, "check(softmax)")[-1]


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    hand_out("self-attention", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def softmax(x: np.ndarray) -> np.ndarray:
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


@pytest.mark.usefixtures("in_folder")
def test_plain_python_checks_in_place() -> None:
    state = np.random.get_state()[1].copy()  # type: ignore[index,union-attr]
    found = check_function(softmax)
    assert found.passed
    assert found.notes == (
        "Checked inside this kernel. Should it hang in one line for long, press the stop button.",
    )
    np.testing.assert_array_equal(np.random.get_state()[1], state)  # type: ignore[index]


@pytest.mark.usefixtures("in_folder")
@pytest.mark.parametrize(
    ("answer", "due"),
    [
        (lambda x: None, "general.returns-none"),
        (lambda x: x.tolist(), "general.wrong-type"),
        (lambda x: [str(x)], "general.wrong-type"),
        (lambda x: (x, x), "general.wrong-type"),
        (lambda x: x.astype(str), "general.wrong-type"),
    ],
)
def test_odd_results_in_place(answer: Callable[[np.ndarray], object], due: str) -> None:
    def softmax(x: np.ndarray) -> object:
        return answer(x)

    assert ids(check_function(softmax)) == [due]


@pytest.mark.usefixtures("in_folder")
def test_exception_in_place() -> None:
    def softmax(x: np.ndarray) -> object:
        raise IndexError("too far")

    assert ids(check_function(softmax))[:1] == ["general.raises"]
