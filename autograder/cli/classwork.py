"""A class is graded, and what happens is said: what `grade` and `demo` do alike."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from autograder import interrupts
from autograder.cli.terminal import (
    LEVELS,
    mark,
    names,
    plain,
    progress,
    relative,
    stderr,
    stdout,
    stopping,
    waiting_for_a_run,
)
from autograder.errors import CourseError
from autograder.naming import as_text
from autograder.words import agree, commonest, counted, in_short

if TYPE_CHECKING:
    from autograder.gradebook.results import ResultFile
    from autograder.grading.cluster import Cluster
    from autograder.grading.keeping import Outcome
    from autograder.grading.planning import Order, Plan
    from autograder.grading.pool import Pool
    from autograder.grading.tally import Tally
    from autograder.records import Course, Report, Unit, Unplaced

_LOOK_AGAIN: Final = 1.0  # seconds from one look at a course that cannot be used to the next


def jobs(asked: int | None, course: Course) -> int:
    """How many jobs there will be; says so where memory may not be enough for those asked for, or for one a processor."""
    from autograder.grading import planning
    from autograder.sandbox import machine

    wanted = asked or planning.default_jobs()
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
        chosen = max(1, fitting)
        todo = f"grading {chosen} at a time"
    else:
        chosen = asked
        todo = f"use --jobs {fitting}" if fitting else "make memory free, or lower memory_mib in course.toml"
        todo = f"{todo}, or student code may be ended and its result say out-of-memory"
    stderr.print(f"[yellow]note[/yellow]: {sums}; {todo}", soft_wrap=True)
    return chosen


def _gib(mib: int) -> str:
    return f"{mib / 1024:.1f} GiB"


def grade(
    order: Order, *, watch: bool = False, cluster: Callable[[Course, Unit], Cluster] | None = None
) -> bool:
    """Grades and says what happened; whether something could not be graded or entered.

    On what `cluster` gives, which is opened for it, or on this machine.
    """
    with stopping("what is finished is kept; run the same command again to go on"):
        return _watch(order, cluster) if watch else _run(order, cluster)


def _run(
    order: Order,
    clustered: Callable[[Course, Unit], Cluster] | None,
    follow: Callable[[Order, Outcome, Pool], None] | None = None,
) -> bool:
    """Grades what there is, then does what is to `follow`, while others may write in the folder again."""
    from autograder.grading import batch, keeping, planning, reporting
    from autograder.grading.pool import Pool
    from autograder.grading.processes import Processes

    alone = (
        contextlib.nullcontext() if order.dry_run else batch.alone(order.out, waiting_for_a_run, order.shard)
    )
    entering = not order.dry_run and order.shard is None
    ahead: dict[str, Report] = {}

    def meanwhile() -> None:
        if entering:
            keeping.get_ready()
            ahead.update(reporting.read_ahead(order))

    cluster = None if clustered is None else clustered(order.course, order.unit)
    place = Processes(order.course, order.unit, order.jobs, meanwhile) if cluster is None else cluster
    order = replace(order, ground=place)
    with contextlib.ExitStack() as turn, Pool(place) as pool:
        turn.enter_context(alone)
        if cluster is not None:
            with stdout.status("Looking at the cluster's workers …"):
                cluster.open(trust_students=order.trust_students)
            _say_cluster(cluster)
        with stdout.status("Looking what there is to grade …"):
            plan = planning.plan(order)
        if plan.level is not None and cluster is None:  # else its workers' has been said
            stdout.print(f"isolation {LEVELS[plan.level]}", soft_wrap=True)
        _say_plan(order, plan)
        with progress("grading", hidden=not plan.to_grade) as bar:
            task = bar.add_task("grading", total=len(plan.to_grade))

            def done(result: ResultFile) -> None:
                bar.advance(task)
                if result.status != "graded":
                    bar.console.print(_problem(result), soft_wrap=True)

            outcome = batch.grade(order, plan, done, pool, ahead)
        _say_outcome(order, outcome)
        if follow is not None:
            turn.close()
            follow(order, outcome, pool)
    return (
        bool(outcome.gradebook_error)
        or outcome.tally.marked < outcome.tally.count
        or any(one.lost for one in plan.unplaced)
    )


def _say_cluster(cluster: Cluster) -> None:
    from rich.markup import escape

    from autograder.words import listed

    isolation = listed([f"{count} with isolation {level}" for level, count in sorted(cluster.levels.items())])
    stdout.print(f"{counted(cluster.width, 'worker')}: {isolation}", soft_wrap=True)
    for notice in cluster.notices:
        stderr.print(f"[yellow]note[/yellow]: {escape(notice)}", soft_wrap=True)


def _watch(order: Order, clustered: Callable[[Course, Unit], Cluster] | None) -> bool:
    """Grades, and what arrives after it, until Ctrl-C or the end of a service; where the course changes, all of it anew."""
    from rich.markup import escape

    from autograder.course import secret
    from autograder.grading import index, planning

    began = False

    def follow(order: Order, outcome: Outcome, pool: Pool) -> None:
        nonlocal began
        began = True
        _follow(order, outcome, course, pool)

    if order.unit.adopted is None:
        secret.load(order.course)  # is made before it is seen whether it is another
    while True:
        course = index.course(order)
        try:
            if began:
                stdout.print("the course has changed: looking at everything anew")
                order = planning.opened_anew(order)
            _run(order, clustered, follow)
        except CourseError as error:
            if not began:
                raise
            stderr.print(f"[red]autograder:[/red] {escape(plain(str(error)))}", soft_wrap=True)
            stderr.print("nothing is graded until the course has been mended; what is handed in is kept")
            _until_changed(order, course)
        except KeyboardInterrupt:
            if not began:
                raise
            stdout.print("stopped watching: everything that was graded is kept")
            return False


def _until_changed(order: Order, course: bytes) -> None:
    """Waits until the course is not as it was."""
    from autograder.grading import index

    while index.course(order) == course:
        with interrupts.listening():
            time.sleep(_LOOK_AGAIN)


def _follow(order: Order, done: Outcome, course: bytes, pool: Pool) -> None:
    """Grades what arrives for as long as the course stays what it is."""
    from rich.markup import escape

    from autograder.gradebook import settings
    from autograder.grading import arrivals, attendance, watching

    zone = settings.zone(order.course)

    def said(result: ResultFile) -> None:
        graded = f"{escape(plain(result.student))}: {mark(result.score)} of {in_short(result.max_score)}"
        line = graded if result.status == "graded" else _problem(result)
        stdout.print(f"{datetime.now(zone):%H:%M:%S} {line}", soft_wrap=True)

    stdout.print(f"watching {relative(order.submitted)}: what arrives is graded at once (Ctrl-C ends it)")
    arriving = arrivals.watch(order.submitted, partial(attendance.is_whole, order))
    told = set(done.plan.unplaced)
    for outcome in watching.follow(order, done, course, arriving, said, pool, waiting_for_a_run):
        _say_unplaced([one for one in outcome.plan.unplaced if one not in told])
        told.update(outcome.plan.unplaced)
        _say_gradebook(outcome)


def _say_plan(order: Order, plan: Plan) -> None:
    from rich.markup import escape

    for notice in plan.notices:
        stderr.print(f"[yellow]note[/yellow]: {escape(notice)}", soft_wrap=True)
    _say_unplaced(plan.unplaced)
    for name in plan.passed_over:
        stdout.print(
            f"passed over {plain(as_text(name))}: names that start with a dot are no students",
            markup=False,
            soft_wrap=True,
        )
    total = len(plan.to_grade) + len(plan.unchanged)
    if not total:
        by = f" by {names(order.students)}" if order.students else ""
        who = order.students[0] if len(order.students) == 1 else "STUDENT"
        stdout.print(
            f"nothing is handed in for {order.unit.name}{by} in {relative(order.submitted)}: "
            f"expected {escape(plain(who))}/{order.belongs_at}",
            soft_wrap=True,
        )
    elif plan.unchanged:
        stdout.print(
            f"{len(plan.unchanged)} of {counted(total, 'submission')} {agree(len(plan.unchanged), 'is', 'are')} "
            "graded already and unchanged (--force grades again)"
        )


def _say_unplaced(found: Sequence[Unplaced]) -> None:
    from rich.markup import escape

    for one in found:
        stdout.print(
            f"[yellow]not graded[/yellow] {escape(plain(one.where))}: {escape(plain(one.why))}",
            soft_wrap=True,
        )


def _problem(result: ResultFile) -> str:
    from rich.markup import escape

    colour = "red" if result.status == "not-graded" else "yellow"
    return f"[{colour}]{result.status}[/{colour}] {escape(plain(result.student))}: {escape(plain(result.reason))}"


def _say_outcome(order: Order, outcome: Outcome) -> None:
    from rich.markup import escape

    from autograder.course import coursefile

    plan = outcome.plan
    if outcome.tally.count:
        stdout.print(_table(order, outcome.tally))
    for name, before, after in sorted(outcome.changed, key=itemgetter(0)) if order.dry_run else ():
        stdout.print(f"would change: {escape(plain(as_text(name)))}: {mark(before)} → {mark(after)}")
    if not order.dry_run and outcome.changed:
        stdout.print(f"{counted(len(outcome.changed), 'mark')} changed since the last run")
    hung = sorted(outcome.tally.hung)
    if hung:
        stdout.print(
            f"{counted(len(hung), 'submission')} with a cell that hung or ended Python, which was left out: "
            f"{names(hung)}",
            soft_wrap=True,
        )
    if order.shard is None:
        _say_missing(order, plan)
    elif not order.dry_run:
        stdout.print(
            f"part {order.shard}: results alone; the next run without --shard enters them in the gradebook and draws pages",
            soft_wrap=True,
        )
    if order.dry_run:
        stdout.print("nothing was written (--dry-run)")
    if outcome.class_page is not None:
        stdout.print(f"the class at a glance: [bold]{relative(outcome.class_page)}[/bold]", soft_wrap=True)
        course_page = outcome.class_page.with_name(f"{coursefile.WHOLE}.html")
        stdout.print(f"the whole course: [bold]{relative(course_page)}[/bold]", soft_wrap=True)
    _say_gradebook(outcome)


def _say_missing(order: Order, plan: Plan) -> None:
    """Who handed in nothing, and who of them need not, or has time yet."""
    from autograder.gradebook import arrangements

    if not plan.missing or order.students:
        return
    arranged = arrangements.read(order.course.root, order.out, order.unit)
    now = datetime.now(UTC)
    missing: list[str] = []
    later: list[str] = []
    excused: list[str] = []
    for name in plan.missing:
        own = arranged.of(name)
        state = excused if own.excused else later if own.due is not None and own.due > now else missing
        state.append(as_text(name))
    for who, said in (
        (missing, "handed in nothing"),
        (later, "handed in nothing yet, and it is not due"),
        (excused, "excused"),
    ):
        if who:
            stdout.print(f"{counted(len(who), 'student')} {said}: {names(who)}", soft_wrap=True)


def _say_gradebook(outcome: Outcome) -> None:
    from rich.markup import escape

    if outcome.gradebook_error:
        stderr.print(f"[red]gradebook[/red]: {escape(outcome.gradebook_error)}", soft_wrap=True)
        stderr.print("the results are safe; the next run brings the gradebook in line with them")


def _table(order: Order, tally: Tally) -> object:
    from rich import box
    from rich.table import Table

    from autograder.grading.tally import OfFunction

    table = Table(box=box.SIMPLE_HEAD, show_footer=True, pad_edge=False)

    def mean(total: float, most: float) -> str:
        """Over everyone with a mark, as what cannot be read has no function at all."""
        return f"{total / tally.marked:.2f} of {in_short(most)}" if tally.marked else f"– of {in_short(most)}"

    adopted = order.unit.adopted is not None
    table.add_column(
        "test cell" if adopted else "function", footer=f"graded now: {tally.count}", no_wrap=True
    )
    table.add_column("mean", justify="right", no_wrap=True, footer=mean(tally.total, order.unit.points))
    table.add_column("full", justify="right", footer=f"{tally.full}")
    if not adopted:
        table.add_column("carried", justify="right")
    table.add_column("most common finding", overflow="fold")
    for function in order.unit.functions:
        came = tally.functions.get(function.name, OfFunction())
        id, count = commonest(came.findings)
        table.add_row(
            function.name,
            mean(came.total, function.points),
            f"{came.full}",
            *([] if adopted else [f"{came.carried}"]),
            f"{id} ({count}×)" if count else "",
        )
    return table
