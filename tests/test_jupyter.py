"""A lesson in a real JupyterLab in Debian's Chromium: wrong, explained, put right, passed."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import parts
import pytest
from playwright.sync_api import Locator, Page
from ports import kept_port
from student import SOFTMAX, hand_out
from waiting import answers, wait_until

from autograder import unneeded

pytestmark = [pytest.mark.slow, parts.CHROMIUM.mark]
SERVER = f"""{unneeded.FIRST}
import sys
sys.path.append({str(Path(__file__).parent)!r})
from jupyterlab.labapp import main
from ports import kernels_keep_theirs
with kernels_keep_theirs():
    main()
"""
# What the instructor's tools add to each JupyterLab beside them; a student has it alone.
INSTRUCTORS = (
    *(
        f"nbgrader.server_extensions.{one}"
        for one in ("assignment_list", "course_list", "formgrader", "validate_assignment")
    ),
    "jupyterlab_jupytext",
)
WRONG_AXIS = """
def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=0)
"""


@pytest.fixture
def port() -> Iterator[int]:
    with kept_port() as port:
        yield port


@pytest.fixture
def lab(tmp_path: Path, port: int) -> Iterator[str]:
    """The address of a JupyterLab that serves a student's folder, on this machine alone."""
    hand_out("self-attention", tmp_path / "work")
    token = secrets.token_hex(16)
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": tmp_path / "work",
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "LabApp.extension_manager": "readonly",
        "LabApp.core_mode": True,
        "ServerApp.jpserver_extensions": dict.fromkeys(INSTRUCTORS, False),
    }
    folders = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR")
    environment = {name: str(tmp_path / name.lower()) for name in (*folders, "IPYTHONDIR")}
    quiet = (
        tmp_path / "jupyterlab_settings_dir/@jupyterlab/apputils-extension/notification.jupyterlab-settings"
    )
    quiet.parent.mkdir(parents=True)
    quiet.write_text('{"fetchNews": "false", "checkForUpdates": false}')
    log = (tmp_path / "jupyterlab.log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, *(f"--{name}={value}" for name, value in options.items())],
        env={**os.environ, **environment, "JUPYTER_TOKEN": token, "JUPYTER_PREFER_ENV_PATH": "0"},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/api/status?token={token}"), server)
        yield f"http://127.0.0.1:{port}/lab/tree/self-attention.ipynb?token={token}"
    finally:
        server.terminate()
        server.wait()
        log.close()


@pytest.fixture
def page(lab: str, open_page: Callable[..., Page]) -> Page:
    """The lesson, open in a browser and with a kernel that answers.

    A notebook without a kernel is shown as idle, and a cell that is run in it then is never run: the kernel's own word counts.
    """
    page = open_page(viewport={"width": 1280, "height": 1800})
    said: list[str | bytes] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: said.append(frame)))
    page.goto(lab)
    while not any(b"kernel_info_reply" in (one if isinstance(one, bytes) else one.encode()) for one in said):
        page.wait_for_timeout(50)
    page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    first = cell(page, "import numpy as np")
    run(page, first)
    first.locator(".jp-InputPrompt", has_text=re.compile(r"\[\d+\]")).wait_for()
    return page


def cell(page: Page, text: str) -> Locator:
    """The first code cell that holds this text."""
    return page.locator(".jp-CodeCell").filter(has_text=text).first


def run(page: Page, found: Locator, source: str | None = None) -> None:
    """Runs a cell, with other source where it is given."""
    found.scroll_into_view_if_needed()
    found.locator(".cm-content").click()
    if source is not None:
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(source.strip())
    page.keyboard.press("Control+Enter")


def test_wrong_then_explained_then_right(page: Page, tmp_path: Path) -> None:
    check = cell(page, "check(softmax)")
    run(page, cell(page, "def softmax(x):"), WRONG_AXIS)
    run(page, check)
    shown = check.locator(".autograder-check")
    shown.get_by_text("softmax.wrong-axis").wait_for()
    assert "The sum runs down the columns, not along the rows" in shown.inner_text()
    assert shown.locator("table").count() >= 2
    assert check.locator(".jp-OutputArea-child").count() == 1  # shown once
    assert "inside this kernel" not in shown.inner_text()
    assert shown.locator("td.wrong.first").count() == 1
    assert "Cell [0, 0], step by step" in shown.inner_text()
    check.screenshot(path=tmp_path / "wrong.png")

    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    colours = shown.locator(".bad").first.evaluate("element => getComputedStyle(element).color")
    page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    assert colours != shown.locator(".bad").first.evaluate("element => getComputedStyle(element).color")

    run(page, cell(page, "def softmax(x):"), SOFTMAX)
    run(page, check)
    shown.get_by_text("all 10 visible checks pass").wait_for()
    check.screenshot(path=tmp_path / "right.png")
