"""Checking oneself: on a copied folder, without a course, in pytest and in a kernel that runs."""

import functools
import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from student import ATTEND, RIGHT, SCALED_SCORES, SOFTMAX, add_cell, hand_out, solved, write
from waiting import FOREVER, runs, wait_until

import autograder
from autograder import kernel, plain, selfcheck, show
from autograder.errors import CourseError, SandboxError, UnreadableError
from autograder.selfcheck import FunctionCheck, check_function, check_notebook, find_notebook

UNITS = ("embeddings", "self-attention", "multi-head")


def function(found: selfcheck.NotebookCheck, name: str) -> FunctionCheck:
    return next(one for one in found.functions if one.name == name)


def ids(found: FunctionCheck) -> list[str]:
    return [diagnosis.id for diagnosis in found.diagnoses]


# ---------------------------------------------------------------------------------------------- a notebook


@pytest.mark.parametrize("unit", UNITS)
def test_right_solutions_pass(unit: str, tmp_path: Path) -> None:
    found = check_notebook(solved(unit, tmp_path))
    assert found.passed
    assert [one.diagnoses for one in found.functions] == [()] * len(found.functions)
    assert all(one.notes == () for one in found.functions)


@pytest.mark.parametrize("unit", UNITS)
def test_stubs_are_named_as_such(unit: str, tmp_path: Path) -> None:
    found = check_notebook(hand_out(unit, tmp_path))
    assert not found.passed
    for one in found.functions:
        assert ids(one) == ["general.not-implemented"]
        assert one.unwritten
        assert not any(check.passed for check in one.checks)


# Twelve mistakes that students make, and what each should be told first.
MISTAKES = {
    "own-vocabulary": (
        "embeddings",
        "one_hot",
        """
        def one_hot(tokens, vocabulary):
            words = list(dict.fromkeys(tokens))
            table = np.zeros((len(tokens), len(words)))
            for row, token in enumerate(tokens):
                table[row, words.index(token)] = 1
            return table
        """,
        "one_hot.own-vocabulary",
    ),
    "unknown-accepted": (
        "embeddings",
        "one_hot",
        """
        def one_hot(tokens, vocabulary):
            return np.array([[float(t == w) for w in vocabulary] for t in tokens]).reshape(len(tokens), -1) \\
                if tokens else np.zeros((0, len(vocabulary)))
        """,
        "one_hot.unknown-accepted",
    ),
    "swapped-outputs": (
        "embeddings",
        "project_qkv",
        "def project_qkv(x, a, b, c):\n    return x @ b, x @ a, x @ c",
        "project_qkv.swapped-outputs",
    ),
    "a list": (
        "embeddings",
        "project_qkv",
        "def project_qkv(x, a, b, c):\n    return (x @ a).tolist()",
        "general.wrong-type",
    ),
    "unscaled": (
        "self-attention",
        "scaled_scores",
        "def scaled_scores(q, k):\n    return q @ k.T",
        "scaled_scores.unscaled",
    ),
    "by d_k": (
        "self-attention",
        "scaled_scores",
        "def scaled_scores(q, k):\n    return q @ k.T / k.shape[1]",
        "scaled_scores.divided-by-d_k",
    ),
    "wrong-axis": (
        "self-attention",
        "softmax",
        "def softmax(x):\n    e = np.exp(x - x.max(-1, keepdims=True))\n    return e / e.sum(axis=0)",
        "softmax.wrong-axis",
    ),
    "unstable": (
        "self-attention",
        "softmax",
        "def softmax(x):\n    e = np.exp(x)\n    return e / e.sum(-1, keepdims=True)",
        "softmax.unstable",
    ),
    "prints": (
        "self-attention",
        "softmax",
        "def softmax(x):\n    e = np.exp(x)\n    print(e / e.sum(-1, keepdims=True))",
        "general.returns-none",
    ),
    # Known by what they do, whatever else comes back.
    "walks over rows": (
        "self-attention",
        "softmax",
        """
        def softmax(x):
            out = np.zeros_like(x)
            for i in range(len(x)):
                e = np.exp(x[i] - x[i].max())
                out[i] = e / e.sum()
            return out
        """,
        "softmax.two-d-only",
    ),
    "a one in the last column": (
        "embeddings",
        "one_hot",
        """
        def one_hot(tokens, vocabulary):
            table = np.zeros((len(tokens), len(vocabulary)))
            for row, token in enumerate(tokens):
                table[row, vocabulary.index(token) if token in vocabulary else -1] = 1
            return table
        """,
        "one_hot.unknown-accepted",
    ),
    "key-for-value": (
        "self-attention",
        "attend",
        "def attend(q, k, v):\n    return softmax(scaled_scores(q, k)) @ k",
        "attend.key-for-value",
    ),
    "forgotten softmax": (
        "self-attention",
        "attend",
        "def attend(q, k, v):\n    return scaled_scores(q, k) @ v",
        "attend.no-softmax",
    ),
    "no W_O": (
        "multi-head",
        "multi_head",
        """
        def multi_head(x, q, k, v, o):
            return np.concatenate([attend(x @ q[i], x @ k[i], x @ v[i]) for i in range(len(q))], axis=-1)
        """,
        "multi_head.no-output-projection",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_typical_mistakes_are_named(mistake: str, tmp_path: Path) -> None:
    unit, name, source, due = MISTAKES[mistake]
    found = function(check_notebook(solved(unit, tmp_path, **{name: textwrap.dedent(source)})), name)
    assert not found.passed
    assert ids(found)[:1] == [due]
    assert found.explanation is not None
    assert found.waits_for == ()


def test_function_that_calls_a_wrong_one_waits_for_it(tmp_path: Path) -> None:
    unscaled = "def scaled_scores(q, k):\n    return q @ k.T"
    found = check_notebook(solved("self-attention", tmp_path, scaled_scores=unscaled))
    assert function(found, "softmax").passed
    attend = function(found, "attend")
    assert (attend.waits_for, attend.diagnoses) == (("scaled_scores",), ())


def test_brought_function_is_named_where_it_is_at_fault(tmp_path: Path) -> None:
    wrong = "def attend(q, k, v):\n    return q @ k.T @ v"
    found = check_notebook(solved("multi-head", tmp_path, attend=wrong))
    assert [one.name for one in found.functions] == ["multi_head"]
    assert found.functions[0].waits_for == ("attend",)


def test_changed_inputs_are_a_check_of_their_own(tmp_path: Path) -> None:
    source = "def softmax(x):\n    x -= x.max(-1, keepdims=True)\n    e = np.exp(x)\n    return e / e.sum(-1, keepdims=True)"
    found = function(check_notebook(solved("self-attention", tmp_path, softmax=source)), "softmax")
    assert [check.name for check in found.checks if not check.passed] == ["leaves its inputs alone"]
    assert ids(found) == ["general.mutates-input"]


def test_function_that_reads_the_notebook(tmp_path: Path) -> None:
    source = "Q = np.ones((4, 3))\ndef scaled_scores(q, k):\n    return Q @ k.T / np.sqrt(k.shape[-1])"
    found = function(
        check_notebook(solved("self-attention", tmp_path, scaled_scores=source)), "scaled_scores"
    )
    assert ids(found) == ["general.uses-globals"]
    assert found.diagnoses[0].line == 3  # where it reads the variable


def test_hanging_and_killing_cells_leave_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain.PlainChild.__init__, "__defaults__", (1.0,))
    notebook = solved("self-attention", tmp_path, softmax="def softmax(x):\n    while True: pass")
    add_cell(notebook, "import os; os._exit(0)")
    add_cell(notebook, "check(softmax), check(1)")
    found = check_notebook(notebook)
    assert ids(function(found, "softmax")) == ["general.timeout"]
    scores = function(found, "scaled_scores")
    assert scores.passed
    assert scores.notes == (
        f"Cell {len(json.loads(notebook.read_text())['cells']) - 1} was left out: it ended itself with exit code 0.",
    )


def test_modules_that_are_not_there_are_noted(tmp_path: Path) -> None:
    notebook = solved("self-attention", tmp_path)
    add_cell(notebook, "import no_such_module", place=1)
    assert function(check_notebook(notebook), "softmax").notes == (
        "Not available, and passed over: no_such_module.",
    )


def test_missing_function(tmp_path: Path) -> None:
    found = check_notebook(solved("self-attention", tmp_path, softmax="# nothing here"))
    assert ids(function(found, "softmax")) == ["general.missing"]


def test_cell_that_is_no_python(tmp_path: Path) -> None:
    found = check_notebook(solved("self-attention", tmp_path, attend="def attend(q, k, v:\n    return q"))
    assert ids(function(found, "attend")) == ["general.missing"]


def test_interrupting_ends_all_processes(tmp_path: Path) -> None:
    hanging = (
        "def softmax(x):\n    import os\n    open(f'hangs-{os.getpid()}', 'w').close()\n    while True: pass"
    )
    solved("self-attention", tmp_path, softmax=hanging)
    code = (
        "import signal; from pathlib import Path; from autograder import plain, selfcheck;"
        "signal.signal(signal.SIGINT, signal.default_int_handler);"  # whoever started this may be deaf to it
        f"plain.PlainChild.__init__.__defaults__ = ({FOREVER},);"
        "selfcheck.check_notebook(Path('.'))"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: list(tmp_path.glob("hangs-*")), process)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert "KeyboardInterrupt" in err
    hanging_ones = [int(one.name.removeprefix("hangs-")) for one in tmp_path.glob("hangs-*")]
    wait_until(lambda: not any(map(runs, hanging_ones)))


def test_started_children_are_the_last(tmp_path: Path) -> None:
    processes = selfcheck._Processes(tmp_path)
    with processes:
        pass
    with pytest.raises(SandboxError, match="the check was stopped"):
        processes.start()


# ---------------------------------------------------------------------- the line, and what is not catalogued

# What grading tells by a changed step or by two mistakes at once: each with what it is told, and the line.
UNCATALOGUED = {
    "entry by entry": (
        "self-attention",
        "attend",
        "def attend(Q, K, V):\n    s = scaled_scores(Q, K)\n    w = softmax(s)\n    return w * V",
        ["The step “weighted sum” multiplies entry by entry"],
        4,
    ),
    "queries and keys change places": (
        "multi-head",
        "multi_head",
        """
        def multi_head(x, W_Q, W_K, W_V, W_O):
            heads = [attend(x @ k, x @ q, x @ v) for q, k, v in zip(W_Q, W_K, W_V)]
            joined = np.concatenate(heads, axis=-1)
            return joined @ W_O
        """,
        ["In the step “product” the result of “queries” and the result of “keys” have changed places"],
        None,
    ),
    "a third root": (
        "self-attention",
        "scaled_scores",
        "def scaled_scores(Q, K):\n    raw = Q @ K.T\n    d = K.shape[-1]\n    return raw / d ** (1 / 3)",
        [
            "In the step “scale” the result of “product” is divided by the third root of the number of columns of"
            " `Query`"
        ],
        4,
    ),
    "two at once": (
        "self-attention",
        "scaled_scores",
        "def scaled_scores(Q, K):\n    raw = Q @ Q.T\n    return raw * np.sqrt(K.shape[-1])",
        ["The queries met themselves, or the keys did", "The scores were multiplied by √d_k, not divided"],
        2,
    ),
}


@pytest.mark.parametrize("mistake", UNCATALOGUED)
def test_what_is_not_catalogued_is_told_as_grading_does(mistake: str, tmp_path: Path) -> None:
    unit, name, source, due, line = UNCATALOGUED[mistake]
    found = function(check_notebook(solved(unit, tmp_path, **{name: textwrap.dedent(source)})), name)
    assert [diagnosis.title for diagnosis in found.diagnoses] == due
    assert found.diagnoses[0].line == line


def test_an_edge_is_named_beside_a_first_mistake_only_where_both_together_give_it(tmp_path: Path) -> None:
    """Not divided, and not shifted: infinity is what the exponentials are, and no second mistake."""
    told = {
        "def softmax(x):\n    e = np.exp(x)\n    return e / e.sum(axis=0)": ["wrong-axis", "unstable"],
        "def softmax(x):\n    return np.exp(x)": ["not-normalised"],
    }
    for source, due in told.items():
        found = function(check_notebook(solved("self-attention", tmp_path, softmax=source)), "softmax")
        assert ids(found) == [f"softmax.{name}" for name in due]


STEP_BY_STEP = """
def softmax(x):
    top = x.max(axis=-1, keepdims=True)
    e = np.exp(x - top)
    # each row
    total = e.sum(axis=0, keepdims=True)
    return e / total
""".strip()
TOLD = (
    "Line 2: `top` is right, the step “row maximum” (m[i] = the largest x[i, j]).",
    "Line 3: `e` is right, the step “exponential” (e[i, j] = exp(d[i, j])).",
    "Line 5: `total` should be the step “row sum” (s[i] = the sum of e[i, j] over j), and is not.",
)


def test_the_line_is_named_with_what_is_right_before_it(tmp_path: Path) -> None:
    found = function(check_notebook(solved("self-attention", tmp_path, softmax=STEP_BY_STEP)), "softmax")
    assert [(one.id, one.line) for one in found.diagnoses] == [("softmax.wrong-axis", 5)]
    assert found.explanation is not None
    assert found.explanation.observations[-3:] == TOLD


def test_the_line_is_named_on_the_input_that_is_explained(tmp_path: Path) -> None:
    source = "def softmax(x):\n    e = np.exp(x)\n    s = e.sum(axis=-1, keepdims=True)\n    return e / s"
    found = function(check_notebook(solved("self-attention", tmp_path, softmax=source)), "softmax")
    assert found.explanation is not None
    assert found.explanation.case == "huge entries"
    assert [(one.id, one.line) for one in found.diagnoses] == [("softmax.unstable", 2)]
    assert [step for step, _ in found.steps] == ["row maximum", "shift", "exponential", "row sum", "divide"]


@pytest.mark.parametrize(
    "source",
    [
        "def softmax(x):\n    return np.exp(x) / np.exp(x).sum(axis=0)",  # all in one line
        "def helper(x):\n    return np.exp(x) / np.exp(x).sum(axis=0)\ndef softmax(x):\n    return helper(x)",
        "softmax = lambda x: np.exp(x) / np.exp(x).sum(axis=0)",
        "exec('def softmax(x):\\n    e = np.exp(x)\\n    return e / e.sum(axis=0)')\ndef unused(x):\n    return softmax(x)",
    ],
)
def test_no_line_where_there_is_no_trace_to_hold_against(source: str, tmp_path: Path) -> None:
    found = function(check_notebook(solved("self-attention", tmp_path, softmax=source)), "softmax")
    assert [(one.id, one.line) for one in found.diagnoses][:1] == [("softmax.wrong-axis", None)]


@pytest.mark.parametrize(
    "before",
    [
        "import sys\n    sys.settrace(None)",
        "import sys\n    sys.settrace(lambda *_: None)",
        "import sys\n    if sys.gettrace() is not None: raise RuntimeError('watched')",
        "import sys\n    while sys.gettrace() is not None: pass",
        "for _ in range(10_000): pass",
    ],
)
def test_a_function_that_minds_being_recorded_is_told_the_same(
    before: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain.PlainChild.__init__, "__defaults__", (2.0,))
    source = f"def softmax(x):\n    {before}\n    e = np.exp(x)\n    return e / e.sum(axis=0)"
    found = function(check_notebook(solved("self-attention", tmp_path, softmax=source)), "softmax")
    assert ids(found)[:1] == ["softmax.wrong-axis"]
    assert [check.passed for check in found.checks].count(True) > 0


# ----------------------------------------------------------------------------------------- which notebook


def test_folder_with_one_notebook(tmp_path: Path) -> None:
    notebook = hand_out("embeddings", tmp_path)
    renamed = notebook.rename(tmp_path / "my copy.ipynb")
    assert find_notebook(tmp_path) == renamed


def test_of_several_notebooks_the_units(tmp_path: Path) -> None:
    notebook = hand_out("embeddings", tmp_path)
    (tmp_path / "embeddings-Copy1.ipynb").write_bytes(notebook.read_bytes())
    assert find_notebook(tmp_path) == notebook
    notebook.rename(tmp_path / "other.ipynb")
    with pytest.raises(CourseError, match="holds 2 notebooks: name the one to check"):
        find_notebook(tmp_path)


@pytest.mark.parametrize(
    ("name", "message"),
    [("", "holds no notebook"), ("none.ipynb", "does not exist"), ("a.py", "is no notebook: its name")],
)
def test_no_notebook(name: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.py").touch()
    with pytest.raises(CourseError, match=message):
        find_notebook(tmp_path / name)


def test_without_the_checks(tmp_path: Path) -> None:
    notebook = hand_out("embeddings", tmp_path)
    (tmp_path / "checks.json").unlink()
    with pytest.raises(CourseError, match=r"checks\.json is missing"):
        check_notebook(notebook)


def test_unreadable_notebook(tmp_path: Path) -> None:
    notebook = hand_out("embeddings", tmp_path)
    notebook.write_text("{")
    with pytest.raises(UnreadableError, match="it is not JSON"):
        check_notebook(notebook)


# ------------------------------------------------------------------------------------------------ on save


def test_watching_checks_again_on_save(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between its glances, the notebook is left alone, half saved for a while, and saved."""
    notebook = solved("multi-head", tmp_path, multi_head="def multi_head(*a):\n    return None")
    results = selfcheck.watch(tmp_path)
    assert not next(results).passed
    content = notebook.read_bytes()

    def save() -> None:
        notebook.write_bytes(content)
        write(notebook, RIGHT["multi-head"])

    half = functools.partial(notebook.write_text, '{"half')
    between = iter([lambda: None, half, lambda: None, lambda: None, save])
    monkeypatch.setattr(selfcheck, "time", SimpleNamespace(sleep=lambda _: next(between)()))
    assert next(results).passed


def test_watching_a_notebook_that_stays_unreadable(tmp_path: Path) -> None:
    notebook = hand_out("multi-head", tmp_path)
    notebook.write_text("{")
    with pytest.raises(UnreadableError):
        next(selfcheck.watch(notebook, seconds=0.01))


def test_watching_waits_for_a_notebook_that_is_being_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = solved("multi-head", tmp_path)
    stamps = iter([None, None, (1, 1)])
    monkeypatch.setattr(selfcheck, "_stamp", lambda _: next(stamps))
    assert next(selfcheck.watch(notebook, seconds=0.01)).passed
    assert list(stamps) == []


def test_stamp_of_a_missing_file(tmp_path: Path) -> None:
    assert selfcheck._stamp(tmp_path / "gone") is None


# -------------------------------------------------------------------------------------------- in a kernel


class Kernel:
    """A real IPython in a process of its own, in a student's folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def run(self, *cells: str, before: str = "") -> list[str]:
        """Runs cells as Jupyter does; what each has as its result, as text."""
        code = textwrap.dedent(
            f"""
            import json, sys
            {before}
            from IPython.core.interactiveshell import InteractiveShell
            shell = InteractiveShell.instance()
            said = []
            for cell in json.loads(sys.stdin.read()):
                result = shell.run_cell(cell, store_history=True)
                said.append(repr(result.result))
            sys.stderr.write(json.dumps(said))
            """
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=self._folder,
            input=json.dumps(cells),
            capture_output=True,
            text=True,
            env={**os.environ, "IPYTHONDIR": str(self._folder / "ipython")},
        )
        said: list[str] = json.loads(done.stderr.splitlines()[-1])
        return said


IMPORTS = "import numpy as np\nfrom autograder import check"
WRONG_AXIS = (
    "def softmax(x):\n    e = np.exp(x - x.max(axis=-1, keepdims=True))\n    return e / e.sum(axis=0)"
)


@pytest.fixture
def ipython(tmp_path: Path) -> Kernel:
    hand_out("self-attention", tmp_path)
    return Kernel(tmp_path)


def test_kernel_checks_the_function_as_it_is_now(ipython: Kernel) -> None:
    said = ipython.run(IMPORTS, WRONG_AXIS, "check(softmax)", SOFTMAX, "check(softmax)")
    assert "softmax.wrong-axis" in said[2]
    assert "Expected" in said[2]
    assert said[4].startswith("✓ softmax: all 9 visible checks pass")
    assert "inside this kernel" not in said[4]


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
    assert (ipython._folder / "runs.txt").read_text() == "x"


def test_kernel_names_what_comes_first(ipython: Kernel) -> None:
    said = ipython.run(IMPORTS, SCALED_SCORES, WRONG_AXIS, ATTEND, "check(attend)")[-1]
    assert said.startswith("· attend: waits for softmax")


def test_kernel_falls_back_on_itself_for_what_no_cell_defines(ipython: Kernel) -> None:
    (ipython._folder / "mine.py").write_text(f"import numpy as np\n{SOFTMAX}")
    made = f"exec({SOFTMAX!r})"
    for cell in ("import sys; sys.path.insert(0, '.'); from mine import softmax", made):
        said = ipython.run(IMPORTS, cell, "check(softmax)")[-1]
        assert said.startswith("✓ softmax: all 9 visible checks pass")
        assert "Checked inside this kernel, without a time limit" in said


def test_kernel_falls_back_on_itself_where_processes_cannot_start(ipython: Kernel) -> None:
    said = ipython.run(IMPORTS, WRONG_AXIS, "import sys; sys.executable = ''", "check(softmax)")[-1]
    assert "softmax.wrong-axis" in said
    assert "Checked inside this kernel (no process could be started for your code:" in said


def test_kernel_names_the_line(ipython: Kernel) -> None:
    said = ipython.run(IMPORTS, STEP_BY_STEP, "check(softmax)")[-1]
    assert "It happens in line 5 of the cell." in said
    assert "▸ 5      total = e.sum(axis=0, keepdims=True)" in said
    assert "Line 3: e is right, the step “exponential”" in said


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
    said = ipython.run(IMPORTS, "check('softmax')", "check(print)", "check(np.ones(3))")
    assert "check takes the function itself, without parentheses or quotes: check(scaled_scores)" in said[1]
    assert "there are no checks for print in checks.json of unit 'self-attention'" in said[2]
    assert "check takes the function itself" in said[3]


def test_kernel_without_the_checks(ipython: Kernel) -> None:
    (ipython._folder / "checks.json").unlink()
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
        "Checked inside this kernel, without a time limit: should it hang, press the stop button.",
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


def test_history_outside_of_ipython() -> None:
    assert kernel.history() == []
    assert kernel.cells_for(softmax) == ()
    assert kernel.cells_for(3) == ()


def test_check_is_the_one_name_exported() -> None:
    assert autograder.check is show.check
    with pytest.raises(AttributeError, match="no attribute 'chekc'"):
        autograder.chekc  # noqa: B018


def test_package_is_quick_to_import() -> None:
    code = "import sys, autograder; sys.exit('numpy' in sys.modules or 'rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


# -------------------------------------------------------------------------------- pytest, and other systems

PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-p", "no:anyio")
# As on Windows: no fork, no resource limits, no sessions to end.
WITHOUT_FORK = """
import os, sys
for name in ("fork", "forkpty", "killpg", "setsid", "posix_spawn"):
    delattr(os, name)
for name in ("resource", "fcntl", "pwd", "grp"):
    sys.modules[name] = None
"""


def run_pytest(folder: Path, *arguments: str, before: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "100", "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("CI", None)  # there pytest says everything twice
    if before:
        code = f"{before}\nimport pytest; sys.exit(pytest.main(sys.argv[1:]))"
        command = [sys.executable, "-c", code, *PYTEST[2:], *arguments]
    else:
        command = [sys.executable, *PYTEST, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)


@pytest.mark.parametrize("unit", UNITS)
def test_pytest_exits_0_where_all_is_right(unit: str, tmp_path: Path) -> None:
    solved(unit, tmp_path)
    done = run_pytest(tmp_path)
    assert done.returncode == 0, done.stdout


def test_pytest_explains_and_exits_1(tmp_path: Path) -> None:
    solved("self-attention", tmp_path, softmax=WRONG_AXIS)
    done = run_pytest(tmp_path)
    assert done.returncode == 1
    assert "softmax.wrong-axis" in done.stdout
    assert "step by step" in done.stdout
    assert "▸ 3      return e / e.sum(axis=0)" in done.stdout
    assert "The failure of “a table of scores” tells why." in done.stdout
    for trace in ("Traceback", "autograder/", "pytest_visible", "def hold", "def test_"):
        assert trace not in done.stdout, trace
    assert done.stdout.count("softmax.wrong-axis") == 1


def test_pytest_tells_a_stub_once(tmp_path: Path) -> None:
    hand_out("multi-head", tmp_path)
    done = run_pytest(tmp_path)
    assert done.returncode == 1
    assert done.stdout.count("general.not-implemented") == 1
    assert "1 failed" in done.stdout


def test_pytest_without_its_files(tmp_path: Path) -> None:
    notebook = hand_out("multi-head", tmp_path)
    notebook.unlink()
    done = run_pytest(tmp_path)
    assert done.returncode == 1
    assert "holds no notebook" in done.stdout
    (tmp_path / "checks.json").unlink()
    done = run_pytest(tmp_path)
    assert done.returncode != 0
    assert "checks.json is missing" in done.stdout


def test_pytest_without_fork_and_resource(tmp_path: Path) -> None:
    """The parent has neither, and neither has the child: `sitecustomize` takes them away from every Python."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site/sitecustomize.py").write_text(WITHOUT_FORK.replace('"posix_spawn"', '"posix_spawnp"'))
    folder = tmp_path / "work"
    solved("self-attention", folder, softmax=WRONG_AXIS)
    paths = [str(tmp_path / "site"), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    probe = "import os, sys; sys.exit(hasattr(os, 'fork'))"
    assert subprocess.run([sys.executable, "-c", probe], env=environment).returncode == 0
    done = subprocess.run(
        [sys.executable, *PYTEST], cwd=folder, capture_output=True, text=True, env=environment
    )
    assert "softmax.wrong-axis" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 1
