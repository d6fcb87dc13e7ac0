"""A command that grades, watched from outside: whom it has graded so far, and the processes it does it in."""

from __future__ import annotations

from pathlib import Path

# The command with small batches, that writes down whom it has graded as each comes.
SMALL_BATCH = 2
COUNTED = f"""
from autograder import cli
from autograder.grading import keeping, pool
keeping.BATCH = {SMALL_BATCH}
honest = pool.Pool.graded
def graded(self, **how):
    for one in honest(self, **how):
        with open("graded", "a") as names:
            names.write(one.student + "\\n")
        yield one
pool.Pool.graded = graded
cli.main()
"""


def grading_processes(parent: int) -> list[int]:
    """Spawned children of `parent` that grade, its helpers for shared resources left out."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                status = (entry / "stat").read_text().rpartition(")")[2].split()
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if int(status[1]) == parent and b"spawn_main" in words:
                found.append(int(entry.name))
    return found
