"""The first page of the lessons in a browser: what there is to open, and what happens to what is written there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.pages.rendering import render


@dataclass(frozen=True)
class Lesson:
    """One lesson to open."""

    title: str
    functions: tuple[str, ...]  # that are written in it
    address: str  # from the page


def start_page(title: str, lessons: Sequence[Lesson], *, everything: str, first: str) -> str:
    """The page as one HTML file; `everything` is the address of all files, `first` what a first visit loads, in words."""
    return render("start.html", title=title, lessons=lessons, everything=everything, first=first)
