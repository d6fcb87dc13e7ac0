"""What a notebook imports of the kit is there where it is graded, and does nothing."""

from __future__ import annotations

import subprocess
import sys

CELL = """
import sys
from autograder.child import silent
silent.silence()
before = set(sys.modules)
from autograder import check, draw, waits_for, predict, case
import autograder.draw as other
check(len, hint=2)
draw.heat_map(["a"], ["b"], {"c": [[1]]})
other.arrows(["a"], [[1]], who="a")
predict("a shape", (10, 10))
with waits_for("softmax"):
    told = 1
    undefined_name
for one in case("softmax", "small"):
    pass
print(told, sorted(set(sys.modules) - before))
"""


def test_it_is_imported_and_called_for_nothing() -> None:
    ran = subprocess.run([sys.executable, "-c", CELL], capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("1 []\n", "")


def test_what_stops_a_cell_from_outside_is_not_taken() -> None:
    stop = CELL.replace("undefined_name", "raise KeyboardInterrupt")
    ran = subprocess.run([sys.executable, "-c", stop], capture_output=True, text=True, check=False)
    assert ran.returncode != 0
    assert "KeyboardInterrupt" in ran.stderr
