"""What takes long to import and is never needed: passed over by every process that imports nbgrader."""

from __future__ import annotations

import sys
from typing import Final

# The library that nbgrader checks notebooks with looks for this one, which builds grammars for a second at each import,
# to check a kind of address that no notebook's schema has. As if it were not installed, nbgrader starts in half the time.
_SLOW: Final = "rfc3987_syntax"
# nbgrader's own command, as a program of Python's.
NBGRADER: Final = "from autograder import unneeded; unneeded.pass_over(); from nbgrader.apps.nbgraderapp import main; main()"


def pass_over() -> None:
    """As if it were not installed, in this process; to be called before nbgrader is imported."""
    sys.modules.setdefault(_SLOW, None)  # type: ignore[arg-type]  # so Python marks what is not there
