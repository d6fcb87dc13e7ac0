"""nbgrader's own commands, run in this process, as its own tests run them: each takes two seconds to start."""

from __future__ import annotations

import json
import logging
import os
import sys
import warnings
from io import StringIO
from pathlib import Path

import pytest

# A kernel as Jupyter's own, without a debugger to load and a history to write.
_KERNEL = {
    "argv": [
        sys.executable, "-c",
        "import sys; sys.modules['debugpy'] = None; from ipykernel.kernelapp import launch_new_instance as run; run()",
        "-f", "{connection_file}", "--HistoryManager.enabled=False",
    ],
    "display_name": "Python 3 (ipykernel)",
    "language": "python",
}  # fmt: skip


def at_home(root: Path, patch: pytest.MonkeyPatch) -> None:
    """Nothing of this machine's settings."""
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_PATH"):
        patch.setenv(name, str(root / name))
    kernel = root / "JUPYTER_PATH" / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    kernel.write_text(json.dumps(_KERNEL), "utf-8")
    lay_out_here(patch)
    patch.delenv("AUTOGRADER_SECRET_FILE", raising=False)


def lay_out_here(patch: pytest.MonkeyPatch) -> None:
    """nbgrader has alembic name the layout of a gradebook that it makes in this process: another imports nbgrader again."""
    from alembic.script import ScriptDirectory
    from nbgrader import api
    from nbgrader.dbutil import ALEMBIC_DIR

    patch.setattr(api, "get_alembic_version", lambda: ScriptDirectory(ALEMBIC_DIR).get_current_head())


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
