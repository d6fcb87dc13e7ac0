"""A notebook as it runs in a child: which cells run, what magics do, what is told of the function, what a call gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from talking import Conversation

from autograder.records import Limits
from autograder.sandbox.children import Sandbox

# ------------------------------------------------------------------------------------- which cells must run


def needed(talk: Any, *cells: tuple[str, bool]) -> list[int]:
    """The places of the cells that ran; each is told whether it is the handout's own."""
    return sorted(set(talk(*cells).ran))


def test_all_that_the_student_wrote_runs(talk: Any) -> None:
    assert needed(talk, ("x = 1", False), ("print(2)", False), ("def f(): pass", False)) == [0, 1, 2]


def test_of_the_handout_only_what_the_function_reads(talk: Any) -> None:
    cells = [
        ("import numpy as np", True),
        ("import matplotlib.pyplot as plt", True),
        ("d_k = 6", True),
        ("scale = np.sqrt(d_k)", True),
        ("def f(x): return x / scale", False),
        ("plt.plot(f(1))", True),
        ("print(f(2))", True),
    ]
    assert needed(talk, *cells) == [0, 2, 3, 4]


def test_a_parameter_of_the_name_of_a_variable_does_not_need_it(talk: Any) -> None:
    assert needed(talk, ("Query = [1]", True), ("def f(Query): return Query", False)) == [1]


def test_what_a_nested_function_reads_is_needed(talk: Any) -> None:
    cells = [("d_k = 6", True), ("def f(x):\n    def scale(): return x / d_k\n    return scale()", False)]
    assert needed(talk, *cells) == [0, 1]


@pytest.mark.parametrize(
    "source",
    [
        "from numpy import *",
        "d[0] = 3",
        "d.shape = 2, 3",
        "class d: pass",
        "async def d(): pass",
        "def d(): pass",
        "import d.sub",
        "import other as d",
        "for d in range(3): pass",
        "with open('x') as d: pass",
        "(d := 3)",
        "d += 1",
        "this is no Python",
    ],
)
def test_handout_cells_that_bind_what_is_read(talk: Any, source: str) -> None:
    assert needed(talk, (source, True), ("print(1)", True), ("def f(): return d", False)) == [0, 2]


def test_an_unchanged_stub_runs_where_the_function_is_not_written(talk: Any) -> None:
    assert needed(talk, ("def f(x): raise NotImplementedError", True), ("f(1)", True)) == [0]


def test_the_students_cells_are_told_of_before_they_are_parsed(talk: Any) -> None:
    told = talk(("x = 1", True), ("y = (", False), ("\0", False), ("print(1)", False))
    assert told.ran == [1, 2, 3, 1, 2, 3]
    assert told.failed.keys() == {1, 2}


# ------------------------------------------------------------------------------------- running as Jupyter does


def test_cells_share_variables_and_a_failing_one_does_not_stop_the_rest(talk: Any) -> None:
    told = talk("x = 1", "y = x / 0", "this is no Python", "def f(a): return a + x")
    assert told.failed[1].exception == "ZeroDivisionError"
    assert told.failed[2].exception == "SyntaxError"
    np.testing.assert_array_equal(told.value(np.ones(2)), [2, 2])


@pytest.mark.parametrize(
    "source",
    [
        "%matplotlib inline\n%config InlineBackend.figure_format = 'retina'\nx = 3",
        "!pip install numpy\nx = 3",
        "!!ls\nx = 3",
        "x = 3\nx?",
        "files = !ls\nx = 3",
        "%time x = 3",
        "%%time\nx = 3",
        "%%capture out\nx = 3\nprint(x)",
        "%load_ext autoreload\n%autoreload 2\nx = 3",
        "get_ipython().run_line_magic('matplotlib', 'inline')\nx = 3",
        "display(3)\nx = 3",
        "x = 3  # is it?",
        "'''\n% no magic\n'''\nx = 3",
    ],
)
def test_magics_do_no_harm(talk: Any, source: str) -> None:
    told = talk(source, "def f(a): return a * x")
    assert not told.failed
    np.testing.assert_array_equal(told.value(np.ones(2)), [3, 3])


def test_cell_magics_of_other_languages_do_nothing(talk: Any) -> None:
    told = talk("%%bash\nrm -rf /", "%%html\n<b>", "%%writefile f.py\nx", "def f(a): return a")
    assert not told.failed


def test_await_at_the_top_of_a_cell(talk: Any) -> None:
    told = talk("import asyncio\nawait asyncio.sleep(0.01)\nx = 3", "def f(a): return a * x")
    assert not told.failed


# --------------------------------------------------------------------------------- what is told of the function


def test_where_the_function_stands_and_what_it_reads(talk: Any) -> None:
    told = talk(
        "import numpy as np\nd_k = 6\nhelper = len",
        "\n\n# mine\ndef f(x):\n    g = lambda: d_k\n    return np.sqrt(x) / g() * helper([1])",
    )
    assert told.ready.defined
    assert (told.ready.cell, told.ready.first_line) == (1, 4)
    assert told.ready.reads == ["d_k"]


def test_a_function_behind_a_decorator(talk: Any) -> None:
    told = talk(
        "import functools\ndef logged(g):\n    @functools.wraps(g)\n    def h(*a): return g(*a)\n    return h",
        "x = 1\n@logged\ndef f(a):\n    return a / 0 if x else {}['missing']",
    )
    assert told.ready.cell == 1
    failure = told.call(*([["w"]]))
    assert (failure.exception, failure.line) == ("TypeError", 4)


def test_the_line_that_raised_is_in_the_functions_own_cell(talk: Any) -> None:
    told = talk(
        "def helper(a):\n    return a['no']",
        "\ndef f(a):\n    b = a\n    return helper(b)",
    )
    assert told.call(np.ones(1)).line == 4


def test_lines_count_within_the_cell_under_a_magic_too(talk: Any) -> None:
    told = talk("%%time\n\ndef f(a):\n    raise KeyError('x')")
    assert (told.ready.cell, told.ready.first_line) == (0, 3)
    assert told.call(np.ones(1)).line == 4


def test_functions_without_code_of_their_own(talk: Any) -> None:
    told = talk("import numpy as np\nf = np.exp")
    assert told.ready.defined
    assert told.ready.cell is None
    assert talk_value_is_one(told)


def talk_value_is_one(told: Conversation) -> bool:
    return bool(np.array_equal(told.value(np.zeros(1)), [1.0]))


def test_no_such_function_and_one_that_is_no_function(talk: Any) -> None:
    told = talk("x = 1")
    assert not told.ready.defined
    told.child.close()
    assert not talk("f = 3").ready.defined


def test_hidden_variables_come_back(talk: Any) -> None:
    told = talk("scale = 2.0", "def f(a): return a * scale")
    assert told.call(np.ones(1), hide=["scale", "no_such"]).exception == "NameError"
    np.testing.assert_array_equal(told.value(np.ones(1)), [2.0])


# -------------------------------------------------------------------------------------------- what a call gives


def test_what_cannot_be_handed_over_is_a_failure_of_that_call_alone() -> None:
    source = "def f(a):\n    class Bad(str): pass\n    return [Bad('x' * 40_000_000)]"
    # A slow machine takes longer over so long a word than what other children have.
    with Sandbox(Limits(cpu_seconds=60.0)) as sandbox:
        told = Conversation(sandbox, [source])
        assert told.call(np.ones(1)).exception == "ValueError"
        assert told.call(np.ones(1)).exception == "ValueError"
        told.child.close()


def test_exceptions_whatever_they_are(talk: Any) -> None:
    told = talk(
        "class Odd(BaseException):\n    def __str__(self): raise SystemExit\nOdd.__name__ = 'X' * 600",
        "def f(a): raise Odd",
    )
    failure = told.call(np.ones(1))
    assert failure.message == "(its text could not be read)"
    assert failure.exception.startswith("XXX")


def test_the_generators_are_seeded_before_each_call(talk: Any) -> None:
    told = talk(
        "import numpy as np, random",
        "def f(a): return np.array([np.random.random(), random.random()])",
    )
    np.testing.assert_array_equal(told.value(np.ones(1)), told.value(np.ones(1)))


def test_assigning_to_the_seed_is_an_honest_mistake(talk: Any) -> None:
    told = talk("import numpy as np\nnp.random.seed = 42\nnp.asarray = None", "def f(a): return a")
    assert isinstance(told.value(np.ones(1)), np.ndarray)


def test_what_is_printed_arrives(talk: Any) -> None:
    told = talk("print('in a cell')", "def f(a): print('in a call')\n")
    told.call(np.ones(1))
    assert told.child.close() == "in a cell\nin a call\n"


# ---------------------------------------------------------------------------- a line that fails only when graded


@pytest.mark.parametrize(
    "line",
    [
        "name = input('Your name?')",
        "log = open('log.txt', 'w')",
        "import logging\nlogging.basicConfig(filename='log.txt')",
        "import urllib.request\nurllib.request.urlretrieve('http://127.0.0.1:9/', 'data')",
        "with open('data.csv') as file:\n    rows = file.read()",
        "undefined",
        "exit()",
        "raise SystemExit",
        "print(f(1),\n      1 / 0)",
        "async def g():\n    1 / 0\nawait g()",
    ],
)
def test_a_failing_line_costs_nothing_of_what_its_cell_defines(talk: Any, line: str) -> None:
    told = talk(
        f"import math\n{line}\nimport numpy as np\nfrom numpy import (\n    exp,\n)\nscale: float = 2.0\n"
        "def helper(a):\n    return exp(a) * scale\nclass Kept: pass\nprint(undefined)\nbad = undefined\n"
        "def f(a):\n    return helper(a) + math.floor(1.5) + np.zeros(1)"
    )
    assert 0 in told.failed
    np.testing.assert_array_equal(told.value(np.zeros(1)), [3])


def test_lines_after_a_failing_one_that_bind_nothing_do_not_run(talk: Any) -> None:
    told = talk("seen = []\n1 / 0\nseen.append(1)\nprint('no')\ndef f(a): return a + len(seen)")
    np.testing.assert_array_equal(told.value(np.zeros(1)), [0])
    assert told.child.close() == ""


def test_a_cell_that_is_no_python_defines_nothing(talk: Any) -> None:
    assert not talk("1 / 0\ndef f(a): return a\nx = (").ready.defined


def test_pylab_binds_what_it_does(talk: Any) -> None:
    told = talk(
        "%pylab inline",
        "plot([1, 2])\ntitle('x')\nplt.show()\nfigure(figsize=(1, 2))",
        "def f(a): return exp(a) + np.zeros(1) + max([0, 1]) + norm(array([3, 4])) + shape(a)[0]",
    )
    assert not told.failed
    np.testing.assert_array_equal(told.value(zeros := np.zeros(1)), [8 + zeros[0]])


STACK = """
LIMIT = 3


class f:
    def __init__(self, a):
        self.a = a

    @property
    def half(self):
        return self.a / 0

    def add(self, b):
        return self.a + b + LIMIT
"""


def test_a_class_is_where_its_methods_are(talk: Any) -> None:
    told = talk("import math", STACK, asks="script")
    assert (told.ready.defined, told.ready.cell, told.ready.first_line) == (True, 1, 6)
    assert told.ready.reads == ["LIMIT"]
    told.child.close()
    failed = talk("class f:\n    def __init__(self, a):\n        self.a = 1 / a", asks="script").call((0,))
    assert (failed.exception, failed.line) == ("ZeroDivisionError", 3)


def test_a_variable_is_there_whatever_it_is(talk: Any) -> None:
    told = talk("def g(): pass\nf = None", asks="variable")
    assert (told.ready.defined, told.ready.cell) == (True, None)
    assert told.value() is None
