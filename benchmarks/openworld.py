"""Measures the diagnosis on mistakes that nobody listed: made by machine in right code, so that the line is known.

    python benchmarks/openworld.py [--sample N] [--seed TEXT] [--function NAME] [--double] [--json FILE]

Right code is the corpus's and that of `benchmarks/forms/`, 20 ways or more for each function, all of which have to
earn full marks, and so get no finding; functions without a file there are not measured. A seed draws the function's
form, the maker and the kind of a mistake, and the mistake. It counts where an ordinary input comes out wrong: what
earns full marks is another right form.
Told are, of the first finding, how many name a cause, how many mark the right line, one beside it, one far off or
none, and what it costs. A catalogued finding is false where the same code gets another one under another secret, or
where its line is far off.

Seeds 1 to 99 are for building; what is published comes from others, each run once.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from mistakes import Mistake, both, mistakes
from rich.console import Console
from rich.progress import track
from rich.table import Table

from autograder.authoring.explained import SYMPTOMS
from autograder.authoring.rehearsal import Rehearsal
from autograder.child import zygote
from autograder.course import corpus, coursefile
from autograder.course.corpus import Example
from autograder.grading.pipeline import Judged, Pipeline
from autograder.records import Course, Diagnosis, Function
from autograder.sandbox.children import Sandbox

FORMS: Final = Path(__file__).parent / "forms"
_TRIES: Final = 20  # draws for one mistake that counts


class Counting(Sandbox):
    """A sandbox that adds up the CPU time of its children."""

    spent = 0.0  # seconds

    def _reap(self) -> zygote.Ended | None:
        ended = super()._reap()
        self.spent += ended.cpu_seconds if ended is not None else 0.0
        return ended


@dataclass(frozen=True)
class Told:
    """One mistake, and what is said of it."""

    function: str
    form: str
    kind: str
    what: str
    source: str
    lines: tuple[int, ...]  # on which the mistake stands
    found: tuple[str, ...]  # ids, the first first
    edit: str | None  # the kind of edit that is told
    line: int | None  # of the first finding
    elsewhere: str | None  # the first id under another secret, where a catalogued one came first
    milliseconds: float  # of CPU, in this process
    child_milliseconds: float  # of CPU, in the children

    @property
    def off(self) -> int | None:
        """By how many lines the line is missed; None where none is told."""
        return None if self.line is None else min(abs(self.line - line) for line in self.lines)

    @property
    def cause(self) -> bool:
        """Whether a cause is named."""
        return bool(self.found) and self.found[0] not in SYMPTOMS

    @property
    def false(self) -> bool:
        """Whether a catalogued mistake is named that is none."""
        far = self.off is not None and self.off > 1
        return self.elsewhere is not None and (far or self.elsewhere != self.found[0])


def main() -> int:
    """Measures, prints a table, and exits 1 where a right form is found fault with."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sample", type=int, default=576, help="mistakes, over all functions")
    parser.add_argument("--seed", default="1", help="which they are")
    parser.add_argument("--function", help="this function alone")
    parser.add_argument("--double", action="store_true", help="two mistakes at once")
    parser.add_argument("--json", type=Path, help="where to write every measurement")
    chosen = parser.parse_args()
    loaded = coursefile.load(coursefile.find(Path(__file__).parent))
    with Counting(loaded.limits) as sandbox:
        functions = _functions(loaded, sandbox, chosen.function)
        wrongly = [line for _, one in functions for line in one.faults()]
        told = list(measured(functions, chosen.sample, chosen.seed, double=chosen.double))
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(one) for one in told], indent=1))
    report(told, chosen.seed)
    for line in wrongly:
        Console().print(line)
    return int(bool(wrongly))


# ------------------------------------------------------------------------------------------------ what is measured


@dataclass(frozen=True)
class Measuring:
    """One function of one unit, with all its right forms."""

    unit: Rehearsal
    function: Function
    forms: tuple[Example, ...]
    sandbox: Counting

    def faults(self) -> Iterator[str]:
        """Right forms that lose marks, and so would be told something."""
        for form in self.forms:
            if not self.unit.judged(self.function, form.source).full_marks:
                yield f"{self.function.name}: {form.description} is right, and loses marks"

    def wrong(self, source: str) -> Judged | None:
        """The verdict on code with a mistake; None where no ordinary input comes out wrong."""
        judged = self.unit.judged(self.function, source)
        ordinary = (trial for trial in judged.attempt.hidden if trial.case.kind == "ordinary")
        return judged if any(trial.mismatch is not None for trial in ordinary) else None

    def draw(self, rng: random.Random, *, double: bool) -> tuple[str, Mistake, Judged] | None:
        """A form, a mistake in it and the verdict; None where none was found that counts."""
        for _ in range(_TRIES):
            form = rng.choice(self.forms)
            made = mistakes(form.source)
            one = _drawn(rng, made)
            judged = self.wrong(one.source)
            if judged is None:
                continue
            if not double:
                return form.description, one, judged
            other = _drawn(rng, made)
            two = both(form.source, one, other) if self.wrong(other.source) else None
            judged = self.wrong(two.source) if two is not None else None
            if two is not None and judged is not None:
                return form.description, two, judged
        return None

    def told(self, form: str, mistake: Mistake, judged: Judged) -> Told:
        """What is said of a mistake, and what it costs."""
        began, before = time.process_time(), self.sandbox.spent
        diagnoses = self.unit.pipeline.findings(judged).diagnoses
        spent, children = time.process_time() - began, self.sandbox.spent - before
        first = diagnoses[0] if diagnoses else None
        return Told(
            function=self.function.name,
            form=form,
            kind=mistake.name,
            what=mistake.what,
            source=mistake.source,
            lines=tuple(sorted(mistake.lines)),
            found=tuple(one.id for one in diagnoses),
            edit=getattr(first, "kind", None),
            line=first.line if first is not None else None,
            elsewhere=self._elsewhere(first, mistake.source),
            milliseconds=1000 * spent,
            child_milliseconds=1000 * children,
        )

    def _elsewhere(self, first: Diagnosis | None, source: str) -> str | None:
        if first is None or not first.id.startswith(f"{self.function.name}."):
            return None
        return self.unit.elsewhere().verdict(self.function, source).found


def _functions(loaded: Course, sandbox: Counting, only: str | None) -> list[tuple[str, Measuring]]:
    found = []
    for unit in loaded.units:
        pipeline = Pipeline.open(loaded, unit, sandbox.child, sandbox.level)
        rehearsal = Rehearsal.of(pipeline)
        more = replace(pipeline.examiner.material, examples=FORMS)
        for function in unit.functions:
            if only in (None, function.name) and (FORMS / f"{function.name}.py").exists():
                right = (one for one in rehearsal.examples(function) if one.expect == "right")
                forms = (*right, *corpus.examples(more, function.name))
                found.append((function.name, Measuring(rehearsal, function, forms, sandbox)))
    return found


def measured(
    functions: Sequence[tuple[str, Measuring]], sample: int, seed: str, *, double: bool
) -> Iterator[Told]:
    """What is said of as many mistakes, drawn by a seed."""
    drawn = [random.Random(f"{seed} {name}") for name, _ in functions]
    seen: set[str] = set()
    warm: set[str] = set()
    for number in track(range(sample), "Mistakes", console=Console(stderr=True)):
        name, measuring = functions[number % len(functions)]
        one = measuring.draw(drawn[number % len(functions)], double=double)
        if one is not None and one[1].source not in seen:
            seen.add(one[1].source)
            if name not in warm:  # what a function's first finding makes ready is not its own cost
                warm.add(name)
                measuring.told(*one)
            yield measuring.told(*one)


def _drawn(rng: random.Random, made: Sequence[Mistake]) -> Mistake:
    """A mistake: of a maker, of a kind, then which; else what can be made most often would be nearly all."""
    for part in ("maker", "kind"):
        one = rng.choice(sorted({getattr(mistake, part) for mistake in made}))
        made = [mistake for mistake in made if getattr(mistake, part) == one]
    return rng.choice(made)


# --------------------------------------------------------------------------------------------------- what is told


_COLUMNS: Final[dict[str, Callable[[Told], bool]]] = {
    "cause": lambda one: one.cause,
    "line right": lambda one: one.off == 0,
    "one off": lambda one: one.off == 1,
    "far off": lambda one: one.off is not None and one.off > 1,
    "no line": lambda one: one.off is None,
    "either": lambda one: one.cause or one.off == 0,
    "nothing": lambda one: not one.cause and one.off is None,
    "false": lambda one: one.false,
}


def report(told: Sequence[Told], seed: str) -> None:
    """Prints how much is told, by function and by kind of mistake."""
    console = Console(width=160)
    for title, group in (("function", lambda one: one.function), ("kind", lambda one: one.kind)):
        table = Table(title=f"Machine-made mistakes, seed {seed}, by {title}; %")
        table.add_column(title)
        for heading in ("mistakes", *_COLUMNS, "median ms", "worst ms", "median, all", "worst, all"):
            table.add_column(heading, justify="right")
        for name in sorted({group(one) for one in told}):
            table.add_row(name, *_numbers([one for one in told if group(one) == name]))
        table.add_row("all", *_numbers(told), style="bold")
        console.print(table)
    for one in told:
        if one.false:
            console.print(f"{one.function}, {one.what}: {one.found[0]}, elsewhere {one.elsewhere}")


def _numbers(told: Sequence[Told]) -> Iterator[str]:
    yield str(len(told))
    for counts in _COLUMNS.values():
        yield f"{100 * sum(map(counts, told)) / max(1, len(told)):.0f}"
    for spent in (
        [one.milliseconds for one in told],
        [one.milliseconds + one.child_milliseconds for one in told],
    ):
        yield f"{statistics.median(spent):.0f}" if spent else ""
        yield f"{max(spent):.0f}" if spent else ""


if __name__ == "__main__":
    sys.exit(main())
