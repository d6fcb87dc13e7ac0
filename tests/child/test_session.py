"""The inside of a child: which cells run, what magics and absent modules do, what is told of the function."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from autograder.child import session, wire
from autograder.child.cells import names
from autograder.child.wire import CellData
from autograder.records import Limits
from autograder.sandbox.children import Sandbox

ONE = [wire.pack_array(np.arange(3.0))]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Limits(cpu_seconds=2.0)) as sandbox:
        yield sandbox


class Conversation:
    """One child, spoken to in its own messages."""

    def __init__(
        self,
        sandbox: Sandbox,
        cells: Sequence[str | tuple[str, bool]],
        function: str = "f",
        replaced: Sequence[str] = (),
    ):
        self.child = sandbox.child()
        program = []
        for index, cell in enumerate(cells):
            source, handout = (cell, False) if isinstance(cell, str) else cell
            program.append(CellData(index, source, names(source) if handout else None))
        self.child.send(wire.Program(program, function, list(replaced)))
        self.failed: dict[int, wire.CellFailed] = {}
        self.ran: list[int] = []
        while not isinstance(message := self.child.receive(), wire.Ready):
            if isinstance(message, wire.CellFailed):
                self.failed[message.cell] = message
            if isinstance(message, wire.Running):
                self.ran.append(message.cell)
        self.ready = message

    def call(self, *args: Any, hide: Sequence[str] = ()) -> Any:
        data = [wire.pack_argument(argument) for argument in args]
        self.child.send(wire.Calls([wire.Call(1, 2, data)], list(hide)))
        return self.child.receive()

    def value(self, *args: Any, hide: Sequence[str] = ()) -> Any:
        result = self.call(*args, hide=hide)
        assert isinstance(result, wire.Result), result
        return wire.unpack_value(result.value)


@pytest.fixture
def talk(sandbox: Sandbox) -> Iterator[Any]:
    conversations: list[Conversation] = []

    def start(*cells: str | tuple[str, bool], **options: Any) -> Conversation:
        conversations.append(Conversation(sandbox, cells, **options))
        return conversations[-1]

    yield start
    for conversation in conversations:
        conversation.child.close()


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
    np.testing.assert_array_equal(told.value(np.ones(1)), [3])


@pytest.mark.parametrize(
    "source",
    [
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2])\nplt.show()",
        "import matplotlib\nmatplotlib.use('Agg')",
        "from matplotlib import pyplot as plt, cm\nplt.imshow([[1]], cmap=cm.viridis)",
        "from matplotlib.colors import Normalize\nNormalize(0, 1)",
        "import seaborn as sns\nsns.heatmap([[1]])",
        "import no_such_package_anywhere as n\nn.anything.at.all(1)[2]\nwith n.style(): pass",
        "from no_such_package.sub import thing\nthing()",
    ],
)
def test_modules_the_grader_has_not_cost_nothing_else(talk: Any, source: str) -> None:
    told = talk(source + "\nimport numpy as np", "def f(a): return np.exp(a)")
    assert not told.failed
    assert isinstance(told.value(np.zeros(1)), np.ndarray)


def test_absent_modules_are_told_and_plotting_is_not(talk: Any) -> None:
    told = talk("import matplotlib, no_such_package.sub, numpy, random", "def f(a): return a")
    assert told.ready.absent == ["no_such_package"]


def test_a_misspelt_standard_module_still_fails(talk: Any) -> None:
    told = talk("import numpy.no_such_part", "def f(a): return a")
    assert told.failed[0].exception == "ModuleNotFoundError"


def test_packages_that_look_for_optional_ones_find_the_truth(talk: Any) -> None:
    told = talk(
        "import importlib.util\nimport json\nfound = importlib.util.find_spec('no_such_package_anywhere')",
        "def f(a): return a if found is None else None",
    )
    assert told.value(np.ones(1)) is not None


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


# ------------------------------------------------------------------------------------------ what comes back


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("None", "NoneType"),
        ("[[1.0]]", "list"),
        ("['a']", "list"),
        ("{}", "dict"),
        ("np.array([None])", "array of object, shape (1,)"),
        ("np.broadcast_to(1.0, (10**6, 10**6))", "array of float64, shape (1000000, 1000000)"),
        ("[np.ones(1), 3]", "list"),
        ("[np.ones(2_000_000)] * 16", "list of very large arrays"),
        ("type('x' * 900, (), {})()", "x"),
    ],
)
def test_what_is_no_array_is_told_by_its_name(talk: Any, expression: str, kind: str) -> None:
    value = talk("import numpy as np", f"def f(a): return {expression}").value(np.ones(1))
    if kind == "NoneType":
        assert value is None
    else:
        assert value.type_name.startswith(kind)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("np.float32(2)", np.float32(2)),
        ("np.ma.masked_array([1.0, 2.0], mask=[True, False])", np.array([1.0, 2.0])),
        ("np.matrix('1 2')", np.array([[1, 2]])),
        ("np.arange(3, dtype='>i2')", np.arange(3)),
        ("np.ones((2, 3), dtype=np.longdouble)", np.ones((2, 3))),
        ("type('Mine', (np.ndarray,), {'__eq__': lambda *_: True})(2)", None),
    ],
)
def test_kinds_of_arrays(talk: Any, expression: str, expected: Any) -> None:
    value = talk("import numpy as np", f"def f(a): return {expression}").value(np.ones(1))
    assert type(value) is np.ndarray
    if expected is not None:
        np.testing.assert_array_equal(value, expected)


def test_several_arrays(talk: Any) -> None:
    told = talk("def f(a): return a, [a][0] + 1")
    first, second = told.value(np.ones(2))
    np.testing.assert_array_equal(first, second - 1)


def test_arguments_come_back_as_they_are_after_the_call(talk: Any) -> None:
    told = talk("def f(a, words):\n    a[0] = 9\n    words.append('new')\n    return a")
    result = told.call(np.zeros(2), ["old"])
    first, second = (wire.unpack_after(data) for data in result.args_after)
    np.testing.assert_array_equal(first, [9, 0])
    assert second == ["old", "new"]


@pytest.mark.parametrize(
    "source",
    [
        "def f(a): return ['\\ud800']",
        "def f(a):\n    class Bad(str): pass\n    return [Bad('x' * 40_000_000)]",
    ],
    ids=["half-a-pair", "a-long-word"],
)
def test_what_cannot_be_handed_over_is_a_failure_of_that_call_alone(talk: Any, source: str) -> None:
    told = talk(source)
    assert told.call(np.ones(1)).exception == "ValueError"
    assert told.call(np.ones(1)).exception == "ValueError"


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


# ----------------------------------------------------------------------------------------------- stand-ins


def answered(told: Conversation, *args: Any) -> tuple[wire.Ask, Any]:
    """One call whose single upcall is answered with an array of sevens."""
    told.child.send(wire.Calls([wire.Call(1, 2, [wire.pack_argument(argument) for argument in args])]))
    ask = told.child.receive()
    assert isinstance(ask, wire.Ask)
    told.child.send(wire.Answer(wire.pack_array(np.full(2, 7.0))))
    return ask, told.child.receive()


def asked(ask: wire.Ask) -> list[Any]:
    return [wire.unpack_after(data) for data in ask.args]


def test_a_stand_in_takes_arguments_by_the_students_own_signature(talk: Any) -> None:
    told = talk(
        "def softmax(logits, axis=-1): return 'wrong'",
        "def f(a): return softmax(axis=1, logits=a + 1)",
        replaced=["softmax"],
    )
    ask, result = answered(told, np.zeros(2))
    assert ask.name == "softmax"
    np.testing.assert_array_equal(asked(ask)[0], [1, 1])
    np.testing.assert_array_equal(asked(ask)[1], 1)
    np.testing.assert_array_equal(wire.unpack_value(result.value), [7, 7])


def test_a_stand_in_for_a_missing_function(talk: Any) -> None:
    told = talk("def f(a): return softmax(a)", replaced=["softmax"])
    ask, _ = answered(told, np.ones(2))
    np.testing.assert_array_equal(asked(ask)[0], [1, 1])


@pytest.mark.parametrize(
    ("definition", "call"),
    [
        ("def softmax(*args): pass", "softmax(a, a)"),
        ("def softmax(x, **more): pass", "softmax(a, y=a)"),
        ("softmax = lambda x, y: None", "softmax(y=a, x=a)"),
        ("class softmax:\n    def __init__(self, x, y): pass", "softmax(a, a)"),
        ("softmax = 3", "softmax(a, y=a)"),
    ],
)
def test_signatures(talk: Any, definition: str, call: str) -> None:
    told = talk(definition, f"def f(a): return {call}", replaced=["softmax"])
    ask, _ = answered(told, np.ones(2))
    assert len(asked(ask)) == 2


def test_a_call_that_does_not_fit_the_students_own_signature_raises(talk: Any) -> None:
    told = talk("def softmax(x): pass", "def f(a): return softmax(a, a, a)", replaced=["softmax"])
    assert told.call(np.ones(1)).exception == "TypeError"


def test_nested_lists_are_numbers_and_words_are_words(talk: Any) -> None:
    told = talk("def f(a): return g([[1, 2]], ['x', 'y'])", replaced=["g"])
    ask, _ = answered(told, np.ones(2))
    first, second = asked(ask)
    np.testing.assert_array_equal(first, [[1, 2]])
    assert second == ["x", "y"]


def test_the_definition_that_counts_is_the_stand_in_in_later_cells_too(talk: Any) -> None:
    told = talk(
        "def g(x): return 0",
        "def f(a): return g(a)",
        "def g(x): return 'defined again'",
        replaced=["g"],
    )
    answered(told, np.ones(2))


def test_an_exception_that_is_due(talk: Any) -> None:
    told = talk("def f(a):\n    try: return g(a)\n    except KeyError: return a", replaced=["g"])
    told.child.send(wire.Calls([wire.Call(1, 2, ONE)]))
    told.child.receive()
    told.child.send(wire.Answer(None, "KeyError"))
    assert isinstance(told.child.receive(), wire.Result)


def test_several_arrays_as_an_answer(talk: Any) -> None:
    told = talk("def f(a):\n    q, k = g(a)\n    return q - k", replaced=["g"])
    told.child.send(wire.Calls([wire.Call(1, 2, ONE)]))
    told.child.receive()
    one = wire.pack_array(np.ones(2))
    told.child.send(wire.Answer(wire.PartsData([one, one])))
    result = told.child.receive()
    assert isinstance(result, wire.Result)
    np.testing.assert_array_equal(wire.unpack_value(result.value), [0, 0])  # type: ignore[arg-type]


# -------------------------------------------------------------------------------------------- without a lock


def test_serving_ends_when_the_other_side_hangs_up() -> None:
    child_reads, we_write = os.pipe()
    we_read, child_writes = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(we_write)
        code = 1
        try:
            session.serve(child_reads, child_writes)
            code = 0
        finally:
            os._exit(code)
    os.close(child_reads)
    os.close(child_writes)
    os.write(we_write, wire.frame(wire.Program([CellData(0, "def f(a): return a")], "f", [])))
    os.close(we_write)
    killer = threading.Timer(20, os.kill, (pid, 9))
    killer.start()
    with os.fdopen(we_read, "rb") as pipe:
        assert len(pipe.read()) > 10
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    killer.cancel()


def test_a_rehearsal_leaves_nothing_behind() -> None:
    """What every child starts from holds no notebook, no open pipe, and nothing in the place of `__main__`."""
    program = (
        "import os, sys; from autograder.child import session\n"
        "def state(): return sys.meta_path[:], sys.modules['__main__'], sorted(os.listdir('/dev/fd'))\n"
        "before = state(); session.rehearse(); assert state() == before, (before, state())"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
