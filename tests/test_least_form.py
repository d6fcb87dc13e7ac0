"""A unit in least form through everything: released, checked, graded, proven, and what its students see."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import least_form
import pytest
from made_once import once

from autograder.authoring import release, verify
from autograder.cli import app
from autograder.course import solution
from autograder.gradebook import results
from autograder.grading.pipeline import Pipeline
from autograder.sandbox.children import Sandbox

pytestmark = pytest.mark.slow

FUNCTIONS = (least_form.SCORES, least_form.SOFTMAX, least_form.ATTEND, least_form.HEADS)
WRONG: Mapping[str, str] = {
    "scaled_scores": "def scaled_scores(Query, Key):\n    return Query @ Key.T / Key.shape[-1]\n",
    "softmax": "def softmax(x):\n    e = np.exp(x - x.max(axis=-1, keepdims=True))\n    return e / e.sum(axis=0)\n",
    "attend": "def attend(Query, Key, Value):\n    w = softmax(scaled_scores(Query, Key))\n    return 2 * w @ Value\n",
    "heads": "def heads(x, W):\n    return np.concatenate([x @ w for w in W], axis=-1)\n",
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course with this unit released, and the solution and mistakes of every kind handed in and graded."""

    def make() -> str:
        root = tmp_path_factory.mktemp("least")
        course = least_form.course(root, *FUNCTIONS)
        release.release(course, course.units)
        for student, wrong in (("right", {}), ("wrong", WRONG)):
            document: dict[str, Any] = solution.solved(course, course.units[0])
            for name, source in wrong.items():
                solution.rewrite(document, name, source)
            folder = root / "submitted" / student / "least"
            folder.mkdir(parents=True)
            folder.joinpath("least.ipynb").write_text(json.dumps(document), encoding="utf-8")
        with contextlib.chdir(root), contextlib.suppress(SystemExit):
            app.main(["grade", "least", "--jobs", "1", "--trust-students"])
        return str(root)

    return Path(once(tmp_path_factory, "least", make))


def test_it_is_graded_and_mistakes_are_named(graded: Path) -> None:
    found = dict(results.every(graded, "least"))
    assert found["right"].score == found["right"].max_score == 12
    wrong = {one.name: one for one in found["wrong"].functions}
    assert all(one.score < one.max_score for one in wrong.values())
    steps = {name: [(it.id, it.step) for it in one.diagnoses][:1] for name, one in wrong.items()}
    assert steps == {
        "scaled_scores": [("general.changed-step", "scale")],
        "softmax": [("general.changed-step", "row sum")],
        "attend": [("general.changed-step", "product 2")],
        "heads": [("general.changed-step", "hyperbolic tangent")],
    }


def test_points_add_up_to_those_of_the_course(graded: Path) -> None:
    (right,) = [one for student, one in results.every(graded, "least") if student == "right"]
    for function in right.functions:
        assert sum(check.points for check in function.checks) == 3.0
        assert {check.name for check in function.checks} > {"all sizes different", "leaves its inputs alone"}


def test_nothing_of_a_solution_is_shown(graded: Path) -> None:
    """Neither in what ships nor on a page: a step is its name, its sentence, its formula and its arithmetic."""
    lines = {
        line.partition("  #")[0].strip()
        for source in FUNCTIONS
        for line in source.split("\n")[2:]
        if len(line.strip()) > 12
    }
    assert len(lines) > 10
    pages = [graded / "assignments/least/checks.json", graded / "assignments/least/least.ipynb"]
    pages.append(graded / "feedback/right/least/least.html")
    shown = "".join(page.read_text(encoding="utf-8") for page in pages[:2])
    assert "Divide by the square root of the length of a key." in shown
    for line in lines:
        assert line not in shown, line
        assert json.dumps(line)[1:-1] not in shown, line


def test_a_student_is_told_the_steps(graded: Path) -> None:
    page = (graded / "feedback/wrong/least/least.html").read_text(encoding="utf-8")
    for words in (
        "Divide by the square root of the length of a key.",
        "Take the exponential of each entry of “shift”.",
        "Query[0] · Key[0] = ",
        "; against every row of Key: ",
        "Put the parts together.",
    ):
        assert words in page
    for code in ("np.sqrt(d_k)", "np.exp(shifted)", "keepdims=True)  # row sum", "made.append"):
        assert code not in page


def test_it_is_proven_as_it_stands(tmp_path: Path, shared_sandbox: Sandbox) -> None:
    """A function of few steps, one of which can be changed without a change, and one with a loop."""
    course = least_form.course(tmp_path, least_form.SCORES, least_form.HEADS)
    pipeline = Pipeline.open(course, course.units[0], shared_sandbox.child, shared_sandbox.level)
    report = verify.verify(pipeline, students=3, edits=4, mistakes=0)
    assert report.failures == ()
    assert report.mutation_score == 1.0
    assert any(proof.detail.startswith("equivalent: it gives the same") for proof in report.of("mutant"))


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        app.main(list(words))
    said = capsys.readouterr()
    return ended.value.code or 0, said.out, said.err  # type: ignore[return-value]


def test_where_nothing_is_written_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    least_form.course(tmp_path, least_form.SCORES)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    code, out, _ = call(capsys, "verify", "--students", "0", "--mistakes", "0")
    assert code == 0
    assert out.count("none") == 3
    assert not (tmp_path / "assignments").exists()


def test_it_stops_at_the_first_cause_of_what_cannot_be_released(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    least_form.course(tmp_path, least_form.SCORES)
    lesson = tmp_path / "solutions/least/least.py"
    lesson.write_text(lesson.read_text().replace('"points": 3', '"points": 4'))
    monkeypatch.chdir(tmp_path)
    code, out, err = call(capsys, "verify", "least")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "solutions/least/least.py:15" in err
    assert "4 here and 3 in course.toml: make them agree" in err
