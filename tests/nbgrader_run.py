"""nbgrader's own commands, run in this process, as its own tests run them: each takes two seconds to start."""

from __future__ import annotations

import logging
import os
import shlex
import sys
import warnings
from io import StringIO
from pathlib import Path

import pytest

# What nbgrader asks for the layout of a gradebook that it makes; the real one, which starts in half the time.
_ALEMBIC = f"""#!/bin/sh
exec {shlex.quote(sys.executable)} -c '
from autograder import unneeded
unneeded.pass_over()
from alembic.config import main
main(prog="alembic")
' "$@"
"""


def at_home(root: Path, patch: pytest.MonkeyPatch) -> None:
    """Nothing of this machine's settings."""
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        patch.setenv(name, str(root / name))
    alembic = root / "bin" / "alembic"
    alembic.parent.mkdir(parents=True)
    alembic.write_text(_ALEMBIC)
    alembic.chmod(0o755)
    patch.setenv("PATH", f"{alembic.parent}{os.pathsep}{os.environ['PATH']}")
    patch.delenv("AUTOGRADER_SECRET_FILE", raising=False)


def nbgrader(folder: Path, *arguments: str) -> str:
    """Runs one of nbgrader's commands in `folder` and returns what it logs; fails where it fails."""
    from jupyter_core.application import NoStart
    from nbgrader.apps import NbGraderApp

    log, code = StringIO(), 0
    before = os.getcwd()
    os.chdir(folder)
    app = NbGraderApp.instance()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbgrader's own
            app.initialize(list(arguments))
            app.init_logging(logging.StreamHandler, [log], color=False, subapps=True)
            app.start()
    except NoStart:
        pass  # how a subcommand ends
    except SystemExit as end:
        code = end.code or 0
    finally:
        app.reset()
        NbGraderApp.clear_instance()
        os.chdir(before)
    assert code == 0, log.getvalue()
    return log.getvalue()
