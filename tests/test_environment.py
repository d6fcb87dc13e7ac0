"""What `make` sets up before anything else, in small clones with whatever a machine has in store for them."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from repository import REPOSITORY
from waiting import wait_until

pytestmark = pytest.mark.slow

# As small as a package can be, with a command, whose first line names the folder that it was installed in. What builds
# it stands beside it: pip need not fetch and install that each time, and a test can hold it up.
PROJECT = """\
[build-system]
requires = []
build-backend = "builds"
backend-path = ["."]

[project]
name = "small"
version = "1"

[project.optional-dependencies]
instructor = ["iniconfig"]
dev = ["small[instructor]"]

[project.scripts]
where = "small:where"
"""
MODULE = "def where():\n    print(__file__)\n"
BUILDS = '''\
import time, zipfile
from pathlib import Path

INFO = "small-1.dist-info"
METADATA = """\
Metadata-Version: 2.1
Name: small
Version: 1
Provides-Extra: instructor
Provides-Extra: dev
Requires-Dist: iniconfig; extra == "instructor"
Requires-Dist: small[instructor]; extra == "dev"
"""


def build_editable(folder, config_settings=None, metadata_directory=None):
    while Path("hold").exists():
        time.sleep(0.02)
    files = {
        "small.pth": str(Path.cwd()),
        f"{INFO}/METADATA": METADATA,
        f"{INFO}/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        f"{INFO}/entry_points.txt": "[console_scripts]\\nwhere = small:where\\n",
    }
    files[f"{INFO}/RECORD"] = "".join(f"{name},,\\n" for name in [*files, f"{INFO}/RECORD"])
    with zipfile.ZipFile(Path(folder) / "small-1-py3-none-any.whl", "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
    return "small-1-py3-none-any.whl"
'''

THIS = "{}.{}".format(*sys.version_info)
VERSION = "from importlib.metadata import version; print(version('iniconfig'))"

# Of the make that runs these tests, which a make in a clone must not take for its own.
OF_MAKE = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "PYTHON", "VENV", "CONSTRAINTS")
# As on machines whose folders of packages are gone: pip warns of each for each package.
NOISY = {"PIP_EXTRA_INDEX_URL": "file:///no/such/folder file:///nor/this/one"}


def small_clone(parent: Path) -> Path:
    """A clone of a small package with this repository's Makefile, in a folder that is awkward to name."""
    folder = parent / "Übung 1, it's"
    folder.mkdir()
    shutil.copytree(REPOSITORY / "tools", folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Makefile", "constraints.txt"):
        shutil.copy(REPOSITORY / name, folder / name)
    (folder / "pyproject.toml").write_text(PROJECT, "utf-8")
    (folder / "small.py").write_text(MODULE, "utf-8")
    (folder / "builds.py").write_text(BUILDS, "utf-8")
    return folder


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Nothing is set up in it."""
    return small_clone(tmp_path)


@dataclass(frozen=True)
class Made:
    """A clone in which all is set up, and what was seen meanwhile. What a test breaks there, its make mends."""

    clone: Path
    code: int
    out: str
    log: str  # of pip
    installed: str  # the version of what is pinned to another


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The program that `make` calls, as a module: whatever it cannot use, it makes anew, as tests below see it do."""
    monkeypatch.syspath_prepend(str(REPOSITORY / "tools"))
    return importlib.import_module("environment")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """By a Python that is named, in a folder with spaces, and of the newest versions: pins are another's, which is older."""
    clone = small_clone(tmp_path_factory.mktemp("made"))
    (clone / "constraints.txt").write_text("iniconfig==2.0.0\n", "utf-8")
    python = clone / "my own python" / "bin" / "python3"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", python.parents[1]], check=True)
    code, out = make(clone, ".venv/dev", "CONSTRAINTS=--newest", f"PYTHON={python}")
    installed = asked(clone / ".venv", VERSION) if code == 0 else ""
    return Made(clone, code, out, (clone / ".venv/pip.log").read_text("utf-8"), installed)


@pytest.fixture
def ready(made: Made, tmp_path: Path) -> Path:
    """A clone in which all was set up, and for which other pins came since: make goes straight to pip."""
    folder = tmp_path / made.clone.name
    shutil.copytree(made.clone, folder, symlinks=True)
    (folder / ".venv/set-up.json").write_text(json.dumps(state(folder) | {"place": str(folder / ".venv")}))
    (folder / ".venv/pip.log").unlink()
    (folder / "constraints.txt").write_text("# other\n", "utf-8")
    return folder


def environment(**more: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in OF_MAKE} | NOISY | more


def start(clone: Path, *arguments: str, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["make", *arguments], cwd=clone, env=environment(**more), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # under nohup and in scripts it is ignored
    )  # fmt: skip


def make(clone: Path, *arguments: str, **more: str) -> tuple[int, str]:
    """The exit code, and all that a person sees."""
    with start(clone, *arguments, **more) as running:
        out, _ = running.communicate()
    return running.returncode, out


def works(clone: Path) -> bool:
    """Whether the installed command runs, and is the one of this clone."""
    out = subprocess.check_output([clone / ".venv/bin/where"], cwd="/", text=True)
    return Path(out.strip()) == clone / "small.py"


def state(clone: Path) -> dict[str, object]:
    read: dict[str, object] = json.loads((clone / ".venv/set-up.json").read_text("utf-8"))
    return read


def asked(folder: Path, code: str) -> str:
    """What the environment's Python prints."""
    return subprocess.check_output([folder / "bin/python", "-c", code], text=True).strip()


# ------------------------------------------------------------------------------------------------- what is seen


def test_set_up_is_quiet_and_says_how_far_it_is(made: Made) -> None:
    assert made.code == 0, made.out
    assert works(made.clone)
    first, *between, last = made.out.splitlines()
    assert first.startswith(f"Setting up .venv/ with Python {sys.version_info.major}.")
    assert any(re.match("  [012] of 2 packages installed, ", line) for line in between)
    assert last.startswith("Set up .venv/: 2 of 2 packages installed, ")
    assert "WARNING" in made.log
    for noise in ("WARNING", "\r", "\x1b"):
        assert noise not in made.out


def test_on_a_terminal_one_line_stays_in_its_place_and_what_someone_made_is_kept(ready: Path) -> None:
    (ready / ".venv/set-up.json").unlink()
    (ready / ".venv/mine").touch()
    for pattern in ("iniconfig*", "*small*"):
        for path in next((ready / ".venv/lib").glob("python3*/site-packages")).glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    ours, theirs = pty.openpty()
    command = [sys.executable, "tools/environment.py", ".venv", "dev"]
    with subprocess.Popen(
        command, cwd=ready, env=environment(TERM="xterm"), stdin=theirs, stdout=theirs, stderr=theirs
    ) as running:
        os.close(theirs)
        seen = b""
        with contextlib.suppress(OSError):  # so Linux says that the other side is closed
            while more := os.read(ours, 1 << 16):
                seen += more
    os.close(ours)
    assert running.returncode == 0, seen
    assert re.search(rb"\r\x1b\[K  [012] of 2 packages installed", seen)
    assert seen.decode().rstrip().rpartition("\x1b[K")[2].startswith("Set up .venv/: 2 of 2")
    assert seen.count(b"\n") == 2  # after the first line and the last
    assert works(ready)
    assert (ready / ".venv/mine").exists()


def test_where_pip_fails_it_is_heard(ready: Path) -> None:
    (ready / "constraints.txt").write_text("iniconfig==0.0.0.dev0\n", "utf-8")
    code, out = make(ready, ".venv/dev")
    assert code == 2
    assert "pip could not set up .venv/. It said:" in out
    assert "ERROR: Cannot install small" in out
    assert "iniconfig==0.0.0.dev0" in out
    assert "all that it said is in .venv/pip.log" in out
    assert "Traceback" not in out
    assert state(ready)["installed"] is None


# ------------------------------------------------------------------------------------------------ what goes wrong


def test_other_pins_are_installed_once_and_then_all_is_left_alone_and_in_silence(made: Made) -> None:
    code, out = make(made.clone, ".venv/dev")
    assert code == 0, out
    assert asked(made.clone / ".venv", VERSION) == "2.0.0"
    before = (made.clone / ".venv/pip.log").stat().st_mtime_ns
    assert make(made.clone, ".venv/dev", ".venv/instructor") == (0, "")  # dev holds the instructor's
    assert (made.clone / ".venv/pip.log").stat().st_mtime_ns == before


def usable(tool: Any, folder: Path, version: str | None = None) -> bool:
    result: bool = tool._can_be_used(tool.Wanted(folder, "dev", "constraints.txt", version, anew=False))
    return result


def test_an_environment_whose_python_is_gone_is_not_used(ready: Path, tool: Any) -> None:
    assert usable(tool, ready / ".venv")
    for link in (ready / ".venv/bin").glob("python*"):
        link.unlink()
        link.symlink_to("/no/longer/python3")
    assert not usable(tool, ready / ".venv")


def test_an_environment_of_another_version_is_not_used(ready: Path, tool: Any) -> None:
    library = next((ready / ".venv/lib").glob("python3*"))
    library.rename(
        library.with_name("python3.2")
    )  # as after an upgrade of the system: this Python finds no pip
    assert not usable(tool, ready / ".venv")


def test_a_clone_that_moved_is_as_one_whose_set_up_was_interrupted(ready: Path, tool: Any) -> None:
    assert set(tool._installed(ready / ".venv")) == {"dev", "instructor"}
    moved = ready.rename(ready.with_name("elsewhere"))
    assert tool._installed(moved / ".venv") is None


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_set_up_that_was_interrupted(ready: Path, how: signal.Signals) -> None:
    (ready / "hold").touch()
    with start(ready, ".venv/dev") as running:
        wait_until((ready / ".venv/pip.log").exists, running)  # pip runs
        os.killpg(running.pid, how)
        (ready / "hold").unlink()  # as what pip started is not always ended with it
        out, _ = running.communicate()
    assert running.returncode != 0
    assert "Traceback" not in out
    assert state(ready)["installed"] is None
    if how == signal.SIGKILL:  # whatever was left is not trusted
        (ready / ".venv/lib").rename(ready / ".venv/half")
        code, out = make(ready, ".venv/dev")
        assert code == 0, out
        assert works(ready)
        assert not (ready / ".venv/half").exists()


def test_two_makes_at_once(ready: Path) -> None:
    (ready / "hold").touch()
    with start(ready, ".venv/dev") as first:
        wait_until((ready / ".venv/pip.log").exists, first)  # the first has the lock
        with start(ready, ".venv/dev") as second:
            assert second.stdout is not None
            out = second.stdout.readline()
            (ready / "hold").unlink()
            out += second.communicate()[0]
        said, _ = first.communicate()
    assert (second.returncode, out) == (0, "Another make is setting up .venv/: waiting for it\n")
    assert first.returncode == 0, said
    assert works(ready)


# ------------------------------------------------------------------------------------------------ which Python


def test_a_python_that_is_named_may_hold_spaces_and_the_newest_heed_no_pins(made: Made) -> None:
    assert made.code == 0, made.out
    assert asked(made.clone / ".venv", "import sys; print('{}.{}'.format(*sys.version_info))") == THIS
    home = asked(made.clone / ".venv", "import sys; print(sys._base_executable)")
    assert Path(home).resolve() == Path(sys.executable).resolve()
    assert made.installed not in ("", "2.0.0")


def test_another_environment_than_the_usual_one_may_be_named(clone: Path) -> None:
    code, out = make(clone, "-n", ".venv-newest/instructor", "VENV=.venv-newest", "CONSTRAINTS=--newest")
    assert code == 0, out
    assert out.endswith("tools/environment.py  --newest .venv-newest instructor\n")


def test_a_python_that_is_named_must_be_the_environment_s(clone: Path) -> None:
    assert "--this-python" in make(clone, "-n", ".venv/dev", "PYTHON=python3")[1]
    assert "--this-python" not in make(clone, "-n", ".venv/dev")[1]


@pytest.mark.parametrize(("version", "used"), [(None, True), (THIS, True), ("3.2", False)])
def test_an_environment_of_another_version_than_the_named_one_is_not_used(
    version: str | None, used: bool, tool: Any
) -> None:
    assert usable(tool, Path(sys.prefix), version) is used


@pytest.mark.parametrize("python", ["/bin/false", "no-such-python"])
def test_a_python_that_is_none_or_too_old(clone: Path, python: str) -> None:
    code, out = make(clone, ".venv/dev", f"PYTHON={python}")
    assert code == 2
    assert out.splitlines()[0] == (
        f"Python 3.11 or newer is needed, and {python} is none: make PYTHON=/path/to/python3.11"
    )


def test_names_on_the_path_that_lead_nowhere_are_passed_over(clone: Path) -> None:
    shims = clone / "shims"
    shims.mkdir()
    for minor in (11, 12, 13, 14):
        (shims / f"python3.{minor}").write_text("#!/bin/sh\nexit 127\n")
        (shims / f"python3.{minor}").chmod(0o755)
    (shims / "python3").symlink_to(sys.executable)
    code, out = make(clone, "-n", ".venv/dev", PATH=f"{shims}:{os.environ['PATH']}")
    assert code == 0, out
    assert out.startswith('python="python3";')


def test_a_python_that_cannot_make_environments_says_what_to_install(clone: Path) -> None:
    # As Debian's without python3-venv.
    code = (
        "import runpy, sys; sys.modules['ensurepip'] = None; "
        "sys.argv = ['tools/environment.py', '.venv', 'dev']; runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=clone,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "cannot make virtual environments" in done.stderr
    assert f"apt install python{THIS}-venv" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_venv_that_cannot_be_made_says_why(clone: Path) -> None:
    broken = clone / "broken"
    broken.mkdir()
    (broken / "venv.py").write_text("import sys; sys.exit('no room')")
    done = subprocess.run(
        [sys.executable, "tools/environment.py", ".venv", "dev"], cwd=clone,
        env=environment(PYTHONPATH=str(broken)), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "no room" in done.stderr
    assert "could not make the virtual environment .venv/" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_cannot_be_written_says_so(clone: Path) -> None:
    (clone / ".venv").write_text("a file")
    code, out = make(clone, ".venv/dev")
    assert code == 2
    assert out.startswith(".venv/ cannot be set up: ")
    assert "Traceback" not in out


def test_compiled_code_is_kept_even_where_the_surroundings_ask_for_none(clone: Path) -> None:
    """Each of thousands of processes would compile the whole package anew."""
    asked = "--eval=seen:\n\t@echo kept=[$$PYTHONDONTWRITEBYTECODE]"
    assert make(clone, asked, "seen", PYTHONDONTWRITEBYTECODE="1") == (0, "kept=[]\n")
