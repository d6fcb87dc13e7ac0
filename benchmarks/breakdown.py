"""Tells where the CPU time of a submission goes, stage by stage, beside the floor: a locked-in child that does nothing.

    python benchmarks/breakdown.py [--students N]

One process grades right and wrong submissions as the processes of `autograder grade` do; each stage's own CPU time is
read around it. Children are counted by the kernel. Writes the table in `docs/performance.md`.
"""

from __future__ import annotations

import argparse
import functools
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import classes
import compare
import psutil
import tables

from autograder.checking import attempt
from autograder.checking.graders import Graders
from autograder.course import coursefile, material
from autograder.explaining import diagnose
from autograder.gradebook import results
from autograder.grading.pipeline import Pipeline
from autograder.notebook import collect
from autograder.pages import student
from autograder.records import Course, Unit
from autograder.sandbox import worker
from autograder.sandbox.children import Sandbox

# What is timed, and what it is called; time inside another of these counts for the inner one alone.
_STAGES: Final = (
    (collect, "read", "read the notebook"),
    (material, "draw", "draw the inputs"),
    (material, "expected", "compute what is due"),
    (worker.Series, "run", "talk to the child"),
    (Sandbox, "child", "start the child"),
    (Sandbox, "_reap", "end the child"),
    (attempt, "compare", "compare"),
    (Graders, "check", "hidden checks"),
    (diagnose, "diagnose", "diagnose and explain"),
    (results, "encode", "result file"),
    (student, "student_page", "feedback page"),
)
_CHILD: Final = "in the child: cells and calls, locked in"
_FORK: Final = "fork and clean up (zygote)"


class Watch:
    """CPU time of this process by stage, innermost first."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self._open = ["the rest"]
        self._since = time.process_time()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Counts for `name` until it ends."""
        self._turn()
        self._open.append(name)
        try:
            yield
        finally:
            self._turn()
            self._open.pop()

    def _turn(self) -> None:
        now = time.process_time()
        self.spent[self._open[-1]] += now - self._since
        self._since = now

    def wrap(self, place: Any, name: str, called: str) -> None:
        """Times a function or method wherever it is called from."""
        inner: Callable[..., Any] = getattr(place, name)

        @functools.wraps(inner)
        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.stage(called):
                return inner(*args, **kwargs)

        setattr(place, name, timed)


def main() -> None:
    """Measures, writes and prints."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--students", type=int, default=100, help="submissions of each kind (100)")
    count = parser.parse_args().students
    with tempfile.TemporaryDirectory(prefix="autograder-benchmark-") as name:
        folder = compare.course(Path(name) / "course")
        released = folder / "assignments" / classes.UNIT / f"{classes.UNIT}.ipynb"
        classes.hand_in(folder / "submitted", released, "right", count)
        wrong = [one for one in classes.students(compare.RELEASE, "mixed", 10 * count) if "." in one.story][
            :count
        ]
        for number, one in enumerate(wrong):
            place = folder / "submitted" / f"w{number:05}" / classes.UNIT
            place.mkdir(parents=True)
            (place / f"{classes.UNIT}.ipynb").write_bytes(one.notebook)
        loaded = coursefile.load(folder / "course.toml")
        unit = loaded.unit(classes.UNIT)
        watch = Watch()
        for where, function, called in _STAGES:
            watch.wrap(where, function, called)
        names = [f"s{number:05}" for number in range(count)]
        columns = {
            "nothing": empty(loaded, count),
            "all right": graded(watch, loaded, unit, names, folder),
            "wrong": graded(watch, loaded, unit, [f"w{number:05}" for number in range(count)], folder),
        }
    text = tables.breakdown(columns, [called for *_, called in _STAGES])
    tables.rewrite(compare.ROOT / "docs" / "performance.md", "breakdown", text)
    print(text)


def empty(loaded: Course, count: int) -> Counter[str]:
    """Children that are started, locked in and ended."""
    with Sandbox(loaded.limits) as sandbox, counted(sandbox) as found:
        before = time.process_time()
        for _ in range(count):
            sandbox.child().close()
        found["start the child"] = time.process_time() - before
    return Counter({stage: 1000 * spent / count for stage, spent in found.items()})


def graded(watch: Watch, loaded: Course, unit: Unit, names: list[str], folder: Path) -> Counter[str]:
    """Submissions from notebook to page."""
    with Sandbox(loaded.limits) as sandbox:
        pipeline = Pipeline.open(loaded, unit, sandbox.child, sandbox.level, collect.read)
        work = [one for one in collect.collect(folder / "submitted", unit).handed_in if one.student in names]
        for handed_in in work[:5]:  # what is loaded and compiled once
            student.student_page(pipeline.grade(handed_in))
        with counted(sandbox) as found:
            watch.spent.clear()
            for handed_in in work:
                report = pipeline.grade(handed_in)
                results.encode(report)
                student.student_page(report)
            found.update(watch.spent)
    return Counter({stage: 1000 * spent / len(work) for stage, spent in found.items()})


@contextmanager
def counted(sandbox: Sandbox) -> Iterator[Counter[str]]:
    """What the zygote and its children use meanwhile, by the kernel's accounts."""
    found: Counter[str] = Counter()
    sandbox.child().close()
    zygote = psutil.Process().children(recursive=True)[-1]
    before = zygote.cpu_times()
    yield found
    after = zygote.cpu_times()
    found[_FORK] = after.user + after.system - before.user - before.system
    found[_CHILD] = (
        after.children_user + after.children_system - before.children_user - before.children_system
    )


if __name__ == "__main__":
    main()
