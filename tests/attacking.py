"""Runs the attacks of tests/attacks as students' submissions, and says what came of each.

An attack is one file. Its head says in comments what it tries and what is expected:

    # Reads the system's list of users.
    # expect: refused
    # without bubblewrap: returns        what is different where there is no root folder of its own
    # only: x86_64                       the machine it is written for
    # limits: longer                     one of LIMITS: it would not come as far with the short ones, which what may end
                                         for its time has else; all else has the time of an honest function
    # asked: script                      something else than what a call with an array returns; `together`: after
                                         a function `g`, which is called with the right answer; `objects`: a call that
                                         gives an object, whose items are the answer, `called back`: one that is given a
                                         function of the test's
    # modes: all                         it is tried in every mode, though its kind is ANYWHERE the same

`# %%` begins another cell, `# %% edit` the same function written otherwise, which is tried as a small edit of the code and
whose outcome counts, `# %% twin: ...` the allowed twin of the attack, which must return the right answer.
The function, the class or the variable is `f`, and the right answer is its argument plus one, or what QUESTIONS says.
What came of it is one of

    right, wrong                         it returned, and the trusted side has compared
    refused                              the system refused, for want of the right or of the thing
    raises NAME, timeout, out-of-memory, crashed

and `returns` in a head stands for right or wrong. Run as a program (as another user, from a folder that user can
read), it prints what came of every attack as JSON; with the word `table` it renews the page on security.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import platform
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyseccomp

from autograder.checking import together
from autograder.checking.compare import compare
from autograder.child import figures, nodes, packing, questions, unpacking
from autograder.child.nodes import WireError
from autograder.child.spoken import CallBack, Do, Failed, Reply
from autograder.course import asking
from autograder.data import Array, Code, Column, Other, Seeded, Table
from autograder.records import Case, Cell, Died, Limits, Outcome, Raised, Redefined, Returned, Tolerance
from autograder.sandbox import worker
from autograder.sandbox.children import Sandbox
from autograder.sandbox.dialogue import Dialogue
from autograder.sandbox.trying import Trying
from autograder.sandbox.worker import Request

FOLDER = Path(__file__).parent / "attacks"
PAGE = Path(__file__).parents[1] / "docs" / "security.md"
# Short, since dozens of attacks use them up; an idle child has ten times as long.
ATTACK_LIMITS = Limits(cpu_seconds=0.06, memory_mib=192)
LIMITS = {"short": ATTACK_LIMITS, "longer": Limits(cpu_seconds=0.2), "fair": Limits()}
EARLIER = (
    "# the earlier student's own words\nwords = 'the earlier student\\'s own words'\ndef f(a): return a + 1"
)
INPUT = np.array([1.0, 2.0, 4.0])
NUMBERS = [1, 2, 4]


def _line(x: Array, y: Array) -> dict[str, object]:
    return {"axes": [{"lines": [{"x": x, "y": y}]}]}


def _x(values: Array) -> Table:
    return Table("DataFrame", (Column("x", "float64", values),))


# What else is asked, as a case with what is due.
QUESTIONS = {
    "": (Case("an array", (INPUT,)), INPUT + 1),
    "list": (Case("numbers", (NUMBERS,)), [2, 3, 5]),
    "text": (Case("numbers", (NUMBERS,)), "2 3 5"),
    "dictionary": (Case("numbers", (NUMBERS,)), {1: 2, 2: 3, 4: 5}),
    "table": (Case("a table", (_x(INPUT),)), _x(INPUT + 1)),
    "function": (Case("a function", (Code("lambda x: x + 1"), INPUT)), INPUT + 1),
    "generator": (Case("chance", (Seeded(7), INPUT)), INPUT + np.random.default_rng(7).random(3)),
    "printed": (Case("numbers", (NUMBERS,), asks="printed"), "2\n3\n5\n"),
    "together": (Case("an array", (INPUT,)), INPUT + 1),
    "objects": (Case("numbers", (NUMBERS,)), [2, 3, 5]),
    "called back": (Case("numbers", (NUMBERS,)), [2, 3, 5]),
    "variable": (Case("it", (), asks="variable"), [2, 3, 5]),
    "drawing": (Case("a line", (INPUT,), asks="drawing"), _line(INPUT, INPUT + 1)),
    "script": (
        Case(
            "a stack",
            asking.script(asking.new(NUMBERS), asking.read("size"), *[asking.call("pop")] * 4),
            asks="script",
        ),
        [*({questions.RETURNED: value} for value in (3, 4, 2, 1)), {questions.RAISED: "IndexError"}],
    ),
}
# What an attack is aimed at, by the first word of its name.
KINDS = {
    "file": "Files",
    "process": "Processes and what they leave behind",
    "signal": "Signals",
    "trace": "Other processes' memory",
    "power": "Rights and limits",
    "namespace": "Namespaces and mounts",
    "kernel": "The kernel",
    "network": "The network",
    "time": "Time",
    "memory": "Memory",
    "output": "Output and exceptions",
    "wire": "The pipe to the grader",
    "forge": "Forged answers and patched libraries",
    "value": "Values that lie, never end or do not hold together",
    "ask": "Variables, prints, scripts of calls and drawings",
    "given": "Functions, generators and tables that are given",
    "edit": "Small edits that are tried",
    "object": "Objects that stay with the code, and what is asked of them",
    "shared": "One process for several functions",
    "honest": "Honest work",
}
# Kinds that have nothing to do with what a child is locked in by, or who locks it in: what they do stays in their own
# process and in what it says. One mode shows what comes of them; those of time and memory that meet the kernel say so.
ANYWHERE = {
    "time", "memory", "output", "wire", "forge", "value", "ask", "given", "edit", "object", "shared",
}  # fmt: skip
_WORDS = {
    "refused": "refused",
    "timeout": "ended for its time",
    "crashed": "ended",
    "out-of-memory": "ended for its memory",
    "wrong": "a wrong answer, no more",
    "right": "a right answer",
    "returns": "it goes through",
}
# No right, no such thing, read-only, no such call.
_REFUSALS = {1, 2, 13, 30, 38}


@dataclass(frozen=True)
class Attack:
    """One file: cells of a notebook, and what is expected of it."""

    name: str
    what: str
    expect: tuple[str, ...]
    without_bubblewrap: tuple[str, ...]
    only: str  # machine, or empty
    limits: str  # one of LIMITS
    asked: str  # one of QUESTIONS
    cells: tuple[str, ...]
    edit: str  # empty where the code itself is asked
    twin: tuple[str, ...]
    twin_what: str
    everywhere: bool  # what comes of it may differ from mode to mode

    def expected(self, *, bubblewrap: bool) -> tuple[str, ...]:
        """What may come of it in this mode."""
        return self.expect if bubblewrap else self.without_bubblewrap or self.expect


def attacks() -> Iterator[Attack]:
    """All attacks, in order of their names."""
    for path in sorted(FOLDER.glob("*.py")):
        if path.stem != "toolbox":
            yield _read(path)


def attempt(box: Sandbox, cells: tuple[str, ...], calls: int = 8, asked: str = "", edit: str = "") -> str:
    """What comes of the last of several calls in a submission of these cells; a child may answer fairly at first."""
    case, due = QUESTIONS[asked]
    if asked == "together":
        return _verdict(case, due, _asked_after(box, cells, case, due))
    program = [Cell(index, source) for index, source in enumerate((_toolbox(cells), *cells))]
    if asked in ("objects", "called back"):
        return _verdict(case, due, _of_an_object(box, program, asked))
    binds = r"^f = " if case.asks == "variable" else r"^(def f\(|class f\b)"
    defining = [cell.index for cell in program if re.search(binds, cell.source, re.MULTILINE)]
    request = Request(
        "f",
        [(cell, False) for cell in program],
        [[case.args] * calls],
        definitions={"f": defining[-1]} if defining else {},
        as_it_stood=case.asks != "variable",
        asks=case.asks,
        seeds=[[questions.seed_of(case)] * calls],
        modules=questions.modules(case.asks),
    )
    if edit:
        return _verdict(case, due, _edited(box, request, case, edit))
    run = worker.run(box.child, request)
    return _verdict(case, due, run.outcomes[0][-1])


def _asked_after(box: Sandbox, cells: tuple[str, ...], case: Case, due: Array) -> Outcome:
    """What comes of a call of `f`, as grading asks for it after `g`, which is called with what is due for `f`."""
    program = [(Cell(index, source), False) for index, source in enumerate(cells)]
    with together.of(box.child, program, ["f", "g"], is_audited=False) as tried:
        tried.run(Request("g", program, [[(due,)] * 2]))
        return tried.run(Request("f", program, [[case.args] * 2])).outcomes[0][-1]


def _edited(box: Sandbox, request: Request, case: Case, edit: str) -> Outcome:
    """What comes of an edit of the last cell; and that of the next one, where the child has lived, is another's."""
    request = dataclasses.replace(request, batches=[], seeds=[])
    place = request.definitions["f"]
    edits = [[Redefined("f", place, edit)], [Redefined("f", place, "def f(a):\n    return a * 0 - 1")]]
    with Trying(box.child, request, ATTACK_LIMITS.cpu_seconds) as trying:
        outcomes = [one for one in trying.outcomes(edits, [case]) if one]
    if len(outcomes) > 1 and isinstance(following := outcomes[1][0], Returned):
        assert _verdict(case, INPUT * 0 - 1, following) in ("right", "wrong")
    return outcomes[0][0] if outcomes else trying.died or Died("crashed", "gave nothing")


def _of_an_object(box: Sandbox, cells: Sequence[Cell], asked: str) -> Outcome:
    """What comes of a call that gives an object, which stays there and is asked as test cells do; then of its items."""
    numbers, function = packing.pack(NUMBERS), nodes.CallableData(0)
    with Dialogue(box.child, cells) as talk:
        for cell in cells:
            talk.run(cell.index)
        called = [Do("fetch", name="f")]
        called += [Do("call", args=[numbers] if asked == "objects" else [function, numbers])]
        called += [Do(does) for does in ("text", "representation", "truth", "length", "array")]
        called += [Do("attribute", name="size"), Do("contains", args=[nodes.PlainData(3)]), Do("iterate")]
        target, answer = None, None
        for asking in called:
            asking.target = target
            answer = talk.do(asking, _one_more)
            if isinstance(answer, Died):
                return answer
            if asking.does in ("fetch", "call", "iterate"):
                if isinstance(answer, Failed):
                    return Raised(answer.exception, answer.message)
                if not isinstance(answer.value, nodes.HandleData):
                    return Returned(unpacking.unpack(answer.value, held=_kept), ())
                target = answer.value.id
        return _items(talk, target)


def _items(talk: Dialogue, iterator: int | None) -> Outcome:
    found: list[Any] = []
    while len(found) <= 20_000:
        answer = talk.do(Do("next", iterator, count=1000))
        if isinstance(answer, Died):
            return answer
        if isinstance(answer, Failed):
            return Raised(answer.exception, answer.message)
        try:
            found += unpacking.unpack(answer.value, held=_kept)
        except WireError:
            return Died("crashed")
        if not answer.more:
            return Returned(found, ())
    return Died("timeout", "never ended")


def _kept(node: object) -> Other:
    assert isinstance(node, nodes.HandleData), "what the trusted side never makes anything of"
    return Other(node.type_name)


def _one_more(called: CallBack) -> Reply:
    assert called.function == 0
    try:
        return Reply(packing.pack(unpacking.unpack(called.args[0], held=_kept) + 1))
    except (WireError, TypeError, LookupError):
        return Reply(None, "TypeError")


def holds(came: str, expected: tuple[str, ...]) -> bool:
    """Whether what came of an attack is among what may."""
    return came in expected or ("returns" in expected and came in ("right", "wrong"))


def _verdict(case: Case, due: object, outcome: Outcome) -> str:
    match outcome:
        case Returned(value=value):
            if case.asks == "drawing":  # as grading does, which passes over what nobody asks for
                outcome = dataclasses.replace(outcome, value=figures.as_asked(value, due))
            return "right" if compare(case, due, outcome, Tolerance()) is None else "wrong"
        case Raised(exception=name, message=message):
            number = re.match(r"\[Errno (\d+)\]", message)
            return "refused" if number and int(number[1]) in _REFUSALS else f"raises {name}"
        case Died(reason=reason):
            return reason


def _read(path: Path) -> Attack:
    text = path.read_text()
    head = dict(
        re.findall(r"^# (expect|without bubblewrap|only|limits|asked|modes): (.*)$", text, re.MULTILINE)
    )
    body, _, twin = text.partition("# %% twin:")
    body, _, edit = body.partition("# %% edit\n")
    twin_what, _, twin_body = twin.partition("\n")
    alternatives = {key: tuple(part.strip() for part in value.split("|")) for key, value in head.items()}
    may_end_for_its_time = any("timeout" in outcomes for outcomes in alternatives.values())
    return Attack(
        name=path.stem,
        what=text.partition("\n")[0].removeprefix("# "),
        expect=alternatives["expect"],
        without_bubblewrap=alternatives.get("without bubblewrap", ()),
        only=head.get("only", ""),
        limits=head.get("limits", "short" if may_end_for_its_time else "fair"),
        asked=head.get("asked", ""),
        cells=tuple(re.split(r"^# %%.*$", body, flags=re.MULTILINE)),
        edit=edit,
        twin=(twin_body,) if twin else (),
        twin_what=twin_what.strip(),
        everywhere=path.stem.partition("_")[0] not in ANYWHERE
        or not {"modes", "without bubblewrap"}.isdisjoint(head),
    )


def _toolbox(cells: tuple[str, ...]) -> str:
    """The toolbox with the numbers of the system calls that these cells name."""
    names = set(re.findall(r'"([a-z_0-9]+)"', "".join(cells)))
    numbers = {name: pyseccomp.resolve_syscall(pyseccomp.system_arch(), name) for name in sorted(names)}
    return (
        f"NUMBERS = { {name: number for name, number in numbers.items() if number != -1} }\n"
        + (FOLDER / "toolbox.py").read_text()
    )


@dataclass(frozen=True)
class Came:
    """What came of one attack in one mode."""

    attack: str
    bubblewrap: bool
    came: str
    twin: str  # empty where it has none
    seconds: float


@contextlib.contextmanager
def boxes(tried: Iterable[Attack], *, bubblewrap: bool) -> Iterator[dict[str, Sandbox]]:
    """A sandbox for each of the limits that these attacks have."""
    with contextlib.ExitStack() as opened:
        yield {
            limits: opened.enter_context(Sandbox(LIMITS[limits], use_bubblewrap=bubblewrap))
            for limits in sorted({"fair", *(attack.limits for attack in tried)})
        }


def all_of(*, bubblewrap: bool) -> tuple[list[str], list[Came]]:
    """The holes that the probes find, and, where there are none but the known, what came of every attack."""
    here = [attack for attack in attacks() if attack.everywhere and attack.only in ("", platform.machine())]
    with boxes(here, bubblewrap=bubblewrap) as by_limits:
        holes = sorted(by_limits["fair"].could)
        if not set(holes) <= {"names"}:
            return holes, []  # an attack that gets through would hurt whoever runs this
        for box in by_limits.values():
            attempt(box, (EARLIER,))
        came = []
        for attack in here:
            begun = time.monotonic()
            result = attempt(by_limits[attack.limits], attack.cells, asked=attack.asked, edit=attack.edit)
            seconds = time.monotonic() - begun
            twin = attempt(by_limits["fair"], attack.twin, 1, attack.asked) if attack.twin else ""
            came.append(Came(attack.name, bubblewrap, result, twin, seconds))
        return holes, came


def table() -> str:
    """The attacks as the page on security shows them: a table for each kind."""
    parts = []
    for kind, title in KINDS.items():
        rows = ["| attack | outcome |", "| --- | --- |"]
        for attack in attacks():
            if attack.name.partition("_")[0] == kind:
                outcome = _in_words(attack.expect)
                if attack.without_bubblewrap:
                    outcome += f"; without bubblewrap {_in_words(attack.without_bubblewrap)}"
                rows.append(f"| {attack.what.removesuffix('.')} | {outcome} |")
        parts.append(f"### {title}\n\n" + "\n".join(rows))
    return "\n\n".join(parts)


def _in_words(outcomes: tuple[str, ...]) -> str:
    words = [
        f"`{one.removeprefix('raises ')}`" if one.startswith("raises ") else _WORDS[one] for one in outcomes
    ]
    return " or ".join(words)


def on_page() -> str:
    """The page on security with the attacks as they are."""
    before, begin, rest = PAGE.read_text("utf-8").partition("<!-- begin: attacks -->")
    _, end, after = rest.partition("<!-- end: attacks -->")
    return f"{before}{begin}\n\n{table()}\n\n{end}{after}"


if sys.argv[1:] == ["table"] and __name__ == "__main__":
    PAGE.write_text(on_page(), "utf-8")
elif __name__ == "__main__":
    modes = [all_of(bubblewrap=mode == "bubblewrap") for mode in sys.argv[1:]]
    json.dump([[holes, [asdict(one) for one in came]] for holes, came in modes], sys.stdout)
