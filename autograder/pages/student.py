"""The pages people read: a student's feedback, and the class at a glance.

Each is one HTML file that needs nothing else: no script, no network, no font. What students wrote is data: every
text is escaped, and a content security policy in the page forbids scripts besides.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import zip_longest
from typing import Literal, TypeAlias
from urllib.parse import quote

import latex2mathml.converter
import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder.pages import listing
from autograder.pages.classroom import FEWEST, NEARLY, ClassSummary
from autograder.pages.listing import Code
from autograder.pages.tables import Table, Tables, shape_in_words, tables, writer
from autograder.records import Argument, Array, Diagnosis, Explanation, FunctionReport, Report, WorkedStep
from autograder.words import agree, clipped, counted

LARGEST_PAGE = 300_000  # bytes
MOST_LINES = 80
MOST_PASTED = 400  # numbers in the inputs offered as code
MOST_WORDS = 60  # of a list of strings
MOST_NAMES = 100  # of the students who share a misconception
A_TABLE = 500  # students: browsers lay out several tables, and only those in view, faster than a long one

State: TypeAlias = Literal["full", "carried", "partial", "none"]


def student_page(report: Report) -> str:
    """The feedback page of one submission, as HTML of at most 300 kB."""
    page = _render("student.html", report=report, sections=_sections(report, lean=False))
    if len(page.encode()) <= LARGEST_PAGE:
        return page
    return _render("student.html", report=report, sections=_sections(report, lean=True))


def class_page(summary: ClassSummary) -> str:
    """The class page of one unit, as HTML; it links to the feedback pages beside it."""
    return _render("class.html", summary=summary, most_names=MOST_NAMES, a_table=A_TABLE, fewest=FEWEST)


# ------------------------------------------------------------------------------------ one graded function


@dataclass(frozen=True)
class Pair:
    """A table of the student's result beside the one that was due; either may be absent."""

    got: Table | None
    expected: Table | None


@dataclass(frozen=True)
class Comparison:
    """The student's result beside the expected one."""

    got: Tables | None
    expected: Tables | None
    pairs: tuple[Pair, ...]
    difference: Tables | None
    wrong: int  # how many cells differ
    size: int
    got_first: str  # the first wrong cell as the student has it, empty where there is none
    expected_first: str


@dataclass(frozen=True)
class Input:
    """One argument of the function."""

    name: str
    shape: str
    tables: Tables | None  # an array
    words: tuple[str, ...]  # a list of strings
    left_out: int  # words


@dataclass(frozen=True)
class Worked:
    """One step of the worked answer, and what is known of the student's own."""

    step: WorkedStep
    state: listing.StepState


@dataclass(frozen=True)
class Section:
    """One function as its part of the page shows it."""

    function: FunctionReport
    lean: bool  # the page would be too large: code and inputs are left out, sentences cut short

    @property
    def words(self) -> int:
        """How many characters a sentence may have."""
        return 100 if self.lean else 400

    @property
    def state(self) -> State:
        """How it went, in one word."""
        if self.function.score >= self.function.max_score - NEARLY:
            return "carried" if self.function.carried_forward else "full"
        return "partial" if self.function.score > 0 else "none"

    @property
    def passed(self) -> int:
        """How many checks passed."""
        return sum(check.passed for check in self.function.checks)

    @cached_property
    def code(self) -> Code | None:
        """The student's own code, where it is of use."""
        function = self.function
        if function.source is None or self.lean or self.state in ("full", "carried"):
            return None
        return listing.code(function.source, function.diagnoses, MOST_LINES)

    @cached_property
    def comparison(self) -> Comparison | None:
        """The matrices side by side, where there is anything to see."""
        explanation = self.function.explanation
        if explanation is None or (explanation.got is None and explanation.expected is None):
            return None
        return _comparison(explanation)

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """The arguments the explanation is about."""
        explanation = self.function.explanation
        return () if explanation is None or self.lean else tuple(_input(*one) for one in explanation.inputs)

    @cached_property
    def pasted(self) -> str:
        """The same arguments as code to paste into a cell; empty where they are too long."""
        explanation = self.function.explanation
        return "" if explanation is None or self.lean else _pasted(self.function.name, explanation)

    @cached_property
    def worked(self) -> tuple[Worked, ...]:
        """The first wrong cell, step by step."""
        explanation = self.function.explanation
        diagnosis = next(iter(self.function.diagnoses), None)
        return () if explanation is None else _worked(explanation, diagnosis)


def _sections(report: Report, *, lean: bool) -> tuple[Section, ...]:
    return tuple(Section(function, lean) for function in report.functions)


def _comparison(explanation: Explanation) -> Comparison:
    got, expected, first = explanation.got, explanation.expected, explanation.first
    alike = got is not None and expected is not None and got.shape == expected.shape
    apart = (got[first].item(), expected[first].item()) if alike and first is not None else None  # type: ignore[index]
    write = writer(*(array for array in (got, expected) if array is not None), apart=apart)
    wrong = explanation.wrong if alike else None
    first = first if alike else None

    def as_tables(array: Array | None) -> Tables | None:
        if array is None:
            return None
        return tables(array, write=write, wrong=wrong, first=first, labels=explanation.labels)

    left, right = as_tables(got), as_tables(expected)
    return Comparison(
        got=left,
        expected=right,
        pairs=tuple(
            Pair(one, other)
            for one, other in zip_longest(left.tables if left else (), right.tables if right else ())
        ),
        difference=_difference(got, expected, explanation) if alike else None,  # type: ignore[arg-type]
        wrong=0 if wrong is None else int(wrong.sum()),
        size=0 if wrong is None else wrong.size,
        got_first=write(apart[0]) if apart else "",
        expected_first=write(apart[1]) if apart else "",
    )


def _difference(got: Array, expected: Array, explanation: Explanation) -> Tables | None:
    if got.dtype.kind not in "fiub" or explanation.wrong is None or not explanation.wrong.any():
        return None
    with np.errstate(invalid="ignore", over="ignore"):
        difference = np.asarray(got, dtype=float) - expected
    difference = np.where(explanation.wrong, difference, 0.0)
    return tables(
        difference,
        write=writer(difference),
        wrong=explanation.wrong,
        first=explanation.first,
        labels=explanation.labels,
    )


def _input(name: str, value: Argument) -> Input:
    if isinstance(value, np.ndarray):
        return Input(name, shape_in_words(value.shape), tables(value, write=writer(value)), (), 0)
    words = tuple(clipped(word, 40) for word in value[:MOST_WORDS])
    return Input(name, counted(len(value), "word"), None, words, len(value) - len(words))


def _pasted(function: str, explanation: Explanation) -> str:
    """Python that rebuilds the inputs and calls the student's function."""
    arrays = [value for _, value in explanation.inputs if isinstance(value, np.ndarray)]
    words = [value for _, value in explanation.inputs if not isinstance(value, np.ndarray)]
    if sum(array.size for array in arrays) + sum(map(len, words)) > MOST_PASTED or not explanation.inputs:
        return ""
    lines = ["import numpy as np", ""] if arrays else []
    for name, value in explanation.inputs:
        lines.append(f"{name} = {_literal(value, indent=len(name) + 3)}")
    arguments = ", ".join(name for name, _ in explanation.inputs)
    return "\n".join([*lines, "", f"{function}({arguments})"])


def _literal(value: Argument, indent: int) -> str:
    if not isinstance(value, np.ndarray):
        return repr(list(value))
    if value.size == 0:
        return f"np.zeros({value.shape})"
    body = _nested(value.tolist(), indent + len("np.array("))
    return f"np.array({body})"


def _nested(value: object, indent: int) -> str:
    if not isinstance(value, list):
        text = f"{value:.6g}"
        return (
            f"{'-' * text.startswith('-')}np.{text.lstrip('-')}"
            if text.lstrip("-") in ("inf", "nan")
            else text
        )
    between = f",\n{' ' * (indent + 1)}" if value and isinstance(value[0], list) else ", "
    return f"[{between.join(_nested(one, indent + 1) for one in value)}]"


def _worked(explanation: Explanation, diagnosis: Diagnosis | None) -> tuple[Worked, ...]:
    departs = None if diagnosis is None else diagnosis.step
    return tuple(map(Worked, explanation.worked, listing.states(explanation, departs)))


# ----------------------------------------------------------------------------------------------- rendering


# What UTF-8 or HTML cannot carry: file names may hold stray bytes, and code any control character.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def _render(template: str, **values: object) -> str:
    return _UNPRINTABLE.sub("\ufffd", _environment().get_template(template).render(**values))


@cache
def _environment() -> Environment:
    """The templates, compiled once a process."""
    environment = Environment(
        loader=PackageLoader("autograder.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        clip=clipped,
        formula=_formula,
        marks=_marks,
        prose=_prose,
        segment=_segment,
        counted=counted,
        agree=agree,
    )
    return environment


@lru_cache(maxsize=1024)
def _formula(latex: str, plain: str) -> Markup:
    """A formula as MathML, or as plain text where the LaTeX is beyond the converter."""
    try:
        return Markup(latex2mathml.converter.convert(latex, display="block"))
    except (
        Exception
    ):  # the converter publishes no exception of its own, and a page matters more than a formula
        return Markup("<code>{}</code>").format(plain)


def _marks(points: float) -> str:
    """Points with two decimals at most."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


def _prose(text: str) -> Markup:
    """A text in which `backticks` mark code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # one backtick is without its partner
        return escape(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if i % 2 else escape(part) for i, part in enumerate(parts)
    )


def _segment(name: str) -> str:
    """A name as one segment of a URL, stray bytes of file names included."""
    return quote(os.fsencode(name), safe="")
