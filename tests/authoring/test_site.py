"""The lessons as a folder for a browser: what is in it, and a student who works there in Debian's Chromium."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import re
import shutil
import tarfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import parts
import pytest
from repository import REPOSITORY
from student import SOFTMAX, WRONG_AXIS

from autograder.authoring import site, tab
from autograder.course import coursefile
from autograder.errors import AutograderError, CourseError

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

COURSE = coursefile.load(REPOSITORY / "course.toml")
PLACE = "any/path"  # below the server's root
LEFT_OUT = "multi-head"
UNITS = [unit for unit in COURSE.units if unit.name != LEFT_OUT]
UNIT = "self-attention"
MENDED = "e.sum(axis=-1, keepdims=True)"  # in the right function alone


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> site.Site:
    """A site of the course but for a unit, in the place of an earlier one."""
    folder = tmp_path_factory.mktemp("served") / PLACE
    (folder / "files" / LEFT_OUT).mkdir(parents=True)
    (folder / site.MARK).write_text("{}")
    (folder / "old.html").write_text("")
    return site.build(COURSE, folder, UNITS)


@pytest.fixture(scope="module")
def served(made: site.Site) -> Path:
    """A folder of a web server that holds it."""
    return made.folder.parents[PLACE.count("/")]


@pytest.fixture(scope="module")
def kit(served: Path) -> dict[str, bytes]:
    """What is packed for the browser's Python, by its place among the packages."""
    (packed,) = (served / PLACE).glob("extensions/**/attention-autograder-*.tar.gz")
    with tarfile.open(packed) as archive:
        opened = {member.name: archive.extractfile(member) for member in archive}
        return {
            name.partition("site-packages/")[2]: file.read()
            for name, file in opened.items()
            if file is not None
        }


def code(notebook: Path) -> list[object]:
    """All but the text between the cells of code."""
    return [cell for cell in json.loads(notebook.read_bytes())["cells"] if cell["cell_type"] != "markdown"]


@pytest.mark.slow
def test_it_holds_the_lessons_and_a_page_that_leads_to_them(served: Path) -> None:
    page = (served / PLACE / "index.html").read_text("utf-8")
    for unit in UNITS:
        lesson = served / PLACE / "files" / unit.name / f"{unit.name}.ipynb"
        assert code(lesson) == code(COURSE.released(unit.name))
        assert "install the kit" not in lesson.read_text("utf-8")
        assert "there is nothing to install" in lesson.read_text("utf-8")
        assert f'href="notebooks/index.html?path={unit.name}/{unit.name}.ipynb"' in page
        assert all(f"<code>{function.name}</code>" in page for function in unit.functions)
    assert "A private window forgets it" in page
    assert "Safari forgets it after a week" in page
    assert "a private window forgets it" in (served / PLACE / "files" / UNIT / f"{UNIT}.ipynb").read_text(
        "utf-8"
    )
    assert "http" not in page.replace('http-equiv="Content-Security-Policy"', "")


@pytest.mark.slow
def test_the_kernel_finds_the_kit_in_its_list_and_no_package_that_no_lesson_needs(served: Path) -> None:
    (listed,) = (served / PLACE).glob("extensions/**/empack_env_meta.json")
    names = {one["name"] for one in json.loads(listed.read_bytes())["packages"]}
    assert {"attention-autograder", "numpy", "ipython"} <= names
    assert not names & {"pip", "setuptools", "wheel"}
    assert not list(listed.parent.glob("pip-*"))


def test_what_ships_to_a_browser_ships_already(kit: dict[str, bytes]) -> None:
    """The kit's own files are the package's, which holds no answer, and the checks are the released ones."""
    own = {name: content for name, content in kit.items() if name.startswith("autograder/")}
    for name, content in own.items():
        if name.startswith("autograder/lessons/"):
            unit = Path(name).parent.name.partition(".")[2]
            assert content == COURSE.released(unit).with_name(Path(name).name).read_bytes()
        else:
            assert content == (REPOSITORY / name).read_bytes()
    assert sum(name.startswith("autograder/lessons/") for name in own) == len(UNITS)
    rooms = {name.split("/")[1] for name in own}
    assert {"selfcheck", "explaining", "drawing"} <= rooms
    assert not rooms & {"cli", "authoring", "lms", "grading", "gradebook", "pytest_plugin.py"}
    others = {re.split(r"[/-]", name)[0] for name in set(kit) - set(own)}
    assert others == {"jinja2", "markupsafe", "rich", "markdown_it", "markdown_it_py", "mdurl"}
    assert not [name for name in kit if name.endswith((".so", ".pyc"))]


def test_a_site_is_made_anew_and_nothing_else_is_replaced(made: site.Site, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    with pytest.raises(CourseError, match="is no site of lessons: name another folder"):
        site.build(COURSE, mine, COURSE.units)
    assert (mine / "thesis.txt").exists()
    assert made.units == tuple(unit.name for unit in UNITS)
    assert not (made.folder / "old.html").exists()
    assert not (made.folder / "files" / LEFT_OUT).exists()
    assert 20 < made.megabytes < 80


def test_a_unit_that_is_not_released_is_told(tmp_path: Path) -> None:
    course = replace(COURSE, root=tmp_path)
    with pytest.raises(CourseError, match="autograder release embeddings"):
        site.build(course, tmp_path / "web", [COURSE.unit("embeddings")])


def test_an_assignment_of_nbgraders_is_no_lesson(tmp_path: Path) -> None:
    adopted = replace(COURSE.unit("embeddings"), adopted=Path("source/ps1"))
    with pytest.raises(CourseError, match="'embeddings' is an assignment of nbgrader's"):
        site.build(COURSE, tmp_path / "web", [adopted])


def test_an_install_without_the_extra_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "KERNEL", "no-such-kernel")
    with pytest.raises(CourseError, match=r"pip install .*\[site\]"):
        site.build(COURSE, tmp_path / "web", COURSE.units)


@pytest.mark.slow
def test_what_jupyterlite_says_is_handed_on_where_it_fails(tmp_path: Path) -> None:
    with pytest.raises(AutograderError, match="JupyterLite could not make the pages"):
        site._jupyterlite(tmp_path, tmp_path / "no such extension")


# ------------------------------------------------------------------------------------------------ in a real browser


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Where the site in a folder is served meanwhile, on this machine alone."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/{PLACE}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def address(served: Path) -> Iterator[str]:
    """Where the site is served."""
    with serving(served) as address:
        yield address


def cell(page: Page, text: str) -> Locator:
    """The first code cell that holds this text."""
    return page.locator(".jp-CodeCell").filter(has_text=text).first


def put(page: Page, found: Locator, source: str) -> None:
    """Writes into a cell."""
    found.scroll_into_view_if_needed()
    found.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(source.strip())


def until(page: Page, asked: str, about: str | None = None) -> None:
    """Waits for a script that answers later to say yes: Playwright's own `wait_for_function` takes the promise for a yes."""
    while not page.evaluate(asked, about):
        page.wait_for_timeout(100)


@pytest.mark.slow
@parts.CHROMIUM.mark
def test_a_student_opens_runs_breaks_mends_and_comes_back(
    address: str, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page(viewport={"width": 1280, "height": 1000})
    elsewhere: list[str] = []
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith((address, "data:", "blob:")) else elsewhere.append(asked.url)
        ),
    )
    page.goto(address)
    page.screenshot(path=tmp_path / "start.png")
    page.get_by_role("link", name="Self-attention").first.click()
    written, check = cell(page, "def softmax(x):"), cell(page, "check(softmax)")
    written.wait_for()
    put(page, written, WRONG_AXIS)
    run_all_to(page, check)
    shown = check.locator(".autograder-check")
    shown.get_by_text("softmax.wrong-axis").wait_for()
    said = shown.inner_text()
    assert "The sum runs down the columns, not along the rows" in said
    assert "It happens in line 3 of the cell." in said
    assert "inside this kernel" not in said
    page.screenshot(path=tmp_path / "wrong.png")

    for source, due in (
        ("def softmax(x):\n    return softmax(x)", "It called itself again and again"),
        (SOFTMAX, "all 10 visible checks pass"),
    ):
        put(page, written, source)
        page.keyboard.press("Control+Enter")
        check.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        shown.get_by_text(due).wait_for()
    page.get_by_role("menuitem", name="File", exact=True).click()
    with page.expect_download() as handed_in:
        page.get_by_role("menuitem", name="Download", exact=True).click()
    assert handed_in.value.suggested_filename == f"{UNIT}_{UNIT}.ipynb"
    assert MENDED in handed_in.value.path().read_text("utf-8")

    # It is saved by itself; by what is new, as what was wrong may have been saved before.
    until(page, _SAVED, MENDED)
    page.reload()
    cell(page, MENDED).wait_for()
    assert "axis=0" not in cell(page, "def softmax(x):").inner_text()
    assert not elsewhere


@pytest.mark.slow
@parts.CHROMIUM.mark
def test_what_was_visited_once_opens_without_a_network_and_what_is_new_is_shown_at_once(
    served: Path, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    folder = shutil.copytree(served / PLACE, tmp_path / PLACE)
    page = open_page(color_scheme="dark")
    with serving(tmp_path) as address:
        page.goto(f"{address}notebooks/index.html?path={UNIT}/{UNIT}.ipynb")
        cell(page, "def softmax(x):").wait_for()
        assert page.locator("body").get_attribute("data-jp-theme-light") == "false"
        until(page, _ALL_KEPT)
        page.goto(address)
        start = folder / "index.html"
        start.write_text(start.read_text("utf-8").replace("How it works", "How it works now"), "utf-8")
        tab.list_kept(folder)
        page.goto(address)
        page.get_by_text("How it works now").wait_for()
    page.goto(address)
    page.get_by_role("link", name="Layers").click()
    page.get_by_role("heading", name="Layers: from attention to the next word").wait_for()


@pytest.mark.slow
@parts.CHROMIUM.mark
def test_what_a_browser_has_no_room_for_is_told_and_given_as_a_copy(
    address: str, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.goto(f"{address}notebooks/index.html?path={UNIT}/{UNIT}.ipynb")
    written = cell(page, "def softmax(x):")
    written.wait_for()
    put(page, written, SOFTMAX)
    page.evaluate(_NO_ROOM)
    page.keyboard.press("Control+S")
    told = page.get_by_role("alert")
    told.get_by_text("is not saved: this browser has no room for it").wait_for()
    with page.expect_download() as copied:
        told.get_by_role("button", name="Download").click()
    assert copied.value.suggested_filename == f"{UNIT}.ipynb"
    assert MENDED in copied.value.path().read_text("utf-8")


@pytest.mark.slow
@parts.CHROMIUM.mark
def test_a_browser_that_keeps_nothing_is_told_what_to_allow(
    address: str, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.add_init_script(
        "for (const one of ['indexedDB', 'localStorage']) Object.defineProperty(window, one, { value: undefined });"
    )
    page.route("**/bundle.js*", lambda asked: asked.abort())  # the lesson does not open without
    page.goto(f"{address}notebooks/index.html")
    page.get_by_role("alert").get_by_text("allow it to keep site data, or take another").wait_for()


# A browser without room for anything more.
_NO_ROOM = """
void (IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); })
"""

# Whether a browser keeps what is listed of the site, and the list.
_ALL_KEPT = """
async () => {
  const [name] = await caches.keys();
  const listed = Object.keys(await (await fetch("../kept.json")).json());
  return name !== undefined && (await (await caches.open(name)).keys()).length === listed.length + 1;
}
"""


def test_a_browser_asks_for_what_is_listed_and_for_no_icon_elsewhere(made: site.Site) -> None:
    """Each file of the site with its digest, but for licences and the like; and what begins each page is there."""
    listed = json.loads((made.folder / tab.LIST).read_bytes())
    for name, digest in listed.items():
        assert hashlib.sha256((made.folder / name).read_bytes()).hexdigest().startswith(digest)
    for unit in UNITS:
        assert f"files/{unit.name}/{unit.name}.ipynb" in listed
    assert {"index.html", "begin.js", "build/notebooks/bundle.js"} < set(listed)
    assert not set(listed) & {tab.LIST, "service-worker.js"}
    for page in ("lab", "notebooks", "tree"):
        text = (made.folder / page / "index.html").read_text("utf-8")
        for address in re.findall(r'(?:href|data-then)="([^"?]+)', text):
            assert (made.folder / page / address).is_file()
        assert 'href="../begin.js"' in text
        assert 'rel="icon"' in text


def test_a_page_that_does_not_say_what_it_begins_with_is_told(tmp_path: Path) -> None:
    (tmp_path / "lab").mkdir()
    (tmp_path / "jupyter-lite.json").write_text('{"jupyter-config-data": {}}')
    (tmp_path / "lab" / "index.html").write_text('<head><link id="jupyter-lite-main"></head>')
    with pytest.raises(AutograderError, match=r"index\.html in lab/ does not say what it begins with"):
        tab.settle(tmp_path, "A course")


# Whether a browser keeps a notebook that holds a text.
_SAVED = """
async text => {
  for (const known of await indexedDB.databases()) {
    const database = await new Promise((done, failed) => {
      const asked = indexedDB.open(known.name); asked.onsuccess = () => done(asked.result); asked.onerror = failed;
    });
    for (const store of database.objectStoreNames) {
      const all = await new Promise(done => {
        const asked = database.transaction(store).objectStore(store).getAll(); asked.onsuccess = () => done(asked.result);
      });
      if (JSON.stringify(all).includes(text)) return true;
    }
  }
  return false;
}
"""


def run_all_to(page: Page, last: Locator) -> None:
    """All cells up to this one, in order, by the menu: those above it, then itself."""
    last.locator(".cm-content").click()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Above Selected Cell", exact=True).click()
    last.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
