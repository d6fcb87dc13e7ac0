"""Takes the pictures of the docs anew: `python docs/pictures.py`. All are real; none is drawn by hand.

It needs the extras `dev` and `docs`, and Chromium.

Feedback page, class page, course page and formgrader come from a demo course that is graded in a temporary folder; the
self-checks from a copy of a released unit, in a terminal (Rich's own SVG) and in a real JupyterLab.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console

from autograder.drawing import arrows, flowchart, products
from autograder.selfcheck import saved, terminal

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
UNIT = "self-attention"
STUDENT = "ben"  # who forgot to divide by √d_k
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MOST_BYTES = 200_000
WRITTEN = {  # what the student of the self-checks has written so far
    "scaled_scores": "def scaled_scores(Query, Key):\n    return Query @ Key.T",
    "softmax": "def softmax(x):\n"
    "    e = np.exp(x - x.max(axis=-1, keepdims=True))\n"
    "    return e / e.sum(axis=-1, keepdims=True)",
}


def main() -> None:
    """Writes `docs/images/`."""
    IMAGES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="autograder-pictures-") as folder,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=_chromium(), args=FLAGS)
        course, unit = Path(folder) / "demo", Path(folder) / UNIT
        subprocess.run([_script("autograder"), "demo", str(course)], cwd=ROOT, check=True)
        shutil.copytree(ROOT / "assignments" / UNIT, unit)
        _solve(unit / f"{UNIT}.ipynb")
        _terminal(unit)
        _drawings(browser)
        _pages(browser, course)
        with _jupyter("lab", unit, Path(folder) / "lab") as address:
            _notebook(browser, address)
        with _jupyter("server", course, Path(folder) / "server") as address:
            _formgrader(browser, address, course)
        browser.close()


# ------------------------------------------------------------------------------------------------- the pictures


def _terminal(unit: Path) -> None:
    """`autograder check` as Rich draws it, without the font that its SVG would fetch from elsewhere."""
    console = Console(record=True, width=92, force_terminal=True, file=io.StringIO(), highlight=False)
    console.print(terminal.notebook(saved.check_notebook(unit)))
    drawn = console.export_svg(title=f"autograder check {UNIT}.ipynb", unique_id="check")
    drawn = re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)
    drawn = re.sub(r"<!--.*?-->\s*", "", drawn, flags=re.DOTALL).replace("Fira Code, monospace", "monospace")
    (IMAGES / "check-terminal.svg").write_text(drawn, encoding="utf-8")


def _drawings(browser: Browser) -> None:
    """What calls of `draw` show in a notebook, those that docs/author.md quotes."""
    tokens = ["very", "skilled", "tennis", "player", "Alcaraz"]
    weights = np.full((5, 5), 0.07)
    weights[2] = 0.09, 0.05, 0.06, 0.18, 0.62
    shown = (
        flowchart.flow(
            "Query, Key → scores: scaled_scores\nscores → weights: softmax\nweights, Value → output: weighted sum"
        ),
        products.product({"Query": (10, 6), "Keyᵀ": (6, 10)}, "scores", (6, 3)),
        arrows.arrows(tokens, weights, "tennis"),
    )
    page = _new_page(browser, width=860, height=300)
    page.set_content(
        '<body style="margin:16px;display:flex;gap:28px;align-items:center">'
        + "".join(picture.html for picture in shown)
    )
    _save(page, "drawings.png", height=300)
    page.close()


def _pages(browser: Browser, course: Path) -> None:
    """A student's feedback, the class at a glance and the course over all units, each from the top."""
    page = _new_page(browser, width=900)
    page.goto((course / "feedback" / STUDENT / UNIT / f"{UNIT}.html").as_uri())
    _save(page, "feedback.png", height=1492)
    page.goto((course / "report" / f"{UNIT}.html").as_uri())
    _save(page, "class.png", height=1440)
    page.goto((course / "report" / "course.html").as_uri())
    _save(page, "course.png", height=1300)
    page.close()


def _notebook(browser: Browser, address: str) -> None:
    """`check(scaled_scores)` in JupyterLab, once all cells have run."""
    page = _new_page(browser, width=1100, height=810)
    page.goto(f"{address}/doc/tree/{UNIT}.ipynb?token=t0ken")
    page.wait_for_selector("text='Python 3 (ipykernel) | Idle'")  # without a kernel, what is run is forgotten
    page.wait_for_timeout(1000)
    page.click(".lm-MenuBar-itemLabel:text-is('Run')")
    page.click("text=Run All Cells")
    for name in ("scaled_scores", "attend"):
        checked = page.locator(".jp-CodeCell", has_text=f"check({name})").first
        checked.locator(".autograder-check").wait_for(timeout=60_000)
    defining = page.locator(".jp-Cell", has_text="def scaled_scores(").first
    defining.evaluate("cell => cell.scrollIntoView({block: 'start'})")
    page.wait_for_timeout(500)
    _save(page, "check-notebook.png", left=33, height=810)
    page.close()


def _formgrader(browser: Browser, address: str, course: Path) -> None:
    """The submissions of a unit, and one of them opened at the comment on a function."""
    page = _new_page(browser, width=1100, height=900)
    page.goto(f"{address}/formgrader/manage_assignments?token=t0ken")  # leaves a cookie
    page.goto(f"{address}/formgrader/manage_submissions/{UNIT}")
    page.wait_for_selector(f"table tbody tr:has-text('{STUDENT}')")
    page.wait_for_timeout(500)
    _save(page, "formgrader-list.png", height=620)
    page.goto(f"{address}/formgrader/submissions/{_submission(course)}/")
    page.wait_for_selector("#scaled_scores-comment")
    page.wait_for_timeout(1500)
    page.locator(".nbgrader_cell", has_text="def scaled_scores(").first.evaluate(
        "cell => cell.scrollIntoView({block: 'start'})"
    )
    page.evaluate("window.scrollBy(0, -70)")
    page.wait_for_timeout(300)
    _save(page, "formgrader.png", height=900)
    page.close()


# --------------------------------------------------------------------------------------------- how it is done


def _solve(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in WRITTEN:
            cell["source"] = WRITTEN[name]
    path.write_text(json.dumps(notebook), encoding="utf-8")


def _submission(course: Path) -> str:
    """nbgrader's key of the student's notebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        return str(book.find_submission_notebook(UNIT, UNIT, STUDENT).id)


def _new_page(browser: Browser, width: int, height: int = 900) -> Page:
    page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=1.5)
    page.route(
        "**/*",
        lambda route: (
            route.continue_() if re.match(r"(file|http://127\.0\.0\.1)", route.request.url) else route.abort()
        ),
    )
    return page


def _save(page: Page, name: str, *, left: int = 0, top: int = 0, height: int) -> None:
    """What the page shows from `top` on, in few colours: a page of text needs no more."""
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": size["width"], "height": top + height})
    page.wait_for_timeout(300)
    raw = page.screenshot(clip={"x": left, "y": top, "width": size["width"] - 2 * left, "height": height})
    picture = Image.open(io.BytesIO(raw)).convert("RGB").quantize(96, dither=Image.Dither.NONE)
    picture.save(IMAGES / name, optimize=True)
    taken = (IMAGES / name).stat().st_size
    print(f"{name}: {taken // 1000} kB")
    if taken > MOST_BYTES:
        sys.exit(f"{name} takes {taken} bytes, {MOST_BYTES} are allowed")


@contextlib.contextmanager
def _jupyter(what: str, folder: Path, home: Path) -> Iterator[str]:
    """A Jupyter of its own for `folder`, on this machine alone."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
        "notebook-extension/tracker": {"windowingMode": "none"},
    }
    for name, content in settings.items():
        place = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(content), encoding="utf-8")
    environment = {
        **os.environ,
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    command = [
        *(sys.executable, "-m", "jupyter", what, "--no-browser", "--allow-root", "--ip=127.0.0.1"),
        *(f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=t0ken"),
        f"--ServerApp.root_dir={folder}",
        "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
    ]
    address = f"http://127.0.0.1:{port}"
    with (
        open(home / "log", "wb") as log,
        subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT
        ) as server,
    ):
        try:
            deadline = time.monotonic() + 60
            while True:
                try:
                    with urllib.request.urlopen(f"{address}/api/status?token=t0ken", timeout=2):
                        break
                except (urllib.error.URLError, OSError):
                    if time.monotonic() > deadline:
                        sys.exit((home / "log").read_text(encoding="utf-8"))
                    time.sleep(0.2)
            yield address
        finally:
            server.terminate()


def _script(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found is not None:
            return found
    sys.exit("no Chromium on this machine: apt-get install chromium")


if __name__ == "__main__":
    main()
