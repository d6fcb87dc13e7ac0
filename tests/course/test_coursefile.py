from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course import coursefile
from autograder.errors import CourseError
from autograder.lateness import Late
from autograder.records import Course

GOOD = """
format = 1
title = "T"
public_seed = 3
[[units]]
name = "one"
due = 2026-12-01
functions = [{ name = "f", points = 2 }, { name = "g", points = 1.5, rtol = 1e-3 }]
[[units]]
name = "two"
brings = ["g"]
functions = [{ name = "h", points = 1 }]
"""


def load(tmp_path: Path, text: str | bytes) -> Course:
    path = tmp_path / "course.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return coursefile.load(path)


def test_a_good_file_is_read_into_records(tmp_path: Path) -> None:
    read = load(tmp_path, GOOD)
    assert [unit.name for unit in read.units] == ["one", "two"]
    assert read.unit("one").points == 3.5
    assert read.unit("one").functions[1].tolerance.relative == 1e-3
    assert read.unit("one").functions[0].tolerance.relative == 1e-5
    due = read.unit("one").due
    assert due is not None
    assert due.isoformat() == "2026-12-01T23:59:59+00:00"
    assert read.secret_file == tmp_path.resolve() / ".autograder-secret"
    assert coursefile.earlier_functions(read, "h") == ("f", "g")


ADOPTED = """
[[units]]
name = "ps1"
adopted = "source/ps1"
release = "handouts"
functions = [{ name = "basics/squares-test", points = 2 }, { name = "f", points = 0 }]
unserved = "by-hand"
by_hand = ["basics/plot-test"]
explain = "steps"
dialect = { begin_hidden = "SECRET", end_hidden = "PUBLIC" }
"""


def test_a_unit_that_nbgrader_made_stands_beside_others(tmp_path: Path) -> None:
    read = load(tmp_path, GOOD + ADOPTED)
    unit = read.unit("ps1")
    assert [(cell.name, cell.points) for cell in unit.functions] == [("basics/squares-test", 2.0), ("f", 0.0)]
    assert (unit.unserved, unit.by_hand, unit.explain) == ("by-hand", ("basics/plot-test",), "steps")
    assert (unit.dialect.begin_hidden, unit.dialect.end_solution) == ("SECRET", "END SOLUTION")
    assert read.source(unit) == tmp_path.resolve() / "source" / "ps1"
    assert read.released("ps1") == tmp_path.resolve() / "handouts" / "ps1"
    # Test cells are told apart by their unit: `f` is a function of another one, and that alone is taught.
    assert coursefile.function(read, "f").points == 2
    assert coursefile.earlier_functions(read, "h") == ("f", "g")


def test_of_a_unit_of_ours_the_lesson_is_released(tmp_path: Path) -> None:
    read = load(tmp_path, GOOD)
    assert read.source(read.unit("two")) == tmp_path.resolve() / "solutions" / "two"
    assert read.released("two") == tmp_path.resolve() / "assignments" / "two" / "two.ipynb"


def test_what_students_type_to_install_the_kit(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD).install is None
    assert load(tmp_path, f'install = ""{GOOD}').install == ""
    assert load(tmp_path, f'install = "pip install x.whl"{GOOD}').install == "pip install x.whl"


def test_a_course_may_have_no_units_yet(tmp_path: Path) -> None:
    read = load(tmp_path, GOOD.partition("[[units]]")[0])
    assert read.units == ()
    with pytest.raises(CourseError, match=r"course\.toml lists no unit yet: `autograder new UNIT` makes one"):
        coursefile.choose(read, [])


def test_a_time_without_offset_is_utc(tmp_path: Path) -> None:
    due = load(tmp_path, GOOD.replace("2026-12-01", "2026-12-01T08:00:00")).unit("one").due
    assert due is not None
    assert due.isoformat() == "2026-12-01T08:00:00+00:00"


def test_what_late_work_costs(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD).late is None
    policy = "[late]\nper_day = 0.1\nafter_days = 7\n"
    assert load(tmp_path, GOOD.replace("[[units]]", f"{policy}[[units]]", 1)).late == Late(0.1, 1.0, 0.0, 7.0)


def test_times_without_offset_are_in_the_courses_time_zone(tmp_path: Path) -> None:
    text = f'timezone = "Europe/Zurich"\n{GOOD}'
    for due, expected in (
        ("2026-12-01", "2026-12-01T23:59:59+01:00"),
        ("2026-07-01T08:00:00", "2026-07-01T08:00:00+02:00"),
        ("2026-07-01T08:00:00Z", "2026-07-01T08:00:00+00:00"),
    ):
        read = load(tmp_path, text.replace("due = 2026-12-01", f"due = {due}"))
        assert read.timezone == "Europe/Zurich"
        found = read.unit("one").due
        assert found is not None
        assert found.isoformat() == expected


def test_the_repositorys_own_course_is_good() -> None:
    read = coursefile.load(Path(__file__).parents[2] / "course.toml")
    assert [unit.name for unit in read.units] == ["embeddings", "self-attention", "multi-head", "layers"]
    assert [function.name for unit in read.units for function in unit.functions] == [
        "one_hot", "project_qkv", "scaled_scores", "softmax", "attend", "multi_head",
        "causal_mask", "positional_encoding", "layer_norm", "feed_forward", "block", "stack",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("public_seed", "publik_seed"), ["'publik_seed'", "did you mean 'public_seed'?"]),
        (("points = 2 ", "pionts = 2 "), ["'units[1].functions[1].pionts'", "did you mean 'points'?"]),
        (
            ("points = 2 ", 'points = "2" '),
            ["units[1].functions[1].points", "expected a number, got a text in quotes"],
        ),
        (("points = 2 ", "points = -2 "), ["units[1].functions[1].points", "expected a number >= 0"]),
        (("points = 2 ", "points = 0 "), ["unit 'one': 'f' has 0 points: expected more than 0"]),
        (
            ("points = 2 ", "points = inf "),
            ["units[1].functions[1].points", "expected a number <= 1000000.0"],
        ),
        (
            ("public_seed", 'hints = "lader"\npublic_seed'),
            ["hints: 'lader' is none of its values (did you mean 'ladder'?): valid are cause, ladder"],
        ),
        (
            ("public_seed", 'timezone = "Europe/Zuric"\npublic_seed'),
            [
                "timezone: no time zone 'Europe/Zuric' (did you mean 'Europe/Zurich'?)",
                "such as 'Europe/Zurich'",
            ],
        ),
        (("public_seed", 'timezone = "../../etc/passwd"\npublic_seed'), ["timezone: no time zone"]),
        (
            ("public_seed = 3", "public_seed = 3\n[late]\nper_day = 10"),
            ["late.per_day", "expected a number <= 1.0"],
        ),
        (("public_seed = 3", "public_seed = 3\n[late]\nper_day = nan"), ["late.per_day"]),
        (
            ("public_seed = 3", "public_seed = 3\n[late]\nafter_days = 0"),
            ["late.after_days", "expected a number > 0"],
        ),
        (
            ("public_seed = 3", "public_seed = 3\n[late]\nafter = 7"),
            ["'late.after' (did you mean 'after_days'?)"],
        ),
        (
            ("due = 2026", "groups = true\ndue = 2026"),
            ["unit 'one' has groups, and the course has no roster: set `roster`"],
        ),
        (
            ("public_seed", "timezone = 2\npublic_seed"),
            ["timezone: expected a text in quotes, got a whole number"],
        ),
        (
            ("public_seed", 'names = "hiden"\npublic_seed'),
            ["names: 'hiden' is none of its values (did you mean 'hidden'?): valid are shown, hidden"],
        ),
        (("public_seed", "hints = 2\npublic_seed"), ["hints: expected a text in quotes, got a whole number"]),
        (
            ("points = 2 ", 'points = 2, tables = ["row-labels", "colum-order"] '),
            [
                "units[1].functions[1].tables: 'colum-order' is none of its values (did you mean 'column-order'?)"
            ],
        ),
        (
            ("due = 2026", 'tables = ["dtypes"]\ndue = 2026'),
            ["units[1].tables: 'dtypes' is none of its values: valid are names, column-order, row-labels"],
        ),
        (("points = 2 ", "points = 2, tables = 1 "), ["units[1].functions[1].tables", "got a whole number"]),
        (("title = ", "# "), ["missing the key title"]),
        (
            ("format = 1", "format = 2\nnew = 3"),
            ["format: 2 is of a newer kit, and this one reads 1: upgrade"],
        ),
        (
            ('name = "two"', 'name = "two"\nexplain = "step"'),
            [
                "units[2].explain: 'step' is none of its values (did you mean 'steps'?): valid are asserts, steps"
            ],
        ),
        (
            ('name = "two"', 'name = "two"\ndue = "soon"'),
            ["units[2].due: expected a date", "without quotes, such as 2"],
        ),
        (("format = 1", "format = 0"), ["format", "0 is none of its values"]),
        (("public_seed", 'install = "a `b`"\npublic_seed'), ["install: ` in it"]),
        (('name = "two"', 'name = "one"'), ["two units are named 'one'"]),
        (('name = "two"', 'name = "Course"'), ["a unit cannot be named 'Course'", "report/course.html"]),
        (('"h"', '"f"'), ["'f' is listed twice"]),
        (('"h"', '"ps1/h"'), ["unit 'two': 'ps1/h' is no name of a function", "the key adopted"]),
        (('brings = ["g"]', 'explain = "steps"'), ["unit 'two': explain is for adopted units"]),
        (
            ('brings = ["g"]', 'brings = ["g"]\nadopted = "x"'),
            ["'two' is adopted, and such a unit brings no"],
        ),
        (('brings = ["g"]', 'by_hand = ["h"]\nadopted = "x"'), ["the cell 'h' is listed twice"]),
        (('["g"]', '["gg"]'), ["unit 'two' brings 'gg'", "did you mean 'g'?"]),
        (('name = "two"', 'name = "../two"'), ["units[2].name", "expected letters, digits, - and _"]),
        (("[[units]]", "[[units"), ["not valid TOML"]),
        (("points = 2 ", "points = " + "[" * 5000), ["not valid TOML: it is nested too deeply"]),
        (("points = 2 ", "points = 1" + "0" * 5000), ["not valid TOML: Exceeds the limit"]),
    ],
)
def test_a_mistake_names_file_key_and_what_is_expected(
    tmp_path: Path, change: tuple[str, str], expected: list[str]
) -> None:
    with pytest.raises(CourseError) as caught:
        load(tmp_path, GOOD.replace(*change, 1))
    message = str(caught.value)
    assert str(tmp_path / "course.toml") in message
    for part in expected:
        assert part in message
    assert "\n" not in message


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="not UTF-8"):
        load(tmp_path, b"\xff\xfe")


def test_the_file_of_an_editor_of_windows_is_read(tmp_path: Path) -> None:
    course = load(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert course.units


def test_another_encoding_is_told_with_the_line(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"\(byte 0\): save it as UTF-8 \(it begins as UTF-16\)"):
        load(tmp_path, GOOD.encode("utf-16"))
    with pytest.raises(
        CourseError, match=r"save it as UTF-8 \(line 1 has “# für alle” if it is Windows-1252\)"
    ):
        load(tmp_path, "# für alle\n".encode("cp1252") + GOOD.encode())


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="cannot be read"):
        coursefile.load(tmp_path / "course.toml")


def test_find_looks_upwards(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text(GOOD)
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert coursefile.find(deep) == tmp_path.resolve() / "course.toml"


def test_find_fails_with_a_clear_line(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"no course\.toml"):
        coursefile.find(tmp_path)


def test_choose_says_which_units_exist(tmp_path: Path) -> None:
    read = load(tmp_path, GOOD)
    assert [unit.name for unit in coursefile.choose(read, ["two", "one"])] == ["one", "two"]
    assert len(coursefile.choose(read, [])) == 2
    with pytest.raises(CourseError, match="it has one, two"):
        coursefile.choose(read, ["tow"])


def test_what_counts_in_tables_is_said_for_a_unit_or_a_function(tmp_path: Path) -> None:
    path = tmp_path / "course.toml"
    path.write_text(
        """format = 1
title = "Tables"
public_seed = 3
[[units]]
name = "usual"
functions = [{ name = "f", points = 1 }]
[[units]]
name = "loose"
tables = []
functions = [{ name = "g", points = 1 }, { name = "h", points = 1, tables = ["row-labels", "names"] }]
"""
    )
    units = coursefile.load(path).units
    said = [function.tolerance.tables for unit in units for function in unit.functions]
    assert said == [("column-order", "row-labels"), (), ("names", "row-labels")]
