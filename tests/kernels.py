"""A student's kernel: a real IPython in a process of its own; as a program this forks them, see `forking`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import forking

IMPORTS = "import numpy as np\nfrom autograder import check"


class Kernel:
    """A real IPython in a process of its own, in a student's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.printed = ""  # what the last run showed, errors included

    def run(self, *cells: str, before: str = "") -> list[str]:
        """Runs cells as Jupyter does; what each has as its result, as text. Code `before` runs before all is loaded."""
        files = {name: str(self.folder.parent / f"{self.folder.name}.{name}") for name in ("printed", "said")}
        asked = {"folder": str(self.folder), "cells": cells, "environment": dict(os.environ), **files}
        assert forking.order(__file__, asked, before) == 0
        self.printed = Path(files["printed"]).read_text(encoding="utf-8")
        said: list[str] = json.loads(Path(files["said"]).read_text(encoding="utf-8"))
        return said


def _run(asked: dict[str, Any]) -> int:
    """Becomes a kernel in the process that was forked."""
    from IPython.core.interactiveshell import InteractiveShell

    environment = {**asked["environment"], "IPYTHONDIR": f"{asked['folder']}/ipython"}
    forking.settle(asked["folder"], environment, asked["printed"])
    sys.path[0] = ""  # as where a program is given by `-c`
    shell = InteractiveShell.instance(colors="NoColor")
    said = [repr(shell.run_cell(cell, store_history=True).result) for cell in asked["cells"]]
    Path(asked["said"]).write_text(json.dumps(said), encoding="utf-8")
    return 0


def _main(before: str) -> None:
    if before:
        exec(before)
    else:
        import IPython.core.interactiveshell  # noqa: F401

        from autograder.selfcheck import live  # noqa: F401

    forking.serve(_run)


if __name__ == "__main__":
    _main(sys.argv[1])
