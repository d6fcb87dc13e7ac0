"""What the visible checks say of each function: right, wrong, unwritten, and what comes first."""

import io
import textwrap
from pathlib import Path

import pytest
from check_samples import ids
from forked import Forked
from rich.console import Console
from student import SOFTMAX, STEP_BY_STEP, add_cell, hand_out, solved

from autograder.notebook import notebooks
from autograder.sandbox.children import Sandbox
from autograder.selfcheck import checkfile, examine, lookup, plain, saved, terminal
from autograder.selfcheck.checked import FunctionCheck, NotebookCheck
from autograder.selfcheck.saved import check_notebook

UNITS = ("embeddings", "self-attention", "multi-head")


def function(found: NotebookCheck, name: str) -> FunctionCheck:
    return next(one for one in found.functions if one.name == name)


def only(notebook: Path, name: str, sandbox: Sandbox) -> FunctionCheck:
    """What is found of one function, as `check(softmax)` finds it."""
    file = checkfile.read(notebook.parent / checkfile.FILE_NAME)
    cells = notebooks.code_cells(notebooks.read_bytes(notebook))
    as_it_came = {cell.source.strip() for cell in cells if checkfile.cell_digest(cell.source) in file.handout}
    with Forked(notebook.parent, sandbox) as processes:
        examiner = lookup.examiner(file, notebook.parent, processes.start, frozenset(as_it_came))
        submission = examine.submission(file, notebook, cells)
        (found,) = examine.functions(examiner, file, submission, [name], processes)
    return found


def whole(notebook: Path, sandbox: Sandbox) -> NotebookCheck:
    """What is found of all functions, as `autograder check` finds it."""
    with Forked(notebook.parent, sandbox) as processes:
        return saved.in_processes(notebook, processes)


@pytest.mark.parametrize("unit", UNITS)
def test_right_solutions_pass(unit: str, tmp_path: Path) -> None:
    found = check_notebook(solved(unit, tmp_path))
    assert found.passed
    assert [one.diagnoses for one in found.functions] == [()] * len(found.functions)
    assert found.notes == ()


@pytest.mark.parametrize("unit", UNITS)
def test_stubs_are_named_as_such(unit: str, tmp_path: Path, shared_sandbox: Sandbox) -> None:
    found = whole(hand_out(unit, tmp_path), shared_sandbox)
    assert not found.passed
    for one in found.functions:
        assert ids(one) == ["general.not-implemented"]
        assert one.unwritten
        assert not any(check.passed or check.tried for check in one.checks)


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


@pytest.mark.slow
@pytest.mark.parametrize("mistake", MISTAKES)
def test_typical_mistakes_are_named(mistake: str, tmp_path: Path, shared_sandbox: Sandbox) -> None:
    unit, name, source, due = MISTAKES[mistake]
    notebook = solved(unit, tmp_path, **{name: textwrap.dedent(source)})
    found = only(notebook, name, shared_sandbox)
    assert not found.passed
    assert ids(found)[:1] == [due]
    assert found.explanation is not None
    assert found.inputs is not None
    assert found.inputs.case == found.explanation.case
    assert [name for name, _ in found.inputs.args] == [name for name, _ in found.explanation.inputs]
    assert found.waits_for == ()


@pytest.mark.parametrize(
    ("source", "module"),
    [
        ("from helpers import softmax", "helpers"),
        (
            "def softmax(x):\n    import no_such_torch as torch\n    return torch.softmax(x, -1)",
            "no_such_torch",
        ),
    ],
    ids=["where the function comes from", "in the function"],
)
def test_a_module_that_is_not_there_is_named(
    source: str, module: str, tmp_path: Path, shared_sandbox: Sandbox
) -> None:
    found = whole(solved("self-attention", tmp_path, softmax=source), shared_sandbox)
    softmax = function(found, "softmax")
    assert not softmax.passed
    assert ids(softmax) == ["general.missing-module"]
    assert softmax.diagnoses[0].title == f"It needs `{module}`, a module that is not there"
    assert not any(check.passed for check in softmax.checks)
    assert function(found, "scaled_scores").passed
    assert function(found, "attend").waits_for == ("softmax",)
    told = io.StringIO()
    Console(file=told, width=100).print(terminal.notebook(found))
    assert f"It needs {module}, a module that is not there" in told.getvalue()
    assert "general.missing-module" in told.getvalue()


def test_function_that_calls_a_wrong_one_waits_for_it(tmp_path: Path, shared_sandbox: Sandbox) -> None:
    unscaled = "def scaled_scores(q, k):\n    return q @ k.T"
    found = whole(solved("self-attention", tmp_path, scaled_scores=unscaled), shared_sandbox)
    assert function(found, "softmax").passed
    attend = function(found, "attend")
    assert (attend.waits_for, attend.diagnoses) == (("scaled_scores",), ())


def test_brought_function_is_named_where_it_is_at_fault(tmp_path: Path, shared_sandbox: Sandbox) -> None:
    wrong = "def attend(q, k, v):\n    return q @ k.T @ v"
    found = whole(solved("multi-head", tmp_path, attend=wrong), shared_sandbox)
    assert [one.name for one in found.functions] == ["multi_head"]
    assert found.functions[0].waits_for == ("attend",)


def test_changed_inputs_are_a_check_of_their_own(tmp_path: Path, shared_sandbox: Sandbox) -> None:
    source = "def softmax(x):\n    x -= x.max(-1, keepdims=True)\n    e = np.exp(x)\n    return e / e.sum(-1, keepdims=True)"
    found = only(solved("self-attention", tmp_path, softmax=source), "softmax", shared_sandbox)
    assert [check.name for check in found.checks if not check.passed] == ["leaves its inputs alone"]
    assert ids(found) == ["general.mutates-input"]
    assert found.inputs is not None
    assert [name for name, _ in found.inputs.args] == ["x"]


def test_results_that_a_later_call_changes_are_told(tmp_path: Path, shared_sandbox: Sandbox) -> None:
    source = (
        "held = {}\ndef softmax(x):\n    e = held.setdefault(x.shape, np.empty(x.shape))\n"
        "    np.exp(x - x.max(-1, keepdims=True), out=e)\n    e /= e.sum(-1, keepdims=True)\n    return e"
    )
    found = only(solved("self-attention", tmp_path, softmax=source), "softmax", shared_sandbox)
    assert [check.name for check in found.checks if not check.passed] == ["leaves its inputs alone"]
    (message,) = [check.message for check in found.checks if not check.passed]
    assert message == "A later call changes the result that it returned, on “ten rows, ten columns” for one."
    assert ids(found) == ["general.overwrites-results"]


def test_function_that_reads_the_notebook(tmp_path: Path, shared_sandbox: Sandbox) -> None:
    source = "Q = np.ones((4, 3))\ndef scaled_scores(q, k):\n    return Q @ k.T / np.sqrt(k.shape[-1])"
    found = only(solved("self-attention", tmp_path, scaled_scores=source), "scaled_scores", shared_sandbox)
    assert ids(found) == ["general.uses-globals"]
    assert found.diagnoses[0].line == 3  # where it reads the variable


@pytest.mark.parametrize(
    ("function", "source", "finding", "line"),
    [
        (
            "layer_norm",
            "def layer_norm(x):\n    m = x.mean(axis=-1, keepdims=True)\n    v = x.var(axis=-1, keepdims=True)\n"
            "    return (x - m) / np.sqrt(v + 0.1)",
            "layer_norm.large-epsilon",
            4,
        ),
        (
            "attend",
            "def attend(Query, Key, Value):\n    w = softmax(scaled_scores(Query, Key))\n    w = w**2\n"
            "    w = w / w.sum(axis=1, keepdims=True)\n    return w @ Value",
            "general.one-edit",
            3,
        ),
    ],
)
def test_no_change_is_told_of_a_step_on_which_a_right_one_hangs(
    tmp_path: Path, shared_sandbox: Sandbox, function: str, source: str, finding: str, line: int
) -> None:
    """The centre 100 times too small, or the shift doubled, would do the same, and not leave the variance or weights right."""
    unit = "layers" if function == "layer_norm" else "self-attention"
    first = only(solved(unit, tmp_path, **{function: source}), function, shared_sandbox).diagnoses[0]
    assert (first.id, first.line) == (finding, line)


@pytest.mark.slow
def test_hanging_and_killing_cells_leave_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain.Processes.__init__, "__defaults__", (0.3,))
    notebook = solved("self-attention", tmp_path, softmax="def softmax(x):\n    while True: pass")
    add_cell(notebook, "softmax(np.ones(3))")
    add_cell(notebook, "import os; os._exit(0)")
    add_cell(notebook, "softmax(np.ones(4))")
    add_cell(notebook, "check(softmax), check(1)")
    found = check_notebook(notebook)
    assert ids(function(found, "softmax")) == ["general.timeout"]
    assert [check.tried for check in function(found, "softmax").checks] == [True] + [False] * 9
    assert function(found, "scaled_scores").passed
    assert found.notes == (
        "The cell “softmax(np.ones(3))” was left out: it took too long.",
        "The cell “import os; os._exit(0)” was left out: it ended itself with exit code 0.",
        "The cell “softmax(np.ones(4))” was left out: it took too long.",
    )


def test_modules_that_are_not_there_are_noted(tmp_path: Path) -> None:
    notebook = solved("self-attention", tmp_path)
    add_cell(notebook, "import no_such_module", place=1)
    found = check_notebook(notebook)
    assert found.notes == ("Not available, and passed over: no_such_module.",)  # once, not for each function
    assert all(one.notes == () for one in found.functions)


@pytest.mark.slow
def test_lines_pasted_from_a_check_do_no_harm(tmp_path: Path) -> None:
    """In the function's own cell, too: what comes before them stays."""
    lines = '\nfrom autograder import case\ninputs = case("softmax", "a single row")\nsoftmax(*inputs)'
    notebook = solved("self-attention", tmp_path, softmax=SOFTMAX + lines)
    add_cell(notebook, lines)
    found = check_notebook(notebook)
    assert found.passed
    assert found.notes == ()


def test_missing_function(tmp_path: Path, shared_sandbox: Sandbox) -> None:
    found = whole(solved("self-attention", tmp_path, softmax="# nothing here"), shared_sandbox)
    assert ids(function(found, "softmax")) == ["general.missing"]
    assert function(found, "softmax").undefined
    assert not any(check.tried or check.message for check in function(found, "softmax").checks)


def test_cell_that_is_no_python(tmp_path: Path, shared_sandbox: Sandbox) -> None:
    source = "def attend(q, k, v:\n    return q"
    found = whole(solved("self-attention", tmp_path, attend=source), shared_sandbox)
    assert ids(function(found, "attend")) == ["general.missing"]


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
        2,
    ),
    "a size too short": (
        "self-attention",
        "softmax",
        """
        def softmax(x):
            rows = np.exp(x - x.max(axis=-1, keepdims=True)).reshape(-1, x.shape[-1])
            for i in range(rows.shape[0] - 1):
                total = 0.0
                for j in range(rows.shape[1]):
                    total += rows[i, j]
                rows[i] /= total
            return rows.reshape(x.shape)
        """,
        None,
        3,
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


@pytest.mark.slow
@pytest.mark.parametrize("mistake", UNCATALOGUED)
def test_what_is_not_catalogued_is_told_as_grading_does(
    mistake: str, tmp_path: Path, shared_sandbox: Sandbox
) -> None:
    unit, name, source, due, line = UNCATALOGUED[mistake]
    notebook = solved(unit, tmp_path, **{name: textwrap.dedent(source)})
    found = only(notebook, name, shared_sandbox)
    if due is None:  # no step says it, and a small edit of the student's own code does
        assert ids(found)[0] == "general.one-edit"
    else:
        assert [diagnosis.title for diagnosis in found.diagnoses] == due
    assert found.diagnoses[0].line == line


def test_an_edge_is_named_beside_a_first_mistake_only_where_both_together_give_it(
    tmp_path: Path, shared_sandbox: Sandbox
) -> None:
    """Not divided, and not shifted: infinity is what the exponentials are, and no second mistake."""
    told = {
        "def softmax(x):\n    e = np.exp(x)\n    return e / e.sum(axis=0)": ["wrong-axis", "unstable"],
        "def softmax(x):\n    return np.exp(x)": ["not-normalised"],
    }
    for source, due in told.items():
        notebook = solved("self-attention", tmp_path, softmax=source)
        found = only(notebook, "softmax", shared_sandbox)
        assert ids(found) == [f"softmax.{name}" for name in due]


TOLD = (
    "Line 2: `top` is right, the step “row maximum” (m[i] = the largest x[i, j] over j).",
    "Line 3: `e` is right, the step “exponential” (e[i, j] = exp(d[i, j])).",
    "Line 5: `total` should be the step “row sum” (s[i] = the sum of e[i, j] over j), and is not.",
)


def test_the_line_is_named_with_what_is_right_before_it(tmp_path: Path, shared_sandbox: Sandbox) -> None:
    found = only(solved("self-attention", tmp_path, softmax=STEP_BY_STEP), "softmax", shared_sandbox)
    assert [(one.id, one.line) for one in found.diagnoses] == [("softmax.wrong-axis", 5)]
    assert found.explanation is not None
    assert found.explanation.observations[-3:] == TOLD


def test_the_line_is_named_on_the_input_that_is_explained(tmp_path: Path, shared_sandbox: Sandbox) -> None:
    source = "def softmax(x):\n    e = np.exp(x)\n    s = e.sum(axis=-1, keepdims=True)\n    return e / s"
    found = only(solved("self-attention", tmp_path, softmax=source), "softmax", shared_sandbox)
    assert found.explanation is not None
    assert found.explanation.case == "huge entries"
    assert [(one.id, one.line) for one in found.diagnoses] == [("softmax.unstable", 2)]
    assert [step for step, _ in found.steps] == ["row maximum", "shift", "exponential", "row sum", "divide"]


@pytest.mark.parametrize(
    "source",
    [
        "def helper(x):\n    return np.exp(x) / np.exp(x).sum(axis=0)\ndef softmax(x):\n    return helper(x)",
        "softmax = lambda x: np.exp(x) / np.exp(x).sum(axis=0)",
        "exec('def softmax(x):\\n    e = np.exp(x)\\n    return e / e.sum(axis=0)')\ndef unused(x):\n    return softmax(x)",
    ],
)
def test_no_line_where_there_is_no_trace_to_hold_against(
    source: str, tmp_path: Path, shared_sandbox: Sandbox
) -> None:
    found = only(solved("self-attention", tmp_path, softmax=source), "softmax", shared_sandbox)
    assert [(one.id, one.line) for one in found.diagnoses][:1] == [("softmax.wrong-axis", None)]


@pytest.mark.slow
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
    before: str, tmp_path: Path, shared_sandbox: Sandbox
) -> None:
    source = f"def softmax(x):\n    {before}\n    e = np.exp(x)\n    return e / e.sum(axis=0)"
    found = only(solved("self-attention", tmp_path, softmax=source), "softmax", shared_sandbox)
    assert ids(found)[:1] == ["softmax.wrong-axis"]
    assert [check.passed for check in found.checks].count(True) > 0
