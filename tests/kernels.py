"""A student's kernel: a real IPython in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

IMPORTS = "import numpy as np\nfrom autograder import check"


class Kernel:
    """A real IPython in a process of its own, in a student's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.printed = ""  # what the last run showed, errors included

    def run(self, *cells: str, before: str = "") -> list[str]:
        """Runs cells as Jupyter does; what each has as its result, as text."""
        code = textwrap.dedent(
            f"""
            import json, sys
            {before}
            from IPython.core.interactiveshell import InteractiveShell
            shell = InteractiveShell.instance(colors="NoColor")
            said = []
            for cell in json.loads(sys.stdin.read()):
                result = shell.run_cell(cell, store_history=True)
                said.append(repr(result.result))
            sys.stderr.write(json.dumps(said))
            """
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=self.folder,
            input=json.dumps(cells),
            capture_output=True,
            text=True,
            env={**os.environ, "IPYTHONDIR": str(self.folder / "ipython")},
        )
        self.printed = done.stdout
        said: list[str] = json.loads(done.stderr.splitlines()[-1])
        return said
