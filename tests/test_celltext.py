"""A cell as Python by the rules of IPython's input: what Jupyter takes is taken, and lines keep their numbers."""

from __future__ import annotations

import ast
import gc
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder import celltext
from autograder.child import cells

PASTED = {
    "prompts of Python": ">>> def f(x):\n...     return x\n...\n>>> f(3)",
    "prompts of Python, indented": "    >>> def f(x):\n    ...     return x\n    ...\n    >>> f(3)",
    "prompts and what was printed": ">>> def f(x):\n...     return x\n>>> f(3)\n3",
    "prompts of IPython": "In [1]: def f(x):\n   ...:     return x\n   ...:\nIn [12]: f(3)",
    "a prompt on one line": "In [7]: f = abs",
    "a whole cell indented": "    def f(x):\n        return x\n    y = f(3)",
    "a whole cell indented, after empty lines": "\n\n    def f(x):\n        return x",
    "indented by tabs": "\tdef f(x):\n\t\treturn x",
    "a cell that is timed": "%%time\n\ndef f(x):\n    return x",
    "a cell that is timed, after empty lines": "\n\n%%time\ndef f(x):\n    return x",
    "a cell that is timed, and indented": "%%time\n    def f(x):\n        return x",
    "a magic above": "\n%matplotlib inline\n\ndef f(x):\n    return x",
    "a command above": "!pip install numpy\ndef f(x):\n    return x",
    "a command whose output is kept": "files = !ls\nf = abs",
    "help": "def f(x):\n    return x\n\nf?",
    "help on top": "?abs\n??abs\nf = abs",
    "a line that is timed": "%time f = abs",
    "a line that is timed, kept": "f = %time abs",
    "a magic in a block": "if True:\n    %time f = abs\n    y = 2",
    "a docstring with examples under a magic": '%pylab\ndef f(x):\n    """Doubles.\n\n    >>> f(2)\n    4\n    """\n    ...\n    return x',
    "a long text with such lines": 'note = """\n% of all\n!\nwhat?\n"""\n%time f = abs',
    "brackets with such lines": "%precision 3\nf = abs\nshown = (\n    'about %d'\n    % 3\n)",
}


@pytest.mark.parametrize("kind", PASTED)
def test_what_jupyter_takes_is_taken_and_lines_keep_their_numbers(kind: str) -> None:
    """With IPython and without it."""
    source = PASTED[kind]
    place = next(
        number
        for number, line in enumerate(source.splitlines(), start=1)
        if "def f" in line or "f = " in line
    )
    for text in (celltext.plain(source), cells.python(source)):
        tree = ast.parse(text)
        assert place in {node.lineno for node in tree.body} | {
            node.lineno for one in tree.body for node in ast.walk(one) if isinstance(node, ast.stmt)
        }
    names = {node.id for node in ast.walk(ast.parse(celltext.plain(source))) if isinstance(node, ast.Name)}
    assert "f" in names or "def f" in celltext.plain(source)


PYTHON = [
    "x = 1",
    "x = 7 % 3\ny = x != 2",
    "x = (7\n  % 3)",
    '"""\n>>> example\n%matplotlib inline\nwhat?\n"""',
    "def f(x):\n    '''Doubles.\n\n    >>> f(2)\n    4\n    '''\n    ...",
    "x = 1  # is it?",
    "",
    "\n\n",
]


@pytest.mark.parametrize("source", PYTHON)
def test_what_is_python_stays_as_it_is(source: str) -> None:
    assert celltext.plain(source) == source
    assert cells.python(source) == source


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("%time x = 3", "x = 3"),
        ("y = %time 3 + 1", "y = 3 + 1"),
        ("files = !ls -l", "files = None  # !ls -l"),
        ("x = 3\nx?", "x = 3\npass  # x?"),
        ("%%bash\nrm -rf /\n", "# %%bash\n# rm -rf /\n"),
        ("%%time\nx = 3", "# %%time\nx = 3"),
        ("%pylab inline", "get_ipython().run_line_magic('pylab', '')  # %pylab inline"),
        ("%load_ext autoreload\r\nx = 3\r\n", "pass  # %load_ext autoreload\r\nx = 3\r\n"),
    ],
)
def test_magics_without_ipython(source: str, plain: str) -> None:
    assert celltext.plain(source) == plain


@pytest.mark.parametrize("source", ["x = (", "def f(:\n  pass", "%%time\nx = (", ">>> x = (", "\0"])
def test_what_is_no_python_stays_none(source: str) -> None:
    assert not celltext.is_python(celltext.plain(source))


@pytest.mark.parametrize(
    "source",
    [
        "\n" * 300_000 + "%",
        " " * 300_000 + "=",
        "x?" + " " * 300_000 + ";",
        "'" * 300_001 + "\n%x",
        "%%time\n" * 50_000,
        ">>> " * 80_000,
        "x = !" * 80_000,
        "In [1]: " * 40_000,
        "([{" * 100_000 + "\n%x",
    ],
    ids=["empty", "blank", "help", "quotes", "magics", "prompts", "commands", "numbers", "brackets"],
)
def test_long_texts_take_linear_time(source: str) -> None:
    """Else one of these would take minutes, and the test's own limit would end it."""
    celltext.plain(source)


def parse_at(depth: int) -> int:
    """Parses from so many calls deep, from where Python's parser counts."""
    return parse_at(depth - 1) if depth else len(celltext.parse("x = f(a)\n" * 400).body)


def test_threads_parse_side_by_side() -> None:
    """Python's parser alone fails at that, until 3.12, where another thread gets its turn in the middle."""

    def let_another(*_: object) -> None:
        time.sleep(0)

    before = gc.get_threshold()
    gc.callbacks.append(let_another)
    gc.set_threshold(50)
    try:
        with ThreadPoolExecutor(4) as threads:
            sizes = set(threads.map(parse_at, range(32)))
    finally:
        gc.set_threshold(*before)
        gc.callbacks.remove(let_another)
    assert sizes == {400}
