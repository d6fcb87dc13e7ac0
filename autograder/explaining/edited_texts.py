"""Small changes of texts: exchanged ones, their letters and spaces, and what is put into one."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Final

from autograder.explaining.changed import Change, Rank
from autograder.explaining.editable import Editable
from autograder.explaining.sites import Names, Site

_MOST: Final = 8  # texts of one definition that are exchanged: code with more is a table
_MOST_VALUES: Final = 6  # of one formatted text
_LONGEST: Final = 200  # characters of a text that is changed
_BLANKS: Final = {"": " ", " ": ""}


def exchanged(owner: Editable, constants: Sequence[ast.Constant]) -> Iterator[Change]:
    """Two texts of a definition in each other's place, and one in the place of another."""
    texts = [node for node in constants if isinstance(node.value, str)]
    if len(texts) > _MOST or any(len(str(node.value)) > _LONGEST for node in texts):
        return
    for one, other in itertools.combinations(texts, 2):
        if one.value == other.value:
            continue
        parts = (*owner.span(one), owner.of(other)), (*owner.span(other), owner.of(one))
        also = (other.lineno,) if other.lineno != one.lineno else ()
        yield Change(Rank.SYMBOL, "text", one.lineno, "", parts, also=also)
        for part, node in zip(parts, (one, other), strict=True):
            yield Change(Rank.ORDER, "text", node.lineno, "", (part,))


def of_text(site: Site, text: str, names: Names) -> Iterator[Change]:
    """A plain text as a formatted one, as the variable of its name, with other capitals, or with a space or none."""
    if len(text) > _LONGEST:
        return
    if "{" in text and (formatted := _formatted(text, names)) is not None:
        yield site.change(Rank.WORD, "braces", formatted, "braces")
    if text in names:
        yield site.change(Rank.WORD, "text", text, f"text {text}", subject=text)
    if text in _BLANKS:
        yield site.change(Rank.ORDER, "text", repr(_BLANKS[text]))
    for other in dict.fromkeys((text[:1].swapcase() + text[1:], text.upper(), text.lower())):
        if other != text:
            yield site.change(Rank.ORDER, "text", repr(other))


def of_formatted(site: Site, node: ast.JoinedStr, names: Names) -> Iterator[Change]:
    """Other values in a formatted text, in another order, or with another number of digits."""
    # It is written anew as a whole: of its parts not every Python knows where they stand.
    values = [one for one in node.values if isinstance(one, ast.FormattedValue)]
    start, end = site.owner.span(node)
    if len(values) > _MOST_VALUES or end - start > _LONGEST:
        return

    def written(new: dict[ast.FormattedValue, ast.FormattedValue]) -> str:
        parts = [new.get(one, one) if isinstance(one, ast.FormattedValue) else one for one in node.values]
        return ast.unparse(ast.JoinedStr(parts))

    for one, other in itertools.combinations(values, 2):
        if ast.dump(one.value) != ast.dump(other.value):
            text = written({one: _with(one, other.value), other: _with(other, one.value)})
            yield site.change(Rank.WORD, "text", text, subject=_subject(one))
    for one in values:
        if isinstance(one.value, ast.Name) and one.value.id in names:
            for name in names.alike(one.value.id, node.lineno)[:_MOST_VALUES]:
                text = written({one: _with(one, ast.Name(name, ast.Load()))})
                yield site.change(Rank.WORD, "text", text, subject=one.value.id)
        for spec in _other_digits(one.format_spec):
            text = written({one: ast.FormattedValue(one.value, one.conversion, spec)})
            yield site.change(Rank.WORD, "text", text, subject=_subject(one))


def _with(formatted: ast.FormattedValue, value: ast.expr) -> ast.FormattedValue:
    """Another value, formatted alike."""
    return ast.FormattedValue(value, formatted.conversion, formatted.format_spec)


def _subject(formatted: ast.FormattedValue) -> str:
    return formatted.value.id if isinstance(formatted.value, ast.Name) else ""


def _other_digits(spec: ast.expr | None) -> Iterator[ast.JoinedStr]:
    """The formats with one digit more after the point, and with one fewer."""
    match spec:
        case ast.JoinedStr(values=[ast.Constant(value=str(form))]) if found := re.fullmatch(
            r"(.*\.)(\d)([a-z%]?)", form
        ):
            for digits in (int(found[2]) + 1, int(found[2]) - 1):
                if digits >= 0:
                    yield ast.JoinedStr([ast.Constant(f"{found[1]}{digits}{found[3]}")])


def _formatted(text: str, names: Names) -> str | None:
    """A formatted text with these characters; None where it would put in nothing that has a value."""
    source = f"f{text!r}"
    try:
        parsed = ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError):
        return None
    read = {one.id for one in ast.walk(parsed) if isinstance(one, ast.Name)}
    return source if any(name in names for name in read) else None
