"""Other code in the cell of a function, a class or a variable."""

from __future__ import annotations

import pytest
from repository import cell

from autograder.course import solution


@pytest.mark.parametrize(
    ("name", "sources", "place"),
    [
        ("f", ["f(1)", "def f(x):\n    return x", "f = f(2)"], 1),
        ("Stack", ["Stack()", "import x\nclass Stack(list):\n    pass", "class Stacks: pass"], 1),
        ("answer", ["answer == 3", "data = 1\nanswer: int = 3", "answers = 3"], 1),
        ("answer", ["print(answer=3)", "answer = 3"], 1),
    ],
)
def test_the_cell_is_found_and_no_other(name: str, sources: list[str], place: int) -> None:
    document = {"cells": [cell(source) for source in sources]}
    document["cells"][place]["source"] = sources[place].splitlines(keepends=True)
    solution.rewrite(document, name, "other")
    found = [one["source"] for one in document["cells"]]
    assert found == ["other" if number == place else source for number, source in enumerate(sources)]
