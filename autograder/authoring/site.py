"""The lessons as a folder of static files that run in a browser: JupyterLite, Python for WebAssembly, and the kit.

JupyterLite makes the pages and carries the notebooks. Its Python kernel comes as packed environments, one for each
package, in a list that the browser reads at the start; the kit is one more of them, so that a notebook imports it like
any other package. What it needs besides NumPy is pure Python and is taken from this installation. Nothing of it asks any
server but the one that the folder lies on.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final
from urllib.parse import quote

from autograder import installed, unneeded
from autograder.authoring import tab
from autograder.course import installing
from autograder.errors import AutograderError, CourseError
from autograder.pages.start import Lesson, start_page
from autograder.records import Course, Unit
from autograder.selfcheck import checkfile
from autograder.version import __version__

KERNEL: Final = "jupyterlite-xeus-python"
MARK: Final = "autograder-site.json"  # by which a folder is known to be a site that may be made anew
_EXTENSION: Final = "@jupyterlite/xeus-python-kernel"
_LIST: Final = "empack_env_meta.json"
_PACKED: Final = f"{installed.DISTRIBUTION}-{__version__}"
# Rooms of instructors, and doors that need what a browser has not.
_STAYS: Final = frozenset(
    {"cli", "authoring", "lms", "grading", "gradebook", "__main__.py", "nbgrader_bridge.py", "pytest_plugin.py", "pytest_visible.py"}
)  # fmt: skip
_PURE: Final = ("jinja2", "markupsafe", "rich", "markdown-it-py", "mdurl")
# Of the kernel's own packages those that no lesson needs: what is not there is neither loaded nor unpacked.
_LEFT_OUT: Final = frozenset({"pip", "setuptools", "wheel"})
_NOT_CARRIED: Final = frozenset({".pyc", ".so", ".pyd", ".dylib", ".pyi", ".c", ".exe"})
_LOADED_FIRST: Final = "about 30 MB"


@dataclass(frozen=True)
class Site:
    """What was built."""

    folder: Path
    units: tuple[str, ...]
    megabytes: float


def build(course: Course, folder: Path, units: Sequence[Unit]) -> Site:
    """Makes the site of these units' released lessons in `folder`, in place of one that is there.

    Raises CourseError where a unit is not released, the folder holds something else, or what makes the pages is not
    installed; AutograderError where it fails, with its own words.
    """
    kernel = _kernel()
    for unit in units:
        if unit.adopted is not None:
            raise CourseError(
                f"unit {unit.name!r} is an assignment of nbgrader's, whose test cells run on an instructor's machine: a site has lessons"
            )
        if not (course.released(unit.name)).is_file():
            raise CourseError(
                f"unit {unit.name!r} has no {course.released(unit.name)}: autograder release {unit.name}"
            )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())) and not (folder / MARK).is_file():
        raise CourseError(
            f"{folder} is there and is no site of lessons: name another folder, or move it away"
        )
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / "site"
        for unit in units:
            _carry(course.released(unit.name).parent, Path(scratch) / "content" / unit.name)
        _jupyterlite(Path(scratch), kernel)
        tab.settle(made, course.title)
        _pack_kit(made / "extensions" / _EXTENSION / "static", _checks(course, units))
        _first_page(made, course, units)
        (made / ".nojekyll").touch()  # else GitHub Pages would make pages of files of its own accord
        (made / MARK).write_text(
            json.dumps({"kit": __version__, "units": [unit.name for unit in units]}), "utf-8"
        )
        tab.list_kept(made)
        _replace(made, folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Site(folder, tuple(unit.name for unit in units), size / 1e6)


def _kernel() -> Path:
    """The folder of the kernel's extension; CourseError where it is not installed."""
    try:
        files = metadata.distribution(KERNEL).files or []
        metadata.distribution("jupyterlite-core")
    except metadata.PackageNotFoundError:
        raise CourseError(
            f"the site is made with {KERNEL}, which is not installed: {installed.with_extra('site')}"
        ) from None
    found = next(path for path in files if path.as_posix().endswith(f"{_EXTENSION}/package.json"))
    return Path(str(found.locate())).resolve().parent


def _carry(released: Path, to: Path) -> None:
    """A released folder as far as it serves in a browser: there is no pytest, and the checks go with the kit."""
    shutil.copytree(
        released, to, ignore=shutil.ignore_patterns(checkfile.FILE_NAME, "test_*.py", "__pycache__", ".*")
    )
    for path in to.glob("*.ipynb"):
        lesson = json.loads(path.read_bytes())
        for cell in lesson["cells"]:
            if cell["cell_type"] == "markdown":
                text = installing.in_a_browser("".join(cell["source"]))
                cell["source"] = text.splitlines(keepends=True)
        path.write_text(json.dumps(lesson, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _jupyterlite(scratch: Path, kernel: Path) -> None:
    """The pages, with this kernel and no other extension of this installation."""
    settings = {
        "contents": ["content"],
        "output_dir": "site",
        "apps": ["lab", "notebooks", "tree"],
        "no_unused_shared_packages": True,
        "no_sourcemaps": True,
        "ignore_sys_prefix": ["federated_extensions"],
        "federated_extensions": [str(kernel)],
        # The kernel's own step would make another environment, which takes a network and a package manager.
        "disable_addons": [KERNEL],
    }
    (scratch / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": settings}), "utf-8")
    command = [
        sys.executable, "-c", f"{unneeded.FIRST}; from jupyterlite_core.app import main; main()", "build",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, check=False)
    if done.returncode != 0 or not (scratch / "site" / "extensions" / _EXTENSION).is_dir():
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-5:])
        raise AutograderError(f"JupyterLite could not make the pages. It said: {said}")


def _checks(course: Course, units: Sequence[Unit]) -> Iterator[tuple[str, Path]]:
    """The visible checks of each unit that has some, with where the kit looks for them."""
    for number, unit in enumerate(units):
        path = course.released(unit.name).with_name(checkfile.FILE_NAME)
        if path.is_file():
            yield f"autograder/{checkfile.LESSONS.name}/{number:03}.{unit.name}/{checkfile.FILE_NAME}", path


def _pack_kit(static: Path, checks: Iterable[tuple[str, Path]]) -> None:
    """The kit, what it needs and the checks as one more of the kernel's packages; those that no lesson needs go."""
    listed = json.loads((static / _LIST).read_text("utf-8"))
    left_out = [one for one in listed["packages"] if one["name"] in _LEFT_OUT]
    for one in left_out:
        listed["packages"].remove(one)
        (static / one["filename"]).unlink()
    python = next(one["version"] for one in listed["packages"] if one["name"] == "python")
    site_packages = f"lib/python{'.'.join(python.split('.')[:2])}/site-packages"
    with tarfile.open(static / f"{_PACKED}.tar.gz", "w:gz") as archive:
        for name, path in (*_to_pack(), *checks):
            archive.add(path, f"{site_packages}/{name}", filter=_nobody)
    named = {"name": installed.DISTRIBUTION, "version": __version__, "build": "0"}
    listed["packages"].append({**named, "filename_stem": _PACKED, "filename": f"{_PACKED}.tar.gz"})
    (static / _LIST).write_text(json.dumps(listed, indent=1), "utf-8")


def _to_pack() -> Iterator[tuple[str, Path]]:
    """The files that go among a browser's packages, each with its place there."""
    found = importlib.util.find_spec("autograder")
    assert found is not None
    assert found.origin is not None
    package = Path(found.origin).parent
    for path in sorted(package.rglob("*")):
        place = path.relative_to(package)
        if path.is_file() and place.parts[0] not in _STAYS and path.suffix not in _NOT_CARRIED:
            yield f"autograder/{place.as_posix()}", path
    for name in _PURE:
        for one in metadata.distribution(name).files or []:
            path = Path(str(one.locate()))
            if ".." not in one.parts and path.suffix not in _NOT_CARRIED and path.is_file():
                yield one.as_posix(), path


def _nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """An entry without who built it and when, so that the same kit gives the same file."""
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o644
    return entry


def _first_page(made: Path, course: Course, units: Sequence[Unit]) -> None:
    lessons = [
        Lesson(
            unit.title,
            tuple(function.name for function in unit.functions),
            f"notebooks/index.html?path={quote(f'{unit.name}/{unit.name}.ipynb')}",
        )
        for unit in units
    ]
    page = start_page(course.title, lessons, everything="tree/index.html", first=_LOADED_FIRST)
    (made / "index.html").write_text(page, "utf-8")


def _replace(made: Path, folder: Path) -> None:
    """Puts what was made in its place; what was there goes first when all else is done."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(beside, ignore_errors=True)
    shutil.move(made, beside)
    if folder.exists():
        shutil.rmtree(folder)
    beside.replace(folder)
