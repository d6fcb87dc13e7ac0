"""What some tests need and `make` does not bring: looked for here alone, so that one line can say what was skipped."""

from __future__ import annotations

import re
import shutil
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.sandbox import doctor


@dataclass(frozen=True)
class Part:
    """Something of the system that tests need."""

    name: str  # one word
    here: bool
    package: str = ""  # that brings it
    remedy: str = ""  # the command that helps where a package does not

    @property
    def mark(self) -> pytest.MarkDecorator:
        """Skips a test where the part is missing."""
        return pytest.mark.skipif(not self.here, reason=self._reason)

    def require(self) -> None:
        """Skips from within a test or a fixture where the part is missing."""
        if not self.here:
            pytest.skip(self._reason)

    @property
    def _reason(self) -> str:
        return f"needs {self.name}, which does not work here"


_enclosing = doctor._bubblewrap()
_browser = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "no chromium"
)
LINUX = Part("Linux", sys.platform == "linux")
BUBBLEWRAP = Part(
    "bubblewrap",
    _enclosing.works,
    package="" if shutil.which("bwrap") else "bubblewrap",
    remedy=_enclosing.remedy or "autograder doctor",
)
POSTGRESQL = Part(
    "PostgreSQL",
    bool(shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))),
    package="postgresql",
)
CHROMIUM = Part("chromium", shutil.which(_browser) is not None, package="chromium")
PARTS = (LINUX, BUBBLEWRAP, CHROMIUM, POSTGRESQL)


def browser_path() -> str:
    """The browser's program; skips where there is none."""
    CHROMIUM.require()
    return _browser


def part_in(reason: str) -> str | None:
    """The name of the part for whose lack a test was skipped; None where the reason is another."""
    found = re.search(r"needs (\S+), which does not work here", reason)
    return found[1] if found else None


def in_a_line(skipped: Mapping[str, int]) -> str:
    """How many tests were skipped for want of which parts, and the command that brings them."""
    missing = [part for part in PARTS if skipped.get(part.name)]
    needs = [f"{skipped[part.name]} need {part.name}" for part in missing]
    packages = [part.package for part in missing if part.package]
    commands = [doctor.install(*packages)] if packages else []
    commands += [part.remedy for part in missing if part.remedy and not part.package]
    return f"Skipped tests: {', '.join(needs)}" + (f": {'; '.join(commands)}" if commands else "")


class Summary:
    """A plugin for pytest that says at the end, after pytest's own list, what was not run, and how it can be."""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> object:
        """Where all was run, nothing is said."""
        done = yield
        if terminalreporter.config.option.markexpr == "not slow":
            terminalreporter.write_line("The slow tests were left out: make test-slow", yellow=True)
        reasons = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
        skipped = Counter(filter(None, map(part_in, reasons)))
        if skipped:
            terminalreporter.write_line(in_a_line(skipped), yellow=True)
        return done
