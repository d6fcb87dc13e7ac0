"""The student version: what ships, what never does, and what is refused."""

import codecs
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import jupytext
import nbformat
import pytest
from committed import is_fresh
from nbgrader_run import at_home, nbgrader

from autograder.authoring import pytestfile
from autograder.authoring import release as releasing
from autograder.authoring.release import release
from autograder.course import coursefile, installing, solution
from autograder.errors import CourseError
from autograder.records import Course

ROOT = Path(__file__).parents[2]
UNITS = ("embeddings", "self-attention", "multi-head", "layers")
Edit = Callable[[str, str], None]


@pytest.fixture
def course(made: Course, handouts: Mapping[str, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch) -> Course:
    """A copy of the course that a test may break; what ships beside its notebooks is as committed, not made anew."""
    monkeypatch.setattr(releasing, "handout", lambda _, unit, tell=None: handouts[unit.name])
    return made


@pytest.fixture
def made(tmp_path: Path) -> Course:
    """The same, of which all is made that ships."""
    ignored = shutil.ignore_patterns("__pycache__", "*.ipynb", "examples")
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions", ignore=ignored)
    shutil.copy(ROOT / "course.toml", tmp_path)
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    return coursefile.load(tmp_path / "course.toml")


@pytest.fixture
def edit(course: Course) -> Edit:
    """Replaces text, which must be there, in the notebook of `self-attention`."""

    def replace(old: str, new: str) -> None:
        path = course.root / "solutions/self-attention/self-attention.py"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


def refusal(course: Course, *units: str) -> str:
    with pytest.raises(CourseError) as caught:
        release(course, [course.unit(name) for name in units or ("self-attention",)])
    return str(caught.value)


def listing(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def due(course: Course, unit: str) -> set[str]:
    """The names of the files that are to ship."""
    return {f"{unit}.ipynb", *releasing.handout(course, course.unit(unit))}


def notebook(root: Path, unit: str) -> nbformat.NotebookNode:
    return nbformat.read(root / "assignments" / unit / f"{unit}.ipynb", as_version=4)


# -------------------------------------------------------------------------------------------- what ships


# That of self-attention is made by another kernel, in test_other_machines.
@pytest.mark.slow
@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit != "self-attention"])
def test_committed_assignments_are_fresh(made: Course, unit: str) -> None:
    (folder,) = release(made, [made.unit(unit)])
    assert listing(folder) == listing(ROOT / "assignments" / unit), (
        "run `autograder release` and commit assignments/"
    )
    for name in listing(folder):
        fresh = is_fresh(unit, name, (folder / name).read_bytes())
        assert fresh, f"{unit}/{name} is stale: run `autograder release` and commit assignments/"


def test_folders_made_are_returned_and_nothing_else_is_left(course: Course) -> None:
    before = listing(course.root)
    made = release(course, [course.unit("multi-head")])
    assert made == [course.root / "assignments/multi-head"]
    added = {path for path in listing(course.root) - before if "__pycache__" not in path}
    assert added == {f"assignments/multi-head/{name}" for name in due(course, "multi-head")}
    assert {path.name for path in course.root.iterdir()} == {
        "assignments",
        "course.toml",
        "nbgrader_config.py",
        "solutions",
    }


@pytest.mark.parametrize("unit", UNITS)
def test_no_line_of_a_solution_ships(course: Course, unit: str) -> None:
    (made,) = release(course, [course.unit(unit)])
    shipped = (made / f"{unit}.ipynb").read_text(encoding="utf-8")
    source = (course.root / "solutions" / unit / f"{unit}.py").read_text(encoding="utf-8")
    regions = [part.partition("### END SOLUTION")[0] for part in source.split("### BEGIN SOLUTION")[1:]]
    lines = {line.strip() for region in regions for line in region.splitlines() if line.strip()}
    assert regions
    for line in lines:
        assert json.dumps(line)[1:-1] not in shipped
    for cell in jupytext.reads(source, fmt="py:percent").cells:
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("solution"):
            assert json.dumps(cell.source)[1:-1] not in shipped


@pytest.mark.parametrize("unit", UNITS)
def test_released_notebook_is_valid_and_says_nothing_of_the_machine(course: Course, unit: str) -> None:
    release(course, [course.unit(unit)])
    made = notebook(course.root, unit)
    nbformat.validate(made)
    assert made.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    assert all(cell.execution_count is None and not cell.outputs for cell in made.cells if "outputs" in cell)
    for function in course.unit(unit).functions:
        places = [n for n, cell in enumerate(made.cells) if cell.source.startswith(f"def {function.name}(")]
        assert len(places) == 1
        assert "raise NotImplementedError" in made.cells[places[0]].source
        check = made.cells[places[0] + 1]
        assert check.source == f"check({function.name})"
        assert check.metadata.nbgrader.points == function.points
        assert check.metadata.editable is False


def test_cell_keeps_its_id_when_another_is_added(course: Course, edit: Edit) -> None:
    release(course, [course.unit("self-attention")])
    before = [cell.id for cell in notebook(course.root, "self-attention").cells]
    edit("# %%\nimport numpy", "# %%\n1 + 1\n\n# %%\n1 + 1\n\n# %%\nimport numpy")
    release(course, [course.unit("self-attention")])
    after = [cell.id for cell in notebook(course.root, "self-attention").cells]
    assert len(after) == len(before) + 2
    assert [cell_id for cell_id in after if cell_id in before] == before


def test_files_beside_the_notebook_do_not_ship(course: Course) -> None:
    folder = course.root / "solutions/self-attention"
    for name in ("notes.txt", "self-attention_old.ipynb", "examples/softmax.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("secret", encoding="utf-8")
    (made,) = release(course, [course.unit("self-attention")])
    assert listing(made) == due(course, "self-attention")


def test_handout_ships(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releasing, "handout", lambda *_: {"checks.json": b"{}", "test_it.py": b"pass\n"})
    (made,) = release(course, [course.unit("embeddings")])
    assert listing(made) == {"embeddings.ipynb", "checks.json", "test_it.py"}
    assert (made / "checks.json").read_bytes() == b"{}"


def test_old_folder_is_replaced_whole(course: Course) -> None:
    target = course.root / "assignments/embeddings"
    target.mkdir(parents=True)
    (target / "left-over.txt").write_text("old", encoding="utf-8")
    release(course, [course.unit("embeddings")])
    assert listing(target) == due(course, "embeddings")


def test_course_without_an_nbgrader_config_gets_the_stub_of_nbgrader(course: Course) -> None:
    (course.root / "nbgrader_config.py").unlink()
    release(course, [course.unit("embeddings")])
    assert any("# YOUR CODE HERE" in cell.source for cell in notebook(course.root, "embeddings").cells)


def test_plain_nbgrader_with_the_shipped_config_copies_no_secret(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_home(tmp_path / "home", monkeypatch)
    folder = course.root / "solutions/self-attention"
    for name in (
        "examples/softmax.py",
        "examples/deep/er.py",
        "another.py",
        "reference.py",
        "test_hidden.py",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("secret", encoding="utf-8")
    secret = {"reference.py", "inputs.py", "misconceptions.py", "misconceptions_softmax.py", "test_hidden.py"}
    assert secret | {"self-attention.py"} <= listing(folder)
    jupytext.write(jupytext.read(folder / "self-attention.py"), folder / "self-attention.ipynb")
    nbgrader(course.root, "generate_assignment", "self-attention", "--no-db")
    assert listing(course.root / "assignments") == {"self-attention/self-attention.ipynb"}
    plain = [(c.cell_type, c.source) for c in notebook(course.root, "self-attention").cells]
    release(course, [course.unit("self-attention")])
    assert plain == [(c.cell_type, c.source) for c in notebook(course.root, "self-attention").cells]


@pytest.mark.parametrize("unit", UNITS)
def test_students_get_dots_in_the_place_of_what_they_predict(unit: str) -> None:
    lesson = (ROOT / "solutions" / unit / f"{unit}.py").read_text(encoding="utf-8")
    cells = [cell.source for cell in notebook(ROOT, unit).cells if "predict(" in cell.source]
    asked = [line for cell in cells for line in cell.splitlines() if line.startswith('predict("')]
    assert len(asked) == lesson.count('\npredict("') > 10
    assert all(line.endswith('", ...)') for line in asked)
    assert "# why:" not in "".join(cells)


# --------------------------------------------------------------------------------------- what is refused


def test_a_prediction_that_cannot_be_asked_is_refused_with_its_place(course: Course, edit: Edit) -> None:
    edit('predict("better match for tennis", "a")', 'predict("better match for tennis", a)')
    lines = (
        (course.root / "solutions/self-attention/self-attention.py").read_text(encoding="utf-8").splitlines()
    )
    number = lines.index('predict("better match for tennis", a)') + 1
    assert f"line 1 (solutions/self-attention/self-attention.py:{number}): a is no answer to type" in refusal(
        course
    )


@pytest.mark.parametrize(
    "misspelt",
    [
        "###BEGIN SOLUTION",
        "# BEGIN SOLUTION",
        "### BEGIN SOLUTIONS",
        "### Begin solution",
        "### BEGIN SOLUTOIN",
        "### BEGINSOLUTION",
        "### BEGIN-SOLUTION",
        "### START SOLUTION",
        "### BEGIN HIDEN TESTS",
        "### HIDDEN TESTS",
        "### START HIDDEN TESTS",
        "### HIDDEN TESTS BEGIN",
        "### hidden test",
        "### BEGIN MARKING SCHEME",
        "x = 1  ### BEGIN SOLUTION",
    ],
)
def test_misspelt_marker_is_refused_with_its_place(course: Course, edit: Edit, misspelt: str) -> None:
    edit("    ### BEGIN SOLUTION\n    d_k", f"    {misspelt}\n    d_k")
    path = course.root / "solutions/self-attention/self-attention.py"
    lines = path.read_text(encoding="utf-8").splitlines()
    in_file = next(number for number, line in enumerate(lines, 1) if line.strip() == misspelt)
    in_cell = in_file - next(n for n, line in enumerate(lines, 1) if '"scaled_scores"' in line)
    place = f"cell 'scaled_scores', line {in_cell} (solutions/self-attention/self-attention.py:{in_file})"
    message = refusal(course)
    assert message.startswith(f"unit 'self-attention', {place}: ")
    assert "resembles a marker" in message
    assert not (course.root / "assignments").exists()


@pytest.mark.parametrize("comment", ["# the end of the solution to all of this", "# marked", "# solution"])
def test_ordinary_comment_is_not_taken_for_a_marker(course: Course, edit: Edit, comment: str) -> None:
    edit("# %%\nimport numpy", f"# %%\n{comment}\nimport numpy")
    release(course, [course.unit("self-attention")])


INSTALL = "pip install https://example.org/attention_autograder-0.1.0-py3-none-any.whl"


def test_notebook_and_pytest_file_say_how_to_install_the_kit(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = replace(course, install=INSTALL)
    unit = told.unit("multi-head")
    tests = {"test_multi_head.py": pytestfile.test_file(told, unit)}
    monkeypatch.setattr(releasing, "handout", lambda *_: tests)
    (made,) = release(told, [unit])
    first = notebook(course.root, "multi-head").cells[0].source
    assert f"\n\n{installing.paragraph(INSTALL)}\n\n" in first
    assert f"import VisibleCheck, visible_checks  # {INSTALL}\n" in (made / "test_multi_head.py").read_text()
    assert releasing.untold(told, [unit]) == []


def test_where_nothing_is_to_be_installed_nothing_is_said_of_it(course: Course) -> None:
    hub = replace(course, install="")
    release(hub, [hub.unit("multi-head")])
    first = notebook(course.root, "multi-head").cells[0].source
    assert first.startswith("# Multi-head attention")
    assert "install" not in first
    assert "\n\n\n" not in first
    assert releasing.untold(hub, hub.units) == []


def test_that_students_are_not_told_is_told(course: Course, edit: Edit) -> None:
    (line,) = releasing.untold(course, course.units)
    assert line.startswith("students are not told how to install the kit: set `install` in course.toml")
    edit("# {{ install }}\n#\n", "")
    (line,) = releasing.untold(replace(course, install=INSTALL), course.units)
    assert line.startswith("solutions/self-attention/self-attention.py does not say how to install the kit")


@pytest.mark.parametrize(
    "misspelt", ["{{ instal }}", "{{Install}}", "Type {{ install }} first.", "{{ install }"]
)
def test_misspelt_install_line_is_refused(course: Course, edit: Edit, misspelt: str) -> None:
    edit("{{ install }}", misspelt)
    assert f"{misspelt!r} resembles {{{{ install }}}}: write that on a line of its own" in refusal(course)


def test_the_words_in_code_and_other_braces_are_left_alone(course: Course, edit: Edit) -> None:
    edit("# {{ install }}\n", "# {{ install }}\n#\n# $x_{{insert}}$ and {install}\n")
    edit("import numpy", 'words = """\n{{ install }}\n"""\nimport numpy')
    release(course, [course.unit("self-attention")])
    made = (course.root / "assignments/self-attention/self-attention.ipynb").read_text()
    assert "$x_{{insert}}$ and {install}" in made
    assert made.count("{{ install }}") == 1


def test_marker_in_prose_is_refused(course: Course, edit: Edit) -> None:
    edit("# %%\nimport numpy", "# %% [markdown]\n# ### Begin mark scheme\n\n# %%\nimport numpy")
    assert "resembles a marker" in refusal(course)


@pytest.mark.parametrize(
    ("old", "new", "trouble"),
    [
        ("    ### END SOLUTION\n", "", "'BEGIN SOLUTION' without an 'END SOLUTION' below it"),
        ("    ### BEGIN SOLUTION\n", "", "'END SOLUTION' without a 'BEGIN SOLUTION' above it"),
        (
            "    ### BEGIN SOLUTION\n",
            "    ### BEGIN SOLUTION\n    ### BEGIN SOLUTION\n",
            "'BEGIN SOLUTION' before the 'END SOLUTION' of line",
        ),
        (
            "    ### END SOLUTION",
            "    ### END HIDDEN TESTS",
            "'END HIDDEN TESTS' without a 'BEGIN HIDDEN TESTS'",
        ),
        (
            "# %%\nimport",
            "# %%\n### BEGIN SOLUTION\n### END SOLUTION\nimport",
            """no place for it: its line `# %%` needs nbgrader={…} with "solution": true""",
        ),
        (
            "# %%\nimport",
            "# %%\n### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS\nimport",
            """no place for it: its line `# %%` needs nbgrader={…} with "grade": true""",
        ),
        (
            "# %%\nimport",
            "# %%\n### BEGIN MARK SCHEME\n### END MARK SCHEME\nimport",
            """no place for it: its line `# %%` needs nbgrader={…} with "task": true""",
        ),
        (
            "def softmax(x)",
            "def soft_max(x)",
            "the solution cell of 'softmax' has no `def softmax(`, `class softmax` or `softmax =`",
        ),
        ('"grade_id": "softmax"', '"grade_id": "soft"', "no solution cell for 'softmax'"),
        ('"grade_id": "check-softmax"', '"grade_id": "softmax"', "the grade_id 'softmax' is taken"),
        ('"grade_id": "check-softmax"', '"grade_id": "chek"', "no check cell for 'softmax' right below"),
        ("check(softmax)", "check(softmax)\nassert softmax", "holds more or less than `check(softmax)`"),
        (
            '"grade_id": "check-softmax", "locked": true',
            '"grade_id": "check-softmax", "locked": false',
            'needs "grade": true',
        ),
        (
            '"grade_id": "check-softmax", "locked": true, "points": 3',
            '"grade_id": "check-softmax", "locked": true, "points": 2',
            "'softmax' has \"points\": 2 here and 3 in course.toml",
        ),
        (
            '"grade": false, "grade_id": "softmax"',
            '"grade": true, "points": 1, "grade_id": "softmax"',
            '"solution": true and "grade": false',
        ),
        (
            "# %%\nimport",
            '# %% nbgrader={"grade": true, "grade_id": "extra", "locked": true, "points": 1, "schema_version": 3,'
            ' "solution": false, "task": false}\nassert True\n\n# %%\nimport',
            "course.toml lists no function for it",
        ),
        (
            "# %%\nimport",
            '# %% nbgrader={"grade": false, "grade_id": "extra", "locked": false, "schema_version": 3,'
            ' "solution": true, "task": false}\nx = 1\n\n# %%\nimport',
            "a solution cell without '### BEGIN SOLUTION'",
        ),
        (
            "# %%\nimport",
            "# %%\nd_k = Key.shape[-1]\nproducts = Query @ Key.T\nscores = products / np.sqrt(d_k)\nreturn scores\n\n# %%\nimport",
            "it repeats the solution of cell 'scaled_scores'",
        ),
        (
            "# %% [markdown]\n# # Self-attention",
            "1 + 1\n\n# %% [markdown]\n# # Self-attention",
            "begin every cell",
        ),
    ],
)
def test_broken_notebook_is_refused(course: Course, edit: Edit, old: str, new: str, trouble: str) -> None:
    edit(old, new)
    message = refusal(course)
    assert message.startswith("unit 'self-attention'")
    assert trouble in message


def test_same_line_in_two_solutions_or_a_short_one_elsewhere_is_no_copy(course: Course, edit: Edit) -> None:
    edit("    weights = softmax(scaled_scores(Query, Key))\n", "    return 1\n")
    edit("    output = weights @ Value\n    return output\n", "")
    edit("# %%\nimport numpy", "# %%\ndef one():\n    return 1\n\n\n# %%\nimport numpy")
    edit(
        "    scores = products / np.sqrt(d_k)\n    return scores\n",
        "    return 1.0 + 2.0 + 3.0 + 4.0 + 5.0\n",
    )
    edit("    shifted = x", "    return 1.0 + 2.0 + 3.0 + 4.0 + 5.0\n    shifted = x")
    release(course, [course.unit("self-attention")])


def test_brought_function_needs_its_cell_too(course: Course) -> None:
    path = course.root / "solutions/multi-head/multi-head.py"
    path.write_text(path.read_text(encoding="utf-8").replace("def attend(", "def attends("), encoding="utf-8")
    assert "the solution cell of 'attend' has no `def attend(`" in refusal(course, "multi-head")


def test_missing_notebook(course: Course) -> None:
    (course.root / "solutions/self-attention/self-attention.py").unlink()
    assert "self-attention.py: No such file or directory: it is the unit's lesson" in refusal(course)


def test_notebook_that_is_not_utf8(course: Course) -> None:
    (course.root / "solutions/self-attention/self-attention.py").write_bytes(b"# %%\n\xff")
    assert (
        "self-attention.py is not UTF-8 text (byte 5): save it as UTF-8 (line 2 has “ÿ” if it is Wind"
        in refusal(course)
    )


def test_a_byte_order_mark_is_no_part_of_a_lesson(course: Course) -> None:
    """As Windows' Notepad writes it, and Python reads over it."""
    path = course.root / "solutions/multi-head/multi-head.py"
    path.write_bytes(codecs.BOM_UTF8 + path.read_bytes())
    release(course, [course.unit("multi-head")])
    assert notebook(course.root, "multi-head") == notebook(ROOT, "multi-head")
    assert solution.solved(course, course.unit("multi-head")) == solution.solved(
        replace(course, root=ROOT), course.unit("multi-head")
    )


META = '{"grade": false, "grade_id": "scaled_scores", "locked": false, "schema_version": 3, "solution": true, "task": false}'


@pytest.mark.parametrize(
    ("new", "trouble"),
    [
        (META.replace("false}", "false"), "on its line `# %%` is no metadata: write it as JSON, as in nbgrader={"),
        (META.replace("true", "True"), "is no metadata: write it as JSON"),
        ("{}", "'nbgrader={}' on its line `# %%` is no metadata"),
        ("null", "'nbgrader=null' on its line `# %%` is no metadata"),
        ('["solution"]', "'nbgrader=[\"solution\"]' on its line `# %%` is no metadata"),
        (
            META.replace('"schema_version": 3, ', ""),
            'its nbgrader metadata has "schema_version": None, and nbgrader here reads 3: write it as in nbgrader={',
        ),
        (META.replace("3", '"3"'), "has \"schema_version\": '3', and nbgrader here reads 3"),
        (META.replace('"locked": false, ', ""), "nbgrader refuses its metadata ('locked' is a required property): write"),
        (META.replace("false}", '"no"}'), "nbgrader refuses its metadata (task: 'no' is not of type 'boolean'): write it"),
        (META.replace("false}", "true}"), "nbgrader refuses its metadata (Task cells have to be markdown): write it as in"),
    ],
)  # fmt: skip
def test_metadata_that_nbgrader_cannot_read_is_refused_with_its_cell(
    course: Course, edit: Edit, new: str, trouble: str
) -> None:
    edit(f"nbgrader={META}", f"nbgrader={new}")
    said = refusal(course)
    assert trouble in said
    assert "solutions/self-attention/self-attention.py:177)" in said


def test_broken_nbgrader_config(course: Course) -> None:
    (course.root / "nbgrader_config.py").write_text("1 / 0", encoding="utf-8")
    assert refusal(course).endswith("nbgrader_config.py: ZeroDivisionError: division by zero")


def test_what_nbgrader_refuses_is_said_in_one_line(course: Course) -> None:
    with open(course.root / "nbgrader_config.py", "a", encoding="utf-8") as config:
        config.write('\nc.IncludeHeaderFooter.header = "no such.ipynb"\n')
    message = refusal(course)
    assert "nbgrader cannot make its assignment: FileNotFoundError: " in message
    assert "\n" not in message


def test_file_that_nbgrader_adds_is_refused(course: Course) -> None:
    with (course.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(
            "\ndef add(assignment, student, notebooks):\n"
            "    Path('assignments', assignment, 'more.txt').write_text('more')\n"
            "c.GenerateAssignment.post_convert_hook = add\n"
        )
    assert "nbgrader added or left out more.txt" in refusal(course)


def test_markers_left_by_a_config_that_strips_nothing(course: Course) -> None:
    with (course.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("\nc.ClearSolutions.enabled = False\n")
    assert "is left in the notebook: look at nbgrader_config.py" in refusal(course)


def test_all_or_nothing(course: Course, edit: Edit) -> None:
    edit("    ### END SOLUTION\n", "")
    refusal(course, *UNITS)
    assert not (course.root / "assignments").exists()
    assert {path.name for path in course.root.iterdir()} == {"course.toml", "nbgrader_config.py", "solutions"}


def test_old_folder_stays_where_the_new_one_cannot_be_moved(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    release(course, [course.unit("embeddings")])
    before = (course.root / "assignments/embeddings/embeddings.ipynb").read_bytes()
    rename = os.rename

    def full(source: Path, target: Path) -> None:
        if ".release-" in str(source) and Path(source).parent.name == "assignments":
            raise OSError(28, "No space left on device")
        rename(source, target)

    monkeypatch.setattr(os, "rename", full)
    assert "cannot be replaced (No space left on device)" in refusal(course, "embeddings")
    assert (course.root / "assignments/embeddings/embeddings.ipynb").read_bytes() == before


@pytest.mark.parametrize("name", ["course [2026]", "what?", "a * #1 %41 d"])
def test_a_folder_that_nbgrader_takes_for_a_pattern_is_released(course: Course, name: str) -> None:
    release(course, course.units[:1])
    usual = course.root / "assignments" / course.units[0].name
    folder = course.root / name
    folder.mkdir()
    for known in ("solutions", "course.toml", "nbgrader_config.py"):
        shutil.move(course.root / known, folder / known)
    moved = coursefile.load(folder / "course.toml")
    (made,) = release(moved, moved.units[:1])
    assert made == folder / "assignments" / course.units[0].name
    assert {path.name: path.read_bytes() for path in made.iterdir()} == {
        path.name: path.read_bytes() for path in usual.iterdir()
    }
    assert [path.name for path in folder.iterdir() if path.name.startswith(".release")] == []
