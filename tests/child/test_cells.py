"""Cells as Python: magics, and the names a cell binds and reads."""

from __future__ import annotations

import subprocess
import sys

import pytest

from autograder.child.cells import names, python
from autograder.child.messages import Names


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("x = 1  # %", "x = 1  # %"),
        ("%matplotlib inline", "get_ipython().run_line_magic('matplotlib', 'inline')\n"),
        ("%%time\nx = 1", "# %%time\nx = 1"),
        ("x?", "get_ipython().run_line_magic('pinfo', 'x')\n"),
        ("!ls", "get_ipython().system('ls')\n"),
        ("found = !ls", "found = get_ipython().getoutput('ls')\n"),
    ],
)
def test_magics_become_python(source: str, plain: str) -> None:
    assert python(source) == plain


def test_names_that_are_bound_and_read() -> None:
    assert names("import numpy as np\ny = np.sqrt(x)") == Names(["np", "y"], ["np", "x"])


@pytest.mark.parametrize("source", ["y = (", "\0", "(" * 10_000])
def test_what_is_no_python_may_bind_anything(source: str) -> None:
    assert names(source) == Names(["*"], [])


def run(program: str) -> str:
    """What a fresh Python prints."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_transformer_comes_without_the_rest_of_ipython_and_leaves_it_importable() -> None:
    said = run(
        "import sys; from autograder.child.cells import python; python('%time 1');"
        "print([name for name in sys.modules if name.startswith('IPython')]);"
        "import IPython; print(IPython.get_ipython())"
    )
    assert said == "[]\nNone"


def test_where_ipython_runs_its_own_transformer_is_used() -> None:
    said = run("import IPython; from autograder.child.cells import python; print(python('%time 1'))")
    assert said == "get_ipython().run_line_magic('time', '1')"


def test_without_ipython_line_magics_are_comments() -> None:
    said = run(
        "import importlib.util; importlib.util.find_spec = lambda name: None;"
        "from autograder.child.cells import python; print(python('if x:\\n    %matplotlib\\n    y = 2'))"
    )
    assert said == "if x:\n    pass  # %matplotlib\n    y = 2"
