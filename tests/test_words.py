"""Numbers with the words that follow them, and the words that students read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from repository import REPOSITORY

from autograder.words import agree, commonest, counted, few, in_full, in_short


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 points"),
        (1, "1 point"),
        (1.0, "1 point"),
        (0.5, "0.5 points"),
        (10, "10 points"),
        (1.125, "1.125 points"),
        (0.1 + 0.2, "0.3 points"),
        (0.0625, "0.0625 points"),
        (12_000, "12,000 points"),
        (1_234.0625, "1,234.0625 points"),
    ],
)
def test_a_number_with_its_noun(count: float, said: str) -> None:
    assert counted(count, "point") == said
    assert in_full(count) == said.split()[0].replace(",", "")


def test_a_plural_of_its_own() -> None:
    assert [counted(count, "entry", "entries") for count in (1, 2)] == ["1 entry", "2 entries"]


def test_a_verb_goes_with_its_number() -> None:
    assert [agree(count, "is", "are") for count in (0, 1, 2)] == ["are", "is", "are"]


def test_a_few_of_many_names() -> None:
    assert few(["ada", "bo"]) == "ada, bo"
    assert few(["ada", "bo", "cy"], most=2) == "ada, bo and 1 more"


# ------------------------------------------------------------------------------------ what students read

# Nobody talks so who is asked by a first-year student.
STILTED = re.compile(
    r"\b(?:is|are|not|than is|which is) due\b|\bmend|\bparts? (?:here|from|at)\b|\bdeparts? from\b",
    re.IGNORECASE,
)
PACKAGE = REPOSITORY / "autograder"
# Lateness has its own "due", and is said in a page of its own.
TEMPLATES = ("student", "function", "status", "selfcheck", "values", "macros", "told", "total")
SAYING = (
    "checking/compare.py", "checking/kinds.py", "checking/sentences.py", "checking/standard.py", "explaining/facts.py",
    "explaining/drawings.py", "explaining/general.py", "explaining/telling.py", "explaining/impression.py", "explaining/observe.py",
    "explaining/trace.py", "explaining/variants.py", "pages/comparison.py", "pages/contrast.py", "pages/textdiff.py", "selfcheck/view.py",
    "selfcheck/terminal.py", "selfcheck/forms.py", "selfcheck/kernel.py", "hints.py",
)  # fmt: skip


def said_in(path: Path) -> Iterator[str]:
    """The texts of a module or a template, without its comments, docstrings and code."""
    text = path.read_text("utf-8")
    if path.suffix == ".html":
        yield re.sub(r"\{#.*?#\}|\{%.*?%\}|<[^>]*>", " ", text, flags=re.DOTALL)
        return
    tree = ast.parse(text)
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            yield node.value


@pytest.mark.parametrize("name", [*(f"pages/templates/{name}.html" for name in TEMPLATES), *SAYING])
def test_students_read_words_that_they_say_themselves(name: str) -> None:
    found = [said for said in said_in(PACKAGE / name) if STILTED.search(said)]
    assert found == []


def test_what_stands_in_a_catalogue_is_said_so_too() -> None:
    pages = [
        path
        for path in (REPOSITORY / "solutions").glob("*/*.py")
        if path.stem.startswith(("misconceptions", "full"))
    ]
    assert len(pages) > 5
    assert [said for path in pages for said in said_in(path) if STILTED.search(said)] == []


@pytest.mark.parametrize(
    ("value", "read", "full"),
    [
        (1 / 3, "0.333", "0.333333"),
        (-2 / 3, "-0.667", "-0.666667"),
        (1234 + 1 / 7, "1234.143", "1234.142857"),
        (1.0625, "1.0625", "1.0625"),
        (0.1 + 0.2, "0.3", "0.3"),
        (0.000_312_5, "0.000313", "0.000313"),
        (8, "8", "8"),
    ],
)
def test_what_has_no_end_is_read_in_short_and_kept_in_full(value: float, read: str, full: str) -> None:
    assert (in_short(value), in_full(value)) == (read, full)
    assert counted(value, "point").replace(",", "") == f"{read} points"


def test_of_what_is_equally_common_the_first_by_the_alphabet_is_named_whoever_came_first() -> None:
    assert (
        commonest({"c.d": 2, "a.b": 2, "a.a": 1}) == commonest({"a.a": 1, "a.b": 2, "c.d": 2}) == ("a.b", 2)
    )
    assert commonest({}) == ("", 0)
