"""What the docs say holds: links, commands, keys, ids, and the unit that the author's page writes."""

from __future__ import annotations

import importlib.util
import itertools
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
import typer

from autograder import records as record_types
from autograder.authoring import release, verify
from autograder.cli import app
from autograder.course import coursefile
from autograder.gradebook import results
from autograder.grading.pipeline import Pipeline
from autograder.records import Course
from autograder.sandbox.children import Sandbox

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
FENCE = re.compile(r"^( *)```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


def load(name: str) -> ModuleType:
    """One of the scripts in docs/, which is no package."""
    spec = importlib.util.spec_from_file_location(f"docs_{name}", DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def command_lines() -> Iterator[tuple[str, str]]:
    """Every line of a shell that a page shows, with the page's name; what follows `#` is a remark."""
    for page in PAGES:
        for _, language, _, block in FENCE.findall(page.read_text("utf-8")):
            if language in ("sh", "console"):
                for line in block.splitlines():
                    yield page.name, line.strip().removeprefix("$ ")


# ------------------------------------------------------------------------------------------------- the site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; a link to nowhere, a page outside of the navigation and any other warning is an error."""
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return folder


class _Fetched(HTMLParser):
    """What a browser fetches by itself for a page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        fetched = tag == "link" and given.get("rel") not in ("canonical", "next", "prev")
        address = given.get("href") if fetched else given.get("src")
        if address and tag != "a":
            self.addresses.append(address)


@pytest.mark.slow
def test_the_site_fetches_nothing_from_elsewhere(site: Path) -> None:
    for page in site.glob("**/*.html"):
        parser = _Fetched()
        parser.feed(page.read_text("utf-8"))
        assert parser.addresses
        assert [address for address in parser.addresses if re.match(r"(https?:)?//", address)] == []
    for style in site.glob("**/*.css"):
        assert not re.search(r"url\(['\"]?(https?:)?//", style.read_text("utf-8")), style


def test_scripts_stay_out_of_the_site(site: Path) -> None:
    assert not list(site.glob("**/*.py*"))


def test_pictures_are_small() -> None:
    for picture in (DOCS / "images").iterdir():
        assert picture.stat().st_size < 200_000, picture
        if picture.suffix == ".svg":
            assert "http" not in re.sub(r"xmlns(:\w+)?=\"[^\"]*\"", "", picture.read_text("utf-8"))


# ------------------------------------------------------------------------------------------- the command line


@pytest.mark.slow
def test_every_command_has_its_part() -> None:
    tables = load("tables")
    for page, text in tables.renewed().items():
        assert page.read_text("utf-8") == text, (
            f"docs/{page.name} is behind the code: run `python docs/tables.py`"
        )


def test_every_table_has_a_line_under_its_head_as_wide_as_the_head() -> None:
    cells = re.compile(r"(?<!\\)\|")
    for page in PAGES:
        lines = page.read_text("utf-8").split("\n")
        for head, under in itertools.pairwise(lines):
            if re.fullmatch(r"\|(\s*:?-+:?\s*\|)+", under):
                assert len(cells.findall(head)) == len(cells.findall(under)), (page.name, head)


def test_every_command_is_explained_where_it_is_used() -> None:
    prose = "".join(page.read_text("utf-8") for page in PAGES if page.name != "commands.md")
    commands: Any = typer.main.get_command(app.app)
    for name in commands.commands:
        assert f"autograder {name}" in prose, f"no page but commands.md speaks of `autograder {name}`"


def test_command_lines_parse() -> None:
    commands: Any = typer.main.get_command(app.app)
    lines = [pair for pair in command_lines() if pair[1].startswith("autograder ")]
    wrong = []
    for page, line in lines:
        name, *arguments = app.spread_students(shlex.split(line, comments=True)[1:])
        try:
            commands.commands[name].make_context(name, arguments)
        except Exception as error:  # as of an option that it does not know
            wrong.append((page, line, repr(error)))
    assert lines
    assert wrong == []


def test_other_programs_are_called_as_they_exist() -> None:
    from nbgrader import apps

    known = apps.NbGraderApp().subcommands
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    lines = list(command_lines())
    assert lines
    for page, line in lines:
        words = shlex.split(line, comments=True)
        if words[:1] == ["nbgrader"]:
            assert words[1] in known, f"{page}: {line}"
        if words[:1] == ["make"]:
            assert set(words[1:]) <= set(targets), f"{page}: {line}"


# ---------------------------------------------------------------------------------------- course.toml, results


def rows(page: str, heading: str) -> dict[str, list[str]]:
    """The table below a heading, by the code in its first column."""
    text = (DOCS / page).read_text("utf-8")
    _, found, below = text.partition(f"\n{heading}\n")
    assert found, f"docs/{page} has no heading {heading!r}"
    section = re.split(r"^#{1,3} ", below, maxsplit=1, flags=re.MULTILINE)[0]
    table = [
        [cell.strip() for cell in line.strip("| ").split(" | ")]
        for line in section.splitlines()
        if line.startswith("| `")
    ]
    return {cells[0].strip("`"): cells[1:] for cells in table}


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("## The course", coursefile._File),
        ("## `[limits]`", coursefile._Limits),
        ("## `[[units]]`", coursefile._Unit),
        ("## `functions`", coursefile._Function),
        ("## `dialect`", coursefile._Dialect),
    ],
)
def test_every_key_of_course_toml_is_explained(heading: str, kind: type[msgspec.Struct]) -> None:
    documented = rows("course-toml.md", heading)
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    assert documented.keys() == fields.keys()
    for name, field in fields.items():
        type_, default, example, _ = documented[name]
        assert type_
        assert example
        if field.required:
            assert default == "required", name
        elif field.default not in (msgspec.NODEFAULT, None, "", []):
            assert default == f"`{json.dumps(field.default)}`", name


def test_the_example_of_course_toml_is_one(tmp_path: Path) -> None:
    text = (DOCS / "course-toml.md").read_text("utf-8")
    (example,) = (block for _, language, _, block in FENCE.findall(text) if language == "toml")
    (tmp_path / "course.toml").write_text(example, "utf-8")
    coursefile.load(tmp_path / "course.toml")


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("## The file", results.ResultFile),
        ("### `functions[]`", results.FunctionFile),
        ("### `functions[].checks[]`", results.CheckFile),
        ("### `functions[].diagnoses[]`", results.DiagnosisFile),
    ],
)
def test_every_key_of_a_result_is_explained(heading: str, kind: type[msgspec.Struct]) -> None:
    assert rows("results.md", heading).keys() == get_type_hints(kind).keys()


def test_every_status_and_level_is_explained() -> None:
    text = (DOCS / "results.md").read_text("utf-8")
    for word in (*get_args(record_types.Status), *get_args(record_types.Level)):
        assert f"`{word}`" in text


def test_the_example_of_a_result_can_be_read(tmp_path: Path) -> None:
    text = (DOCS / "results.md").read_text("utf-8")
    (example,) = (block for _, language, _, block in FENCE.findall(text) if language == "json")
    (tmp_path / "ada.json").write_text(example, "utf-8")
    result = results.read(tmp_path / "ada.json")
    assert result is not None
    assert sum(function.score for function in result.functions) == result.score


# --------------------------------------------------------------------------------------------- the gallery


def test_every_unit_of_the_gallery_is_shown() -> None:
    page = (DOCS / "gallery.md").read_text("utf-8")
    gallery = coursefile.load(DOCS / "gallery" / "course.toml")
    assert {path.name for path in (DOCS / "gallery" / "solutions").iterdir()} == {
        one.name for one in gallery.units
    }
    for unit in gallery.units:
        assert f"| [`{unit.name}`](#" in page
        assert f"<!-- begin: {unit.name}/inputs.py " in page


def test_a_quote_is_what_stands_in_the_unit() -> None:
    quotes = load("quotes")
    source = "A, B = 1, 2\nX = {\n    1: 2,\n}\n\n\n@once\ndef f(x):\n    ### BEGIN SOLUTION\n    return x\n\n\nclass C:\n    x = 1\n"
    assert quotes.quoted(source, "X") == "X = {\n    1: 2,\n}"
    assert quotes.quoted(source, "f") == "@once\ndef f(x):\n    return x"
    assert quotes.quoted(source, "C") == "class C:\n    x = 1"
    assert quotes.quoted(source, "x") == ""
    assert quotes.quoted("week = ...\nweek = 1", "week") == "week = 1"
    entries = 'M = (\n    edit(\n        "f.a",\n        (1, 2),\n    ),\n    edit("f.b"),\n)'
    assert quotes.quoted(entries, "f.a") == 'edit(\n    "f.a",\n    (1, 2),\n)'
    stale = "a\n<!-- begin: weather/inputs.py CASES -->\nold\n<!-- end -->\nb"
    fresh = quotes.renewed(stale)
    assert fresh == (
        'a\n<!-- begin: weather/inputs.py CASES -->\n\n```python title="weather/inputs.py"\n'
        'CASES = {"week": week_cases}\n```\n\n<!-- end -->\nb'
    )
    assert quotes.renewed(fresh) == fresh
    with pytest.raises(SystemExit, match=r"weather/inputs.py has no WEEK"):
        quotes.renewed(stale.replace("CASES", "WEEK"))


# ------------------------------------------------------------------------------------- the unit of author.md


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course that holds the units of the author's page and nothing else."""
    root = tmp_path_factory.mktemp("author")
    head = (ROOT / "course.toml").read_text("utf-8").partition("[[units]]")[0]
    (root / "course.toml").write_text(head, "utf-8")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    for _, _, title, block in FENCE.findall((DOCS / "author.md").read_text("utf-8")):
        if title:
            (root / title).parent.mkdir(parents=True, exist_ok=True)
            with (root / title).open("a", encoding="utf-8") as file:
                file.write(block)
    return coursefile.load(root / "course.toml")


@pytest.mark.slow
def test_the_author_s_unit_is_released(written: Course) -> None:
    _, folder = release.release(written, written.units)
    assert {path.name for path in folder.iterdir()} == {
        "layer-norm.ipynb",
        "checks.json",
        "test_layer_norm.py",
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", ["likeness", "layer-norm"])
def test_the_author_s_units_are_proven_as_the_page_shows(written: Course, name: str) -> None:
    unit = written.unit(name)
    with Sandbox(written.limits) as sandbox:
        pipeline = Pipeline.open(written, unit, sandbox.child, sandbox.level)
        # How many students there are changes no number here; of five programs one is also told something.
        report = verify.verify(pipeline, students=1, mistakes=0)
    assert [(proof.what, proof.detail) for proof in report.failures] == []
    shown = (DOCS / "author.md").read_text("utf-8")
    for function in unit.functions:
        (row,) = (line for line in shown.split("\n") if re.match(rf" {function.name} .* ✓ \d+\b", line))
        for part in ("example", "misconception", "mutant", "student"):
            tried = len(report.of(part, function.name))  # type: ignore[arg-type]
            assert f"✓ {tried} " in f"{row} " or tried < 2
        if name == "likeness":
            assert "none" in row.split()
    tried = len(report.of("student"))
    assert f"{tried} of {tried} programs earn the same" in shown


def test_the_author_s_unit_has_fifty_lines(written: Course) -> None:
    """The least that a unit needs: its entry in course.toml, and the lesson."""
    lines = (written.root / "solutions/likeness/likeness.py").read_text("utf-8").splitlines()
    entry = next(
        block
        for *_, title, block in FENCE.findall((DOCS / "author.md").read_text("utf-8"))
        if title == "course.toml"
    )
    assert len(lines) + len(entry.splitlines()) <= 50
