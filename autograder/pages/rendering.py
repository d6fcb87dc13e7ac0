"""How pages are made of templates: each one file that needs nothing else, in which every text stays text.

No script, no network, no font. What students wrote is data: every text is escaped, and a content security policy in
the page forbids scripts besides.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache, lru_cache
from urllib.parse import quote

import latex2mathml.converter
from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from autograder import hints, times
from autograder.drawing import shades
from autograder.naming import as_text
from autograder.words import agree, clipped, counted, in_short, passing

# What UTF-8 or HTML cannot carry: file names may hold stray bytes, and code any control character.
_NO_ANCHOR = re.compile(r"[^\w./-]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def render(template: str, **values: object) -> str:
    """The template filled with these values, without characters that a page cannot carry."""
    return _UNPRINTABLE.sub("\ufffd", _environment().get_template(template).render(**values))


def render_sheets(template: str, sheets: Sequence[object], **values: object) -> Iterator[str]:
    """A list that is too large for one page as pages of its own, drawn one by one; none where one is enough."""
    for number, sheet in enumerate(sheets if len(sheets) > 1 else (), 1):
        yield render(template, sheet=sheet, number=number, count=len(sheets), **values)


def in_text(text: str) -> str:
    """A text as it stands in a page."""
    return _UNPRINTABLE.sub("\ufffd", str(escape(text)))


class _Compiled(FileSystemBytecodeCache):
    """Templates that were compiled once, in a folder for temporary files that this user alone may look into."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps one; on a full disk it is compiled again the next time."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def _compiled() -> _Compiled | None:
    """Where compiled templates are kept; None where there is no such place."""
    try:
        return _Compiled()
    except (OSError, RuntimeError):  # it is another user's, or cannot be made
        return None


def get_ready(*kinds: str) -> None:
    """Loads the templates whose names begin so, while there is nothing else to do."""
    for name in _environment().list_templates(filter_func=lambda name: name.startswith(kinds)):
        _environment().get_template(name)


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
        bytecode_cache=_compiled(),
    )
    environment.globals["shades"] = shades.rules
    environment.filters.update(
        clip=clipped,
        name=as_text,
        formula=_formula,
        marks=in_short,
        prose=_prose,
        segment=_segment,
        anchor=_anchor,
        counted=counted,
        agree=agree,
        passing=passing,
        lead=hints.lead,
        signed=_signed,
        moment=times.said,
        length_of_time=times.length,
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


def _signed(points: float) -> str:
    """Points that are added, or taken away, with their sign."""
    return f"{'−' if points < 0 else '+'}{in_short(abs(points))}"


def _prose(text: str) -> Markup:
    """A text in which `backticks` mark code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # one backtick is without its partner
        return escape(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if i % 2 else escape(part) for i, part in enumerate(parts)
    )


def _anchor(name: str) -> str:
    """A name as the id of a place in a page, in which no space may stand."""
    return _NO_ANCHOR.sub("-", name)


def _segment(name: str) -> str:
    """A name as one segment of a URL, stray bytes of file names included."""
    return quote(os.fsencode(name), safe="")
