"""What leaves the instructor's hands is built here and looked through: handouts and the package."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from email import message_from_bytes
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from repository import REPOSITORY

from autograder.authoring import release
from autograder.course import coursefile
from autograder.records import Course
from autograder.version import __version__

pytestmark = pytest.mark.slow

SECRET_FILES = sorted(
    {
        path.name
        for path in (REPOSITORY / "solutions").glob("*/*.py")
        if path.stem != path.parent.name  # the lesson
    }
)


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository as git has it, whatever is not committed here included."""
    folder = tmp_path_factory.mktemp("cloned") / "self-attention-by-hand"
    folder.mkdir()
    for name in ("autograder", "solutions", "tests"):
        ignored = shutil.ignore_patterns("__pycache__", "*.ipynb", ".ipynb_checkpoints")
        shutil.copytree(REPOSITORY / name, folder / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE", "course.toml", "nbgrader_config.py"):
        shutil.copy(REPOSITORY / name, folder / name)
    for arguments in (
        ["init", "--quiet"],
        ["add", "."],
        ["-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "--quiet", "--message", "All"],
    ):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    return folder


def pip(*arguments: str) -> None:
    """Pip, with what is here: it builds with this setuptools, and installs nothing that is needed besides."""
    more = ("--quiet", "--no-deps", "--no-build-isolation")
    subprocess.run([sys.executable, "-m", "pip", *arguments, *more], check=True)


@pytest.fixture(scope="session")
def wheel(clone: Path) -> Path:
    """The package as `pip install` gets it."""
    pip("wheel", "--wheel-dir", str(clone.parent), str(clone))
    return next(clone.parent.glob("*.whl"))


@pytest.fixture(scope="session")
def shipped(
    wheel: Path, handouts: Mapping[str, dict[str, bytes]], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, str]:
    """Everything that ships, by name, as text: the wheel, and units released anew."""
    files: dict[str, str] = {}
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            files[f"wheel/{name}"] = archive.read(name).decode("utf-8", "replace")
    root = tmp_path_factory.mktemp("released")
    ignored = shutil.ignore_patterns("__pycache__", "*.ipynb")
    shutil.copytree(REPOSITORY / "solutions", root / "solutions", ignore=ignored)
    for name in ("course.toml", "nbgrader_config.py"):
        shutil.copy(REPOSITORY / name, root / name)
    loaded = coursefile.load(root / "course.toml")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(release, "handout", lambda _course, unit, _tell: handouts[unit.name])
        made = release.release(loaded, loaded.units)
    for folder in made:
        for path in folder.rglob("*"):
            if path.is_file():
                files[f"{path.relative_to(root)}"] = path.read_text("utf-8")
    return files


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    package = {
        f"autograder/{path.relative_to(REPOSITORY / 'autograder').as_posix()}"
        for path in (REPOSITORY / "autograder").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if not name.endswith("/")}
    assert wheel.name == f"attention_autograder-{__version__}-py3-none-any.whl"
    about = f"attention_autograder-{__version__}.dist-info"
    assert {name for name in held if not name.startswith(f"{about}/")} == package
    assert f"{about}/licenses/LICENSE" in held


@cache
def flat(text: str) -> str:
    return re.sub(r"\s+", "", text)


def solution_lines() -> Iterator[tuple[str, str]]:
    """Each line between solution markers that is long enough to be no accident."""
    for path in sorted((REPOSITORY / "solutions").glob("*/*.py")):
        inside = False
        for line in path.read_text("utf-8").splitlines():
            if "### BEGIN SOLUTION" in line or "### END SOLUTION" in line:
                inside = "BEGIN" in line
            elif inside and len(flat(line)) >= 25:
                yield path.name, line


def secret_statements() -> Iterator[tuple[str, str]]:
    """Every statement of the secret modules that calculates, tests or draws, longer than an accident.

    What a misconception works out in the place of a step is one, too.
    """
    for name in SECRET_FILES:
        for path in sorted((REPOSITORY / "solutions").glob(f"*/{name}")):
            source = path.read_text("utf-8")
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Return | ast.Lambda | ast.For | ast.With):
                    text = flat(ast.get_source_segment(source, node) or "")
                    if len(text) >= 40:
                        yield f"{path.parent.name}/{name}", text
                elif isinstance(node, ast.Dict) and name.startswith("misconceptions"):
                    for value in node.values:
                        expression = (
                            flat(value.value)
                            if isinstance(value, ast.Constant) and isinstance(value.value, str)
                            else ""
                        )
                        if len(expression) >= 25:
                            yield f"{path.parent.name}/{name}", expression


def test_every_unit_and_the_package_were_looked_through(
    shipped: Mapping[str, str], own_course: Course
) -> None:
    for unit in own_course.units:
        assert f"assignments/{unit.name}/{unit.name}.ipynb" in shipped
        assert f"assignments/{unit.name}/checks.json" in shipped
    assert "wheel/autograder/grading/pipeline.py" in shipped
    assert "wheel/autograder/pages/templates/page.css" in shipped
    assert "wheel/autograder/authoring/templates/notebook.py.jinja" in shipped
    assert sum(1 for _ in solution_lines()) > 5
    assert sum(1 for _ in secret_statements()) > 100


def test_no_file_of_the_secret_kind_ships(shipped: Mapping[str, str]) -> None:
    for name in shipped:
        path = Path(name)
        assert path.name not in SECRET_FILES, name
        assert "solutions" not in path.parts, name
        assert "examples" not in path.parts, name
        assert "secret" not in path.suffix, name
        assert path.name in ("secret.py",) or "secret" not in path.name, name


def test_no_line_of_a_solution_ships(shipped: Mapping[str, str]) -> None:
    everything = {name: flat(text) for name, text in shipped.items()}
    for source, line in solution_lines():
        for name, text in everything.items():
            assert flat(line) not in text, f"{name} holds a line of {source}: {line.strip()}"


def test_a_solution_that_did_ship_would_be_found(solved: Mapping[str, dict[str, Any]]) -> None:
    everything = flat("".join("".join(cell["source"]) for one in solved.values() for cell in one["cells"]))
    assert all(flat(line) in everything for _, line in solution_lines())


def test_no_statement_of_the_secret_modules_ships(shipped: Mapping[str, str]) -> None:
    everything = {name: flat(text) for name, text in shipped.items()}
    for source, statement in secret_statements():
        for name, text in everything.items():
            assert statement not in text, f"{name} holds code of {source}: {statement}"


def test_no_secret_path_or_marker_ships(shipped: Mapping[str, str], tmp_path: Path) -> None:
    forbidden = [str(REPOSITORY), os.path.expanduser("~") + "/", "BEGIN HIDDEN TESTS", "BEGIN SOLUTION"]
    code_that_names_markers = {
        "wheel/autograder/authoring/converted.py",
        "wheel/autograder/authoring/markers.py",
        "wheel/autograder/authoring/release.py",
        "wheel/autograder/course/solution.py",
        "wheel/autograder/dialect.py",
        "wheel/autograder/authoring/templates/notebook.py.jinja",  # of a function that no unit of the course teaches
    }
    for name, text in shipped.items():
        for word in forbidden:
            if name not in code_that_names_markers:
                assert word not in text, f"{name} holds {word!r}"


def strings(thing: Any) -> Iterator[str]:
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict):
        for value in thing.values():
            yield from strings(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from strings(value)


def test_the_data_of_the_visible_checks_holds_no_code_of_a_step(shipped: Mapping[str, str]) -> None:
    for name, text in shipped.items():
        if name.endswith("checks.json"):
            for words in strings(json.loads(text)):
                assert "lambda" not in words, name
                assert "np.exp(" not in words, name
                assert not re.search(r"return \w", words), name


# ------------------------------------------------------------------------------------------ the base install


def asked_for(wheel: Path) -> list[str]:
    """What the package needs, as its wheel says."""
    with zipfile.ZipFile(wheel) as archive:
        (about,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return message_from_bytes(archive.read(about)).get_all("Requires-Dist", [])


def needed(wheel: Path) -> dict[str, metadata.Distribution]:
    """What comes with the package where no extra is named, by name: all that it needs, and what that needs in turn."""
    found: dict[str, metadata.Distribution] = {}
    waiting = [("", asked_for(wheel))]
    seen = set()
    while waiting:
        extra, listed = waiting.pop()
        for one in map(Requirement, listed):
            if one.marker is not None and not one.marker.evaluate({"extra": extra}):
                continue
            here = found[one.name] = metadata.distribution(one.name)
            for more in ("", *sorted(one.extras)):
                if (one.name, more) not in seen:
                    seen.add((one.name, more))
                    waiting.append((more, here.requires or []))
    return found


def put(one: metadata.Distribution, packages: Path, scripts: Path) -> None:
    """Puts a package that is installed here into another environment."""
    assert one.files is not None
    for file in one.files:
        source = Path(str(one.locate_file(file)))
        if file.parts[0] != "..":
            (packages / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, packages / file)
        elif file.parent.name == "bin":
            _, _, code = source.read_text("utf-8").partition("\n")
            (scripts / file.name).write_text(f"#!{scripts / 'python'}\n{code}", "utf-8")
            (scripts / file.name).chmod(0o755)


@pytest.fixture(scope="session")
def base_install(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with what a student installs, in the versions that are here; its `bin`.

    What the package needs is copied from here: of every version of each that the index lists, pip would look at all.
    """
    folder = tmp_path_factory.mktemp("base") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    pip("--python", str(folder / "bin" / "python"), "install", "--no-compile", str(wheel))
    (packages,) = folder.glob("lib/python*/site-packages")
    for one in needed(wheel).values():
        put(one, packages, folder / "bin")
    # That nothing is missing, pip says.
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "check"], check=True
    )
    return folder / "bin"


def test_the_base_install_is_light(base_install: Path) -> None:
    size = sum(
        path.stat().st_size
        for path in base_install.parent.rglob("*")
        if path.is_file() and not path.is_symlink()
    )
    assert size < 150 * 10**6
    found = subprocess.run(
        [str(base_install / "python"), "-c", "import nbgrader"], capture_output=True, check=False
    )
    assert found.returncode != 0


@pytest.mark.parametrize("unit", ["embeddings", "multi-head"])
def test_a_student_with_the_base_install_and_a_copied_folder(
    base_install: Path, solved: Mapping[str, dict[str, Any]], tmp_path: Path, unit: str
) -> None:
    folder = tmp_path / "anywhere" / unit
    shutil.copytree(REPOSITORY / "assignments" / unit, folder)
    clean = {"PATH": f"{base_install}:/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8"}

    def call(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, check=False)

    if unit == "embeddings":
        stub = call("pytest", "-q")
        assert stub.returncode == 1, stub.stdout
        assert "INTERNALERROR" not in stub.stdout
        assert call("autograder", "check").returncode == 1
    (folder / f"{unit}.ipynb").write_text(json.dumps(solved[unit]))
    # Each unit's right notebook is checked in one of the two ways.
    right = call("autograder", "check", f"{unit}.ipynb") if unit == "embeddings" else call("pytest", "-q")
    assert right.returncode == 0, right.stdout + right.stderr


def test_what_needs_the_instructors_install_says_so(base_install: Path, course_folder: Path) -> None:
    for command in ("grade embeddings", "release", "export csv", "demo x"):
        done = subprocess.run(
            [str(base_install / "autograder"), *command.split()],
            cwd=course_folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 2, (command, done.stdout, done.stderr)
        assert "attention-autograder[instructor]" in done.stderr or "submitted" in done.stderr, done.stderr
        assert "Traceback" not in done.stderr


# ------------------------------------------------------------------------------------ an instructor's install


def environment(folder: Path) -> Path:
    """A new environment that finds what is installed here, but not this package; its Python."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "here.pth").write_text(f"{Path(pytest.__file__).parents[1]}\n")
    return folder / "bin" / "python"


def test_a_course_of_ones_own_beside_a_wheel(
    wheel: Path, clone: Path, solved: Mapping[str, dict[str, Any]], tmp_path: Path
) -> None:
    python = environment(tmp_path / "venv")
    pip("--python", str(python), "install", "--no-compile", str(wheel))
    clean = {"PATH": f"{python.parent}:/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8"}

    def call(*command: str, folder: Path = tmp_path) -> str:
        done = subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    where = call("python", "-c", "import autograder; print(autograder.__file__)")
    assert where.startswith(str(tmp_path / "venv"))
    call("autograder", "init", "mine", "--from", f"file://{clone}")
    mine = tmp_path / "mine"
    listing = mine / "course.toml"
    install = f"pip install {wheel.name}"
    listing.write_text(listing.read_text().replace("# install = ", f'install = "{install}"  # ', 1))
    assert "students are not told" not in call("autograder", "release", "embeddings", folder=mine)
    handed_out = tmp_path / "anywhere" / "embeddings"
    shutil.copytree(mine / "assignments/embeddings", handed_out)
    assert f"`{install}`" in (handed_out / "embeddings.ipynb").read_text()
    (handed_out / "embeddings.ipynb").write_text(json.dumps(solved["embeddings"]))
    assert "project_qkv  all" in call("autograder", "check", folder=handed_out)
    assert f"attention-autograder[instructor] @ file://{wheel}" in (mine / "README.md").read_text()


def test_the_kit_can_be_installed_from_a_git_address(clone: Path, tmp_path: Path) -> None:
    python = environment(tmp_path / "venv")
    pip("--python", str(python), "install", "--no-compile", f"git+file://{clone}")
    code = "from autograder import installed; print(installed.with_extra('values'))"
    said = subprocess.run([str(python), "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert said.stdout.startswith(f"pip install 'attention-autograder[values] @ git+file://{clone}@")
