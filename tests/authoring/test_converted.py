from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.authoring import converted, release, scaffold, verify
from autograder.course import coursefile
from autograder.errors import CourseError
from autograder.grading.pipeline import Pipeline
from autograder.sandbox.children import Sandbox

SCORES = '''\
def scores(Query, Key):
    """How well each query matches each key.

    Query: array of shape (n_q, d_k), one row per query.  Key: array of shape (n_k, d_k).
    """
    ### BEGIN SOLUTION
    return Query @ Key.T / np.sqrt(Key.shape[-1])
    ### END SOLUTION
'''
DOUBLE = 'def double(x: "n, huge"):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION\n'
TEST = "assert scores(np.eye(2), np.eye(2)).shape == (2, 2)\n### BEGIN HIDDEN TESTS\nassert secret\n### END HIDDEN TESTS"
GRADED = {
    "nbgrader": {
        "grade": True,
        "grade_id": "t",
        "points": 2,
        "locked": True,
        "solution": False,
        "schema_version": 3,
    }
}


def notebook(folder: Path, *cells: str | tuple[str, Any]) -> Path:
    made = nbformat.v4.new_notebook()
    for cell in cells:
        source, metadata = (cell, {}) if isinstance(cell, str) else cell
        kind = nbformat.v4.new_markdown_cell if source.startswith("# A") else nbformat.v4.new_code_cell
        made.cells.append(kind(source, metadata=metadata))
    nbformat.write(made, folder / "lesson.ipynb")
    return folder / "lesson.ipynb"


def test_a_notebook_becomes_a_lesson(tmp_path: Path) -> None:
    file = notebook(
        tmp_path, "# A lesson", "import numpy as np", SCORES, (TEST, GRADED), DOUBLE, "check(double)"
    )
    text, names = converted.lesson(file)
    assert names == ["scores", "double"]
    assert 'def scores(Query: "n_q d_k", Key: "n_k d_k"):' in text
    assert 'def double(x: "n, huge"):' in text
    assert text.count("check(scores)") == text.count("check(double)") == 1
    assert text.index("from autograder import check") < text.index("def scores")
    assert "assert scores(np.eye(2), np.eye(2))" in text
    assert "secret" not in text
    assert '"grade_id": "t"' not in text


def test_a_notebook_whose_cells_have_no_ids_is_read_without_a_word(tmp_path: Path) -> None:
    file = notebook(tmp_path, DOUBLE)
    made = json.loads(file.read_text("utf-8"))
    del made["cells"][0]["id"]
    file.write_text(json.dumps(made), "utf-8")
    assert converted.lesson(file)[1] == ["double"]  # warnings are errors here


@pytest.mark.slow
def test_a_unit_of_a_notebook_passes_verify(course_folder: Path, shared_sandbox: Sandbox) -> None:
    course = coursefile.load(course_folder / "course.toml")
    file = notebook(
        course_folder, "# A lesson", "import numpy as np\nfrom autograder import check", SCORES, DOUBLE
    )
    made, names = scaffold.scaffold(course, "taken", notebook=file)
    assert [path.name for path in made] == ["taken.py"]
    assert names == ["scores", "double"]
    loaded = coursefile.load(course_folder / "course.toml")
    unit = loaded.unit("taken")
    release.rehearse(loaded, unit)
    pipeline = Pipeline.open(loaded, unit, shared_sandbox.child, shared_sandbox.level)
    assert verify.verify(pipeline, students=1, edits=1, mistakes=0).failures == ()


def test_a_lesson_in_percent_format_is_taken_too(tmp_path: Path) -> None:
    (tmp_path / "lesson.py").write_text(f"# %%\nimport numpy as np\n\n# %%\n{SCORES}", encoding="utf-8")
    text, names = converted.lesson(tmp_path / "lesson.py")
    assert names == ["scores"]
    assert '"grade_id": "check-scores"' in text


@pytest.mark.parametrize(
    ("cells", "trouble"),
    [
        (["x = 1"], "lesson.ipynb: no cell has a function between ### BEGIN SOLUTION and ### END SOLUTION"),
        ([SCORES.replace("### END SOLUTION", "")], "lesson.ipynb, cell 1: ### BEGIN SOLUTION without ### END SOLUTION"),
        ([SCORES, "y = 1", SCORES], "lesson.ipynb, cell 3: 'scores' is solved in an earlier cell as well: take one away"),
        ([SCORES + DOUBLE], "lesson.ipynb, cell 1: a cell with a solution should define one function, and this one defines 2"),
        ([DOUBLE.replace("2 *", "2 * (")], "lesson.ipynb, cell 1, line 3: this is no Python"),
        (
            [DOUBLE.replace(': "n, huge"', "")],
            "lesson.ipynb, cell 1: 'double' says nothing of its argument 'x': write its sizes, as in `def double(x: \"n d\")`, or “x: array"
            " of shape (n, d)” in its docstring; beside what has none stands \"number\" or \"text\", and for anything else begin with"
            " `autograder new UNIT double` and write its cases in inputs.py, CASES['double']",
        ),
    ],
)  # fmt: skip
def test_what_is_no_lesson_is_told_with_its_cell(tmp_path: Path, cells: list[str], trouble: str) -> None:
    with pytest.raises(CourseError, match=re.escape(trouble)):
        converted.lesson(notebook(tmp_path, *cells))


def test_what_is_no_notebook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"none\.ipynb: No such file or directory: it should be a notebook"):
        converted.lesson(tmp_path / "none.ipynb")
    (tmp_path / "text.ipynb").write_text("text")
    with pytest.raises(
        CourseError, match=r"text\.ipynb is no notebook that can be read \(NotJSONError\): export it"
    ):
        converted.lesson(tmp_path / "text.ipynb")


def test_a_function_that_a_notebook_does_not_solve_is_refused(course_folder: Path) -> None:
    course = coursefile.load(course_folder / "course.toml")
    with pytest.raises(CourseError, match=r"lesson\.ipynb solves scores, and no 'other'"):
        scaffold.scaffold(course, "taken", ["other"], notebook(course_folder, SCORES))
    assert not (course_folder / "solutions" / "taken").exists()
