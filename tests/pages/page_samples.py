"""Pages to look at, and a reader that counts what browsers would forgive as faults."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from html.parser import HTMLParser

import class_samples
import report_samples as samples

from autograder.pages.classroom import ClassSummary, class_page, summarise
from autograder.pages.overview import course_page, overview
from autograder.pages.people import NO_ROSTER
from autograder.pages.student import student_page
from autograder.records import Report

STUDENT_REPORTS: dict[str, Report] = {
    "self-attention": samples.self_attention(),
    "embeddings": samples.embeddings_unit(),
    "multi-head": samples.multi_head_unit(),
    "adopted": samples.adopted_unit(),
    "large arrays": samples.large_arrays(),
    "wrong shape": samples.wrong_shape(),
    "all right": samples.all_right(),
    **{status: samples.failed(status) for status in samples.REASONS},
}

NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=cmd|' /C calc'!A0",
    "Zoë O'Neil",
    "{{ 7 * 7 }}{% raw %}",
    "-rf ..",
    "\u202eeva",
    "m" * 200,
)


def class_summary(size: int = 40) -> ClassSummary:
    return summarise(class_samples.UNIT, class_samples.a_class(size), ("Emmy Late", "Zoë O'Neil"))


def sectioned_summary(size: int = 40, key: bytes | None = None) -> ClassSummary:
    """A class in two sections, with marks by hand, late work, an excuse and an extension; a key hides names."""
    reports = class_samples.a_class(size)
    absent = ("Emmy Late", "Max Later", "Zoë O'Neil")
    return summarise(
        class_samples.UNIT,
        reports,
        absent,
        aside=[("Emmy/x.ipynb", "it is Emmy's")],
        people=class_samples.roster([*(report.student for report in reports), *absent], key=key),
        accounts=class_samples.accounts(reports, absent),
        now=class_samples.DUE + timedelta(hours=3),
    )


class Page(HTMLParser):
    """A page as its elements, with what browsers would forgive counted as faults."""

    VOID = frozenset({"meta", "br", "img", "input", "link"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str], str]] = []  # tag, attributes, path
        self.faults: list[str] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names):
            self.faults.append(f"<{tag}> repeats an attribute")
        self.elements.append((tag, {name: value or "" for name, value in attrs}, "/".join(self.open)))
        if tag not in self.VOID and not self.get_starttag_text().endswith("/>"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes another element at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.texts))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes, _ in self.elements if name == tag]


# Made where it is asked for.
EVERY_PAGE: dict[str, Callable[[], str]] = {
    **{name: partial(student_page, report) for name, report in STUDENT_REPORTS.items()},
    "class": lambda: class_page(class_summary()),
    "class in sections": lambda: class_page(sectioned_summary()),
    "class without names": lambda: class_page(sectioned_summary(key=b"key")),
    "course": lambda: course_page(class_samples.overview_of(60)),
    "course of nobody": lambda: course_page(overview("A course", NO_ROSTER, (), class_samples.DUE)),
    "class of nobody": lambda: class_page(summarise(class_samples.UNIT, (), ("Emmy",))),
    "class of failures": lambda: class_page(
        summarise(class_samples.UNIT, map(samples.failed, samples.REASONS), ())
    ),
}
