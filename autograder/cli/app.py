"""The command line: the only place that prints, and the last to catch what a person can mend."""

from __future__ import annotations

import contextlib
import enum
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
import typer.core
from rich.console import Console

from autograder.errors import AutograderError, CourseError, UnreadableError
from autograder.words import agree, counted

if TYPE_CHECKING:
    from rich.progress import Progress

    from autograder.authoring.verify import Part, VerifyReport
    from autograder.gradebook.results import ResultFile
    from autograder.grading.batch import Order, Outcome, Plan
    from autograder.grading.pool import Pool
    from autograder.records import Course

app = typer.Typer(
    name="autograder",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # whose boxes name Python's types and break sentences in their middle
    pretty_exceptions_enable=False,
    help="Teaches self-attention by hand, and explains every wrong matrix.",
    epilog="Start with `autograder demo`: a whole class, graded in a folder of its own.",
)
_out = Console(highlight=False)
_err = Console(stderr=True, highlight=False)


class _Format(enum.Enum):
    CSV = "csv"
    CANVAS = "canvas"
    MOODLE = "moodle"
    GRADESCOPE = "gradescope"


class _Absent(enum.Enum):
    BLANK = "blank"
    ZERO = "zero"


class _Command(typer.core.TyperCommand):
    """A command whose help names its arguments as people write them: UNIT, not {UNIT} of type <str>."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return ["[OPTIONS]", *(argument.metavar for argument in self._arguments())]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        rows = {
            "Arguments": [(one.metavar, _described(one)) for one in self._arguments()],
            "Options": [
                record
                for one in self.get_params(ctx)
                if one not in self.params or one.param_type_name == "option"
                if (record := one.get_help_record(ctx))
            ],
        }
        for heading, written in rows.items():
            if written:
                with formatter.section(heading):
                    formatter.write_dl(written)

    def _arguments(self) -> list[Any]:
        return [parameter for parameter in self.params if parameter.param_type_name == "argument"]


def _described(argument: Any) -> str:
    default = "" if argument.required or argument.default is None else f"  [default: {argument.default}]"
    return f"{argument.help}{default}"


def _examples(*lines: str) -> str:
    """An epilog of commands, each on a line of its own: the first character says that they are not to be wrapped."""
    return "\n".join(["\b", "Examples:" if len(lines) > 1 else "Example:", *(f"  {line}" for line in lines)])


# What only the instructor's install has.
_INSTRUCTOR: Final = {
    "filelock", "IPython", "jupytext", "latex2mathml", "nbconvert", "nbformat", "nbgrader", "pyseccomp", "sqlalchemy",
}  # fmt: skip
_MOST_FILES: Final = 6  # that an export lists
_JOBS_HELP: Final = "How many submissions are graded at the same time."
_JOBS_DEFAULT: Final = "one for each processor, or as many as memory is enough for"
_Units = Annotated[
    list[str] | None, typer.Argument(metavar="[UNIT]...", help="Units; all where none is named.")
]


def main(arguments: list[str] | None = None) -> None:
    """The entry point: exits 0 on success, 1 when the work failed, 2 on bad usage or configuration."""
    # nbgrader's JSON schemas would load it if they could, and wait 0.8 s for its 39 grammars: no notebook needs one.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None: not to be imported
    try:
        app(_spread_students(sys.argv[1:] if arguments is None else arguments), prog_name="autograder")
    except CourseError as error:
        _fail(error, 2)
    except AutograderError as error:
        _fail(error, 1)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in _INSTRUCTOR:
            raise
        needed = (
            f"this is a command for instructors, whose install has {error.name} too: "
            "pip install 'attention-autograder[instructor]'"
        )
        _fail(CourseError(needed), 2)
    except BrokenPipeError:  # `autograder … | head`
        sys.exit(1)


@app.callback(invoke_without_command=True)
def _top(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        from autograder.version import __version__

        _out.print(f"autograder {__version__}")
        raise typer.Exit


@app.command(
    cls=_Command,
    epilog=_examples(
        "autograder grade self-attention", "autograder grade embeddings --student ada bob --force"
    ),
)
def grade(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="The unit to grade, as course.toml names it.")],
    submitted: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Holds STUDENT/UNIT/UNIT.ipynb.", show_default="submitted"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Where results/, feedback/, report/, autograded/ and gradebook.db go.",
            show_default="the course folder",
        ),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(metavar="N", min=1, help=_JOBS_HELP, show_default=_JOBS_DEFAULT)
    ] = None,
    student: Annotated[
        list[str] | None, typer.Option(metavar="ID ...", help="These students alone.", show_default="all")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Grade unchanged work again too.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Grade, write nothing, and list the marks that would change.")
    ] = False,
    trust_students: Annotated[
        bool,
        typer.Option("--trust-students", help="Grade even where student code cannot be locked in."),
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on and grade what is handed in as it arrives; Ctrl-C ends it.")
    ] = False,
) -> None:
    """Grade a class: results, a page for everyone, the gradebook.

    Can be stopped at any point and run again: finished work is kept, and unchanged work is not graded twice.
    """
    from autograder.grading import batch

    order = batch.open_order(
        Path.cwd(),
        unit,
        submitted,
        out,
        students=tuple(student or ()),
        jobs=jobs or 1,
        force=force,
        dry_run=dry_run,
        trust_students=trust_students,
    )
    if watch and dry_run:
        raise CourseError("--watch and --dry-run do not go together: leave one of them out")
    order = replace(order, jobs=_jobs(jobs, order.course))
    if _grade(order, watch=watch):
        raise typer.Exit(1)


@app.command(cls=_Command, epilog=_examples("autograder release", "autograder release self-attention"))
def release(units: _Units = None) -> None:
    """Make the students' version of units from solutions/.

    It goes to assignments/, through nbgrader, which strips the solutions.
    """
    from autograder.authoring import release as releasing
    from autograder.course import coursefile

    loaded = coursefile.load(coursefile.find(Path.cwd()))
    chosen = coursefile.choose(loaded, units or [])
    with _out.status("nbgrader makes the students' version …"):
        folders = releasing.release(loaded, chosen)
    for folder in folders:
        _out.print(f"[green]✓[/green] {_relative(folder)}")


@app.command(
    cls=_Command, epilog=_examples("autograder check self-attention.ipynb", "autograder check . --watch")
)
def check(
    path: Annotated[
        Path,
        typer.Argument(metavar="[PATH]", help="A notebook, or the folder it came in.", show_default=True),
    ] = Path(),
    watch: Annotated[bool, typer.Option("--watch", help="Check again on every save, until Ctrl-C.")] = False,
) -> None:
    """Check your own notebook: what is wrong in it, and why.

    Runs the same checks as pytest does in the folder, offline. Exits 1 where one of them does not pass.
    """
    from autograder.selfcheck import saved, terminal

    if not path.exists():
        raise CourseError(f"{path}: no such file or folder: name a notebook or the folder it came in")
    if watch:
        with contextlib.suppress(KeyboardInterrupt), _interruptible():
            for found in saved.watch(path):
                _out.clear()
                _out.print(terminal.notebook(found))
                _out.print(
                    f"\nwatching {_relative(found.path)}: save it to check again, Ctrl-C to stop", style="dim"
                )
        return
    try:
        found = saved.check_notebook(path)
    except UnreadableError as error:
        raise UnreadableError(f"{path}: {error}") from None
    _out.print(terminal.notebook(found))
    if not found.passed:
        raise typer.Exit(1)


@app.command(
    cls=_Command,
    epilog=_examples("autograder export csv", "autograder export canvas --unit self-attention --absent zero"),
)
def export(
    format: Annotated[_Format, typer.Argument(metavar="FORMAT", help="csv, canvas, moodle or gradescope.")],
    unit: Annotated[
        list[str] | None,
        typer.Option(metavar="UNIT", help="These units alone.", show_default="all that are graded"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Holds gradebook.db.", show_default="the course folder"),
    ] = None,
    to: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the files go.", show_default="exports")
    ] = None,
    absent: Annotated[
        _Absent, typer.Option(help="The mark of students who handed in nothing: blank or zero.")
    ] = _Absent.BLANK,
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="UNIT=NAME", help="What the other system calls a unit, as in its own export."),
    ] = None,
) -> None:
    """Write the grades for Canvas, Moodle, Gradescope or as CSV.

    They are read from the gradebook: hand-given marks, overrides and late penalties are included.
    """
    from autograder.course import coursefile
    from autograder.lms import export as exporting

    loaded = coursefile.load(coursefile.find(Path.cwd()))
    coursefile.choose(loaded, unit or [])
    names = dict(pair.partition("=")[::2] for pair in column or [])
    for called, name in names.items():
        if not name:
            raise CourseError(
                f"--column {called}: expected UNIT=NAME, as in --column 'embeddings=Embeddings (4711)'"
            )
    coursefile.choose(loaded, list(names))
    done = exporting.export(
        loaded,
        out if out is not None else loaded.root,
        format.value,
        units=unit or (),
        to=to,
        absent=absent.value,
        columns=names,
    )
    for place in done.files[:_MOST_FILES]:
        _out.print(f"[green]✓[/green] {_relative(place)}", soft_wrap=True)
    if len(done.files) > _MOST_FILES:
        _out.print(f"[green]✓[/green] and {counted(len(done.files) - _MOST_FILES, 'more file')} beside them")
    for note in done.notes:
        _out.print(_plain(note), markup=False, soft_wrap=True)


@app.command(
    cls=_Command,
    epilog=_examples("autograder verify", "autograder verify self-attention --seeds 200 --json verify.json"),
)
def verify(
    units: _Units = None,
    seeds: Annotated[
        int, typer.Option(metavar="N", min=0, help="Other secrets under which all verdicts must be the same.")
    ] = 3,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write all that was tried, for machines.")
    ] = None,
) -> None:
    """Prove the graders before a student meets them.

    The solution earns full marks and the stub none, every catalogued misconception is caught and named, every small
    change to the solution is noticed, and all of it is the same under other secrets.
    """
    from autograder.authoring import verify as verifying
    from autograder.course import coursefile
    from autograder.gradebook import results
    from autograder.grading.pipeline import Pipeline
    from autograder.sandbox.children import Sandbox

    loaded = coursefile.load(coursefile.find(Path.cwd()))
    reports = []
    for unit in coursefile.choose(loaded, units or []):
        with Sandbox(loaded.limits) as sandbox:
            pipeline = Pipeline.open(loaded, unit, sandbox.child, sandbox.level)
            with _progress("proving") as bar:
                task = bar.add_task("proving", total=verifying.count(pipeline, seeds=seeds))
                found = []
                for proof in verifying.proofs(pipeline, seeds=seeds):
                    bar.advance(task)
                    found.append(proof)
            reports.append(verifying.report(pipeline, seeds, found))
        _say_proofs(reports[-1])
    if json_file is not None:
        results.write_all([(json_file, verifying.encode(reports))])
        _out.print(f"[green]✓[/green] {_relative(json_file)}", soft_wrap=True)
    if not all(report.holds for report in reports):
        raise typer.Exit(1)


@app.command(cls=_Command, epilog=_examples("autograder new layer-norm", "autograder new causal-mask"))
def new(
    unit: Annotated[
        str, typer.Argument(metavar="UNIT", help="Its name: small letters, digits and single hyphens.")
    ],
) -> None:
    """Start a unit of your own from a small one that works.

    Makes solutions/UNIT/ with lesson, reference, inputs, misconceptions, hidden checks and examples of student code
    for one function, and lists the unit in course.toml. It passes `verify` as it stands; then put your own
    function in the place of the example.
    """
    from autograder.authoring import scaffold
    from autograder.course import coursefile

    loaded = coursefile.load(coursefile.find(Path.cwd()))
    made = scaffold.scaffold(loaded, unit)
    for path in made:
        _out.print(f"[green]✓[/green] {_relative(path)}", soft_wrap=True)
    _out.print(
        f"[green]✓[/green] {_relative(loaded.root / coursefile.FILE_NAME)} lists the unit", soft_wrap=True
    )
    function = scaffold.function_name(unit)
    _out.print(
        f"\nIt passes `verify` already, with {function} as an example. What to do next:", soft_wrap=True
    )
    for what, where in (
        ("write your own in its place", _relative(made[0].parent)),
        ("prove its graders", f"autograder verify {unit}"),
        ("make the students' version", f"autograder release {unit}"),
    ):
        _out.print(f"  {what:<28} [bold]{where}[/bold]", soft_wrap=True)


@app.command(cls=_Command, epilog=_examples("autograder doctor"))
def doctor() -> None:
    """Say how well this machine locks student code in.

    Names what is missing for more, and the command that gets it. Exits 1 where student code cannot be locked in.
    """
    from rich.markup import escape

    from autograder.sandbox import doctor as examining

    with _out.status("Trying what student code could do on this machine …"):
        found = examining.examine()
    _out.print(f"isolation {_LEVELS[found.level]}", soft_wrap=True)
    if found.reason:
        _out.print(escape(_plain(found.reason)), soft_wrap=True)
    for hole in found.could:
        _out.print(f"student code could {hole}", soft_wrap=True)
    for finding in found.findings:
        sign = "[green]✓[/green]" if finding.works else "[yellow]✗[/yellow]"
        _out.print(f"{sign} {escape(finding.part)}: {escape(finding.detail)}", soft_wrap=True)
        if finding.remedy:
            _out.print(f"    [bold]{escape(finding.remedy)}[/bold]", soft_wrap=True)
    if found.level == "none":
        raise typer.Exit(1)


@app.command(cls=_Command, epilog=_examples("autograder demo", "autograder demo /tmp/demo"))
def demo(
    folder: Annotated[
        Path,
        typer.Argument(metavar="[DIR]", help="A new folder for it, or an earlier demo.", show_default=True),
    ] = Path("demo"),
    jobs: Annotated[
        int | None, typer.Option(metavar="N", min=1, help=_JOBS_HELP, show_default=_JOBS_DEFAULT)
    ] = None,
) -> None:
    """Run a whole course with a class of invented students.

    Right, wrong, broken and hostile work is handed in and graded in DIR, with feedback pages, gradebook and class
    pages. Your own course is not touched.
    """
    from autograder.authoring import demo as demonstration
    from autograder.course import coursefile
    from autograder.grading import batch

    here = coursefile.load(coursefile.find(Path.cwd()))
    with _out.status("A class of invented students hands in …"):
        made = demonstration.make(here, folder)
    _out.print(demonstration.who(made))
    jobs = _jobs(jobs, made)
    failed = False
    for unit in made.units:
        _out.print()
        _out.rule(unit.title, align="left")
        order = batch.Order(
            made,
            unit,
            made.root / "submitted",
            made.root,
            jobs=jobs,
            trust_students=True,  # we are the students
        )
        failed |= _grade(order)
    _out.print()
    _out.rule("Where to look", align="left")
    for line in demonstration.places(made):
        _out.print(f"{line.what}\n    [bold]{_relative(line.where)}[/bold]", soft_wrap=True)
    if failed:
        raise typer.Exit(1)


def _progress(doing: str, *, hidden: bool = False) -> Progress:
    """A bar with counts and the time that is left, which goes when the work is done."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TextColumn("·"), TimeRemainingColumn())
    return Progress(*columns, console=_out, transient=True, disable=hidden)


# ------------------------------------------------------------------------------------------ verify, in words


def _say_proofs(report: VerifyReport) -> None:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(
        box=box.SIMPLE_HEAD, title=report.title, title_justify="left", title_style="bold", pad_edge=False
    )
    table.add_column("function", no_wrap=True)
    parts: dict[Part, str] = {
        "solution": "solution",
        "stub": "stub",
        "example": "examples",
        "misconception": "mistakes",
        "apart": "apart",
        "mutant": "mutants",
    }
    for heading in parts.values():
        table.add_column(heading, justify="right")
    for function in dict.fromkeys(proof.function for proof in report.proofs if proof.part == "solution"):
        row = []
        for part in parts:
            found = report.of(part, function)
            held = sum(proof.holds for proof in found)
            colour = "green" if held == len(found) else "red"
            row.append(
                f"[{colour}]{held} of {len(found)}[/{colour}]"
                if len(found) > 1
                else _sign(held == len(found))
            )
        table.add_row(function, *row)
    _out.print(table)
    same = report.of("seed")
    if same:
        _out.print(
            f"the same verdicts under {sum(proof.holds for proof in same)} of {counted(len(same), 'other secret')}"
        )
    if report.mutation_score is not None:
        equivalent = sum(proof.detail.startswith("equivalent") for proof in report.of("mutant"))
        _out.print(
            f"mutation score {report.mutation_score:.1%}, {counted(equivalent, 'equivalent mutant')} aside"
        )
    for proof in report.failures:
        _out.print(
            f"[red]✗[/red] {proof.part} {escape(proof.function)}: {escape(proof.what)}: {escape(proof.detail)}",
            soft_wrap=True,
        )


def _sign(holds: bool) -> str:
    return "[green]✓[/green]" if holds else "[red]✗[/red]"


# ------------------------------------------------------------------------------------------- grade, in words


def _jobs(asked: int | None, course: Course) -> int:
    """How many jobs there will be; says so where memory may not be enough for those asked for, or for one a processor."""
    from autograder.grading import batch
    from autograder.sandbox import machine

    wanted = asked or batch.default_jobs()
    free = machine.free_mib()
    fitting = wanted if free is None else machine.jobs_that_fit(course.limits, free)
    if wanted <= fitting:
        return wanted
    each = machine.a_job_mib(course.limits)
    fits = f"{fitting} {agree(fitting, 'fits', 'fit')}" if fitting else "not even one fits"
    sums = (
        f"{counted(wanted, 'job')} may want {_gib(wanted * each)} of memory ({each} MiB each: memory_mib = "
        f"{course.limits.memory_mib} and {machine.A_GRADER_MIB} for the grader), {_gib(free or 0)} are free: {fits}"
    )
    if asked is None:
        jobs = max(1, fitting)
        todo = f"grading {jobs} at a time"
    else:
        jobs = asked
        todo = f"use --jobs {fitting}" if fitting else "make memory free, or lower memory_mib in course.toml"
        todo = f"{todo}, or student code may be ended and its result say out-of-memory"
    _err.print(f"[yellow]note[/yellow]: {sums}; {todo}", soft_wrap=True)
    return jobs


def _gib(mib: int) -> str:
    return f"{mib / 1024:.1f} GiB"


def _grade(order: Order, *, watch: bool = False) -> bool:
    """Grades and says what happened; whether something could not be graded or entered."""
    from autograder.grading import batch
    from autograder.grading.pool import Pool

    def waiting() -> None:
        _err.print("another run is grading in this folder: waiting for it to end …")

    with (
        _stopping("what is finished is kept; run the same command again to go on"),
        batch.alone(order.out, waiting),
        Pool(order.course, order.unit, order.jobs) as pool,
    ):
        with _out.status("Looking what there is to grade …"):
            plan = batch.plan(order)
        _say_plan(order, plan)
        with _progress("grading", hidden=not plan.to_grade) as bar:
            task = bar.add_task("grading", total=len(plan.to_grade))

            def progress(result: ResultFile) -> None:
                bar.advance(task)
                if result.status != "graded":
                    bar.console.print(_problem(result), soft_wrap=True)

            outcome = batch.grade(order, plan, progress, pool)
        _say_outcome(order, outcome)
        if watch:
            _watch(order, plan, pool)
            return False
    return bool(outcome.gradebook_error) or any(result.score is None for result in outcome.graded)


def _watch(order: Order, plan: Plan, pool: Pool) -> None:
    """Grades what arrives, until Ctrl-C or the end of a service."""
    from rich.markup import escape

    from autograder.grading import arrivals, batch

    def said(result: ResultFile) -> None:
        graded = f"{escape(_plain(result.student))}: {_mark(result.score)} of {result.max_score:g}"
        line = graded if result.status == "graded" else _problem(result)
        _out.print(f"{datetime.now():%H:%M:%S} {line}", soft_wrap=True)

    _out.print(f"watching {_relative(order.submitted)}: what arrives is graded at once (Ctrl-C ends it)")
    arriving = arrivals.watch(order.submitted, order.unit)
    try:
        for outcome in batch.follow(order, plan, arriving, said, pool):
            _say_gradebook(outcome)
    except KeyboardInterrupt:
        _out.print("stopped watching: everything that was graded is kept")


_LEVELS: Final = {
    "full": "[green]full[/green]: student code sees no file but Python itself, no network, no other process",
    "reduced": "[yellow]reduced[/yellow]: student code can see names and sizes of files, and read none; "
    "`autograder doctor` says how to raise it",
    "none": "[red]none[/red]: student code runs with limits on time and memory alone",
}


def _say_plan(order: Order, plan: Plan) -> None:
    from rich.markup import escape

    if plan.level is not None:
        _out.print(f"isolation {_LEVELS[plan.level]}", soft_wrap=True)
    for notice in plan.notices:
        _err.print(f"[yellow]note[/yellow]: {escape(notice)}", soft_wrap=True)
    for path in plan.misplaced:
        expected = f"{path.parent.name}/{order.unit.name}/{order.unit.name}.ipynb"
        _out.print(
            f"[yellow]not graded[/yellow] {escape(_plain(str(path)))}: it is looked for at {escape(_plain(expected))}",
            soft_wrap=True,
        )
    for name in plan.passed_over:
        _out.print(f"passed over {_plain(name)}: names that start with a dot are no students", markup=False)
    total = len(plan.to_grade) + len(plan.unchanged)
    if not total:
        by = f" by {_names(order.students)}" if order.students else ""
        who = order.students[0] if len(order.students) == 1 else "STUDENT"
        _out.print(
            f"nothing is handed in for {order.unit.name}{by} in {_relative(order.submitted)}: "
            f"expected {escape(_plain(who))}/{order.unit.name}/{order.unit.name}.ipynb",
            soft_wrap=True,
        )
    elif plan.unchanged:
        _out.print(
            f"{len(plan.unchanged)} of {counted(total, 'submission')} {agree(len(plan.unchanged), 'is', 'are')} "
            "graded already and unchanged (--force grades again)"
        )


def _problem(result: ResultFile) -> str:
    from rich.markup import escape

    colour = "red" if result.status == "not-graded" else "yellow"
    return f"[{colour}]{result.status}[/{colour}] {escape(_plain(result.student))}: {escape(_plain(result.reason))}"


def _say_outcome(order: Order, outcome: Outcome) -> None:
    from rich.markup import escape

    plan = outcome.plan
    if outcome.graded:
        _out.print(_table(order, outcome.graded))
    for name, before, after in outcome.changed if order.dry_run else ():
        _out.print(f"would change: {escape(_plain(name))}: {_mark(before)} → {_mark(after)}")
    if not order.dry_run and outcome.changed:
        _out.print(f"{counted(len(outcome.changed), 'mark')} changed since the last run")
    hung = sorted(one.student for one in outcome.graded if one.left_out and one.status == "graded")
    if hung:
        _out.print(
            f"{counted(len(hung), 'submission')} with a cell that hung or ended Python, which was left out: "
            f"{_names(hung)}",
            soft_wrap=True,
        )
    if plan.missing and not order.students:
        _out.print(
            f"{counted(len(plan.missing), 'student')} handed in nothing: {_names(plan.missing)}",
            soft_wrap=True,
        )
    if order.dry_run:
        _out.print("nothing was written (--dry-run)")
    if outcome.class_page is not None:
        _out.print(f"the class at a glance: [bold]{_relative(outcome.class_page)}[/bold]", soft_wrap=True)
    _say_gradebook(outcome)


def _say_gradebook(outcome: Outcome) -> None:
    from rich.markup import escape

    if outcome.gradebook_error:
        _err.print(f"[red]gradebook[/red]: {escape(outcome.gradebook_error)}", soft_wrap=True)
        _err.print("the results are safe; the next run brings the gradebook in line with them")


def _table(order: Order, graded: list[ResultFile]) -> object:
    from collections import Counter

    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_footer=True, pad_edge=False)
    scores = [result.score for result in graded if result.score is not None]
    mean = sum(scores) / len(scores) if scores else 0.0
    table.add_column("function", footer=f"graded now: {len(graded)}", no_wrap=True)
    table.add_column("mean", justify="right", no_wrap=True, footer=f"{mean:.2f} of {order.unit.points:g}")
    full = sum(score == order.unit.points for score in scores)
    table.add_column("full", justify="right", footer=f"{full}")
    table.add_column("carried", justify="right")
    table.add_column("most common finding", overflow="fold")
    for function in order.unit.functions:
        files = [file for result in graded for file in result.functions if file.name == function.name]
        first = Counter(file.diagnoses[0].id for file in files if file.diagnoses).most_common(1)
        table.add_row(
            function.name,
            # Over everyone with a mark, as the footer's mean: what cannot be read has no function at all.
            f"{sum(file.score for file in files) / max(1, len(scores)):.2f} of {function.points:g}",
            f"{sum(file.score == file.max_score for file in files)}",
            f"{sum(file.carried_forward for file in files)}",
            f"{first[0][0]} ({first[0][1]}×)" if first else "",
        )
    return table


# -------------------------------------------------------------------------------------------------- small words


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl-C and the end of a service are a KeyboardInterrupt, in whatever way the command was started.

    A script's shell starts what is to run in its background deaf to Ctrl-C, and Python leaves it so.
    """
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, signal.default_int_handler) for number in signals]
    try:
        yield
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


@contextlib.contextmanager
def _stopping(message: str) -> Iterator[None]:
    """Ctrl-C, or the end of a service, ends the command with a line instead of a traceback."""
    try:
        with _interruptible():
            yield
    except KeyboardInterrupt:
        _err.print(f"[yellow]stopped[/yellow]: {message}")
        raise typer.Exit(130) from None


def _spread_students(arguments: list[str]) -> list[str]:
    """`grade UNIT --student ada bob` means what `--student ada --student bob` does."""
    spread: list[str] = []
    taking = False
    for position, argument in enumerate(arguments):
        if argument == "--student":
            # Where the unit has not been named yet, only one name can be the option's.
            taking = any(not earlier.startswith("-") for earlier in arguments[1:position])
        elif argument.startswith("-"):
            taking = False
        elif taking and arguments[position - 1] != "--student":
            spread.append("--student")
        spread.append(argument)
    return spread


def _fail(error: AutograderError, code: int) -> None:
    from rich.markup import escape

    _err.print(f"[red]autograder:[/red] {escape(_plain(str(error)))}", soft_wrap=True)
    sys.exit(code)


def _mark(score: float | None) -> str:
    return "not graded" if score is None else f"{score:g}"


def _plain(text: str) -> str:
    """One line without control characters: a student's text must not move the cursor."""
    return "".join(character if character.isprintable() else "�" for character in text)


def _names(students: Sequence[str], most: int = 10) -> str:
    from rich.markup import escape

    more = f" and {len(students) - most} more" if len(students) > most else ""
    return ", ".join(escape(_plain(name)) for name in students[:most]) + more


def _relative(path: Path) -> str:
    from rich.markup import escape

    try:
        return escape(str(path.resolve().relative_to(Path.cwd())))
    except ValueError:
        return escape(str(path))
