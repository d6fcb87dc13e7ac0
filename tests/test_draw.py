"""The door to pictures: shown at once in a notebook, as text elsewhere, and never with a traceback."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from autograder import draw, waits_for

CALLS = {
    "heat_map": lambda given: draw.heat_map(["a"], ["b"], {"W": given}),
    "strips": lambda given: draw.strips({"W": given}),
    "query_key_value": lambda given: draw.query_key_value(["a"], given, given, given),
    "arrows": lambda given: draw.arrows(["a"], given),
    "heads": lambda given: draw.heads(["a"], {"W": given}),
    "product": lambda given: draw.product({"W": given, "V": given}),
    "multiples": lambda given: draw.multiples({"W": given}),
    "flow": lambda given: draw.flow(given),
}


def test_every_picture_is_named_here() -> None:
    assert {*CALLS, "waits_for"} == set(draw.__all__)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    "odd", [None, "right", 3.5, {"a": 1}, [[1.0], [2.0, 3.0]], np.full((1, 2), np.nan), object()]
)
def test_odd_results_are_told_in_one_line(name: str, odd: Any, capsys: pytest.CaptureFixture[str]) -> None:
    CALLS[name](odd)
    assert capsys.readouterr().out.startswith("Nothing is drawn: ")


def test_outside_a_notebook_the_text_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    draw.arrows(["a", "b"], np.eye(2), who="b")
    assert capsys.readouterr().out == "Who looks at whom\n  b looks at b 1.00, a 0.00.\n"


def test_a_block_that_waits_tells_what_is_wrong_and_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    with waits_for("softmax"):
        draw.heat_map(["a"], ["b"], {"W": None})
        pytest.fail("the block ends where something cannot be drawn")
    with waits_for(len):
        raise NotImplementedError
    assert capsys.readouterr().out == (
        "This cell waits for your softmax: check(softmax) says why."
        " (“W” is None: does the function return its result?)\n"
        "This cell waits for your len: check(len) says why. (NotImplementedError())\n"
    )


def test_a_block_does_not_hold_up_who_stops_it() -> None:
    with pytest.raises(KeyboardInterrupt), waits_for("softmax"):
        raise KeyboardInterrupt


def test_a_notebook_gets_html_and_text() -> None:
    code = (
        "from IPython.core.interactiveshell import InteractiveShell; from IPython.utils.capture import capture_output\n"
        "shell = InteractiveShell.instance()\n"
        "with capture_output() as seen:\n"
        "    shell.run_cell('from autograder import draw; draw.heat_map([1], [2], {3: [[4]]})')\n"
        "print([sorted(one.data) for one in seen.outputs], 'msgspec' in __import__('sys').modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[['text/html', 'text/plain']] False\n"


def test_it_needs_nothing_that_a_browser_has_not() -> None:
    code = (
        "import sys\n"
        "for name in ('msgspec', 'jinja2', 'rich', 'pytest', 'markupsafe', 'IPython'): sys.modules[name] = None\n"
        "from autograder import draw; draw.multiples({'a': [[1.0]]})"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("a: row 0")
