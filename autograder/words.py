"""Text for people: numbers with the words that follow them, and long texts cut."""

from __future__ import annotations

from collections.abc import Sequence


def counted(count: float, noun: str, plural: str = "") -> str:
    """A number with its noun: "1 check", "1,200 checks", "0.5 points"; `plural` where it takes more than an s."""
    number = f"{count:,.2f}".rstrip("0").rstrip(".")
    return f"{number} {noun if count == 1 else plural or f'{noun}s'}"


def agree(count: float, one: str, many: str) -> str:
    """The form of a verb, or of any other word, that goes with a number."""
    return one if count == 1 else many


def few(names: Sequence[str], most: int = 5) -> str:
    """A few of many names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def listed(names: Sequence[str], conjunction: str = "and") -> str:
    """`a`, `b` and `c`, in words."""
    *most, last = names
    return f"{', '.join(most)} {conjunction} {last}" if most else last


def clipped(text: str, most: int = 400) -> str:
    """A long text with its middle left out, `most` characters of it staying."""
    return text if len(text) <= most else f"{text[: most // 2]} … {text[-(most // 2) :]}"
