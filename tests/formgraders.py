"""Formgrader as an instructor has it: Jupyter Server with nbgrader's extension, on this machine alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ports import kept_port
from waiting import answers, wait_until

from autograder import unneeded

TOKEN = "t0ken"
SERVER = f"{unneeded.FIRST}; from jupyter_server.serverapp import main; main()"
# What else the server would load here, of which Formgrader asks nothing.
ASIDE = ("jupyterlab", "jupyterlab_jupytext", "jupyter_lsp", "notebook", "notebook_shim")


@contextmanager
def formgrader(course: Path, home: Path) -> Iterator[str]:
    """Serves a course folder; the address under which it answers. `home` is an empty folder for what Jupyter keeps."""
    with kept_port() as port, _served(port, course, home) as found:
        yield found


@contextmanager
def _served(port: int, course: Path, home: Path) -> Iterator[str]:
    environment = {
        **os.environ,
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    extensions = dict.fromkeys(ASIDE, False) | {"nbgrader.server_extensions.formgrader": True}
    command = [
        *(sys.executable, "-c", SERVER, "--no-browser", "--allow-root", "--ip=127.0.0.1"),
        *(f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}"),
        *(f"--ServerApp.root_dir={course}", f"--ServerApp.jpserver_extensions={extensions}"),
    ]
    with (
        open(home / "log", "wb") as log,
        subprocess.Popen(
            command, cwd=course, env=environment, stdout=log, stderr=subprocess.STDOUT
        ) as server,
    ):
        try:
            found = f"http://127.0.0.1:{port}"
            wait_until(lambda: answers(f"{found}/api/status?token={TOKEN}"), server)
            yield found
        finally:
            server.terminate()
