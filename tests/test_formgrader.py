"""Formgrader in a real browser, on what `bookkeeping.write` left: lists, one submission, a mark given by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import adopted_course
import parts
import pytest
from entered import FULL, PART, UNIT, UNIT_NAME, Entry, hand_in, report
from formgraders import TOKEN, formgrader
from nbgrader import api
from playwright.sync_api import Page
from released import answered, released

from autograder.course import coursefile
from autograder.gradebook import bookkeeping
from autograder.gradebook import released as releases
from autograder.grading import releases as grading_releases
from autograder.notebook import places
from autograder.notebook.places import HandedIn
from autograder.records import FunctionReport, Report

pytestmark = [pytest.mark.slow, parts.CHROMIUM.mark]
HOSTILE = (
    "The products **grow**. <script>window.hacked = 1</script> <img src=x onerror='window.hacked = 1'> "
    "[look](javascript:window.hacked=1) ![gone](attachment:gone.png)"
)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder with two graded submissions, one of them hostile."""
    root = tmp_path_factory.mktemp("formgrader")
    release = root / "assignments" / UNIT_NAME / f"{UNIT_NAME}.ipynb"
    release.parent.mkdir(parents=True)
    (root / "solutions" / UNIT_NAME).mkdir(parents=True)
    release.write_text(json.dumps(released()))
    (root / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        'c.CourseDirectory.source_directory = "solutions"\n'
        'c.CourseDirectory.release_directory = "assignments"\n'
    )
    hostile = answered(HOSTILE)
    for cell in hostile["cells"]:
        if cell["cell_type"] == "code":
            data = {"text/html": "<script>window.hacked = 1</script>"}
            cell["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": data}]
    hostile["cells"].append(
        {
            "cell_type": "raw",
            "metadata": {"raw_mimetype": "text/html"},
            "source": "<script>window.hacked = 1</script>",
        }
    )
    ada = hand_in(root, "ada", hostile, "2026-03-01 10:00:00.000000 UTC")
    bo = hand_in(root, "bo", answered("Because."))
    entries = [
        Entry(report("ada", PART), {UNIT.name: ada}, ada.parent),
        Entry(report("bo", FULL), {UNIT.name: bo}, bo.parent),
    ]
    bookkeeping.write(root, UNIT, entries, [releases.read(release)])
    _adopted(root)
    return root


def _adopted(root: Path) -> None:
    """An assignment that nbgrader made, in the same gradebook: one submission with full marks but for a test cell."""
    loaded = coursefile.load(adopted_course.course(root / "adopted") / "course.toml")
    unit = loaded.unit(adopted_course.UNIT)
    folder = adopted_course.hand_in(
        root, "ada", adopted_course.solved() | {"algebra/why": "Because of *outliers*."}
    )
    functions = tuple(
        FunctionReport(name, 0.0 if "hidden" in name else points, points, False, ())
        for name, points in adopted_course.POINTS.items()
    )
    ada = Report(unit.name, unit.title, "ada", "graded", 8.0, 9.0, functions, submission="one", adopted=True)
    notebooks = places.find_notebooks(HandedIn("ada", folder), unit)
    bookkeeping.write(root, unit, [Entry(ada, notebooks, folder)], grading_releases.read(loaded, unit))


@pytest.fixture(scope="module")
def address(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with formgrader(course, tmp_path_factory.mktemp("jupyter")) as found:
        yield found


@pytest.fixture
def page(address: str, open_page: Callable[..., Page]) -> Page:
    page = open_page(viewport={"width": 1200, "height": 900})
    page.route("**/*", lambda route: route.continue_() if address in route.request.url else route.abort())
    page.goto(f"{address}/formgrader/manage_assignments?token={TOKEN}")
    return page


def test_submissions_are_listed_one_is_opened_and_marked_by_hand(
    page: Page, address: str, course: Path
) -> None:
    page.goto(f"{address}/formgrader/manage_submissions/{UNIT_NAME}")
    page.wait_for_selector("table tbody tr:has-text('ada'):has-text('3.5 / 8')")
    page.wait_for_selector("table tbody tr:has-text('bo'):has-text('6 / 8')")
    with api.Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        ada = book.find_submission_notebook(UNIT_NAME, UNIT_NAME, "ada").id
    page.goto(f"{address}/formgrader/submissions/{ada}/")
    page.wait_for_function("document.getElementById('check-softmax').placeholder === '0.5'")
    assert page.evaluate("window.hacked") is None
    assert page.query_selector_all("a[href^='javascript:']") == []
    text = page.inner_text("#notebook-container")
    assert "def softmax(*arrays):" in text
    assert "softmax.wrong-axis" in text
    assert "<\u2060script>window.hacked = 1" in text
    comment = page.get_attribute("#softmax-comment", "placeholder") or ""
    assert "The sum runs along another axis (`softmax.wrong-axis`, line 4 of the cell)" in comment

    with page.expect_response(lambda response: response.request.method == "PUT") as saved:
        page.fill("#why-sqrt-d_k", "1.5")
        page.keyboard.press("Tab")
    assert saved.value.ok
    page.goto(f"{address}/formgrader/manage_submissions/{UNIT_NAME}")
    page.wait_for_selector("table tbody tr:has-text('ada'):has-text('5 / 8')")


def test_an_adopted_assignment_is_listed_and_each_of_its_notebooks_opened(
    page: Page, address: str, course: Path
) -> None:
    page.goto(f"{address}/formgrader/manage_submissions/{adopted_course.UNIT}")
    page.wait_for_selector("table tbody tr:has-text('ada'):has-text('8 / 16')")
    with api.Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        ids = {
            name: book.find_submission_notebook(name, adopted_course.UNIT, "ada").id
            for name in adopted_course.NOTEBOOKS
        }
    page.goto(f"{address}/formgrader/submissions/{ids['algebra']}/")
    page.wait_for_function("document.getElementById('squares-hidden').placeholder === '0'")
    assert "assert sum(squares(12)) == 650" in page.inner_text("#notebook-container")
    assert not page.get_attribute("#why", "placeholder"), "a person marks it"
    page.goto(f"{address}/formgrader/submissions/{ids['words']}/")
    page.wait_for_function("document.getElementById('stack-test').placeholder === '1'")
    with page.expect_response(lambda response: response.request.method == "PUT") as saved:
        page.fill("#essay", "3")
        page.keyboard.press("Tab")
    assert saved.value.ok
    page.goto(f"{address}/formgrader/manage_submissions/{adopted_course.UNIT}")
    page.wait_for_selector("table tbody tr:has-text('ada'):has-text('11 / 16')")


def test_a_regrade_keeps_the_mark(course: Path) -> None:
    release = course / "assignments" / UNIT_NAME / f"{UNIT_NAME}.ipynb"
    notebook = course / "submitted" / "ada" / UNIT_NAME / f"{UNIT_NAME}.ipynb"
    bookkeeping.write(
        course,
        UNIT,
        [Entry(report("ada", FULL, digest="two"), {UNIT.name: notebook}, notebook.parent)],
        [releases.read(release)],
    )
    with api.Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        submission = book.find_submission(UNIT_NAME, "ada")
        assert (submission.score, submission.needs_manual_grade) == (7.5, True)
