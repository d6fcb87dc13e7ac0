"""What many tests share: the repository's own course, the real sandbox, and notebooks as students hand them in."""

from __future__ import annotations

import contextlib
import gc
import json
import os
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import made_once
import parts
import pytest
import standing
from hypothesis import HealthCheck, settings
from repository import REPOSITORY, clone
from talking import Conversation

from autograder import unneeded
from autograder.course import coursefile, secret, solution, strategies
from autograder.grading.pipeline import Pipeline
from autograder.notebook.places import HandedIn
from autograder.records import Course, Report
from autograder.sandbox.children import Sandbox

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

unneeded.pass_over()  # as the command does: else every process that runs tests builds grammars for a second

# Cases that Hypothesis thinks up: a few that are always the same, or, where AUTOGRADER_FUZZ=nightly, thousands that
# are new each time. How long a case takes says nothing on a busy machine.
_SETTINGS: Mapping[str, Any] = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
}
settings.register_profile("quick", max_examples=50, derandomize=True, database=None, **_SETTINGS)
settings.register_profile("nightly", max_examples=10_000, print_blob=True, **_SETTINGS)
settings.load_profile(os.environ.get("AUTOGRADER_FUZZ", "quick"))
if "AUTOGRADER_FUZZ" not in os.environ:  # the same whatever other tests had this process load
    strategies.pass_over_what_is_loaded()
if {"AUTOGRADER_FUZZ", "AUTOGRADER_TEST_KILLS"} & set(os.environ):  # such a test takes as long as it takes
    os.environ.setdefault("PYTEST_TIMEOUT", "0")

_SECRET = "of all tests, and of no course"


@pytest.fixture(scope="session", autouse=True)
def _own_secret(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests never touch the course's own secret; all processes that run them have the same.

    In every run, too, as what students' numbers are hangs on it; a night that tries new cases has new numbers as well.
    """
    before = os.environ.get(secret.VARIABLE)
    place = made_once.folder(tmp_path_factory) / "secret"
    os.environ[secret.VARIABLE] = str(place)
    if settings.default.derandomize:
        made_once.once(tmp_path_factory, "secret-is-written", lambda: place.write_text(_SECRET))
    yield
    del os.environ[secret.VARIABLE]
    if before is not None:
        os.environ[secret.VARIABLE] = before


@pytest.fixture(scope="session", autouse=True)
def _standing_processes(_own_secret: None) -> Iterator[None]:
    """Those that grade for many tests end with the last."""
    yield
    standing.close()


@pytest.fixture(scope="session")
def own_course() -> Course:
    """The course in this repository."""
    return coursefile.load(REPOSITORY / "course.toml")


@pytest.fixture(scope="session")
def shared_sandbox(own_course: Course) -> Iterator[Sandbox]:
    """One sandbox for many tests; a test that breaks it makes one of its own.

    What hangs or hoards on purpose uses up all that there is, so there is less than the course gives.
    """
    with Sandbox(replace(own_course.limits, cpu_seconds=0.5, memory_mib=128)) as sandbox:
        yield sandbox


@pytest.fixture
def talk(shared_sandbox: Sandbox) -> Iterator[Callable[..., Conversation]]:
    """Starts a child with these cells and speaks to it; one at a time."""
    conversations: list[Conversation] = []

    def start(*cells: str | tuple[str, bool], **options: Any) -> Conversation:
        conversations.append(Conversation(shared_sandbox, cells, **options))
        return conversations[-1]

    yield start
    for conversation in conversations:
        conversation.child.close()


@pytest.fixture(scope="session")
def pipelines(own_course: Course, shared_sandbox: Sandbox) -> Mapping[str, Pipeline]:
    """A pipeline for each unit of the course, opened where one is asked for: its inputs are drawn for that."""

    class Opened(dict[str, Pipeline]):
        def __missing__(self, name: str) -> Pipeline:
            unit = own_course.unit(name)
            self[name] = Pipeline.open(own_course, unit, shared_sandbox.child, shared_sandbox.level)
            return self[name]

    return Opened()


@pytest.fixture(scope="session")
def solved(own_course: Course) -> Mapping[str, dict[str, Any]]:
    """Each unit's notebook as a student with full marks hands it in, as JSON data."""
    return {unit.name: solution.solved(own_course, unit) for unit in own_course.units}


@pytest.fixture(scope="session")
def handouts(own_course: Course) -> Mapping[str, dict[str, bytes]]:
    """What ships beside the notebook of each unit, by name of the file.

    It takes half a minute to make, and test_release shows that it is what was committed.
    """
    return {
        unit.name: {
            path.name: path.read_bytes()
            for path in (REPOSITORY / "assignments" / unit.name).iterdir()
            if path.suffix in (".json", ".py")
        }
        for unit in own_course.units
    }


@pytest.fixture
def hand_in(tmp_path: Path, solved: Mapping[str, dict[str, Any]]) -> Callable[..., HandedIn]:
    """Writes a notebook into `submitted/`: solved, but for the functions whose source is given."""

    def write(
        unit: str,
        functions: Mapping[str, str] | None = None,
        *,
        student: str = "ada",
        change: Callable[[dict[str, Any]], Any] | None = None,
    ) -> HandedIn:
        document = json.loads(json.dumps(solved[unit]))
        for name, source in (functions or {}).items():
            solution.rewrite(document, name, source)
        if change is not None:
            document = change(document) or document
        folder = tmp_path / "submitted" / student / unit
        folder.mkdir(parents=True)
        (folder / f"{unit}.ipynb").write_text(json.dumps(document), encoding="utf-8")
        return HandedIn(student, folder)

    return write


@pytest.fixture
def grade(pipelines: Mapping[str, Pipeline], hand_in: Callable[..., HandedIn]) -> Callable[..., Report]:
    """Hands in and grades; see `hand_in`."""

    def run(unit: str, functions: Mapping[str, str] | None = None, **more: Any) -> Report:
        return pipelines[unit].grade(hand_in(unit, functions, **more))

    return run


_BROWSER_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser; `open_page` opens a page in it."""
    from playwright.sync_api import sync_playwright

    path = parts.browser_path()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=_BROWSER_FLAGS, timeout=0)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page, with a context of its own for which options can be given; it waits for events without a limit."""
    with contextlib.ExitStack() as opened:

        def open_one(**options: Any) -> Page:
            context = browser.new_context(**options)
            opened.callback(context.close)
            context.set_default_timeout(0)
            return context.new_page()

        yield open_one


# Where several processes run tests, one of them runs those of a module, which may share what the module makes; but
# long tests that share nothing go wherever there is room, and some modules must not run at the same time.
_EACH_ALONE = {
    "test_agreement", "test_app", "test_arrivals", "test_batch", "test_diagnose", "test_examine", "test_live",
    "test_other_machines", "test_pipeline", "test_sameness", "test_saved",
}  # fmt: skip
_ONE_AFTER_ANOTHER = dict.fromkeys(
    ("test_attacks", "test_children", "test_locked", "test_probes"),
    "how many threads `nobody` may have in all",
)
# What keeps one process busy for longest begins first, so that the others need not wait for it at the end. First of all
# these tests, which are long by themselves.
_LONG_TESTS = (
    "test_runs_that_are_killed_at_any_moment_end_in_the_same_results",
    "test_a_disk_that_is_really_full_loses_nothing_wherever_it_is_noticed",
    "test_a_run_cut_short_before_any_file_gets_its_name_ends_in_the_same_results",
)
_LONGEST = (
    "test_other_machines", "test_attacks", "test_children", "test_locked", "test_probes", "test_release", "test_gallery",
    "test_formgrader", "test_jupyter", "test_ships", "test_lessons", "test_environment", "test_suspicious", "test_cluster",
    "test_text_attacks", "test_exercises", "test_nbgrader_tour",
    "test_numpy_suite", "test_verify", "test_hostile_notebooks", "test_fuzz", "test_misconceptions",
    "test_safe_text", "test_demo", "test_parts", "test_docs", "test_browser", "test_agreement",
)  # fmt: skip


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays: Python need not look again and again which of a million objects may go."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Each of several processes begins elsewhere in a folder: what one has compiled, the others need not."""
    report = yield
    worker = getattr(collector.config, "workerinput", None)
    if worker and isinstance(collector, pytest.Dir):
        begin = len(report.result) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
        report.result = [*report.result[begin:], *report.result[:begin]]
    return report


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several processes run tests: the longest modules first, and last what goes wherever there is room."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: item.path)  # in the order of no process
        places = dict.fromkeys(_EACH_ALONE, len(_LONGEST) + 1)
        places |= {module: place for place, module in enumerate(_LONGEST)}
        places |= {test: place - len(_LONG_TESTS) for place, test in enumerate(_LONG_TESTS)}
        items.sort(key=lambda item: places.get(item.name, places.get(item.path.stem, len(_LONGEST))))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One process more than there are processors: some tests wait, for a child that idles, a browser or a server."""
    return (
        len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)) + 1
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Says what has to stay together; the order is that of the items."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            module = Path(nodeid.partition("::")[0]).stem
            return nodeid if module in _EACH_ALONE else _ONE_AFTER_ANOTHER.get(module, module)

    config.option.loadscopereorder = False
    return Scheduling(config, log)


def pytest_configure(config: pytest.Config) -> None:
    """Says at the end what was skipped."""
    config.pluginmanager.register(parts.Summary())


@pytest.fixture
def course_folder(tmp_path: Path) -> Path:
    """A course folder of its own, as a clone has it, with nothing handed in."""
    folder = tmp_path / "course"
    clone(folder)
    return folder


@pytest.fixture
def put(course_folder: Path, solved: Mapping[str, dict[str, Any]]) -> Callable[..., Path]:
    """Hands a notebook in to `course_folder`: solved, but for the functions whose source is given."""

    def write(student: str, unit: str = "embeddings", functions: Mapping[str, str] | None = None) -> Path:
        document = json.loads(json.dumps(solved[unit]))
        for name, source in (functions or {}).items():
            solution.rewrite(document, name, source)
        path = course_folder / "submitted" / student / unit / f"{unit}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document), encoding="utf-8")
        return path

    return write
