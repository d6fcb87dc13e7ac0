"""What locking a child in costs, against a fork that locks nothing, in one run.

    python benchmarks/lockin.py [ROUNDS]

The ways take turns, so that a busy machine slows all of them alike. A round is a whole child: fork, lock-in, three
cells, twenty calls, end. Prints the median of each in milliseconds, its difference from the bare fork and its ratio.
"""

from __future__ import annotations

import contextlib
import statistics
import sys
import time

import numpy as np

from autograder.records import Cell, Limits, Returned
from autograder.sandbox import jail
from autograder.sandbox.children import Sandbox
from autograder.sandbox.worker import Request, run

CELLS = ("import numpy as np", "d_k = 6", "def f(x):\n    return np.exp(x - x.max()) / np.sqrt(d_k)")
REQUEST = Request(
    "f",
    [(Cell(index, source), False) for index, source in enumerate(CELLS)],
    [[(np.arange(12.0).reshape(3, 4),)] * 20],
)


class BareSandbox(Sandbox):
    """The same zygote and the same conversation, with children that enter no lock at all."""

    _zygote = (
        "-c",
        "from autograder.child import lockin, zygote; lockin.enter = lambda lock: None; zygote.main()",
    )


def main(rounds: int) -> None:
    """Measures and prints."""
    with contextlib.ExitStack() as stack:
        ways = {"a bare fork": stack.enter_context(BareSandbox(Limits(), use_bubblewrap=False))}
        ways["limits, Landlock, seccomp"] = stack.enter_context(Sandbox(Limits(), use_bubblewrap=False))
        if jail.bubblewrap():
            ways["the same inside bubblewrap"] = stack.enter_context(Sandbox(Limits()))
        seconds: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(rounds):
            for way, sandbox in ways.items():
                begun = time.perf_counter()
                result = run(sandbox.child, REQUEST)
                seconds[way].append(time.perf_counter() - begun)
                assert all(isinstance(outcome, Returned) for outcome in result.outcomes[0])
    bare = statistics.median(seconds["a bare fork"])
    print(f"{rounds} rounds, medians; one child a round")
    for way, taken in seconds.items():
        median = statistics.median(taken)
        print(f"{way:28} {median * 1e3:6.2f} ms  {(median - bare) * 1e3:+6.2f} ms  x {median / bare:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
