"""What a library looks for and no notebook needs: as if it were not installed, programs start in half the time."""

from __future__ import annotations

import sys
from typing import Final

# The library that nbgrader and Jupyter check notebooks with looks for this one, which builds grammars for a second at
# each import, to check a kind of address that no notebook's schema has.
_SLOW: Final = "rfc3987_syntax"
# What a program in a process of its own begins with; one line of Python.
FIRST: Final = f"import sys; sys.modules.setdefault({_SLOW!r}, None)"
# nbgrader's own command, as such a program.
NBGRADER: Final = f"{FIRST}; from nbgrader.apps.nbgraderapp import main; main()"


def pass_over() -> None:
    """Has it not be found in this process, where it has not been imported yet."""
    sys.modules.setdefault(_SLOW, None)  # type: ignore[arg-type]  # so Python marks what is not there
