"""Shows what a self-check found as the output of a notebook's cell: HTML without scripts, on light and dark ground."""

from __future__ import annotations

from functools import cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder import hints
from autograder.drawing import shades
from autograder.selfcheck.checked import FunctionCheck
from autograder.selfcheck.view import MOST_TEXT, View, printable, words
from autograder.words import agree, clipped, counted, passing


def output(found: FunctionCheck | str, hint: int | None = None, asking: str = "") -> str:
    """One function, or why nothing could be checked, for the output of a notebook's cell.

    It is told up to the rung `hint`; `asking` is how the next is asked for.
    """
    if isinstance(found, str):
        return _environment().get_template("selfcheck.html").render(view=None, trouble=found)
    return _environment().get_template("selfcheck.html").render(view=View(found, hint, asking), trouble="")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograder.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["shades"] = shades.rules
    environment.filters.update(
        prose=_prose,
        clip=partial(clipped, most=MOST_TEXT),
        counted=counted,
        agree=agree,
        passing=passing,
        lead=hints.lead,
        printable=printable,
        words=words,
    )
    return environment


def _prose(said: str) -> Markup:
    said = printable(clipped(said, MOST_TEXT))
    parts = said.split("`")
    if len(parts) % 2 == 0:
        return escape(said)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part)
        for place, part in enumerate(parts)
    )
