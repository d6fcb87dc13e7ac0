from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autograder.course import chance, coursefile, material
from autograder.course.secret import Family
from autograder.data import Other, Table
from autograder.errors import CourseError
from autograder.records import Case, Course, Raised, Returned

ROOT = Path(__file__).parents[2]
FAMILIES: tuple[Family, ...] = ("public", "hidden", "explain")

COURSE_TOML = """
format = 1
title = "T"
public_seed = 3
[[units]]
name = "first-unit"
functions = [{ name = "double", points = 2 }]
[[units]]
name = "second"
functions = [{ name = "quadruple", points = 1 }]
"""
REFERENCE = """
import numpy as np
from autograder.author import Procedure, Step
FACTOR = 2.0
def times(x):
    return FACTOR * x
DOUBLE = Procedure("double", ("x",), (
    Step("times", "y", ("x",), times, "y = 2x", "y = 2x", "Double it.", lambda values, index: "2"),
), ("y",))
PROCEDURES = {"double": DOUBLE}
"""
SECOND_REFERENCE = """
from autograder.author import Procedure, Step
from solutions.first_unit.reference import DOUBLE, times
def twice(x):
    import solutions.first_unit.reference
    return times(times(x))
PROCEDURES = {"quadruple": Procedure("quadruple", ("x",), (
    Step("twice", "y", ("x",), twice, "y", "y", "Double it twice.", lambda values, index: "4"),
), ("y",))}
"""
INPUTS = """
from autograder.author import Case
def cases(rng):
    return (Case("one", (rng.normal(size=3), ["a", "b"][:0] or rng.normal(size=2))[:1]),)
CASES = {"double": cases, "quadruple": cases}
"""
MISCONCEPTIONS = """
from autograder.author import Misconception
from solutions.first_unit.reference import DOUBLE
MISCONCEPTIONS = {"double": (
    Misconception("double.tripled", "It was tripled", "times", DOUBLE.replacing("times", lambda x: 3 * x), "", "", ""),
)}
"""


@pytest.fixture
def make_course(tmp_path: Path) -> Callable[..., Course]:
    """Writes a course of two small units into a folder of its own."""

    def make(name: str = "course", factor: float = 2.0) -> Course:
        root = tmp_path / name
        for unit, reference in (("first-unit", REFERENCE), ("second", SECOND_REFERENCE)):
            folder = root / "solutions" / unit
            folder.mkdir(parents=True)
            folder.joinpath("reference.py").write_text(
                reference.replace("FACTOR = 2.0", f"FACTOR = {factor}"), encoding="utf-8"
            )
            folder.joinpath("inputs.py").write_text(INPUTS, encoding="utf-8")
            folder.joinpath("test_hidden.py").touch()
        (root / "solutions" / "first-unit" / "misconceptions.py").write_text(MISCONCEPTIONS, encoding="utf-8")
        (root / "course.toml").write_text(COURSE_TOML, encoding="utf-8")
        return coursefile.load(root / "course.toml")

    return make


@pytest.fixture(autouse=True)
def _restore_modules() -> object:
    """Leaves the modules of whichever course the other tests have loaded."""
    modules, finders = dict(sys.modules), list(sys.meta_path)
    yield
    sys.meta_path[:] = finders
    for name in [name for name in sys.modules if name.split(".")[0] == material.PACKAGE]:
        del sys.modules[name]
    sys.modules.update({k: v for k, v in modules.items() if k.split(".")[0] == material.PACKAGE})


def file(read: Course, unit: str, name: str) -> Path:
    return read.root / "solutions" / unit / name


def apply(loaded: material.Material, function: str, x: float) -> float:
    return float(loaded.procedures[function](np.array(x)))


# ------------------------------------------------------------------------------------------------- loading


@pytest.mark.parametrize("unit", ["embeddings", "self-attention", "multi-head"])
def test_every_unit_of_the_course_loads(unit: str) -> None:
    read = coursefile.load(ROOT / "course.toml")
    loaded = material.load(read, read.unit(unit))
    names = [function.name for function in read.unit(unit).functions]
    assert list(loaded.procedures) == list(loaded.cases) == list(loaded.misconceptions) == names
    assert loaded.graders.is_file() or list(loaded.checks) == names
    assert re.fullmatch(r"[0-9a-f]{64}", loaded.digest)


def test_a_function_that_is_brought_along_is_asked_anew_where_it_has_cases() -> None:
    read = coursefile.load(ROOT / "course.toml")
    *_, before, now = material.taught(read, read.unit("layers"))
    assert list(now.procedures) == [
        *(function.name for function in read.unit("layers").functions),
        "multi_head",
    ]
    assert now.procedures["multi_head"].parameters == (*before.procedures["multi_head"].parameters, "mask")
    assert {len(case.args) for case in material.draw(now, "multi_head", "hidden", 1)} == {6}


def test_a_unit_builds_on_an_earlier_one(make_course: Callable[..., Course]) -> None:
    read = make_course()
    assert apply(material.load(read, read.unit("second")), "quadruple", 1.0) == 4.0


def test_misconceptions_may_be_absent(make_course: Callable[..., Course]) -> None:
    read = make_course()
    assert material.load(read, read.unit("second")).misconceptions == {"quadruple": ()}
    first = material.load(read, read.unit("first-unit"))
    assert [misconception.id for misconception in first.misconceptions["double"]] == ["double.tripled"]


def test_two_courses_in_one_process_do_not_mix(make_course: Callable[..., Course]) -> None:
    one, other = make_course("one", factor=2.0), make_course("other", factor=10.0)
    from_one = material.load(one, one.unit("second"))
    from_other = material.load(other, other.unit("second"))
    again = material.load(one, one.unit("second"))
    assert apply(from_other, "quadruple", 1.0) == 100.0
    assert apply(from_one, "quadruple", 1.0) == 4.0
    assert apply(again, "quadruple", 1.0) == 4.0


def test_a_changed_file_is_read_afresh(make_course: Callable[..., Course]) -> None:
    read = make_course()
    before = material.load(read, read.unit("second"))
    path = file(read, "first-unit", "reference.py")
    # The same length within the same second: a bytecode cache would not notice.
    path.write_text(
        path.read_text(encoding="utf-8").replace("FACTOR = 2.0", "FACTOR = 3.0"), encoding="utf-8"
    )
    after = material.load(read, read.unit("second"))
    assert (apply(before, "quadruple", 1.0), apply(after, "quadruple", 1.0)) == (4.0, 9.0)
    assert not list(read.root.rglob("__pycache__"))


def test_the_digest_covers_what_decides_a_verdict(make_course: Callable[..., Course]) -> None:
    read = make_course()

    def digest(unit: str) -> str:
        return material.load(read, read.unit(unit)).digest

    first, second = digest("first-unit"), digest("second")
    assert first != second
    file(read, "second", "second.py").write_text("# the lesson\n", encoding="utf-8")
    file(read, "second", "examples").mkdir()
    file(read, "second", "examples/quadruple.py").write_text("# %% right plain\npass\n", encoding="utf-8")
    assert (digest("first-unit"), digest("second")) == (first, second)
    file(read, "second", "test_hidden.py").write_text("# changed\n", encoding="utf-8")
    assert digest("first-unit") == first
    changed = digest("second")
    assert changed != second
    file(read, "first-unit", "inputs.py").write_text(INPUTS + "# changed\n", encoding="utf-8")
    assert digest("first-unit") != first
    assert digest("second") != changed


def test_hidden_checks_decide_the_verdicts_of_their_own_unit_alone(
    make_course: Callable[..., Course],
) -> None:
    read = make_course()

    def digest(unit: str) -> str:
        return material.load(read, read.unit(unit)).digest

    first, second = digest("first-unit"), digest("second")
    with open(read.root / "solutions" / "first-unit" / "test_hidden.py", "a") as file:
        file.write("\n# stricter\n")
    assert digest("first-unit") != first
    assert digest("second") == second


@pytest.mark.parametrize("name", ["reference.py", "inputs.py"])
def test_what_a_unit_does_not_write_is_looked_for_in_its_lesson(
    make_course: Callable[..., Course], name: str
) -> None:
    read = make_course()
    file(read, "second", name).unlink()
    with pytest.raises(
        CourseError, match=r"second\.py: No such file or directory: it is the unit's lesson, and gives"
    ):
        material.load(read, read.unit("second"))


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("reference.py", "PROCEDURES = 3\n", "reference.py must define PROCEDURES, a dictionary by function"),
        ("reference.py", "", "reference.py must define PROCEDURES"),
        ("reference.py", "PROCEDURES = {'double': abs}\n", "PROCEDURES has no Procedure for 'double'"),
        ("inputs.py", "CASES = {'double': ()}\n", "inputs.py: CASES has no function for 'double'"),
        (
            "inputs.py",
            INPUTS.replace('"double"', '"duoble"'),
            "inputs.py: CASES names 'duoble', which is no function of the unit: double",
        ),
        (
            "inputs.py",
            f"{INPUTS}CHECKS = {{'duoble': {{}}}}\n",
            "inputs.py: CHECKS names 'duoble', which is no function of the unit: double",
        ),
        (
            "reference.py",
            REFERENCE.replace('{"double": DOUBLE}', '{"double": DOUBLE, "duoble": DOUBLE}'),
            "reference.py: PROCEDURES names 'duoble', which is no function of the unit: double",
        ),
        (
            "misconceptions.py",
            MISCONCEPTIONS.replace('""),\n)}', '"")\n)}'),
            "misconceptions.py: MISCONCEPTIONS['double'] is no tuple of mistakes; of one alone it has a comma",
        ),
        ("misconceptions.py", "MISCONCEPTIONS = {'double': None}\n", "MISCONCEPTIONS['double'] is no tuple"),
        (
            "inputs.py",
            "\n1 / 0\n",
            "inputs.py cannot be loaded: inputs.py, line 2: ZeroDivisionError: division",
        ),
        ("inputs.py", "def f(:\n", "inputs.py cannot be loaded: inputs.py, line 1: invalid syntax"),
        ("inputs.py", "import solutions.nowhere.reference\n", "No module named 'solutions.nowhere'"),
        ("inputs.py", "import solutions.second.nothing\n", "No module named 'solutions.second.nothing'"),
        (
            "misconceptions.py",
            "MISCONCEPTIONS = {'double': ('text',)}\n",
            "holds text, which is no Misconception",
        ),
        ("misconceptions.py", MISCONCEPTIONS.replace("double.tripled", "tripled"), "starts with 'double.'"),
        ("misconceptions.py", "MISCONCEPTIONS = ()\n", "misconceptions.py must define MISCONCEPTIONS"),
        (
            "misconceptions.py",
            "MISCONCEPTIONS = {'duoble': ()}\n",
            "MISCONCEPTIONS names 'duoble', which is no function of the unit: double",
        ),
    ],
)
def test_broken_material_is_named(
    make_course: Callable[..., Course], name: str, text: str, message: str
) -> None:
    read = make_course()
    file(read, "first-unit", name).write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=re.escape(message)):
        material.load(read, read.unit("first-unit"))


# ------------------------------------------------------------------------------------------------- drawing


def test_a_family_has_one_structure_for_all_seeds(make_course: Callable[..., Course]) -> None:
    read = make_course()
    loaded = material.load(read, read.unit("first-unit"))

    def whole(family: Family, seed: int) -> list[int]:
        (case,) = material.draw(loaded, "double", family, seed)
        return [*np.argsort(case.args[0]), *np.sign(case.args[0])]  # type: ignore[arg-type]  # an array

    for family in FAMILIES:
        assert all(whole(family, seed) == whole(family, 0) for seed in range(1, 20))
    apart = replace(loaded, public_seed=loaded.public_seed + 1, structures={})
    structures = [material.draw(loaded, "double", family, 0)[0].args[0] for family in FAMILIES]
    structures += [material.draw(apart, "double", family, 0)[0].args[0] for family in FAMILIES]
    rounded = {str(np.round(np.asarray(one), 1)) for one in structures}
    assert len(rounded) == 6


def test_a_draw_depends_on_the_seed_alone_and_is_read_only(make_course: Callable[..., Course]) -> None:
    read = make_course()
    loaded = material.load(read, read.unit("first-unit"))
    (one,), (same,), (other,) = (material.draw(loaded, "double", "hidden", seed) for seed in (7, 7, 8))
    assert np.array_equal(one.args[0], same.args[0])
    assert not np.array_equal(one.args[0], other.args[0])
    assert isinstance(one.args[0], np.ndarray)
    with pytest.raises(ValueError, match="read-only"):
        one.args[0][0] = 1


def test_a_failing_draw_names_the_file_and_keeps_the_seed_to_itself(
    make_course: Callable[..., Course],
) -> None:
    read = make_course()
    file(read, "first-unit", "inputs.py").write_text(
        "def cases(rng):\n    raise RuntimeError('none')\nCASES = {'double': cases}\n", encoding="utf-8"
    )
    loaded = material.load(read, read.unit("first-unit"))
    with pytest.raises(
        CourseError, match=r"the cases of 'double' cannot be drawn: inputs.py, line 2"
    ) as error:
        material.draw(loaded, "double", "hidden", 123456789)
    assert "123456789" not in str(error.value)


def test_expected_is_the_reference_on_copies(make_course: Callable[..., Course]) -> None:
    read = make_course()
    path = file(read, "first-unit", "reference.py")
    path.write_text(REFERENCE.replace("return FACTOR * x", "x *= FACTOR; return x"), encoding="utf-8")
    loaded = material.load(read, read.unit("first-unit"))
    case = Case("c", (np.array([1.0, 2.0]),))
    assert np.array_equal(material.expected(loaded, "double", case), [2.0, 4.0])
    assert np.array_equal(case.args[0], [1.0, 2.0])


def test_expected_is_the_exceptions_that_are_due(make_course: Callable[..., Course]) -> None:
    read = make_course()
    loaded = material.load(read, read.unit("first-unit"))
    case = Case("c", (np.array(1.0),), raises=("ValueError", "KeyError"))
    assert material.expected(loaded, "double", case) == ("ValueError", "KeyError")


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("return 1 / 0", "it raises ZeroDivisionError: division by zero"),
        ("return iter([1.0])", "it returns list_iterator, and allowed are None, bool, "),
        ("return (n for n in [1.0])", "it returns generator, .* tables: ask for a list of what it gives"),
        ("return {'a': zip([1.0])}", "it returns zip, .* tables: ask for a list of what it gives"),
        ("return {'a': [object()]}", "it returns object, and allowed are None, bool, "),
    ],
)
def test_a_reference_that_gives_no_plain_value_is_our_own_fault(
    make_course: Callable[..., Course], body: str, what: str
) -> None:
    read = make_course()
    path = file(read, "first-unit", "reference.py")
    path.write_text(REFERENCE.replace("return FACTOR * x", body), encoding="utf-8")
    loaded = material.load(read, read.unit("first-unit"))
    with pytest.raises(
        CourseError, match=rf"reference.py: 'double' gives no plain value for its case 'c': {what}"
    ):
        material.expected(loaded, "double", Case("c", (np.array(1.0),)))


# ------------------------------------------------------------------------------------------------ outcomes


@pytest.mark.parametrize(
    ("returned", "value"),
    [
        (None, None),
        ([1, 2], [1, 2]),
        ((), ()),
        (1.5, 1.5),
        ("text", "text"),
        (Counter("aab"), {"a": 2, "b": 1}),
        (object(), Other("object")),
    ],
)
def test_an_outcome_is_what_the_worker_would_hand_on(returned: object, value: object) -> None:
    result = material.outcome(lambda x: returned, Case("c", (np.array(1.0),)))
    assert isinstance(result, Returned)
    assert result.value == value


def test_an_outcome_holds_arrays_and_scalars_of_numpy() -> None:
    case = Case("c", (np.array([1.0, 4.0]),))
    total = material.outcome(np.sum, case)
    parts = material.outcome(lambda x: [x, 2 * x], case)
    assert isinstance(total, Returned)
    assert isinstance(total.value, np.float64)
    assert total.value == 5.0
    assert isinstance(parts, Returned)
    assert isinstance(parts.value, list)
    assert np.array_equal(parts.value[1], [2.0, 8.0])


def test_an_outcome_shows_what_was_done_to_the_inputs_and_leaves_ours_alone() -> None:
    case = Case("c", (np.zeros(2), ["a"]))

    def change(x: np.ndarray, words: list[str]) -> np.ndarray:
        x[0] = 1
        words.append("b")
        return x

    result = material.outcome(change, case)
    assert isinstance(result, Returned)
    assert np.array_equal(result.args_after[0], [1.0, 0.0])
    assert result.args_after[1] == ["a", "b"]
    assert np.array_equal(case.args[0], [0.0, 0.0])
    assert case.args[1] == ["a"]


def test_an_outcome_may_be_an_exception_and_never_a_warning() -> None:
    case = Case("c", (np.zeros(2),))
    assert material.outcome(lambda x: x[2], case) == Raised(
        "IndexError", "index 2 is out of bounds for axis 0 with size 2"
    )
    assert isinstance(material.outcome(lambda x: 1 / x, case), Returned)


# --------------------------------------------------------------------------------------------------- any value

CASES = """
from autograder.author import Case, Code, Seeded
import numpy as np
CASES = {"double": lambda rng: [Case("odd", (%s,))]}
"""


@pytest.mark.parametrize(
    "argument",
    [
        "3",
        "'text'",
        "[1, {'a': (None, 2.5)}]",
        "Code('lambda x: x')",
        "Seeded(3)",
        "np.array(['a'])",
        "{1, 2}",
    ],
)
def test_any_plain_value_may_be_an_argument(make_course: Callable[..., Course], argument: str) -> None:
    read = make_course()
    file(read, "first-unit", "inputs.py").write_text(CASES % argument, encoding="utf-8")
    loaded = material.load(read, read.unit("first-unit"))
    (case,) = material.draw(loaded, "double", "hidden", 1)
    assert case.name == "odd"


@pytest.mark.parametrize(
    ("argument", "named"),
    [
        ("range(3)", "range"),
        ("[object()]", "object"),
        ("len", "builtin_function_or_method"),
        ("np.array([None])", "array of object"),
        ("np.ma.masked_array([1])", "MaskedArray"),
    ],
)
def test_what_cannot_cross_is_refused_with_its_place(
    make_course: Callable[..., Course], argument: str, named: str
) -> None:
    read = make_course()
    file(read, "first-unit", "inputs.py").write_text(CASES % argument, encoding="utf-8")
    loaded = material.load(read, read.unit("first-unit"))
    with pytest.raises(CourseError) as error:
        material.draw(loaded, "double", "hidden", 1)
    said = str(error.value)
    assert "inputs.py: the cases of 'double'" in said
    assert "the case 'odd', argument 'x'" in said
    assert f"{named} has no place in it: allowed are None, bool, int" in said
    assert "\n" not in said


def test_a_table_is_data_for_the_kit_and_a_table_for_the_authors_code(
    make_course: Callable[..., Course],
) -> None:
    pandas = pytest.importorskip("pandas")
    read = make_course()
    source = """
import pandas as pd
from dataclasses import replace
from autograder.author import Case, drawn

def holds(table):
    return table["a"].sum() > 0

def vary(rng, args):
    (table,) = args
    return (table.assign(a=table["a"] + rng.integers(5)),)

def cases(rng):
    table = pd.DataFrame({"a": [1, 2], "b": ["x", None]})
    return [Case("odd", (table,), holds=holds, vary=vary), Case("even", (table["a"],))]

CASES = {"double": cases}
"""
    file(read, "first-unit", "inputs.py").write_text(source, encoding="utf-8")
    loaded = material.load(read, read.unit("first-unit"))
    odd, _ = material.draw(loaded, "double", "hidden", 1)
    (table,) = odd.args
    assert isinstance(table, Table)
    seen = material.outcome(lambda table: table.b.isna().sum() + len(table), odd)
    assert isinstance(seen, Returned)
    assert (seen.value, pandas.__name__) == (3, "pandas")


def test_a_symptom_that_cannot_be_called(make_course: Callable[..., Course]) -> None:
    read = make_course()
    source = """
from autograder.author import Misconception
MISCONCEPTIONS = {"double": (Misconception("double.x", "t", None, {"a": 1}, "w", "", ""),)}
"""
    file(read, "first-unit", "misconceptions.py").write_text(source, encoding="utf-8")
    with pytest.raises(
        CourseError, match=r"the symptom of 'double.x' cannot be called: of a variable it is plain\("
    ):
        material.load(read, read.unit("first-unit"))


PLAIN = """
import random
from autograder.author import plain
def greet(name):
    print("Hello", name)
def flood(name):
    print("x" * 200_000)
def lucky(name):
    return random.random()
def table(name):
    import pandas as pd
    return {"found": [pd.DataFrame({"name": [name]})]}
PROCEDURES = {"double": plain(%s)}
"""
ASKS = (
    'from autograder.author import Case\nCASES = {"double": lambda rng: (Case("one", ("Ada",), asks="%s"),)}'
)


def written(make_course: Callable[..., Course], subject: str, asks: str) -> material.Material:
    read = make_course()
    file(read, "first-unit", "misconceptions.py").unlink()
    file(read, "first-unit", "reference.py").write_text(PLAIN % subject, encoding="utf-8")
    file(read, "first-unit", "inputs.py").write_text(ASKS % asks, encoding="utf-8")
    return material.load(read, read.unit("first-unit"))


@pytest.mark.parametrize(
    ("subject", "asks", "due", "modules", "by_chance"),
    [
        ("greet", "printed", "Hello Ada\n", (), False),
        ("greet", "result", None, (), False),
        ("lambda name: name.upper()", "result", "ADA", (), False),
        ("lucky", "result", ..., (), True),
        ("table", "result", ..., ("pandas",), False),
        ("greet", "drawing", {"axes": []}, ("matplotlib.pyplot",), False),
    ],
)
def test_the_answer_to_what_is_asked(
    make_course: Callable[..., Course], subject: str, asks: str, due: object, modules: object, by_chance: bool
) -> None:
    loaded = written(make_course, subject, asks)
    (case,) = material.draw(loaded, "double", "hidden", 1)
    assert material.asks(loaded, "double") == asks
    found = material.expected(loaded, "double", case)
    assert due is ... or found == due
    assert set(modules) <= set(material.modules(loaded)) <= {*modules}
    assert chance.by_chance(loaded, "double", case) == by_chance
    assert material.outcome(loaded.procedures["double"], case) == material.outcome(
        loaded.procedures["double"], case
    )


def test_whether_chance_decides_is_found_by_one_more_answer_and_once(
    make_course: Callable[..., Course], monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = written(make_course, "lucky", "result")
    (case,) = material.draw(loaded, "double", "hidden", 1)
    material.expected(loaded, "double", case)
    asked: list[str] = []
    outcome = material.outcome
    monkeypatch.setattr(
        material, "outcome", lambda call, case: asked.append(case.name) or outcome(call, case)
    )
    assert chance.by_chance(loaded, "double", case)
    assert chance.by_chance(loaded, "double", case)
    assert asked == ["one again"]


def test_a_reference_that_prints_too_much(make_course: Callable[..., Course]) -> None:
    loaded = written(make_course, "flood", "printed")
    (case,) = material.draw(loaded, "double", "hidden", 1)
    with pytest.raises(
        CourseError, match="'double' gives no plain value for its case 'one': it prints more than 100,000"
    ):
        material.expected(loaded, "double", case)


def test_cases_that_cannot_be_asked_are_refused_wherever_they_are_drawn(
    make_course: Callable[..., Course],
) -> None:
    loaded = written(make_course, "greet", "variable")
    for draw in (
        lambda: material.draw(loaded, "double", "hidden", 1),
        lambda: material.asks(loaded, "double"),
    ):
        with pytest.raises(
            CourseError, match=r"inputs\.py: the case “one” of 'double': a variable takes no arguments"
        ):
            draw()


def test_a_bare_function_is_told_how_to_be_a_reference(make_course: Callable[..., Course]) -> None:
    read = make_course()
    file(read, "first-unit", "reference.py").write_text("PROCEDURES = {'double': abs}", encoding="utf-8")
    with pytest.raises(CourseError, match=r"what has no steps is written plain\(…\)"):
        material.load(read, read.unit("first-unit"))
