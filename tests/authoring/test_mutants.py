"""Small changes to a function, each once and each a program of its own."""

from __future__ import annotations

import ast
import random

import pytest

from autograder.authoring.mutants import mutants, random_edits


def changes(body: str, parameters: str = "x, y") -> list[str]:
    source = f'def f({parameters}):\n    """Says 1 + 1."""\n    {body}\n'
    found = list(mutants(source, "f"))
    for mutant in found:
        ast.parse(mutant.source)
        assert mutant.function == "f"
        assert '"""Says 1 + 1."""' in mutant.source
    assert len({mutant.source for mutant in found}) == len(found)
    return [mutant.change for mutant in found]


@pytest.mark.parametrize(
    ("body", "change"),
    [
        ("return x + y", "x + y → x - y"),
        ("return x - y", "x - y → y - x"),
        ("return x / y", "x / y → x // y"),
        ("return x @ y", "x @ y → x * y"),
        ("return x @ y", "x @ y → y @ x"),
        ("return x * y", "x * y → x"),
        ("return x", "return x → return None"),
        ("return x", "x → y"),
        ("return x.T", "x.T → x"),
        ("return np.max(x, axis=-1)", "-1 → 0"),
        ("return np.max(x, axis=-1)", "-1 → -2"),
        ("return np.max(x, axis=-1)", "np.max → np.min"),
        ("return np.max(x, axis=-1)", "np.max(x, axis=-1) → np.max(x)"),
        ("return np.sum(x, keepdims=True)", "True → False"),
        ("return g(x, y)", "g(x, y) → g(y, x)"),
        ("return softmax(x)", "softmax(x) → x"),
        ("return x if x > y else y", "x > y → x >= y"),
        ("return x if x > y and y else y", "x > y and y → x > y or y"),
        ("return not x", "not x → x"),
        ("return 3", "3 → 4"),
        ("return 0", "0 → -1"),
        ("return x, y", "(x, y) → (y, x)"),
        ("z = x", "z = x → pass"),
        ("for z in x: print(z)", "for z in x: → for z in []:"),
        ("for z in x: print(z)", "for z in x: → for z in list(x)[1:]:"),
        ("if x: return y", "if x: → if not x:"),
        ("while x: break", "break → pass"),
        ("if x not in y: raise ValueError", "x not in y → x in y"),
        ("return [z for z in x if z]", "z in x if z → z in x"),
    ],
)
def test_each_operator(body: str, change: str) -> None:
    found = changes(body)
    if "z in x if z" in change:  # a comprehension has no text of its own in every Python
        assert any(one.strip().endswith("for z in x") for one in found)
    else:
        assert change in found


def test_a_mutant_says_in_which_statement_it_is() -> None:
    source = "def f(x):\n    for i in range(3):\n        x = x + i\n    return x\n"
    found = {mutant.change: mutant.statement for mutant in mutants(source, "f")}
    assert found["x + i → x - i"] == "x = x + i"
    assert found["3 → 4"] == "for i in range(3):"


def test_other_functions_of_the_cell_are_left_alone() -> None:
    assert list(mutants("def g(x):\n    return x + 1\n", "f")) == []
    assert all(
        "x + 1" in mutant.source for mutant in mutants("def g(x): return x + 1\ndef f(x): return x", "f")
    )


def test_random_edits_write_the_changes_of_one_source_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []
    monkeypatch.setattr(
        "autograder.authoring.mutants.mutants",
        lambda source, function: looked_at.append(source) or mutants(source, function),
    )
    list(random_edits(["def f(x):\n    return x * 7 + 1\n"], "f", 6, random.Random(1)))
    assert len(looked_at) == len(set(looked_at)) > 1


def test_random_edits_are_all_different_and_the_same_for_the_same_generator() -> None:
    sources = ["def f(x, y):\n    return x @ y.T - 1\n", "def f(x, y):\n    z = y + 2 * x\n    return z[0]\n"]
    one, same = (list(random_edits(sources, "f", 15, random.Random(4))) for _ in range(2))
    assert one == same
    assert len({edit.source for edit in one} | set(sources)) == 17
    assert any(", then " in edit.change for edit in one)
    assert any("z = " in edit.source for edit in one)
    assert any("z = " not in edit.source for edit in one)
    for edit in one:
        ast.parse(edit.source)


def test_there_are_no_more_edits_than_there_are() -> None:
    assert [edit.source for edit in random_edits(["def f():\n    pass\n"], "f", 5, random.Random(0))] == []
    assert len(list(random_edits(["def f(x):\n    return x\n"], "f", 50, random.Random(0)))) == 1


def test_a_class_is_changed_method_by_method() -> None:
    source = (
        'class Stack:\n    """Says 1 + 1."""\n    size = 0\n    def put(self, a, b):\n        self.a = a + b\n'
        "    def get(self):\n        return self.a\n"
    )
    found = [mutant.change for mutant in mutants(source, "Stack")]
    assert "a + b → a - b" in found
    assert "a → b" in found
    assert not any(
        "self" in change.partition("→")[2] and "a + b" in change.partition("→")[0] for change in found[:1]
    )
    assert not any(change.endswith("→ self") for change in found), "self is no parameter to be exchanged"


def test_a_variable_is_changed_in_what_makes_it() -> None:
    source = "other = 1 + 1\nanswer = ...\nanswer = 40 + 2\nif other:\n    answer -= 1"
    found = list(mutants(source, "answer"))
    assert "40 + 2 → 40 - 2" in [mutant.change for mutant in found]
    assert "1 + 1 → 1 - 1" not in [mutant.change for mutant in found]
    assert not any(mutant.statement == "answer = ..." for mutant in found)
