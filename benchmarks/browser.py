"""What a student waits for and loads who opens a lesson in a browser, and whether all of the corpus is told as in a terminal.

    python benchmarks/browser.py              # seconds, CPU time and megabytes until the first check is shown, twice
    python benchmarks/browser.py --corpus 5   # so many programs of each function under a browser's limits; all without a number

The first builds the site, serves it on this machine and opens a lesson in Chromium; the second visit has what the browser
kept of the first. CPU time is that of the browser with all its processes, which other work on the machine changes
little; seconds are of use on a quiet machine alone.
"""

from __future__ import annotations

import argparse
import functools
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[1]
sys.path.insert(0, str(REPOSITORY / "tests"))

import browserlike  # noqa: E402  # of the tests: the same limits
import measure  # noqa: E402
import parts  # noqa: E402
import test_browser_limits as limits  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402
from student import WRONG_AXIS  # noqa: E402

from autograder.authoring import site  # noqa: E402

_LESSON = "notebooks/index.html?path=self-attention/self-attention.ipynb"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder, on this machine alone."""
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def visit(page: Page, address: str) -> str:
    """Opens the lesson, writes a wrong softmax and checks it; says when what was there."""
    loaded: list[int] = []
    page.on("response", lambda one: loaded.append(int(one.headers.get("content-length", 0))))
    began = time.perf_counter()
    page.goto(address + _LESSON)
    first = page.locator(".jp-CodeCell").nth(0)
    first.wait_for()
    opened = time.perf_counter() - began
    first.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(
        f"import numpy as np\nfrom autograder import check\n{WRONG_AXIS}\ncheck(softmax)"
    )
    page.keyboard.press("Control+Enter")
    first.locator(".autograder-check").get_by_text("softmax.wrong-axis").wait_for()
    shown = time.perf_counter() - began
    return f"lesson there after {opened:.1f} s, first check shown after {shown:.1f} s, {sum(loaded) / 1e6:.1f} MB asked for"


def visitor() -> None:
    """Measures two visits and prints them."""
    with tempfile.TemporaryDirectory() as folder:
        made = site.build(limits.COURSE, Path(folder) / "web", limits.COURSE.units)
        print(f"the site: {made.megabytes:.0f} MB")
        with served(made.folder) as address, sync_playwright() as playwright:
            options: dict[str, Any] = {
                "executable_path": parts.browser_path(),
                "args": ["--no-sandbox", "--disable-gpu"],
            }
            for which in ("first visit", "second visit"):
                with measure.counted() as spent:
                    context = playwright.chromium.launch_persistent_context(
                        Path(folder) / "profile", **options
                    )
                    page = context.new_page()
                    page.set_default_timeout(0)
                    said = visit(page, address)
                    context.close()
                print(f"{which}: {said}, {spent.cpu:.1f} s of CPU time")


def corpus(most: int | None) -> None:
    """Compares what is said, and prints how much of it was the same; exits 1 where something was not."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PYTHONHASHSEED"] = (
            "0"  # else a mistake that goes through a set differs from process to process
        )
        asked = list(limits.corpus(limits.handed_out(Path(folder)), most))
        there, here = limits.in_a_terminal(asked), browserlike.checked(asked)
        other = [one for one, told, also in zip(asked, there, here, strict=True) if told != also]
    for one in other:
        print(f"{one.function}, told otherwise:\n{one.cells}\n")
    print(f"{len(asked) - len(other)} of {len(asked)} programs are told in the same words")
    sys.exit(1 if other else 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--corpus", nargs="?", type=int, const=0, metavar="N", help="so many of each function; all without N"
    )
    given = parser.parse_args()
    if given.corpus is None:
        visitor()
    else:
        corpus(given.corpus or None)
