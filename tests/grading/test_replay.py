"""A result worked out again."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import standing
from calling import call

from autograder.course import secret
from autograder.gradebook import imported, results
from autograder.grading import planning, processes, replay
from autograder.sandbox.children import Sandbox

Put = Callable[..., Path]
UNIT = "embeddings"


@pytest.fixture(autouse=True)
def _lent_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (processes, replay):
        monkeypatch.setattr(module, "Processes", standing.Lent)


def replayed(capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, list[str], str]:
    code, out, err = call(capsys, "replay", UNIT, "ada", *more)
    return code, [" ".join(line.split()) for line in out.splitlines()], err


def snapshot(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


@pytest.mark.slow
def test_the_same_file_gives_the_same_result_and_what_differs_is_told_with_why(
    capsys: pytest.CaptureFixture[str],
    course_folder: Path,
    put: Put,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(course_folder)
    monkeypatch.setenv("COLUMNS", "200")
    handed_in = put("ada", functions={"one_hot": "# it was here yesterday"})
    assert call(capsys, "grade", UNIT, "--jobs", "1")[0] == 0
    before = snapshot(course_folder)
    code, lines, _ = replayed(capsys)
    assert code == 0
    assert lines[0] == "✓ ada, embeddings: the same result, 3 of 6"
    assert lines[1].startswith("✓ file: submitted/ada/embeddings/embeddings.ipynb, the one that was graded (")
    assert [line.partition(" (")[0] for line in lines[2:5]] == [
        "✓ kit: the same",
        "✓ secret: the same",
        "✓ course: the same",
    ]
    assert lines[-2:] == [
        "in the gradebook: 3 of 8, with what people gave and 0 less for being late",
        "nothing was written",
    ]
    assert snapshot(course_folder) == before

    # A later attempt lies in its place, and the one that was graded among the older ones.
    older = imported.attempts(course_folder, UNIT, "ada") / "first" / "notebook.ipynb"
    older.parent.mkdir(parents=True)
    shutil.copy(handed_in, older)
    put("ada")
    code, lines, _ = replayed(capsys)
    assert lines[0] == "✓ ada, embeddings: the same result, 3 of 6"
    assert lines[1].startswith(
        "✓ file: imported/embeddings/attempts/ada/first/notebook.ipynb, the one that was graded ("
    )

    # Or in the zip that was handed in.
    with zipfile.ZipFile(older.with_name("hand-in.zip"), "w") as archive:
        archive.write(older, "work/notebook.ipynb")
    older.unlink()
    code, lines, _ = replayed(capsys)
    assert lines[0] == "✓ ada, embeddings: the same result, 3 of 6"
    assert "✓ file: imported/embeddings/attempts/ada/first/hand-in.zip, the one that was graded (" in lines[1]
    shutil.rmtree(course_folder / imported.FOLDER)

    # Everything else may have changed too.
    grader = course_folder / "solutions" / UNIT / "inputs.py"
    grader.write_text(grader.read_text() + "\n# mended\n")
    place = results.path(course_folder, UNIT, "ada")
    kept = json.loads(place.read_text())
    kept["kit"] = "0.0.9"
    kept["functions"][0]["checks"][0]["name"] = "another check"
    place.write_text(json.dumps(kept))
    (tmp_path / "other-secret").write_text("another secret, which nobody knows")
    monkeypatch.setenv(secret.VARIABLE, str(tmp_path / "other-secret"))
    before = snapshot(course_folder)
    code, lines, _ = replayed(capsys)
    assert (code, snapshot(course_folder)) == (0, before)
    assert lines[0] == "✗ ada, embeddings: another result, 3 → 6 of 6"
    assert (
        "✗ file: submitted/ada/embeddings/embeddings.ipynb, not the one that was graded, which is not there"
        in lines[1]
    )
    assert lines[2].startswith("✗ kit: changed (0.0.9 then, 0.1.0 now, code ")
    assert lines[3].startswith("✗ secret: changed (")
    assert lines[4] == "· course: perhaps changed too (graders, inputs, points and limits of the unit)"
    assert lines[5] == "one_hot: 0 of 3 → 3 of 3"
    assert any(line.startswith("another check: ✗") and line.endswith("→ is not there") for line in lines)
    assert any("was not there → ✓" in line for line in lines)
    assert "found: general.missing → nothing" in lines


@pytest.mark.slow
def test_what_cannot_be_worked_out_is_told(
    capsys: pytest.CaptureFixture[str], course_folder: Path, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course_folder)
    put("ada")
    code, _, err = replayed(capsys)
    assert (code, "ada has no result in embeddings: run `autograder grade embeddings` first" in err) == (
        1,
        True,
    )
    results.write_all(
        [
            (
                results.path(course_folder, UNIT, "ada"),
                b'{"schema": 1, "unit": "embeddings", "student": "ada", "score": 0, "max_score": 6, "status": '
                b'"unreadable", "reason": "no notebook", "functions": [{"name": "gone", "score": 0, "max_score": 6, '
                b'"carried_forward": false, "checks": [], "diagnoses": []}]}',
            )
        ]
    )
    code, lines, _ = replayed(capsys)
    assert code == 0
    assert "unreadable: no notebook → graded" in lines
    assert "one_hot: was not there → 3 of 3" in lines
    assert "gone: 0 of 6 → is not there" in lines
    grader = course_folder / "solutions" / UNIT / "test_hidden.py"
    grader.write_text(grader.read_text().replace("attempt.arrays(", "1 / 0, attempt.arrays("))
    code, _, err = replayed(capsys)
    assert code == 1
    assert err.startswith("autograder: ada: it could not be graded again: GraderError: the check")
    monkeypatch.setattr(Sandbox, "level", property(lambda self: "none"))
    order = planning.open_order(course_folder, UNIT, None, None, dry_run=True)
    with pytest.raises(planning.CourseError, match="this machine cannot lock student code in"):
        planning.level(order)
