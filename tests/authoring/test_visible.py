"""What ships of a unit's checks: arrays and words that say as much as the secret material, and no code."""

import ast
import json
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import get_args

import least_form
import msgspec
import numpy as np
import pytest
from repository import REPOSITORY

from autograder.authoring import pytestfile, visible
from autograder.checking.compare import same_outcome
from autograder.course import coursefile, material, secret, smallest
from autograder.errors import CourseError
from autograder.records import CaseKind, Course, Raised, Returned, Tolerance
from autograder.selfcheck import checkfile, lookup
from autograder.selfcheck.plain import PlainChild
from autograder.tolerance import TablePart

ROOT = Path(__file__).parents[2]
UNITS = ("embeddings", "self-attention", "multi-head")


@pytest.fixture(scope="module")
def course() -> Course:
    return coursefile.load(ROOT / "course.toml")


@pytest.fixture(scope="module")
def shipped(handouts: Mapping[str, dict[str, bytes]]) -> dict[str, bytes]:
    return {unit: files[checkfile.FILE_NAME] for unit, files in handouts.items()}


def read(content: bytes, folder: Path) -> checkfile.CheckFile:
    (folder / "checks.json").write_bytes(content)
    return checkfile.read(folder / "checks.json")


@pytest.mark.parametrize("unit", UNITS)
def test_says_what_the_secret_material_says(
    unit: str, course: Course, shipped: dict[str, bytes], tmp_path: Path
) -> None:
    file = read(shipped[unit], tmp_path)
    examiner = lookup.examiner(file, tmp_path, lambda: PlainChild(tmp_path), frozenset())
    real = material.load(course, course.unit(unit))
    looked_up = examiner.material
    for function in course.unit(unit).functions:
        seed = secret.public_seed(course, unit, function.name)
        cases = material.draw(real, function.name, "public", seed)
        cases += smallest.smaller(real, function.name, "public")
        assert [case.name for case in cases] == [
            case.name for case in lookup.cases(file.function(function.name))
        ]  # type: ignore[arg-type]
        shipping = real.misconceptions[function.name]
        symptoms = looked_up.misconceptions[function.name]
        assert [one.id for one in symptoms] == [one.id for one in shipping]
        for case in cases:
            if not case.raises:
                due = material.outcome(real.procedures[function.name], case)
                assert same_outcome(
                    material.outcome(looked_up.procedures[function.name], case), due, Tolerance()
                )
            for one, other in zip(symptoms, shipping, strict=True):
                told, true = material.outcome(one.symptom, case), material.outcome(other.symptom, case)
                if case.raises and isinstance(true, Raised) and true.exception in case.raises:
                    assert isinstance(told, Raised)
                    assert told.exception in case.raises
                else:
                    assert same_outcome(told, true, Tolerance()), (one.id, case.name)


def test_worked_cells_are_the_reference_steps(
    course: Course, shipped: dict[str, bytes], tmp_path: Path
) -> None:
    file = read(shipped["self-attention"], tmp_path)
    told = lookup.examiner(file, tmp_path, lambda: PlainChild(tmp_path), frozenset()).procedures["softmax"]
    real = material.load(course, course.unit("self-attention"))
    cases = material.draw(real, "softmax", "public", secret.public_seed(course, "self-attention", "softmax"))
    first = cases[0]
    assert told.worked(first.args, (1, 2)) == real.procedures["softmax"].worked(first.args, (1, 2))
    large = next(case for case in cases if case.name == "ten rows, ten columns")
    assert told.worked(large.args, (0, 0)) == ()


def test_brought_functions_ship_along(shipped: dict[str, bytes], tmp_path: Path) -> None:
    file = read(shipped["multi-head"], tmp_path)
    assert [(data.name, data.brought) for data in file.functions] == [("multi_head", False), ("attend", True)]


def test_a_brought_function_that_is_asked_anew_ships_as_it_is_asked(
    course: Course, shipped: dict[str, bytes], tmp_path: Path
) -> None:
    (data,) = (one for one in read(shipped["layers"], tmp_path).functions if one.brought)
    assert (data.name, data.parameters[-1]) == ("multi_head", "mask")
    assert [symptom.id for symptom in data.symptoms] == [
        one.id for one in material.load(course, course.unit("layers")).misconceptions["multi_head"]
    ]


@pytest.mark.parametrize("unit", UNITS)
def test_no_code_no_seed_and_small(unit: str, course: Course, shipped: dict[str, bytes]) -> None:
    content = shipped[unit]
    assert len(content) <= visible.MOST_BYTES
    text = content.decode()
    for trace in ("import ", "def ", "lambda ", "solutions/", "solutions.", str(ROOT)):
        assert trace not in text, trace
    assert str(course.public_seed) not in json.dumps(_words(json.loads(content)))


def _words(data: object) -> list[str]:
    """All strings but the arrays' bytes."""
    if isinstance(data, dict):
        return [word for value in data.values() for word in _words(value)]
    if isinstance(data, list):
        return [] if data[:1] == ["array"] else [word for value in data for word in _words(value)]
    return [data] if isinstance(data, str) else []


def test_steps_own_code_never_ships(shipped: dict[str, bytes]) -> None:
    """No function of the solution, the inputs or the graders."""
    for unit in UNITS:
        text = shipped[unit].decode()
        for path in (ROOT / "solutions" / unit).glob("*.py"):
            source = path.read_text()
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.FunctionDef | ast.Lambda):
                    code = ast.get_source_segment(source, node) or ""
                    assert json.dumps(code)[1:-1] not in text


def test_test_file_is_python_and_names_the_notebook(course: Course) -> None:
    content = pytestfile.test_file(course, course.unit("self-attention")).decode()
    ast.parse(content)
    assert "self-attention.ipynb" in content


def test_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = least_form.course(tmp_path, 'def f(x: "n d"):\n    return x * 2\n')
    unit = small.units[0]
    monkeypatch.setattr(visible, "MOST_BYTES", 1000)
    with pytest.raises(
        CourseError, match=rf"unit '{unit.name}': its visible checks take \d+ kB, 1 are allowed"
    ):
        visible.data(small, unit)


@pytest.mark.slow
def test_what_has_no_room_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = least_form.course(
        tmp_path, 'def f(x: "n d"):\n    y = x - x.mean()\n    return y / y.max(axis=0)\n'
    )
    told: list[str] = []

    def shipped(*as_much: tuple[int | None, bool]) -> bytes:
        monkeypatch.setattr(visible, "_AS_MUCH", as_much)
        return visible.data(small, small.units[0], told.append)

    def guesses(content: bytes) -> int:
        return len(msgspec.json.decode(content)["functions"][0].get("guesses", ()))

    all_of_them, few, made_small = shipped((None, False)), shipped((3, False)), shipped((None, True))
    assert told == []
    assert guesses(all_of_them) > guesses(few) == 3
    monkeypatch.setattr(visible, "MOST_BYTES", len(few))
    assert shipped((None, False), (3, False)) == few
    (line,) = told
    assert f"(f 3 of {guesses(all_of_them)} are kept); grading has all" in line
    assert line.endswith("give it fewer cases or smaller inputs")
    # Where no guess is lost, none is spoken of.
    monkeypatch.setattr(visible, "MOST_BYTES", len(made_small))
    assert shipped((None, False), (None, True)) == made_small
    assert "kB" in told[-1]
    assert "guesses" not in told[-1]


@dataclass(frozen=True)
class Tried:
    """What was written of a unit until it fitted, and what ships."""

    written: list[bytes]
    ships: bytes


@pytest.fixture(scope="module")
def tried(course: Course) -> Tried:
    """Of a unit where there is room for seven guesses of each function, and not for all."""
    written: list[bytes] = []

    def write(file: checkfile.CheckFile) -> bytes:
        written.append(checkfile.write(file))
        return written[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(visible, "_AS_MUCH", ((None, True), (None, False), (7, False), (0, False)))
        patch.setattr(visible, "MOST_BYTES", 400_000)
        patch.setattr(visible, "write", write)
        return Tried(written, visible.data(course, course.unit("embeddings")))


@pytest.mark.slow
def test_small_inputs_ship_where_there_is_room(
    tried: Tried, shipped: dict[str, bytes], tmp_path: Path
) -> None:
    made = [
        case for data in read(shipped["embeddings"], tmp_path).functions for case in data.cases if case.of
    ]
    assert {case.of for case in made} >= {"a short sentence", "repeated words"}
    everything, without_small, less = tried.written
    assert len(without_small) > 400_000 >= len(less)
    assert tried.ships == less
    for content, small in ((everything, True), (without_small, False), (less, False)):
        file = read(content, tmp_path)
        assert any(case.of for data in file.functions for case in data.cases) is small


@pytest.mark.slow
def test_far_fetched_guesses_make_room(tried: Tried) -> None:
    _, without_small, less = tried.written
    files = [msgspec.json.decode(content) for content in (without_small, less)]
    (every,), (some,) = ([one for one in file["functions"] if one["name"] == "project_qkv"] for file in files)
    count = len(some["guesses"])
    assert 0 < count < len(every["guesses"])
    assert [one[:3] for one in some["guesses"]] == [one[:3] for one in every["guesses"][:count]]
    assert len(some["symptoms"]) == len(every["symptoms"])
    # The steps are the same ones however often the file is written: no more of them are told to be changed.
    changed = [[way[:2] for one in data["symptoms"] for way in one["ways"]] for data in (some, every)]
    assert changed[0] == changed[1]
    assert some.get("both") == every.get("both")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            'predict("tokens[6]", "tennis")',
            'predict("how many tokens", 10)',
            "two predictions ask 'how many tokens'",
        ),
        ('predict("tokens[6]", "tennis")', 'predict("tokens[6]", tennis)', "tennis is no answer to type"),
    ],
)
def test_predictions_that_cannot_be_told_apart_or_asked_are_refused(
    before: str, after: str, said: str, tmp_path: Path
) -> None:
    shutil.copy(ROOT / "course.toml", tmp_path)
    path = tmp_path / "solutions/embeddings/embeddings.py"
    path.parent.mkdir(parents=True)
    lesson = (ROOT / "solutions/embeddings/embeddings.py").read_text(encoding="utf-8")
    assert before in lesson
    path.write_text(lesson.replace(before, after), encoding="utf-8")
    course = coursefile.load(tmp_path / "course.toml")
    with pytest.raises(CourseError, match=re.escape(said)):
        visible.data(course, course.unit("embeddings"))


def test_missing_notebook_is_refused(tmp_path: Path) -> None:
    shutil.copy(ROOT / "course.toml", tmp_path)
    shutil.copytree(
        ROOT / "solutions",
        tmp_path / "solutions",
        ignore=shutil.ignore_patterns("embeddings.py", "__pycache__"),
    )
    course = coursefile.load(tmp_path / "course.toml")
    with pytest.raises(CourseError, match=r"embeddings\.py: No such file or directory: it is the unit's"):
        visible.data(course, course.unit("embeddings"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "is missing: keep the notebook in the folder it came in"),
        (b"{", "is damaged: download the unit's folder again"),
        (b'{"unit": "x"}', "is damaged"),
        (b"\xff", "is damaged"),
        (
            b'{"unit": "x", "title": "X", "handout": [], "functions": [], "format": 5}',
            "is of a later version: upgrade the kit, as your instructor says",
        ),
        (
            b'{"install": "pip install https://example.org/kit.whl", "format": 5}',
            "is of a later version: upgrade the kit: pip install --upgrade https://example.org/kit.whl",
        ),
        (b'{"install": "rm \\u001b[2J", "format": 5}', "upgrade the kit, as your instructor says"),
        (
            b'{"unit": "x", "title": "X", "handout": [], "functions": [{"cases": [["words"]]}], "format": 1}',
            "is of an earlier version of the kit: download the unit's folder again",
        ),
    ],
)
def test_file_that_is_not_whole(content: bytes | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "checks.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CourseError, match=message):
        checkfile.read(path)


@pytest.mark.parametrize("kind", get_args(CaseKind))
def test_a_file_says_a_format_by_which_an_earlier_kit_knows_whether_it_can_read_it(kind: CaseKind) -> None:
    def of(overlooked: list[TablePart]) -> int:
        cases = [checkfile.CaseData("a", [], kind=kind)]
        function = checkfile.FunctionData("f", [], [], 1.0, 0.0, 0.0, cases, [], [], overlooked=overlooked)
        return checkfile.least_format([function])

    assert of([]) == (4 if kind in ("empty", "single", "large", "edge") else 3)
    assert of(["names"]) == 4


def test_in_colab_it_is_said_how_the_file_gets_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "google.colab", ModuleType("google.colab"))
    with pytest.raises(CourseError, match=r"drag checks\.json from the unit's folder into the list of files"):
        checkfile.read(tmp_path / "checks.json")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (rb'"title":"', rb'"title":"\u001b]0;x\u0007'),
        (rb'"points":\d', b'"points":-7'),
        (rb'"steps":\{"\w+":\d+', b'"steps":{"x":99999'),
        (rb'"telltale":"', b'"telltale":"((('),
        (rb'"parameters":\["\w+"', b'"parameters":["x"'),
        (rb'"functions":\[', b'"functions":[],"other":['),
    ],
)
def test_a_damaged_file_is_told_though_it_can_be_decoded(before: bytes, after: bytes, tmp_path: Path) -> None:
    """Whatever in it is no more as it was, nothing of it is believed or shown."""
    whole = (REPOSITORY / "assignments" / "self-attention" / "checks.json").read_bytes()
    damaged, count = re.subn(before, lambda _: after, whole, count=1)
    assert count == 1
    path = tmp_path / "checks.json"
    path.write_bytes(whole)
    checkfile.read(path)
    path.write_bytes(damaged)
    with pytest.raises(CourseError, match=r"checks\.json is damaged: download the unit's folder again\Z"):
        checkfile.read(path)


def test_how_hints_are_given_ships(tmp_path: Path) -> None:
    """What was released before there was a choice names the cause, and still does."""
    shipped = (REPOSITORY / "assignments" / "self-attention" / "checks.json").read_bytes()
    assert b'"hints"' not in shipped
    path = tmp_path / "checks.json"
    path.write_bytes(shipped)
    file = checkfile.read(path)
    assert not file.hints
    assert checkfile.write(file) == shipped.strip()
    file.hints = "ladder"
    path.write_bytes(checkfile.write(file))
    assert checkfile.read(path).hints == "ladder"


def test_the_hints_of_the_course_are_those_that_ship(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    unit = replace(course.unit("embeddings"), brings=())
    whole = checkfile.read(REPOSITORY / "assignments" / "embeddings" / "checks.json").functions[0]
    monkeypatch.setattr(visible, "_function", lambda *_, **__: whole)  # which takes seconds to work out
    assert b'"hints":"ladder"' in visible.data(replace(course, hints="ladder"), unit)
    assert b'"hints"' not in visible.data(course, unit)


def test_an_end_of_line_that_a_program_adds_is_no_damage(tmp_path: Path) -> None:
    whole = (REPOSITORY / "assignments" / "self-attention" / "checks.json").read_bytes()
    (tmp_path / "checks.json").write_bytes(whole + b"\r\n")
    checkfile.read(tmp_path / "checks.json")


def test_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "checks.json").mkdir()
    with pytest.raises(CourseError, match="cannot be read"):
        checkfile.read(tmp_path / "checks.json")


def test_whole_numbers_are_small_and_equal() -> None:
    data = checkfile.OutcomeData(value=visible._pack(np.eye(3), Tolerance()))
    outcome = checkfile.outcome(data)
    assert isinstance(outcome, Returned)
    np.testing.assert_array_equal(outcome.value, np.eye(3))  # type: ignore[arg-type]
    assert outcome.value.nbytes == 18  # type: ignore[union-attr]


@pytest.mark.slow
def test_a_picture_of_full_marks_that_cannot_be_drawn_is_refused(tmp_path: Path) -> None:
    head = "import numpy as np\nfrom autograder.author import FullMarks, Shown\n"
    told = (
        "FULL_MARKS = {'f': FullMarks('You know.', shown=Shown((np.ones((2, 1)),), rows=('a', 'b', 'c')))}\n"
    )
    small = least_form.course(
        tmp_path, 'def f(x: "n d"):\n    return x * 2\n', files={"full_marks.py": head + told}
    )
    with pytest.raises(
        CourseError, match=r"full_marks.py: the result of 'f' cannot be drawn: a picture needs [^\n]*\Z"
    ):
        visible.data(small, small.units[0])
    fitting = told.replace(", 'c'", "")
    (small.root / "solutions" / small.units[0].name / "full_marks.py").write_text(head + fitting)
    data = read(visible.data(small, small.units[0]), tmp_path).functions[0].full_marks
    assert data is not None
    full = checkfile.full_marks(data)
    assert full.shown is not None
    assert (full.understood, list(full.shown.rows)) == ("You know.", ["a", "b"])
    np.testing.assert_array_equal(np.asarray(full.shown.args[0]), np.ones((2, 1)))
