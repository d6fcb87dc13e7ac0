"""How the pages of a site behave in a browser's tab: their settings, what runs before JupyterLab, and what is kept there.

JupyterLite makes the pages for a server that is there. Students' tabs are ended, darkened and cut off from the network: work is
saved by itself, the system's dark ground is followed, and a site that was visited once opens without a network.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Final

from autograder.errors import AutograderError

LIST: Final = "kept.json"  # what the browser keeps: each file of the site, with a digest of its content
_WORKER: Final = "service-worker.js"  # by JupyterLite's own name, by which its pages ask for it
_BEGIN: Final = "begin.js"
_TEMPLATES: Final = Path(__file__).parent / "templates"
_SETTINGS: Final = {
    # JupyterLite has the command for what is open, and no menu that leads to it.
    "@jupyterlab/mainmenu-extension:plugin": {
        "menus": [{"id": "jp-mainmenu-file", "items": [{"command": "docmanager:download", "rank": 4}]}]
    },
    # Seconds. It is into the browser itself, and costs no server anything.
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 5},
}
_APPLICATION: Final = re.compile(r'(id="jupyter-lite-main"\s+rel="preload"\s+)href="([^"]+)"')
_HEAD: Final = "</head>"
# Licences and fonts in a form that no browser of today asks for, and the browser's own affair.
_NOT_KEPT: Final = re.compile(
    r"doc/.*|.*\.LICENSE\.txt|.*third-party-licenses\.json|build/fa-[^/]*\.svg|service-worker\.js"
)


def settle(made: Path, title: str) -> None:
    """Gives the pages in `made` their settings, and what runs in them before JupyterLab.

    Raises AutograderError where a page does not name what begins it.
    """
    path = made / "jupyter-lite.json"
    known = json.loads(path.read_text("utf-8"))
    settings = known["jupyter-config-data"]
    settings["appName"] = title
    settings["settingsOverrides"] = _SETTINGS
    settings["exposeAppInBrowser"] = True  # begin.js saves through it
    path.write_text(json.dumps(known, indent=1), "utf-8")
    for name in (_WORKER, _BEGIN):
        (made / name).write_bytes((_TEMPLATES / name).read_bytes())
    for page in sorted(made.glob("*/**/index.html")):
        _begin(page, "../" * (len(page.relative_to(made).parts) - 1))


def _begin(page: Path, root: str) -> None:
    """Puts begin.js before what a page begins with, and names its icon, for which a browser else asks elsewhere."""
    text = page.read_text("utf-8")
    if 'id="jupyter-lite-main"' not in text:
        return  # it leads on to another
    put, count = _APPLICATION.subn(rf'\1href="{root}{_BEGIN}" data-then="\2"', text)
    if count != 1:
        raise AutograderError(
            f"JupyterLite's {page.name} in {page.parent.name}/ does not say what it begins with"
        )
    icon = f'<link rel="icon" type="image/x-icon" href="{root}lab/favicon.ico" />\n  '
    page.write_text(put.replace(_HEAD, icon + _HEAD, 1), "utf-8")


def list_kept(made: Path) -> None:
    """Writes the list of what a browser keeps of the whole site in `made`, when all else of it is there."""
    names = sorted(path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file())
    kept = {
        name: hashlib.sha256((made / name).read_bytes()).hexdigest()[:16]
        for name in names
        if not name.startswith(".") and not _NOT_KEPT.fullmatch(name)
    }
    (made / LIST).write_text(json.dumps(kept, indent=0), "utf-8")
