"""The command line as people use it: exit codes, one clear line for what is wrong, and no traceback."""

from __future__ import annotations

import functools
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import exercises
import parts
import pytest
from calling import call
from counted import COUNTED
from ordinary import without_powers
from repository import hurry, without_limit
from rich.console import Console
from student import STEP_BY_STEP, by_rungs
from student import solved as solve
from waiting import DEAF_TO_CTRL_C, wait_until
from weighed import weighed

from autograder.cli import app, classwork
from autograder.gradebook import results
from autograder.grading import planning
from autograder.grading.tally import Tally
from autograder.selfcheck import saved

Put = Callable[..., Path]
COMMAND = [sys.executable, "-c", "from autograder.cli import main; main()"]
TWO_LINES = "def apply_twice(function, value):\n    once = function(value)\n    return function(once)\n"
GONE = {"one_hot": "# it was here yesterday"}  # other marks, and nothing to search for


@pytest.fixture
def in_course(course_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(course_folder)
    return course_folder


@pytest.fixture
def small_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with one function."""
    exercises.course(tmp_path, exercises.APPLY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def commands() -> list[str]:
    return [app.command_name(command) for command in app.app.registered_commands]


@pytest.mark.parametrize("name", commands())
def test_every_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str], name: str) -> None:
    code, out, _ = call(capsys, name, "--help")
    assert code == 0
    assert f"autograder {name}" in " ".join(out.split())


@pytest.mark.parametrize("name", [None, *commands()])
def test_help_reads_as_people_write_commands(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str | None
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    _, out, _ = call(capsys, *([name] if name else []), "--help")
    for programmers in ("<bool>", "<str>", "<path>", "{", "[[", "list["):
        assert programmers not in out
    assert max(map(len, out.splitlines())) <= 80
    assert not [line for line in out.splitlines() if line.endswith(("...", "…")) and "Usage" not in line]


def test_a_command_made_alone_is_what_it_is_among_all(capsys: pytest.CaptureFixture[str]) -> None:
    for name in (*commands(), "student"):
        helped = []
        for made in (app.app, app.alone(name)):
            with pytest.raises(SystemExit):
                made([name, "--help"], prog_name="autograder")
            helped.append(capsys.readouterr().out)
        assert app.alone(name) is not app.app
        assert helped[0] == helped[1] != ""
    for none in ("", "--help", "grad", "take-in"):
        assert app.alone(none) is app.app


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "--help")
    assert code == 0
    assert all(name in out for name in commands())
    assert call(capsys, "--version") == (0, "autograder 0.1.0\n", "")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("no-such-command", "no such command 'no-such-command': `autograder --help` says what there is"),
        ("grade", "grade: missing argument 'UNIT': `autograder grade --help` says what there is"),
        ("grade embeddings --jobs none", "grade: invalid value for '--jobs': "),
        ("grade embeddings --nope", "grade: no such option: --nope"),
        ("grade embeddings --jobs", "option '--jobs' requires an argument"),
        ("export pdf", "export: invalid value for 'FORMAT': 'pdf' is not one of 'csv', 'canvas'"),
        ("student rename", "student rename: missing argument 'STUDENT'"),
    ],
)
def test_bad_usage_is_a_line(
    capsys: pytest.CaptureFixture[str], in_course: Path, typed: str, told: str
) -> None:
    code, out, err = call(capsys, *typed.split())
    assert (code, out) == (2, "")
    assert err.startswith(f"autograder: {told}")
    assert err.count("\n") == 1


@pytest.mark.parametrize("typed", ["", "student"])
def test_where_nothing_is_asked_for_there_is_help(capsys: pytest.CaptureFixture[str], typed: str) -> None:
    code, out, err = call(capsys, *typed.split())
    assert code == 2
    assert f"Usage: autograder {typed}".rstrip() in out + err


@pytest.mark.parametrize(
    "arguments", [["grade", "embeddings"], ["release"], ["export", "csv"], ["demo", "x"]]
)
def test_without_a_course_it_says_where_to_run(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = call(capsys, *arguments)
    assert code == 2
    assert err.startswith("autograder: no course.toml in")
    assert err.count("\n") == 1


def test_a_broken_course_file(capsys: pytest.CaptureFixture[str], in_course: Path) -> None:
    (in_course / "course.toml").write_text("format = 1\ntitel = 'x'\n")
    code, _, err = call(capsys, "grade", "embeddings")
    assert code == 2
    assert "unknown key 'titel' (did you mean 'title'?)" in err
    assert err.count("\n") == 1


def test_an_unknown_unit_says_which_exist(capsys: pytest.CaptureFixture[str], in_course: Path) -> None:
    code, _, err = call(capsys, "grade", "embedings")
    assert code == 2
    assert "did you mean 'embeddings'?" in err
    assert "embeddings, self-attention, multi-head" in err


def test_a_missing_and_an_empty_folder(capsys: pytest.CaptureFixture[str], in_course: Path) -> None:
    code, _, err = call(capsys, "grade", "embeddings")
    assert code == 2
    assert "submitted: No such file or directory: it should hold a folder for each student" in err
    (in_course / "submitted").mkdir()
    code, out, _ = call(capsys, "grade", "embeddings")
    assert code == 0
    assert "nothing is handed in for embeddings in submitted: expected STUDENT/embeddings" in out
    (in_course / "submitted" / "ada").mkdir()
    _, out, _ = call(capsys, "grade", "embeddings", "--student", "ada")
    assert "nothing is handed in for embeddings by ada in submitted: expected ada/embeddings" in out


def test_where_nobody_has_a_mark_no_mean_is_told(in_course: Path) -> None:
    order = planning.open_order(in_course, "embeddings", None, None, jobs=1)
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(classwork._table(order, Tally(count=2)))
    told = console.export_text()
    assert "graded now: 2" in told
    assert "– of 6" in told
    assert "0.00" not in told


def test_grading_says_what_happened(capsys: pytest.CaptureFixture[str], in_course: Path, put: Put) -> None:
    put("ada")
    put("bob", functions=GONE)
    put("eve").write_text("{")
    put("\x1b[2Jmallory[bold]").write_text("{")
    (in_course / "submitted" / ".DS_Store").mkdir()
    code, out, _ = call(capsys, "grade", "embeddings")
    assert code == 0
    assert "isolation " in out
    assert "unreadable eve: it is not JSON" in out
    assert "passed over .DS_Store" in out
    assert "graded now: 4" in out
    assert "report/embeddings.html" in out
    assert "Traceback" not in out
    assert "\x1b[2J" not in out, "names and reasons cannot move the cursor"
    assert "mallory[bold]" in out
    code, out, _ = call(capsys, "grade", "embeddings")
    assert "4 of 4 submissions are graded already and unchanged" in out
    put("bob")
    code, out, _ = call(capsys, "grade", "embeddings", "--dry-run")
    assert "would change: bob: 3 → 6" in out
    assert "nothing was written" in out


def everything(folder: Path) -> dict[str, tuple[int, bytes]]:
    """All that is in a folder, hidden or not, with when it was changed."""
    return {
        str(path.relative_to(folder)): (
            path.lstat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in (folder, *folder.rglob("*"))
    }


def only_looked(folder: Path) -> str:
    """What a dry run says in a course, whose parent is its home and stays as it was."""
    environment = {**os.environ, "HOME": str(folder.parent), "PYTHONDONTWRITEBYTECODE": ""}
    environment.pop("AUTOGRADER_SECRET_FILE", None)
    before = everything(folder.parent)
    done = subprocess.run(
        [*COMMAND, "grade", "embeddings", "--jobs", "1", "--dry-run"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert everything(folder.parent) == before
    return done.stdout


@pytest.mark.slow
def test_a_dry_run_writes_nothing_at_all_in_a_fresh_clone(course_folder: Path, put: Put) -> None:
    put("ada")
    put("bob", functions=GONE)
    assert "graded now: 2" in only_looked(course_folder)


@pytest.mark.slow
def test_a_dry_run_writes_nothing_at_all_in_a_course_that_is_under_way(
    capsys: pytest.CaptureFixture[str], graded: Path, put: Put
) -> None:
    put("bob", functions=GONE)
    assert "graded now: 1" in only_looked(graded)
    before = everything(graded.parent)
    assert "graded now: 2" in call(capsys, "grade", "embeddings", "--dry-run", "--out", "../elsewhere")[1]
    assert everything(graded.parent) == before


def impossible(folder: Path) -> dict[str, str]:
    """Places that cannot be written in, with what is in their way."""
    (folder / "file").touch()
    (folder / "loop").symlink_to("loop")
    (folder / "dangling").symlink_to("nowhere")
    return {
        "file": "File exists", "file/below": "Not a directory", "/dev/null": "File exists", "x" * 300: "too long",
        "loop": "File exists", "dangling": "File exists",
    }  # fmt: skip


def test_a_folder_that_cannot_be_made_is_one_line_before_anything_is_graded(
    capsys: pytest.CaptureFixture[str], in_course: Path, put: Put
) -> None:
    put("ada")
    for place, told in impossible(in_course).items():
        code, out, err = call(capsys, "grade", "embeddings", "--jobs", "1", "--out", place)
        assert (code, out, err.count("\n")) == (2, "", 1), place
        assert told in err
        assert "--out" in err


@pytest.mark.parametrize(
    "names", [[], ["results"], ["gradebook-backups"], ["feedback"], ["report"], ["autograded"]]
)
def test_a_folder_that_is_read_only_is_one_line(
    capsys: pytest.CaptureFixture[str], graded: Path, put: Put, names: list[str]
) -> None:
    out = graded / "out"
    out.mkdir()
    if names:  # the first run made it, and since then somebody closed a part of it
        for made in ("results", "gradebook.db", "gradebook-backups", "feedback", "report", "autograded"):
            if (graded / made).exists():  # nothing is backed up before a second run
                (graded / made).rename(out / made)
    for place in [out] if not names else (out / name for name in names):
        place.mkdir(exist_ok=True)
        for folder in (place, *(path for path in place.rglob("*") if path.is_dir())):
            folder.chmod(0o500)
    put("ada", functions=GONE)
    with without_powers():
        code, _, err = call(capsys, "grade", "embeddings", "--jobs", "1", "--out", "out")
    assert code == (1 if names else 2)
    assert "Permission denied" in err or "cannot be written" in err or "no backup could be made" in err
    assert err.count("\n") <= 2, "where it is about the gradebook, a second says that the results are safe"
    for folder in (out, *(path for path in out.rglob("*") if path.is_dir())):
        folder.chmod(0o700)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("demo", "file/below"), "file/below: Not a directory: see to this path"),
        (("export", "csv", "--to", "file"), "file"),
    ],
)
def test_other_commands_say_in_one_line_what_cannot_be_written(
    capsys: pytest.CaptureFixture[str], graded: Path, arguments: tuple[str, ...], told: str
) -> None:
    (graded / "file").touch()
    code, _, err = call(capsys, *arguments)
    assert code in (1, 2)
    assert told in err
    assert err.count("\n") == 1


def test_release_says_in_one_line_what_cannot_be_written(
    capsys: pytest.CaptureFixture[str], small_course: Path
) -> None:
    (small_course / "assignments").touch()
    code, _, err = call(capsys, "release", "functions")
    assert code in (1, 2)
    assert "assignments: File exists: see to this path" in err
    assert err.count("\n") == 1


@pytest.mark.slow
def test_cells_that_hung_and_students_without_work_are_named(
    capsys: pytest.CaptureFixture[str], in_course: Path, put: Put
) -> None:
    hurry(in_course)
    path = put("quinn")
    notebook = json.loads(path.read_text())
    looping = {"cell_type": "code", "source": "while True:\n    pass", "metadata": {}, "outputs": []}
    notebook["cells"].insert(1, looping | {"execution_count": None})
    path.write_text(json.dumps(notebook))
    for number in range(12):
        (in_course / "submitted" / f"absent{number:02}").mkdir()
    code, out, _ = call(capsys, "grade", "embeddings", "--jobs", "1")
    assert code == 0
    assert "1 submission with a cell that hung or ended Python, which was left out: quinn\n" in out
    assert "12 students handed in nothing: absent00, absent01" in out
    assert "absent09 and 2 more" in out


def test_several_students_after_one_option(
    capsys: pytest.CaptureFixture[str], in_course: Path, put: Put
) -> None:
    for student in ("ada", "bob", "eve"):
        put(student)
    assert call(capsys, "grade", "embeddings", "--student", "ada", "eve", "--jobs", "1")[0] == 0
    assert [student for student, _ in results.every(in_course, "embeddings")] == ["ada", "eve"]
    code, out, _ = call(capsys, "grade", "--student", "eve", "embeddings")
    assert code == 0
    assert "1 of 1 submission is graded already and unchanged" in out
    code, _, err = call(capsys, "grade", "embeddings", "--student", "eva")
    assert code == 2
    assert "did you mean 'eve'?" in err


@pytest.mark.slow
def test_a_submission_that_we_could_not_grade_is_a_failure_of_the_run(
    capsys: pytest.CaptureFixture[str], in_course: Path, put: Put
) -> None:
    put("ada")
    grader = in_course / "solutions" / "embeddings" / "test_hidden.py"
    grader.write_text(grader.read_text().replace("attempt.arrays(", "1 / 0, attempt.arrays("))
    code, out, _ = call(capsys, "grade", "embeddings")
    assert code == 1
    assert "not-graded ada: GraderError" in out
    assert "ZeroDivisionError" in out
    (_, result), *_ = results.every(in_course, "embeddings")
    assert (result.status, result.score) == ("not-graded", None)


def test_a_gradebook_that_is_broken_is_a_failure_of_the_run(
    capsys: pytest.CaptureFixture[str], in_course: Path, put: Put
) -> None:
    put("ada")
    (in_course / "gradebook.db").write_text("no database")
    code, _, err = call(capsys, "grade", "embeddings")
    assert code == 1
    assert "gradebook:" in err
    assert "the results are safe" in err


def test_release_makes_the_students_version(capsys: pytest.CaptureFixture[str], small_course: Path) -> None:
    """That it is what was committed here, tests/authoring/test_release.py shows."""
    code, out, _ = call(capsys, "release", "functions")
    assert code == 0
    assert "assignments/functions" in out
    handout = small_course / "assignments" / "functions"
    assert {path.name for path in handout.iterdir()} == {
        "functions.ipynb", "checks.json", "test_functions.py",
    }  # fmt: skip
    released = (handout / "functions.ipynb").read_text()
    assert "raise NotImplementedError" in released
    assert "return function(function(value))" not in released


def test_check_says_whether_the_notebook_is_right(
    capsys: pytest.CaptureFixture[str], in_course: Path, put: Put
) -> None:
    notebook = in_course / "assignments" / "embeddings" / "embeddings.ipynb"
    notebook.write_bytes(put("ada").read_bytes())
    code, out, _ = call(capsys, "check", str(notebook))
    assert code == 0
    assert "All visible checks pass" in out
    notebook.write_bytes(
        put("ada", functions={"one_hot": "def one_hot(a, b):\n    return np.eye(3)"}).read_bytes()
    )
    code, out, _ = call(capsys, "check", str(notebook.parent))
    assert code == 1
    assert "one_hot" in out
    code, _, err = call(capsys, "check", str(in_course / "no.ipynb"))
    assert code == 2
    assert err.count("\n") == 1


@pytest.mark.slow
def test_check_gives_hints_one_by_one_where_the_course_does(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Checked once: which hint is asked for decides what is shown of it.
    monkeypatch.setattr(saved, "check_all", functools.cache(saved.check_all))
    notebook = str(by_rungs(solve("self-attention", tmp_path, softmax=STEP_BY_STEP)))
    first, second, third = (
        call(capsys, "check", notebook, *more)[1] for more in ([], ["--hint", "2"], ["--hint=3"])
    )
    assert "The rows do not add up as they should: look at line 5" in " ".join(first.split())
    assert "softmax.wrong-axis" not in first
    assert "--hint 2 names the cause, --hint 3 works the first wrong number out" in " ".join(first.split())
    assert "softmax.wrong-axis" in second
    assert "step by step: the right way" not in second
    assert "step by step: the right way" in third
    assert "--hint" not in third


def test_check_refuses_a_hint_that_there_is_not(capsys: pytest.CaptureFixture[str], in_course: Path) -> None:
    code, out, err = call(capsys, "check", "assignments/embeddings", "--hint", "9")
    assert (code, out) == (2, "")
    assert err.startswith("autograder: there is no hint 9: ")
    assert err.count("\n") == 1


def test_export_reads_the_gradebook(capsys: pytest.CaptureFixture[str], graded: Path) -> None:
    code, out, _ = call(capsys, "export", "csv")
    assert code == 0
    assert "exports/csv.csv" in out
    assert "embeddings,ada" in (graded / "exports" / "csv.csv").read_text()
    assert call(capsys, "export", "excel")[0] == 2


def test_without_a_gradebook_nothing_is_exported(
    capsys: pytest.CaptureFixture[str], in_course: Path, put: Put
) -> None:
    put("ada")
    assert call(capsys, "export", "csv")[0] == 2


def test_a_column_without_a_name(capsys: pytest.CaptureFixture[str], in_course: Path) -> None:
    code, _, err = call(capsys, "export", "canvas", "--column", "embeddings")
    assert code == 2
    assert "--column embeddings: expected UNIT=NAME" in err


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "the end of a service"])
def test_stopping_keeps_what_is_finished(
    capsys: pytest.CaptureFixture[str], in_course: Path, put: Put, number: signal.Signals
) -> None:
    """One that a script started in its background is stopped in tests/grading/test_arrivals.py."""
    without_limit(in_course)
    put("ada")
    put("slow", functions={"one_hot": "def one_hot(tokens, vocabulary):\n    while True: pass"})
    process = subprocess.Popen(
        [sys.executable, "-c", COUNTED, "grade", "embeddings", "--jobs", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    counted = in_course / "graded"
    wait_until(lambda: counted.exists() and "ada\n" in counted.read_text(), process)
    if number == signal.SIGINT:  # which a terminal sends to all processes
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    _, err = process.communicate()
    assert process.returncode == 130, err.decode()
    assert "what is finished is kept" in err.decode()
    assert "Traceback" not in err.decode()
    kept = [student for student, _ in results.every(in_course, "embeddings")]
    assert "ada" in kept
    code, out, _ = call(capsys, "grade", "embeddings", "--student", "ada")
    assert code == 0
    assert "1 of 1 submission is graded already" in out


@pytest.mark.slow
def test_watching_ones_own_notebook_ends_with_ctrl_c(course_folder: Path, put: Put) -> None:
    """As a script starts it in its background: deaf to Ctrl-C."""
    shutil.copy(put("ada"), course_folder / "assignments" / "embeddings" / "embeddings.ipynb")
    process = subprocess.Popen(
        [*DEAF_TO_CTRL_C, *COMMAND, "check", "assignments/embeddings", "--watch"],
        cwd=course_folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    while b"watching" not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert (process.returncode, err) == (0, b"")


@pytest.mark.slow
def test_watching_outlives_a_broken_notebook_tells_when_it_checked_and_ends_with_a_service(
    course_folder: Path, put: Put
) -> None:
    notebook = course_folder / "assignments" / "embeddings" / "embeddings.ipynb"
    notebook.write_text("{")
    process = subprocess.Popen(
        [*DEAF_TO_CTRL_C, *COMMAND, "check", "assignments/embeddings", "--watch"],
        cwd=course_folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "COLUMNS": "400"},
    )
    assert process.stdout is not None
    said: list[str] = []
    for mended in (False, True):
        while not re.search(
            r"checked at \d\d:\d\d:\d\d, watching .*: save it to check again", said[-1] if said else ""
        ):
            said.append(process.stdout.readline())
            assert process.poll() is None
        if not mended:
            assert any("embeddings.ipynb cannot be read: it is not JSON" in line for line in said)
            shutil.copy(put("ada"), notebook)
            said = []
    process.terminate()
    _, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    assert any("embeddings.ipynb" in line for line in said)
    assert not any("cannot be read" in line for line in said)


def test_a_broken_notebook_is_named_with_what_to_do(
    capsys: pytest.CaptureFixture[str], in_course: Path
) -> None:
    (in_course / "assignments/embeddings/embeddings.ipynb").write_text("{")
    code, _, err = call(capsys, "check", "assignments/embeddings")
    assert code == 1
    assert "embeddings.ipynb cannot be read: it is not JSON" in err
    assert "Open it in Jupyter and save it again" in err


def test_a_reader_that_leaves_early_is_no_traceback(graded: Path) -> None:
    shell = (
        f"{json.dumps(sys.executable)} -c 'from autograder.cli import main; main()' grade embeddings | true"
    )
    done = subprocess.run(["bash", "-c", shell], cwd=graded, capture_output=True, check=False)
    assert "Traceback" not in done.stderr.decode()


@pytest.mark.slow
def test_a_secret_that_was_lost_or_exchanged_is_noticed(
    capsys: pytest.CaptureFixture[str], graded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "note" not in call(capsys, "grade", "embeddings")[2]
    kept = (graded / "results/embeddings/ada.json").read_text()
    assert (graded / ".autograder-secret").read_text().strip() not in kept
    monkeypatch.setenv("AUTOGRADER_SECRET_FILE", str(graded / "other"))
    code, out, err = call(capsys, "grade", "embeddings")
    assert code == 0
    assert "is not the one that 1 results here were made with" in err
    assert "graded already" not in out


def test_doctor_names_the_parts_and_exits_by_what_they_give(capsys: pytest.CaptureFixture[str]) -> None:
    from autograder.sandbox import doctor

    examined = doctor.examine()
    code, out, _ = call(capsys, "doctor")
    assert code == (1 if examined.level == "none" else 0)
    assert f"isolation {examined.level}" in out
    for finding in examined.findings:
        assert finding.part in out
        assert finding.remedy in out


def test_verify_proves_the_graders_and_says_what_does_not_hold(
    capsys: pytest.CaptureFixture[str], small_course: Path
) -> None:
    """A real unit is proven in tests/authoring/test_verify.py."""
    unit = small_course / "solutions" / "functions"
    (unit / "examples").mkdir()
    (unit / "examples" / "apply_twice.py").write_text(f"# %% right in two lines\n{TWO_LINES}")
    code, out, _ = call(
        capsys, "verify", "functions", "--seeds", "0", "--mistakes", "1", "--json", "proofs.json"
    )
    assert code == 0, out
    # What is kept of it says each part as it ends, before the table.
    before, table = out.split("\n\n", 1)
    assert before.splitlines()[:4] == [
        "functions: it can be released",
        "functions: lesson ✓",
        "apply_twice: solution ✓",
        "apply_twice: documented ✓",
    ]
    assert before.splitlines()[-1] == "apply_twice: 1 machine-made mistake told"
    assert " apply_twice " in table
    assert "mutation score 100.0%" in out
    assert "Of 1 machine-made mistake, " in out
    assert json.loads((small_course / "proofs.json").read_text())["holds"] is True
    # A grader that lets a mistake pass is found out.
    lines = (unit / "inputs.py").read_text().splitlines(keepends=True)
    (unit / "inputs.py").write_text("".join(line for line in lines if "Case(" not in line or "words" in line))
    lazy = "def apply_twice(function, value):\n    return 4 * value\n"
    (unit / "examples" / "apply_twice.py").write_text(f"# %% apply_twice.of-words is none\n{lazy}")
    code, out, _ = call(capsys, "verify", "functions", "--seeds", "0", "--mistakes", "0")
    assert code == 1
    assert "machine-made" not in out
    assert "✗ example apply_twice" in out


@parts.BUBBLEWRAP.mark  # without, a run asks each time whether it can lock in better by now
def test_a_run_over_unchanged_work_loads_little(once_graded: tuple[Path, str], graded: Path) -> None:
    """What marks, explains and writes is imported where there is something to do: half of such a run would be that."""
    assert "jinja2" in once_graded[1]
    assert weighed(graded) == "loaded:"
