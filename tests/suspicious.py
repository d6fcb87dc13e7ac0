"""Everything that reads what students write, given a long text of each character that patterns trip over.

Run as a program, it has every reader and every pattern read every text in a process that has little CPU time for each:
linear work takes a small part of it, and quadratic work, of 10**8 steps, cannot be done in it, in Python by a
reader nor in C by a pattern. It prints as JSON what became of each: "" where all was read in time, else the text at
which it was ended or raised what it must not.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import re
import resource
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from released import released

import autograder
from autograder import celltext, unneeded
from autograder.errors import UnreadableError
from autograder.explaining.lines import Lines
from autograder.gradebook import autograded, results, safe_text, verdicts, written
from autograder.gradebook import released as releases
from autograder.grading import remarks
from autograder.notebook import definitions, newer, notebooks, strict, syntax, takers
from autograder.pages import classroom
from autograder.pages.student import student_page
from autograder.records import (
    Cell,
    Check,
    Diagnosis,
    Function,
    FunctionReport,
    Raised,
    Report,
    Tolerance,
    Unit,
)

# Of CPU time for one text: linear work takes a reader, which parses much of it again and again, a quarter of a second at
# most, and a pattern a few thousandths of one.
READER_SECONDS, PATTERN_SECONDS = 1.25, 0.06
LONG = 2**14  # characters
PARSED = 5_000  # of those that are parsed as Python again and again, where quadratic work shows as well
CHARACTERS = (
    "`~ \n\t\r\x0b\x0c\x00\x1b\u00a0\u2028\u2060\"'#\\[](){}<>:;=%!?.,+-*/_$|&@^0x9aA\u00e9\U0001f600\ud800"
)
FEW, MORE = " ", " \n`"
# What a pattern may begin with before it meets a run of characters, or what repeats.
OPENINGS = (
    "def softmax", "def softmax ", "def ", "async ", "softmax", "softmax ", "type x", "type ", "class x[", "except", "except ",
    "x", "x=", "](", "](attachment:", "[x]:", "```", "$\\", "<", "http:", "%%time", "%", "!", "?", ">>>", "In [1]:", "...",
    "'''", '"""', "f'{", "#", "# def ", "# %%", "raise ", "def f():\n ",
)  # fmt: skip
MIXTURES = (
    "1,", "a;", "a=", "[]", "](", "` ", "~`", "\\n", "'\"", "\"'", "a\n", " \n", "\r\n", "#\n", "def ", "def softmax(", "x.",
    "if a:\n", "a,\n", "](attachment:a)", "<a", "::", "((", "[[x]", "f'{", "f'{a}'", "\\\\", "$$", "a ", "%a\n", "!a\n",
    "a?\n", ">>> a\n", "In [1]: a\n", "'''", "'''\n", "except ", "lambda:", "@a\n", "0x", "1e", "a b", "...: ", "\ud800a",
)  # fmt: skip
FUNCTION = "softmax"
UNIT = Unit("self-attention", "Self-attention", (Function(FUNCTION, 3.0, Tolerance()),))
OTHER = Unit("embeddings", "Embeddings", (Function("one_hot", 3.0, Tolerance()),))
# Patterns that only ever see a few hundred characters, and why.
ELSEWHERE = {
    "autograder.authoring": "the course's own lessons",
    "autograder.course.shapes": "the course's own lessons",
    "autograder.adopted.serving": "the author's own test cells, and what their solution raises",
    "autograder.lms.downloads": "names of files",
    "autograder.explaining.trace": "names and formulas, cut at 40 characters or the course's own",
    "autograder.explaining.absent": "a message of the child, cut by the protocol",
    "autograder.gradebook.released": "the released notebook, which is the course's own",
}


def texts(running: str) -> Iterator[tuple[str, str]]:
    """The texts, each with its name; runs of these characters after and before what a pattern may begin with."""
    for character in CHARACTERS:
        yield f"many {character!a}", character * LONG
    for part in MIXTURES:
        yield f"many {part!a}", (part * (LONG // len(part) + 1))[:LONG]
    for opening in OPENINGS:
        for character in running:
            yield f"{opening!a} and {character!a}", f"{opening}{character * LONG}"
            if len(running) > 1:
                yield f"{character!a} and {opening!a}", f"{character * LONG}{opening}"


# ------------------------------------------------------------------------------------------------------ the readers


def _notebook(text: str) -> bytes:
    defining = f"def {FUNCTION}(x):\n    pass\n{text[:PARSED]}"
    cells: list[dict[str, object]] = [
        {"cell_type": kind, "source": text} for kind in ("code", "markdown", "raw")
    ]
    cells[1] |= {"attachments": {"image.png": {"image/png": text}, text[:100]: {"image/png": "aaaa"}}}
    cells[1] |= {"id": text[:2000], "metadata": {"nbgrader": {"grade_id": text[:2000]}}}
    return json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": defining}, *cells]}).encode()


def _definitions(cells: tuple[Cell, ...]) -> None:
    found = definitions.of(cells, [FUNCTION, "attend"])
    definitions.another_unit(cells, UNIT, [UNIT, OTHER])
    code = [cell for cell in cells if cell.kind == "code"]
    takers.taken(code, found[FUNCTION])
    takers.takes_its_name(code, found[FUNCTION])
    takers.lines(code, found[FUNCTION], as_it_stood=True)
    Lines.of(found[FUNCTION].node)
    syntax.left_over(found[FUNCTION].node)
    syntax.line_that_reads(found[FUNCTION].node, {"x"})


def _code(cells: tuple[Cell, ...]) -> None:
    code = [cell for cell in cells if cell.kind == "code"]
    syntax.spells_out(syntax.code_of(code, FUNCTION), 3)
    syntax.spells_out(syntax.code_of(code, "attend"), 3)


def _remarks(cells: tuple[Cell, ...]) -> None:
    submission = definitions.submission(UNIT.name, [FUNCTION], cells)
    remarks.flags(submission)
    for cell in submission.cells:
        remarks.stopped(cells, cell.index, Raised("SyntaxError", cell.source[:1000]))
        celltext.named(cells, cell.index)


def _for_graders(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        release, handed_in = Path(folder, "release.ipynb"), Path(folder, "handed-in.ipynb")
        release.write_text(json.dumps(released()))
        handed_in.write_bytes(_notebook(text))
        course = releases.read(release)
        found = written.read(course, handed_in)
        written.unanswered(course, found)
        autograded.write(
            Path(folder), {"x.ipynb": autograded.prepare(course, _report(text), handed_in).document}, None
        )


def _report(text: str) -> Report:
    check = Check("shape", False, 1.0, text[:4000])
    diagnosis = Diagnosis(f"{FUNCTION}.wrong-axis", text[:4000], line=3)
    function = FunctionReport(
        FUNCTION, 1.0, 3.0, False, (check,), (diagnosis,), note=text[:4000], source=text
    )
    reason = text[:4000]
    return Report(UNIT.name, UNIT.title, "ada", "graded", 1.0, 3.0, (function,), reason, (reason,))


def _pages(text: str) -> None:
    report = _report(text)
    student_page(report)
    verdicts.comment(report.functions[0])
    verdicts.verdict(report.functions[0])
    results.encode(report)
    classroom.class_page(classroom.summarise(UNIT, [report], ()))


def _cells(text: str) -> None:
    """All that is asked of a notebook's cells before any of them runs, and of those that lost marks."""
    cells = notebooks.cells(_notebook(text))
    _definitions(cells)
    _code(cells)
    _remarks(cells)


def _as_python(text: str) -> None:
    """What a cell goes through that is not too large to be parsed here."""
    small = text[:PARSED]
    celltext.plain(small)
    syntax.tree(small)
    newer.needed(small)


READERS: Mapping[str, Callable[[str], object]] = {
    "notebooks.saved of no JSON": lambda text: _unreadable(text.encode("utf-8", "replace")),
    "strict.strict": lambda text: strict.strict(text.encode("utf-8", "replace")),
    "strict.strict in a string": lambda text: strict.strict(
        b'"\\ud800' + text.encode("utf-8", "replace") + b'"'
    ),
    "definitions, syntax, takers, remarks": _cells,
    "celltext, syntax.tree, newer": _as_python,
    "written, autograded": _for_graders,
    "safe_text.harmless": lambda text: safe_text.harmless(text, {"a": {}}),
    "safe_text.fenced": safe_text.fenced,
    "safe_text.plain": safe_text.plain,
    "pages": _pages,
}


def _unreadable(raw: bytes) -> None:
    try:
        notebooks.saved(raw)
    except UnreadableError:
        return


def patterns() -> Mapping[str, re.Pattern[str] | re.Pattern[bytes]]:
    """Every pattern of the package that is compiled once, but those that never see a student's text."""
    for module in pkgutil.walk_packages(autograder.__path__, "autograder."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return {
        f"{name}.{held}": thing
        for name, module in sorted(sys.modules.items())
        if name.startswith("autograder") and not name.startswith(tuple(ELSEWHERE))
        for held, thing in vars(module).items()
        if isinstance(thing, re.Pattern)
    }


def with_pattern(pattern: re.Pattern[str] | re.Pattern[bytes]) -> Callable[[str], object]:
    """Every way in which a pattern may be asked: what `match` tries at the first character, `sub` tries at each."""

    def asked(text: str) -> None:
        as_bytes = isinstance(pattern.pattern, bytes)
        given, nothing = (text.encode("utf-8", "replace"), b"") if as_bytes else (text, "")
        pattern.fullmatch(given)  # type: ignore[arg-type]
        pattern.sub(nothing, given)  # type: ignore[arg-type]

    return asked


# ------------------------------------------------------------------------------------------------ the time they take


def main() -> None:
    """Prints what became of each reader and each pattern."""
    unneeded.pass_over()
    found = patterns()
    gc.freeze()
    said = {name: became(read, texts(FEW), READER_SECONDS) for name, read in READERS.items()}
    said |= {name: became(with_pattern(one), texts(MORE), PATTERN_SECONDS) for name, one in found.items()}
    print(json.dumps(said))


def became(read: Callable[[str], object], given: Iterator[tuple[str, str]], seconds: float) -> str:
    """ "" or the name of the text that was not read in time, and what the reader raised."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            resource.setrlimit(resource.RLIMIT_AS, (4 * 2**30, 4 * 2**30))
            for name, text in given:
                os.write(writing, f"{name}\n".encode())
                signal.setitimer(signal.ITIMER_PROF, seconds)  # whose signal ends the process
                try:
                    read(text)
                except UnreadableError:
                    pass
                except BaseException as error:
                    os.write(writing, f"{name}: {type(error).__name__}: {error!a:.300}\n".encode())
                    break
            else:
                os.write(writing, b"\n")
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode().split("\n")
    os.waitpid(child, 0)
    return said[-2]


if __name__ == "__main__":
    main()
