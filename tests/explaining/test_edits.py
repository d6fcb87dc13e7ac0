"""Which small edits of a definition are tried, and in what order; nothing of them is run here."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from autograder.explaining.changed import Rank
from autograder.explaining.editable import Editable
from autograder.explaining.edits import both, edits


def editable(source: str) -> Editable:
    (node,) = (one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.FunctionDef))
    return Editable(node.name, 0, node, source.encode())


def texts(source: str) -> list[str]:
    return [edit.definitions[0].source for edit in edits([editable(source)])]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("return x.sum(axis=0)", "return x.sum(axis=(-1))"),
        ("return x / y", "return ((y) / (x))"),
        ("return -x", "return (x)"),
        ("return x[y, x]", "return x[x, y]"),
        ("return x - x.max()", "return (x)"),
        ("return x < y", "return (x <= y)"),
        ("return x if y else 0", "return (0 if y else x)"),
        ("return x.T @ y", "return (x) @ y"),
        ("return np.exp(x)", "return np.log(x)"),
        ("return range(x)", "return range((x) - 1)"),
        ("return not x", "return (x)"),
        ("return x, y", "return y, x"),
        ("return x - y * x", "return (((x) - (y)) * (x))"),
        ('return np.einsum("ij,kj->ik", x, y)', "return np.einsum('ij,kj->ki', x, y)"),
        ("x = y\n    return x", "x += y\n    return x"),
        ("x = y\n    return x", "pass\n    return x"),
        ("z = x\n    return z", "z = (x).copy()\n    return z"),
        ("z = np.dot(x, y, out=y)\n    return z", "z = (np.dot(x, y, out=y)).copy()\n    return z"),
        ("z = y = f(x)\n    return z", "z = (f(x)); y = (f(x))\n    return z"),
        ("x.append(y)\n    return x", "x.append((y).copy())\n    return x"),
        ("return np.zeros(x, dtype=int)", "return np.zeros(x)"),
        ("return np.zeros(x, np.uint8)", "return np.zeros(x)"),
        ("return x.astype('i8')", "return (x)"),
        ("return np.full(x, 0)", "return np.full(x, float(0))"),
        ("return np.max(x, y)", "return np.maximum(x, y)"),
        ("return min(x, y)", "return np.minimum(x, y)"),
        (
            "for i, a in x:\n        y = a\n    return y",
            "for i, a in enumerate(x):\n        y = a\n    return y",
        ),
        (
            "for i in len(x):\n        y = i\n    return y",
            "for i in range(len(x)):\n        y = i\n    return y",
        ),
        ("return np.array(a for a in x)", "return np.array(list(a for a in x))"),
        ("z = (a for a in x)\n    return z", "z = (list(a for a in x))\n    return z"),
        ("x[y] + 1\n    return x", "x[y] += 1\n    return x"),
        ("x * f(y)", "return x * f(y)"),
        (
            "if x:\n        y = 1\n    y = 2\n    return y",
            "if x:\n        y = 1\n    else:\n        y = 2\n    return y",
        ),
        ("return x / y == 0", "return ((x) % (y)) == 0"),
        ("return x == 1 or y == 2", "return ((x == 1) and (y == 2))"),
        ("return x == 'a' or 'b' or y", "return ((x == 'a') or ((x) == ('b')) or (y))"),
        ("return x != 1 and 2", "return ((x != 1) and ((x) != (2)))"),
        (
            "if x.empty:\n        y = 1\n    return y",
            "if (x.empty)():\n        y = 1\n    return y",
        ),
        ("return not x.empty", "return (not (x.empty)())"),
        (
            "if x:\n        y = 1\n    if y:\n        y = 2\n    else:\n        y = 3\n    return y",
            "if x:\n        y = 1\n    elif y:\n        y = 2\n    else:\n        y = 3\n    return y",
        ),
        (
            "if x:\n        return 1\n    elif y:\n        return 2\n    return 3",
            "if y:\n        return 2\n    elif x:\n        return 1\n    return 3",
        ),
        ("while x:\n        y = 1\n    return y", "while not (x):\n        y = 1\n    return y"),
        ("return 'a' if x else 'b'", "return 'b' if x else 'a'"),
        ("y['a'] = x\n    return y['b']", "y['b'] = x\n    return y['b']"),
        ("return x['y']", "return x[y]"),
        ("return ''.join(x)", "return ' '.join(x)"),
        ("return 'Yes'", "return 'yes'"),
        ("return '{x}: {y}'", "return f'{x}: {y}'"),
        ("return '{x}: ' + '{y:.1f}'", "return f'{x}: ' + f'{y:.1f}'"),
        ("return f'{x}: {y}'", "return f'{y}: {x}'"),
        ("return f'{x}: {len(x)}'", "return f'{y}: {len(x)}'"),
        ("return f'{x:.1f}'", "return f'{x:.2f}'"),
        ("return '%s: %s' % (x, y)", "return '%s: %s' % (y, x)"),
        ("z = x.sort()\n    return z", "z = (x.sort() or x)\n    return z"),
        ("return ' '.join(x.reverse())", "return ' '.join((x.reverse() or x))"),
        ("sorted(x)\n    return x", "x = sorted(x)\n    return x"),
        ("np.sort(x)\n    return x", "x = np.sort(x)\n    return x"),
        ("x[0].lower()\n    return x", "x[0] = x[0].lower()\n    return x"),
        ("x.update(y)\n    f(x)", "x.update(y)\n    return f(x)"),
        ("print(x)", "return x"),
        ("print(x +\n        y)", "return (x +\n        y)"),
        (
            "if x:\n        print(x)\n    else:\n        print(y)",
            "if x:\n        return x\n    else:\n        return y",
        ),
        (
            "if x:\n        z = x\n    else:\n        return y",
            "if x:\n        return x\n    else:\n        return y",
        ),
        ("for z in x:\n        y += z", "for z in x:\n        y += z\n    return z"),
        ("for z in x:\n        return True", "for z in x:\n        return True\n    return False"),
        (
            "for z in x:\n        x.remove(z)\n    return x",
            "for z in list(x):\n        x.remove(z)\n    return x",
        ),
        (
            "for k, v in x.items():\n        del x[k]\n    return x",
            "for k, v in list(x.items()):\n        del x[k]\n    return x",
        ),
        (
            "for i in range(len(x)):\n        x.pop(i)\n    return x",
            "for i in reversed(range(len(x))):\n        x.pop(i)\n    return x",
        ),
        ("return 3 <= x > y", "return (3 <= x < y)"),
        ("return 3 <= x > y", "return (3 < x > y)"),
        ("return x == 1 == 2", "return ((x == 1) or (x == 2))"),
        ("return x * y", "return (x * y / 100)"),
        ("return 1 - x", "return 1 - (x * 100)"),
        ("return np.sin(x)", "return np.sin(np.radians(x))"),
        ("return np.sin(np.degrees(x))", "return np.sin(np.radians(x))"),
        ("return math.atan2(x, y)", "return np.degrees(math.atan2(x, y))"),
        ("return np.sin(x / 180)", "return np.sin((x / 180) * np.pi)"),
        ("return x / 90", "return x / 180"),
        ("return x.std(axis=0)", "return x.std(axis=0, ddof=1)"),
        ("return sum(x) / len(x)", "return sum(x) / (len(x) - 1)"),
        ("n = len(x)\n    return y / n", "n = len(x)\n    return y / (n - 1)"),
        (
            "for i in range(len(x)):\n        y += i\n    return y",
            "for i in range(len(x)):\n        y += x[i]\n    return y",
        ),
        ("x.held =+ y\n    return x", "x.held += + y\n    return x"),
        ("return x.pop()", "return x.pop(0)"),
        (
            "a = x.mean(axis=1)\n    b = x.std(axis=1)\n    return a / b",
            "a = x.mean(axis=1, keepdims=True)\n    b = x.std(axis=1, keepdims=True)\n    return a / b",
        ),
    ],
)
def test_the_edit_that_mends_it_is_among_them(wrong: str, right: str) -> None:
    assert f"def f(x, y):\n    {right}" in texts(f"def f(x, y):\n    {wrong}")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("def g(self, y):\n        held = y", "def g(self, y):\n        self.held = y"),
        (
            "def g(self, y):\n        held = self.held + y\n        return held",
            "def g(self, y):\n        self.held = self.held + y\n        return self.held",
        ),
        ("def g(self, y):\n        return self.y", "def g(self, y):\n        return y"),
        ("def g(this, y):\n        return this.least", "def g(this, y):\n        return this.held"),
    ],
)
def test_what_an_object_keeps_is_taken_for_a_variable_and_the_other_way_round(wrong: str, right: str) -> None:
    begins = "class f:\n    def __init__(self, held):\n        self.held, self.least = held, 0\n    "
    (node,) = ast.parse(begins + wrong).body
    assert isinstance(node, ast.ClassDef)
    found = edits([Editable("f", 0, node, (begins + wrong).encode())])
    assert begins + right in [edit.definitions[0].source for edit in found]


def test_a_parameter_keeps_its_name_whatever_the_object_keeps() -> None:
    source = "class f:\n    def __init__(self, held):\n        self.held = held\n"
    (node,) = ast.parse(source).body
    assert isinstance(node, ast.ClassDef)
    found = edits([Editable("f", 0, node, source.encode())])
    assert not any("self.held = self.held" in edit.definitions[0].source for edit in found)


def test_a_default_value_is_made_for_each_call() -> None:
    found = texts("def f(x, y=[], *, z=dict()):\n    'Says what.'\n    y.append(x)\n    return y")
    for name in "yz":
        assert any(f"{name} = type({name})({name})\n    'Says what.'" in text for text in found)
    assert not any("type(" in text for text in texts("def f(x, y=None, z=()):\n    return y"))


@pytest.mark.parametrize(
    "line", ["print()", "x.append(y)", "np.fill_diagonal(x, 0)", "x.pop()", "display(x, y)", "x.y.z().sort()"]
)
def test_what_is_called_for_what_it_does_is_not_kept(line: str) -> None:
    found = edits([editable(f"def f(x, y):\n    {line}\n    return x")])
    assert not any(edit.placed.kind == "unkept" for edit in found)


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ("if x == y:\n        return 1\n    return 2", {"turned"}),
        ("if x in y:\n        y = 1\n    else:\n        y = 2\n    return y", {"turned"}),
        ("return 1 if not x else 2", {"turned"}),
        ("if x == y:\n        y = 1\n    return y", {"condition", "comparison"}),
        ("while x == y:\n        y += 1\n    return y", {"comparison"}),
    ],
)
def test_a_condition_between_two_ways_may_be_right_and_they_exchanged(source: str, kinds: set[str]) -> None:
    found = edits([editable(f"def f(x, y):\n    {source}")])
    opposite = ("(x != y)", "(x not in y)", "if (x)", "if not (")
    told = {edit.placed.kind for edit in found if any(one in edit.definitions[0].source for one in opposite)}
    assert told == kinds


def test_only_the_opposite_of_a_comparison_turns_its_ways() -> None:
    found = edits([editable("def f(x, y):\n    if x > y:\n        return 1\n    return 2")])
    told = {edit.definitions[0].source.split("\n")[1]: edit.placed.kind for edit in reversed(found)}
    assert told["    if (x <= y):"] == "turned"
    assert told["    if (x >= y):"] == "comparison"


def test_what_is_asked_of_a_long_row_of_texts_is_no_exchange() -> None:
    table = ", ".join(f"'t{number}'" for number in range(9))
    assert not any("'t1', 't0'" in text for text in texts(f"def f(x):\n    return [{table}][x]"))
    few = ", ".join(f"'t{number}'" for number in range(4))
    assert any("'t1', 't0'" in text for text in texts(f"def f(x):\n    return [{few}][x]"))


def test_the_letters_of_an_einsum_are_indices_and_no_texts() -> None:
    source = "a = np.einsum('ij,jk->ik', x, y)\n    return np.einsum('ij,kj->ik', x, a)"
    kinds = {edit.placed.kind for edit in edits([editable(f"def f(x, y):\n    {source}")])}
    assert "index" in kinds
    assert "text" not in kinds


@pytest.mark.parametrize("space", ["\t", "  "])
def test_what_is_added_is_indented_as_the_lines_beside_it(space: str) -> None:
    found = texts(f"def f(x, y=[]):\n{space}for z in x:\n{space}{space}y.append(z)")
    assert f"def f(x, y=[]):\n{space}for z in x:\n{space}{space}y.append(z)\n{space}return z" in found
    assert any(f"{space}y = type(y)(y)\n{space}for" in text for text in found)


def test_two_of_three_like_places_are_changed_together() -> None:
    found = texts("def f(x):\n    total = 1\n    count = 1\n    count += 1\n    return total / count")
    assert "def f(x):\n    total = 0\n    count = 0\n    count += 1\n    return total / count" in found


def test_an_if_with_an_else_ends_a_row_of_conditions() -> None:
    source = "def f(x, y):\n    if x:\n        y = 1\n    else:\n        y = 2\n    if y:\n        x = 3\n    return x"
    assert "branch" not in [edit.change.kind for edit in edits([editable(source)])]


def test_lines_move_into_a_loop_and_out_of_it() -> None:
    outside = texts("def f(x):\n    t = 0\n    for i in x:\n        t += i\n    s = t\n    return s")
    assert "def f(x):\n    for i in x:\n        t = 0\n        t += i\n    s = t\n    return s" in outside
    two = texts(
        "def f(x):\n    t = 0\n    for i in x:\n        for j in i:\n            t += j\n    return t"
    )
    assert (
        "def f(x):\n    for i in x:\n        for j in i:\n            t = 0\n            t += j\n    return t"
        in two
    )
    inside = texts("def f(x):\n    for i in x:\n        t = i\n        return t")
    assert "def f(x):\n    for i in x:\n        t = i\n    return t" in inside


def test_an_array_has_no_maximum_of_its_own_with_another() -> None:
    assert not any("maximum" in text for text in texts("def f(x, y):\n    return x.max(y)"))


def test_every_edit_is_python_and_none_is_the_code_itself() -> None:
    source = (
        "@decorated\ndef f(x, y=3, *, z: int = 2):\n    'Says what.'\n    é = x.shape[0]  # größer\n    rows = []\n"
        "    for i in range(é):\n        rows.append(x[i, :-1] * 0.5)\n        if i > y and not z:\n            break\n"
        "    return np.array(rows)[::-1].sum(axis=-1, keepdims=True)"
    )
    found = texts(source)
    assert len(found) > 100
    for text in found:
        ast.parse(text)
    # One may be: what is written with other brackets.
    same = [text for text in found if ast.dump(ast.parse(text)) == ast.dump(ast.parse(source))]
    assert not same


def test_the_plainest_come_first_and_they_are_bounded() -> None:
    found = edits([editable("def f(x, y):\n" + "".join(f"    a{i} = x[{i}] + y\n" for i in range(30)))])
    ranks = [edit.rank for edit in found]
    assert ranks == sorted(ranks)
    assert len(found) == 400


def test_the_same_change_is_made_at_every_like_place() -> None:
    found = edits([editable("def f(x):\n    m = x.max(axis=0)\n    return x.sum(axis=0) - m")])
    (all_of_them,) = (
        edit for edit in found if edit.definitions[0].source.count("axis=(-1)") == 2 and edit.change.parts
    )
    assert (all_of_them.placed.line, all_of_them.placed.also, all_of_them.rank) == (2, (3,), Rank.SYMBOL)


def test_no_list_is_put_into_itself() -> None:
    """What works with one that is may never end, in C, where nothing counts its steps."""
    found = texts("def f(x):\n    rows = []\n    for row in x:\n        rows.append(row)\n    return rows")
    assert not any("rows.append(rows)" in text or "row.append(row)" in text for text in found)


def test_kinds_can_be_left_out() -> None:
    owner = editable("def f(x):\n    return x[0] + 1")
    assert any(edit.placed.kind == "index" for edit in edits([owner]))
    assert not any(edit.placed.kind == "index" for edit in edits([owner], without=["index"]))


def test_two_edits_at_once_do_not_overlap() -> None:
    found = edits([editable("def f(x, y):\n    a = x\n    return a + y")])
    first = next(edit for edit in found if edit.definitions[0].source.startswith("def f(x, y):\n    a = y"))
    other = next(edit for edit in found if "((a) - (y))" in edit.definitions[0].source)
    together = both(first, other)
    assert together is not None
    assert together[0].source == "def f(x, y):\n    a = y\n    return ((a) - (y))"
    assert both(first, first) is None or both(first, first) == first.definitions
    helper = replace(first.owner, name="g")
    apart = both(first, replace(other, owner=helper))
    assert apart is not None
    assert [one.name for one in apart] == ["f", "g"]


@pytest.mark.parametrize(
    ("line", "kind", "names"),
    [
        ("total = e[..., 1:] / 2.0", "index", {"e"}),
        ("total[0] = e.sum(axis=0) + other[1, :] @ e", "index", {"total", "other"}),
        ("total = e.sum(axis=0)", "axis", {"e", "sum"}),
    ],
)
def test_what_is_to_be_looked_at_is_what_the_index_is_of(line: str, kind: str, names: set[str]) -> None:
    found = edits([editable(f"def f(e, other, total):\n    {line}\n    return total")])
    assert {edit.placed.subject for edit in found if edit.placed.kind == kind} == names


@pytest.mark.parametrize(
    ("call", "kind", "subject"),
    [
        ("x.sort_values('a', inplace=True)", "switch", "inplace"),
        ("x.std(ddof=0)", "constant", "ddof"),
        ("x.clip(low=0.5)", "constant", "low"),
        ("x.head(1)", "constant", "x"),
    ],
)
def test_a_constant_is_found_by_the_word_it_is_given_for(call: str, kind: str, subject: str) -> None:
    tried = edits([editable(f"def g(x):\n    return {call}")])
    assert {edit.placed.subject for edit in tried if edit.placed.kind == kind} == {subject}
