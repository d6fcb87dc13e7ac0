"""A code cell as Python, by the rules of IPython's input that its text alone decides: every line keeps its number.

Students paste code with its prompts, indent a whole cell, and put `%%time` above it. Jupyter takes all of that, and so
must whatever reads or runs a cell. Nothing here runs anything, and all of it takes linear time.
"""

from __future__ import annotations

import ast
import re
import textwrap
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from autograder.records import Cell

MAX_PARSED: Final = 100_000  # characters of a code cell that this side parses as Python, at up to 1 KB each
# What Python's parser does with what is no Python, or is nested too deeply for it.
UNREADABLE: Final = (SyntaxError, ValueError, RecursionError, MemoryError)
# Until Python 3.12, two threads that parse at the same time count how deep they are in one counter, and both fail.
_ONE_AT_A_TIME: Final = threading.Lock()
MAGICS_THAT_RUN_PYTHON: Final = frozenset({"time", "timeit", "capture", "prun"})

_MAY_BE_OTHER: Final = re.compile(
    r"""\A\s*?^[ \t]+\S            # the first line is indented
    | ^[ \t]*[%!?]                 # a magic, a command of the shell, help
    | \?[ \t]*$
    | =[ \t]*[%!]
    | ^[ \t]*(?:>>>|In[ ]\[)       # a prompt
    """,
    re.MULTILINE | re.VERBOSE,
)
_PYTHON_PROMPT: Final = re.compile(r"^[ \t]*(>>>|\.\.\.)(?:[ \t]|$)")
_IPYTHON_PROMPT: Final = re.compile(r"^(?:(?:\[nav\]|\[ins\])? )?In \[\d+\]: ?|^\s*\.{3,}: ?")
_CELL_MAGIC: Final = re.compile(r"\A(\s*)%%(\w+)(?![\w?])(.*)")
_LINE_MAGIC: Final = re.compile(r"^(\s*)([%!?].*|[\w.]+\?{1,2}\s*)$")
_PYTHON_MAGIC: Final = re.compile(r"^%(time|prun)\s+([^-\s].*)$")
_ASSIGNED_MAGIC: Final = re.compile(r"^([\w.,\s]+=\s*)([%!].*)$")
_OPENS_OR_CLOSES: Final = re.compile(r"[\"'()\[\]{}]")
_LONG_QUOTES: Final = re.compile(r"(\"\"\"|''')")
_NO_BRACKETS: Final = re.compile(r"#.*|\"[^\"]*\"|'[^']*'")


def plain(source: str) -> str:
    """The cell as Python, as far as it can be made so: magics that run Python are that Python, all others do nothing."""
    if is_ordinary(source):
        return source
    text = tidied(source)
    return text if is_python(text) else _without_magics(text)


def is_ordinary(source: str) -> bool:
    """Whether nothing in the text looks like anything but Python."""
    return _MAY_BE_OTHER.search(source) is None


def tidied(source: str) -> str:
    """The cell without prompts, common indentation and a magic that runs all of it; other magics are left."""
    if is_ordinary(source):
        return source
    text = _without_cell_magic(_dedented(_without_ipython_prompts(source)))
    prompts = any(line.lstrip().startswith(">>>") for line in text.splitlines())
    if prompts and not is_python(_without_magics(text)):  # in a docstring they are examples, and stay
        text = _without_cell_magic(_dedented(_without_python_prompts(text)))
    return text


def parse(text: str) -> ast.Module:
    """The syntax tree of Python's own parser, for threads too; one of UNREADABLE where the text is no Python."""
    with _ONE_AT_A_TIME:
        return ast.parse(text)


def is_python(text: str) -> bool:
    """Whether Python's parser takes the text."""
    try:
        parse(text)
    except UNREADABLE:
        return False
    return True


def _dedented(text: str) -> str:
    """The text without the indentation that all its lines have; the lines' own ends are kept."""
    return textwrap.dedent(text) if text.lstrip("\r\n")[:1] in (" ", "\t") else text


def _without_ipython_prompts(text: str) -> str:
    """Without `In [1]:` and the dots under it, where one of the first two lines has them."""
    lines = text.splitlines(keepends=True)
    start = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if not any(_IPYTHON_PROMPT.match(line) for line in lines[start : start + 2]):
        return text
    return "".join(_IPYTHON_PROMPT.sub("", line, count=1) for line in lines)


def _without_python_prompts(text: str) -> str:
    return "".join(_PYTHON_PROMPT.sub("", line, count=1) for line in text.splitlines(keepends=True))


def _without_cell_magic(text: str) -> str:
    """A cell under `%%time` or its like without that line, one under any other as comments."""
    found = _CELL_MAGIC.match(text)
    if found is None:
        return text
    rest = text[found.end() :]
    if found[2] in MAGICS_THAT_RUN_PYTHON:
        return f"{found[1]}# {found[0].strip()}{_dedented(rest)}"
    commented = "".join(f"# {line}" for line in rest[1:].splitlines(keepends=True))
    return f"{found[1]}# {found[0].strip()}{rest[:1]}{commented}"


def _without_magics(text: str) -> str:
    """Line magics that run Python as that Python, others as `pass`; what stands in a long string or in brackets stays."""
    return "".join(
        line if inside else _without_magic(line.rstrip("\r\n")) + line[len(line.rstrip("\r\n")) :]
        for line, inside in _lines(text)
    )


def _without_magic(line: str) -> str:
    if assigned := _ASSIGNED_MAGIC.match(line):
        python = _PYTHON_MAGIC.match(assigned[2])
        return f"{assigned[1]}{python[2] if python else f'None  # {assigned[2]}'}"
    if not (magic := _LINE_MAGIC.match(line)):
        return line
    if python := _PYTHON_MAGIC.match(magic[2]):
        return f"{magic[1]}{python[2]}"
    if magic[2].split()[0] == "%pylab":
        return f"{magic[1]}get_ipython().run_line_magic('pylab', '')  # {magic[2]}"
    return f"{magic[1]}pass  # {magic[2]}"


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """The lines, each with whether it begins within a long string or within brackets."""
    quotes, depth = "", 0
    for line in text.splitlines(keepends=True):
        yield line, bool(quotes) or depth > 0
        if not _OPENS_OR_CLOSES.search(line):
            continue
        parts = []
        for part in _LONG_QUOTES.split(line):
            if part in ('"""', "'''"):
                quotes = "" if quotes == part else quotes or part
            elif not quotes:
                parts.append(part)
        code = _NO_BRACKETS.sub("", "".join(parts))
        depth = max(0, depth + sum(map(code.count, "([{")) - sum(map(code.count, ")]}")))


def named(cells: Sequence[Cell], index: int) -> str:
    """A cell as people find it again: by its first line, for Jupyter numbers no cell that has not run."""
    source = next((cell.source for cell in cells if cell.index == index), "")
    first = next((line.strip() for line in source.splitlines() if line.strip()), "")
    return f"The cell “{first if len(first) <= 50 else first[:49] + '…'}”"
