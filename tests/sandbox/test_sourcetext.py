"""The text of what cells define: the last one counts, and nothing runs."""

from __future__ import annotations

import pytest

from autograder.sandbox.sourcetext import source_of

CELLS = [
    "def f():\n    return 1\n",
    "import functools\n@functools.cache\n\ndef f():\n    return 2  # the last\nx = 1",
    "%matplotlib inline\nclass A:\n    def f(self):\n        return 3\n    class B:\n        async def g(self): pass\n",
    "if True:\n    def h(): pass\nelse:\n    def h(): return 4\n",
    "try:\n    pass\nfinally:\n    def k(): pass\n",
    "this is no Python",
    "#" * 200_000 + "\ndef f(): pass",
]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("f", "@functools.cache\n\ndef f():\n    return 2  # the last\n"),
        ("A.f", "    def f(self):\n        return 3\n"),
        ("A.B.g", "        async def g(self): pass\n"),
        ("h", "    def h(): return 4\n"),
        ("k", "    def k(): pass\n"),
        ("x", None),
        ("f.g", None),
        ("A.z", None),
        ("", None),
    ],
)
def test_the_text_of_a_definition(name: str, text: str | None) -> None:
    assert source_of(name, CELLS) == text
