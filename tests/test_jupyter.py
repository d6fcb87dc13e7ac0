"""A lesson in a real JupyterLab in Debian's Chromium: wrong, explained, put right, passed."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from student import SOFTMAX, hand_out

pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")
playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

CHROMIUM = shutil.which("chromium")
# pytest turns warnings into errors; some of JupyterLab's own parts deprecate each other.
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WRONG_AXIS = """
def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=0)
"""
SECONDS = 60.0


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """The address of a JupyterLab that serves a student's folder, on this machine alone."""
    hand_out("self-attention", tmp_path / "work")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": tmp_path / "work",
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "LabApp.extension_manager": "readonly",
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
        [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())],
        env={**os.environ, **environment, "JUPYTER_TOKEN": token, "JUPYTER_PREFER_ENV_PATH": "0"},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/api/status?token={token}", server, tmp_path / "jupyterlab.log")
        yield f"http://127.0.0.1:{port}/lab/tree/self-attention.ipynb?token={token}"
    finally:
        server.terminate()
        try:
            server.wait(timeout=15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.close()


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start: {log.read_text(errors='replace')[-2000:]}")


@pytest.fixture
def page(lab: str) -> Iterator[Any]:
    """The lesson, open in a browser and with its kernel idle."""
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 1800})
        page.set_default_timeout(20_000)
        page.goto(lab)
        page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
        page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
        yield page
        browser.close()


def cell(page: Any, text: str) -> Any:
    """The first code cell that holds this text."""
    return page.locator(".jp-CodeCell").filter(has_text=text).first


def run(page: Any, found: Any, source: str | None = None) -> None:
    """Runs a cell, with other source where it is given."""
    found.scroll_into_view_if_needed()
    found.locator(".cm-content").click()
    if source is not None:
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(source.strip())
    page.keyboard.press("Control+Enter")


def test_wrong_then_explained_then_right(page: Any, tmp_path: Path) -> None:
    run(page, cell(page, "import numpy as np"))
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
    shown.get_by_text("all 9 visible checks pass").wait_for()
    check.screenshot(path=tmp_path / "right.png")
