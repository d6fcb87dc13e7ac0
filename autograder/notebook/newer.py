"""Whether a text that this Python cannot read is Python all the same: that of a newer one.

What newer Pythons brought to the grammar is taken back to what any Python reads; where that can be read, the newer
one reads the text. Nothing is run, and the time it takes grows with the length of the text alone.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Final, TypeAlias

from autograder import celltext

Version: TypeAlias = tuple[int, int]

_LONGEST: Final = 200_000  # characters of a cell that are looked at
_DEEPEST: Final = 20  # strings inside strings
_STRING: Final = re.compile(r"([A-Za-z]{0,2})('''|\"\"\"|'|\")")
_WORD: Final = re.compile(r"\w+")
# As far as code can be taken at once: no string or comment, no word before a quote, and in a field neither bracket nor end.
_PLAIN: Final = re.compile(r"(?:\w++(?!['\"])|[^\w'\"#]++)+")
_PLAIN_IN_FIELD: Final = re.compile(r"(?:\w++(?!['\"])|[^\w'\"#()\[\]{}!:]++)+")
_BRACKETS: Final = r"\[(?:[^\[\]\n]|\[[^\[\]\n]*\])*\]"
_NAMED: Final = re.compile(
    rf"^([ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+\w+)[ \t]*({_BRACKETS})", re.MULTILINE
)
_ALIAS: Final = re.compile(rf"^([ \t]*)type[ \t]+(\w+)[ \t]*+(?:({_BRACKETS})[ \t]*+)?=(?!=)", re.MULTILINE)
_EXCEPT: Final = re.compile(r"^([ \t]*except\*?[ \t]++)([^\n:()]++)(?=:)", re.MULTILINE)
_MAGIC: Final = re.compile(r"^([ \t]*)[%!].*", re.MULTILINE)


def needed(source: str) -> Version | None:
    """The oldest Python newer than this one that reads a text; None where this one does, or none is known to."""
    text = _MAGIC.sub(r"\1pass", source)
    if len(text) > _LONGEST or celltext.is_python(text):
        return None
    for version, older in _OLDER.items():
        try:
            text = older(text)
        except _NoPythonError:
            return None
        if version > sys.version_info[:2] and celltext.is_python(text):
            return version
    return None


def needs(version: Version) -> str:
    """What a text of a newer Python needs, in words."""
    wanted, here = (".".join(map(str, one[:2])) for one in (version, sys.version_info))
    return f"needs Python {wanted}, and is checked with Python {here}"


# --------------------------------------------------------------------------------- what each Python brought


def _before_3_12(text: str) -> str:
    """f-strings with any Python in them, type parameters and the type statement."""

    def without(match: re.Match[str]) -> str:
        return match[0] if "=" in match[2] else match[1]

    def alias(match: re.Match[str]) -> str:
        return match[0] if "=" in (match[3] or "") else f"{match[1]}{match[2]} ="

    return _ALIAS.sub(alias, _NAMED.sub(without, _Strings(text, "f").replaced()))


def _before_3_13(text: str) -> str:
    """Type parameters with a default."""
    return _ALIAS.sub(r"\1\2 =", _NAMED.sub(r"\1", text))


def _before_3_14(text: str) -> str:
    """t-strings, and several exceptions without parentheses."""

    def grouped(match: re.Match[str]) -> str:
        several = "," in match[2] and " as " not in match[2]
        return f"{match[1]}({match[2]})" if several else match[0]

    return _EXCEPT.sub(grouped, _Strings(text, "t").replaced())


_OLDER: Final[dict[Version, Callable[[str], str]]] = {
    (3, 12): _before_3_12,
    (3, 13): _before_3_13,
    (3, 14): _before_3_14,
}


class _NoPythonError(Exception):
    """A string that does not end, or holds what is no expression."""


class _Strings:
    """A text read from left to right, its f-strings (or t-strings) replaced by empty strings.

    The expressions in them are read as Python on their own. _NoPythonError where one is none.
    """

    def __init__(self, text: str, kind: str, depth: int = 0) -> None:
        if depth > _DEEPEST:
            raise _NoPythonError
        self.text, self.kind, self.depth = text, kind, depth
        self.at = 0

    def replaced(self) -> str:
        """The whole text so."""
        return self._code(until="")

    def _code(self, until: str) -> str:
        """Code up to one of these characters outside of all brackets, or to the end where there are none."""
        parts: list[str] = []
        brackets = 0
        at_once = _PLAIN_IN_FIELD if until else _PLAIN
        while self.at < len(self.text):
            if plain := at_once.match(self.text, self.at):
                parts.append(plain[0])
                self.at = plain.end()
                continue
            character = self.text[self.at]
            string, word = _STRING.match(self.text, self.at), _WORD.match(self.text, self.at)
            if string:
                parts.append(self._string(string))
            elif word:
                parts.append(word[0])
                self.at = word.end()
            elif character == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif not brackets and character in until and self.text[self.at : self.at + 2] != "!=":
                return "".join(parts)
            else:
                brackets += (character in "([{") - (character in ")]}")
                parts.append(character)
                self.at += 1
        if until:
            raise _NoPythonError
        return "".join(parts)

    def _string(self, opening: re.Match[str]) -> str:
        """A string, as it stands or as an empty one in its place."""
        prefix, quote = opening[1].lower(), opening[2]
        start, self.at = self.at, opening.end()
        if self.kind in prefix:
            self._fields(quote, raw="r" in prefix)
            return '""'
        while not self.text.startswith(quote, self.at):
            self._skip(quote)
        self.at += len(quote)
        return self.text[start : self.at]

    def _skip(self, quote: str, raw: bool = False) -> None:
        """One character of a string, or an escaped one."""
        character = self.text[self.at : self.at + 1]
        if not character or (character == "\n" and len(quote) == 1):
            raise _NoPythonError
        self.at += 2 if character == "\\" and not raw else 1

    def _fields(self, quote: str, raw: bool) -> None:
        """The inside of an f-string and its end."""
        while not self.text.startswith(quote, self.at):
            if self.text.startswith(("{{", "}}"), self.at):
                self.at += 2
            elif self.text.startswith("{", self.at):
                self._field(quote, raw)
            else:
                self._skip(quote, raw)
        self.at += len(quote)

    def _field(self, quote: str, raw: bool) -> None:
        """One expression in braces, with its conversion and its format, which may hold expressions of its own."""
        self.at += 1
        inner = _Strings(self.text, self.kind, self.depth + 1)
        inner.at = self.at
        expression = inner._code(until="}!:").rstrip().removesuffix("=")
        self.at = inner.at
        if not celltext.is_python(f"({expression}\n)") or not expression.strip():
            raise _NoPythonError
        if self.text.startswith("!", self.at):
            self.at += 1
            conversion = _WORD.match(self.text, self.at)
            self.at = conversion.end() if conversion else self.at
        if self.text.startswith(":", self.at):
            self.at += 1
            while not self.text.startswith("}", self.at):
                if self.text.startswith("{", self.at):
                    self._field(quote, raw)
                else:
                    self._skip(quote, raw)
        if not self.text.startswith("}", self.at):
            raise _NoPythonError
        self.at += 1
