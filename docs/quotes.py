"""Quotes the gallery's units on its page, by name, so that what the page shows is what the tests run.

A quote stands between `<!-- begin: words/inputs.py count_words_cases -->` and `<!-- end -->`: of a file in
`docs/gallery/solutions/` the function, the class or the last assignment of that name, or the entry with that id.
"""

from __future__ import annotations

import ast
import re
import sys
import textwrap
from pathlib import Path
from typing import Final

UNITS: Final = Path(__file__).resolve().parent / "gallery" / "solutions"
_QUOTE: Final = re.compile(r"<!-- begin: (\S+\.py) (\S+) -->.*?<!-- end -->", re.DOTALL)


def renewed(page: str) -> str:
    """The page with its quotes as the units have them; exits where a unit has nothing of that name."""
    return _QUOTE.sub(_renewed, page)


def _renewed(found: re.Match[str]) -> str:
    file, name = found.groups()
    code = quoted((UNITS / file).read_text(encoding="utf-8"), name)
    if not code:
        sys.exit(f"docs/gallery.md: {file} has no {name}")
    return f'<!-- begin: {file} {name} -->\n\n```python title="{file}"\n{code}\n```\n\n<!-- end -->'


def quoted(source: str, name: str) -> str:
    """What a module holds under a name at its top, or as an entry of that id; empty where it holds nothing of it."""
    lines = source.splitlines()
    tree = ast.parse(source)
    named = [node for node in tree.body if name in _names(node)]
    entries = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _id(node) == name]
    for node in [*reversed(named), *entries]:
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
        own = (line for line in lines[first - 1 : node.end_lineno] if "### " not in line)
        return textwrap.dedent("\n".join(own)).removesuffix(",")
    return ""


def _id(call: ast.Call) -> object:
    """What a call has first, where that is a constant."""
    return call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None


def _names(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
    return []
