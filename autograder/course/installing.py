"""How students install the kit: what `install` of course.toml may be, and how lessons and messages say it.

It is what a student types in a terminal, such as `pip install https://…/attention_autograder-0.1.0-py3-none-any.whl`.
Not set (None), nobody can be told; empty, nothing is to be installed, as on a JupyterHub that has the kit.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 400  # characters

IN_A_BROWSER: Final = (
    "**Before you start**: there is nothing to install. Python runs in this page. While *Kernel Unknown* or *No Kernel* stands"
    " above, it is still starting, and the cells that you run wait for it. What you type is saved by itself, in this browser"
    " alone, and a private window forgets it when you close it. *File*, *Download* gives you the notebook, to hand it in or to"
    " keep it."
)

MARKER: Final = "{{ install }}"  # in a lesson's text, on a line of its own

_LINE: Final = re.compile(r"^[ \t]*\{\{[ \t]*install[ \t]*\}\}[ \t]*$(\n\n?)?", re.MULTILINE)
_PIP: Final = "pip install "
_BEFORE: Final = "**Before you start**, install the kit once"
_BEGUN: Final = re.compile(rf"^{re.escape(_BEFORE)}.*$", re.MULTILINE)
# It stands between backticks in a lesson, and in a docstring of a Python file.
_REFUSED: Final = ("`", "\\", '"""')


def trouble(command: str) -> str:
    """What is wrong with a value of `install`; empty where nothing is."""
    for character in command:
        if not character.isprintable():
            return f"the character {character!r} in it; it is one line, as students type it"
    for refused in _REFUSED:
        if refused in command:
            return f"{refused} in it, which lessons cannot show: write it without"
    if len(command) > LONGEST:
        return f"it has {len(command):,} characters, and {LONGEST} are allowed"
    if command != command.strip():
        return "a blank at its beginning or end"
    if command and " " not in command:
        return f"{command!r} is no command: write what students type, as in 'pip install {command}'"
    return ""


def paragraph(command: str | None) -> str:
    """What a lesson says of it, in Markdown; empty where nothing is to be installed."""
    if command is None:
        return f"{_BEFORE}, as your instructor says."
    if not command:
        return ""
    if not command.startswith(_PIP):
        return f"{_BEFORE}, in a terminal: `{command}`."
    return f"{_BEFORE}, in a terminal: `{command}` (in Colab, run `%{command}` in a cell of its own)."


def in_a_browser(text: str) -> str:
    """A released lesson's text with what is to be done before one starts where the kit comes with the page."""
    return _BEGUN.sub(lambda _: IN_A_BROWSER, text)


def is_marker(line: str) -> bool:
    """Whether a line of a lesson's text is to become that paragraph."""
    return _LINE.fullmatch(line) is not None


def filled(text: str, command: str | None) -> str:
    """A text of a lesson with that paragraph in the place of each line `{{ install }}`."""
    said = paragraph(command)
    return _LINE.sub(lambda found: f"{said}{found[1] or ''}" if said else "", text)


def upgrade(command: str) -> str:
    """What brings a newer version, in a sentence's end: it follows "upgrade the kit"."""
    if not command:
        return ", as your instructor says"
    if not command.startswith(_PIP):
        return f": {command}"
    return f": {_PIP}--upgrade {command.removeprefix(_PIP)}"
