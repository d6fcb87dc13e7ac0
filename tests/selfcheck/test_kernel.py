"""What is known outside of IPython."""

import textwrap

from autograder.selfcheck import kernel


def test_history_outside_of_ipython() -> None:
    assert kernel.history() == []
    assert kernel.cells_for(textwrap.dedent) == ()
    assert kernel.cells_for(3) == ()
