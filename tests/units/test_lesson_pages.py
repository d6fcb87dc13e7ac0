"""A solved lesson as a page: images have words, headings come in order, tables have headings, and all can be read."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable

import jupytext
import nbformat
import parts
import pytest
from made_once import once
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from playwright.sync_api import Page
from ports import kernels_keep_theirs
from readers import badly_built, hard_to_read
from repository import REPOSITORY
from waiting import FOREVER

pytestmark = [pytest.mark.slow, parts.CHROMIUM.mark]
UNIT = "self-attention"
# What the lesson itself may not draw.
MORE = """
from autograder import draw
draw.heat_map(tokens, tokens, {"Scores": scaled_scores(Query, Key)})
draw.strips({"tennis": Query[6], "player": Query[7]}, "Queries")
draw.strips({"wave": np.sin(np.arange(40))})
draw.query_key_value(tokens, Query, Key, Value, who="tennis")
weights = softmax(scaled_scores(Query, Key))
draw.arrows(tokens, weights)
draw.arrows(tokens, weights, who="tennis", title="Who tennis looks at")
draw.heads(tokens, {"Head 0": weights, "Head 1": weights[::-1]})
draw.product({"Query": (10, 6), "Keyᵀ": (6, 10)}, "scores", cell=(6, 3))
draw.multiples({"as they are": weights, "of tennis": weights[6]}, tokens, "Small multiples")
draw.flow("Query, Key → scores: scaled_scores\\nscores → weights: softmax")
check(softmax)
"""
# How nbconvert frames a notebook, and colours its code and links, is its own affair.
ITS_OWN = (
    "landmark-one-main",
    "region",
    "bypass",
    "landmark-complementary-is-top-level",
    "link-in-text-block",
)


# Asked for before a browser, which keeps an event loop running.
@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    """The lesson with its solutions, run, and every other picture that there is below it."""

    def run() -> nbformat.NotebookNode:
        notebook = jupytext.read(REPOSITORY / "solutions" / UNIT / f"{UNIT}.py")
        notebook.cells.append(nbformat.v4.new_code_cell(MORE))
        # Guesses are kept beside the notebook.
        folder = tmp_path_factory.mktemp("handed-out") / UNIT
        shutil.copytree(REPOSITORY / "assignments" / UNIT, folder, ignore=shutil.ignore_patterns(".*"))
        where = {"metadata": {"path": str(folder)}}
        limits = dict.fromkeys(("timeout", "startup_timeout", "iopub_timeout"), FOREVER)
        client = NotebookClient(notebook, **limits, resources=where)
        with kernels_keep_theirs():
            return asyncio.run(client.async_execute())

    return once(tmp_path_factory, "lesson-as-a-page", run)


@pytest.fixture
def opened(executed: nbformat.NotebookNode, open_page: Callable[..., Page]) -> Callable[[str], Page]:
    """Opens the lesson as nbconvert makes a page of it, in one theme, with all answers folded out."""

    def one(theme: str) -> Page:
        html, _ = HTMLExporter(theme=theme, template_name="lab").from_notebook_node(executed)
        page = open_page(viewport={"width": 1000, "height": 900})
        page.route("**/*", lambda route: route.abort())  # formulas and fonts from elsewhere
        page.set_content(html)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        return page

    return one


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_solved_lesson_is_well_built_and_what_the_kit_shows_can_be_read(
    opened: Callable[[str], Page], theme: str
) -> None:
    """In the dark, what can be otherwise: colours."""
    page = opened(theme)
    assert page.locator(".autograder-drawing svg[role=img]").count() >= 11
    if theme == "light":
        assert badly_built(page, *ITS_OWN) == []
    assert hard_to_read(page, within=":is(.autograder-drawing, .autograder-check) *") == []
