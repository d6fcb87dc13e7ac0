"""An instructor's course from an empty folder to marks in every LMS, as docs/instructor.md goes through it.

A roster of 30 invented students in two sections, five in each of six systems, of whom four hand in; all of it is graded,
marked, returned and exported by the commands that the page names.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import parts
import pytest
from archived import row, worksheet, zipped
from calling import call
from formgraders import TOKEN, formgrader
from nbgrader import api
from playwright.sync_api import Page
from repository import REPOSITORY
from student import RIGHT

from autograder.course import solution

pytestmark = pytest.mark.slow

UNIT = "embeddings"
EACH = 5  # students of a system
FILE = "_assignsubmission_file_"
WRONG = "def project_qkv(embeddings, W_Q, W_K, W_V):\n    return embeddings @ W_Q, embeddings @ W_K, embeddings @ W_Q"
TERMS = """
install = "pip install https://example.org/attention_autograder-1.0-py3-none-any.whl"
roster = "roster.csv"
timezone = "Europe/Zurich"

[late]
per_day = 0.1

[limits]"""
SYSTEMS = ("canvas", "moodle", "gradescope", "blackboard", "ilias", "plain")
RUN: list[tuple[str, ...]] = []  # what the tour has run
FORGOT = 4  # of the five of each system: who hands in nothing
LATE = 3  # and who hands in a day late


@dataclass(frozen=True)
class Person:
    """One of the 30, with what the systems know."""

    number: int

    @property
    def id(self) -> str:
        return f"st{self.number:03}"

    @property
    def first(self) -> str:
        return ("Ada", "Bo", "Chloé", "Dmitri", "Eun-ji", "Fatima")[self.number % 6]

    @property
    def last(self) -> str:
        return f"{('Abel', 'Bose', 'Curie', 'Dirac', 'Euler')[self.number % 5]}{chr(97 + self.number // 26)}{chr(97 + self.number % 26)}"

    @property
    def system(self) -> str:
        return SYSTEMS[self.number // EACH]

    @property
    def place(self) -> int:
        """Which of the five of the system."""
        return self.number % EACH

    @property
    def line(self) -> str:
        section = ("Monday", "Tuesday")[self.number % 2]
        return f"{self.id},{self.first},{self.last},{self.id}@example.org,{section},{5000 + self.number},login{self.number},m{self.number}"


CLASS = tuple(map(Person, range(len(SYSTEMS) * EACH)))
HEADER = "id,first_name,last_name,email,section,lms_user_id,lms_login_id,moodle_id"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the course will be, and a secret of its own."""
    root = tmp_path_factory.mktemp("tour")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AUTOGRADER_SECRET_FILE", raising=False)
        patch.chdir(root)
        yield root


@pytest.fixture
def course(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(home / "attention")
    return home / "attention"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs a command that must do its work; what it prints."""

    def run(*arguments: str) -> str:
        RUN.append(arguments)
        code, out, err = call(capsys, *arguments)
        assert code == 0, (arguments, out, err)
        return out + err

    return run


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


# ------------------------------------------------------------------------------------------------ the course begins


def test_1_a_course_is_made_from_a_clone_and_what_students_get(home: Path, run: Callable[..., str]) -> None:
    said = run("init", "attention", "--from", str(REPOSITORY))
    assert "autograder release" in said
    course = home / "attention"
    (course / "roster.csv").write_text("\n".join((HEADER, *(one.line for one in CLASS))) + "\n")
    text = (course / "course.toml").read_text().replace("\n[limits]", TERMS, 1)
    text = text.replace(f'name = "{UNIT}"\n', f'name = "{UNIT}"\ndue = 2021-03-01T12:00:00\n', 1)
    (course / "course.toml").write_text(text)


def test_2_it_goes_out_with_the_line_that_installs_the_kit(course: Path, run: Callable[..., str]) -> None:
    assert "not told how to install" not in run("release", UNIT)
    handout = course / "assignments" / UNIT
    assert "pip install https://example.org/attention" in (handout / f"{UNIT}.ipynb").read_text()
    assert {path.name for path in handout.iterdir()} == {
        "checks.json", f"{UNIT}.ipynb", f"test_{UNIT}.py",
    }  # fmt: skip


# ------------------------------------------------------------------------------------------- and its work comes back


def work(released: Mapping[str, Any], one: Person) -> bytes:
    """What somebody hands in: most is right, some is not, and everybody answers in words."""
    document = json.loads(json.dumps(released))
    for name, source in RIGHT[UNIT].items():
        solution.rewrite(document, name, WRONG if name == "project_qkv" and one.place % 4 == 0 else source)
    (answer,) = (
        cell
        for cell in document["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "why-dense"
    )
    answer["source"] = f"{one.first} says: a dense row holds what a word means."
    return json.dumps(document).encode()


def packed(system: str, own: list[Person], made: Mapping[str, bytes]) -> dict[str, bytes | str]:
    """A download of all of them, as this system lays it out."""
    files: dict[str, bytes | str] = {}
    slips = []
    for one in own:
        name, late, day = f"{one.last}{one.first}".lower(), one.place == LATE, 2 if one.place == LATE else 1
        files |= {
            "canvas": {f"{name}_{'LATE_' if late else ''}{5000 + one.number}_{900 + one.number}_work-1.ipynb": made[one.id]},
            "moodle": {f"{one.first} {one.last}_{700 + one.number}{FILE}/my work.ipynb": made[one.id]},
            "gradescope": {f"assignment_9_export/submission_{one.number}/{UNIT}.ipynb": made[one.id]},
            "blackboard": {
                f"HW_login{one.number}_attempt_2021-02-27-09-00-00_{UNIT}.ipynb": b"{}",  # an earlier attempt
                f"HW_login{one.number}_attempt_2021-03-0{day}-09-00-00_{UNIT}.ipynb": made[one.id],
            },
            "ilias": {
                f"HW/Submissions/{one.last}_{one.first}_login{one.number}_{8000 + one.number}/"
                f"{'Late Submission - ' if late else ''}{UNIT}.ipynb": made[one.id]
            },
            "plain": {f"{one.id}/{UNIT}/{UNIT}.ipynb": made[one.id]},
        }[system]  # fmt: skip
        slips.append(
            f'submission_{one.number}:\n  :submitters: [{{":name": "{one.first}", ":email": "{one.id}@example.org"}}]\n'
            f"  :created_at: 2021-03-0{day} 08:00:00 Z\n"
        )
    if system == "gradescope":
        files["assignment_9_export/submission_metadata.yml"] = "".join(slips)
    if system == "moodle":
        files["Grades-Attention-77.csv"] = worksheet(
            *(
                row(
                    700 + one.number, f"{one.first} {one.last}", f"m{one.number}", f"{one.id}@example.org",
                    f"Monday, 1 March 2021, {'11:00 PM' if one.place == LATE else '9:00 AM'}",
                )
                for one in CLASS if one.system == "moodle" and one.place != FORGOT
            )
        ).replace("100.00", "8.00")  # fmt: skip
    return files


@pytest.mark.parametrize("system", SYSTEMS)
def test_3_each_download_is_taken_in(course: Path, run: Callable[..., str], system: str) -> None:
    released = json.loads((course / "assignments" / UNIT / f"{UNIT}.ipynb").read_text())
    own = [one for one in CLASS if one.system == system and one.place != FORGOT]
    zipped(packed(system, own, {one.id: work(released, one) for one in own}), course.parent / f"{system}.zip")
    before = sorted(course.glob("submitted/*"))
    assert "nothing is written" in run("import", UNIT, f"../{system}.zip", "--dry-run")
    assert sorted(course.glob("submitted/*")) == before
    said = run("import", UNIT, f"../{system}.zip")
    assert f"✓ {len(own)} new" in said
    assert "not known whose" not in said
    assert {one.id for one in own} <= {path.name for path in course.glob("submitted/*")}
    assert f"· {len(own)} there already" in run("import", UNIT, f"../{system}.zip")


# --------------------------------------------------------------------------------------------------- it is graded


def test_4_who_may_have_more_time_and_who_need_not_do_it(course: Path, run: Callable[..., str]) -> None:
    (late,) = (one for one in CLASS if one.system == "blackboard" and one.place == LATE)
    (ill,) = (one for one in CLASS if one.system == "ilias" and one.place == FORGOT)
    assert "3 Mar 2021" in run("extend", UNIT, late.id, "--days", "2")
    assert ill.id in run("excuse", UNIT, ill.id, "--because", "ill, with a certificate")


def test_5_everybody_is_graded(course: Path, run: Callable[..., str]) -> None:
    run("grade", UNIT)
    results = {path.stem: json.loads(path.read_text()) for path in (course / "results" / UNIT).glob("*.json")}
    assert set(results) == {one.id for one in CLASS if one.place != FORGOT}
    for one in CLASS:
        if one.place != FORGOT:
            found = results[one.id]
            wrong = one.place % 4 == 0
            assert found["status"] == "graded"
            assert (found["score"] < found["max_score"]) == wrong
            ids = [diagnosis["id"] for function in found["functions"] for diagnosis in function["diagnoses"]]
            assert ids[:1] == (["project_qkv.reused-weights"] if wrong else [])
    late = next(one for one in CLASS if one.system == "gradescope" and one.place == LATE)
    page = (course / "feedback" / late.id / UNIT / f"{UNIT}.html").read_text()
    assert re.search(r"21 h(ours)? (and )?(0 min )?after Mon,? 1 Mar 2021,? (at )?12:00", page), page[:3000]
    report = (course / "report" / f"{UNIT}.html").read_text()
    assert "Tuesday" in report


@parts.CHROMIUM.mark
def test_6_words_are_marked_in_formgrader(
    course: Path, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    with api.Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        first = book.find_submission_notebook(UNIT, UNIT, "st000").id
    with formgrader(course, tmp_path) as address:
        page = open_page(viewport={"width": 1200, "height": 900})
        page.route("**/*", lambda route: route.continue_() if address in route.request.url else route.abort())
        page.goto(f"{address}/formgrader/manage_assignments?token={TOKEN}")
        page.goto(f"{address}/formgrader/submissions/{first}/")
        page.wait_for_function("document.getElementById('check-one_hot').placeholder === '3'")  # it hears
        with page.expect_response(lambda response: response.request.method == "PUT") as saved:
            page.fill("#why-dense", "1.5")
            page.keyboard.press("Tab")
        assert saved.value.ok


def test_7_the_class_page_follows(course: Path, run: Callable[..., str]) -> None:
    run("grade", UNIT)
    assert (course / "report" / f"{UNIT}.csv").exists()


# ------------------------------------------------------------------------------------------- pages and marks go back


def test_8_all_that_is_exported_agrees_to_the_point(course: Path, run: Callable[..., str]) -> None:
    run("export", "csv")
    for format in ("csv", "canvas", "moodle", "gradescope"):
        run("export", format, "--absent", "zero")
    run("return", UNIT, "--to", "moodle")
    run("return", UNIT, "--to", "canvas", "--column", "Embeddings (4711)")
    run("return", UNIT, "--to", "folder")
    exports = course / "exports"
    marks = {one["student_id"]: one["score"] for one in table(exports / "csv.csv")}
    assert set(marks) == {one.id for one in CLASS}
    with api.Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        known = {
            one.student.id: one.score - (one.late_submission_penalty or 0)
            for one in book.assignment_submissions(UNIT)
        }
    excused = {one.id for one in CLASS if one.system == "ilias" and one.place == FORGOT}
    for one in CLASS:
        if one.id in excused:
            assert marks[one.id] == ""
        elif one.place == FORGOT:
            assert marks[one.id] == "0"
        else:
            assert float(marks[one.id]) == pytest.approx(known[one.id])

    canvas = {one["ID"]: one["Embeddings"] for one in table(exports / "canvas.csv")}
    assert {one.id: canvas[str(5000 + one.number)] for one in CLASS} == marks | dict.fromkeys(excused, "EX")
    moodle = {one["ID number"]: one["Embeddings"] for one in table(exports / "moodle.csv")}
    assert {one.id: moodle[f"m{one.number}"] for one in CLASS} == marks
    scope = {
        path.parent.name: json.loads(path.read_text())["score"]
        for path in (exports / "gradescope" / UNIT).glob("*/results.json")
    }
    assert scope == {id: pytest.approx(float(mark)) for id, mark in marks.items() if id in known}
    sheet = {one["ID number"]: one["Grade"] for one in table(exports / "Grades-Attention-77.csv")}
    assert sheet == {
        f"m{one.number}": marks[one.id] for one in CLASS if one.system == "moodle" and one.place != FORGOT
    }
    for system in ("moodle", "canvas"):
        with zipfile.ZipFile(exports / f"{UNIT}-{system}-feedback.zip") as archive:
            assert len(archive.namelist()) == EACH - 1
    folder = exports / f"{UNIT}-feedback"
    assert {path.name for path in folder.iterdir() if path.is_dir()} == {
        one.id for one in CLASS if one.place != FORGOT
    }


# ------------------------------------------------------------------------------------------------ as the page says


def shape(words: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """A command line without what is one course's own: the command, its options and where pages go."""
    kept = [word for before, word in pairwise(words) if word.startswith("--") or before == "--to"]
    return words[0], tuple(kept)


def test_9_the_page_goes_the_same_way(home: Path, run: Callable[..., str]) -> None:
    """Every command of the tour in docs/instructor.md has been run, in the page's order of first steps."""
    run("doctor")
    text = (REPOSITORY / "docs" / "instructor.md").read_text()
    tour = text[text.index("\n## The tour\n") : text.index("\n### And when you need it\n")]
    lines = [line.partition("autograder ")[2] for line in tour.splitlines() if line.startswith("autograder ")]
    told = [shape(shlex.split(line)) for line in lines]
    done = [shape(arguments) for arguments in RUN]
    assert [one for one in told if one not in done] == []
    first = [
        done.index(one)
        for one in dict.fromkeys(told)
        if one[0] in ("init", "release", "import", "extend", "grade")
    ]
    assert first == sorted(first)
