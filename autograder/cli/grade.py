"""`autograder grade`: a class is graded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

from autograder.cli import classwork
from autograder.cli.options import Jobs
from autograder.errors import CourseError

EXAMPLES: Final = (
    "autograder grade self-attention",
    "autograder grade embeddings --student ada bob --force",
    "autograder grade embeddings --cluster tls://login-1:8786",
    "autograder grade embeddings --shard 3/16",
)

# Options that do not go together, and why where it is not plain.
_APART: Final = (
    ("--watch", "--dry-run", ""),
    ("--cluster", "--jobs", ", as a cluster grades as many at a time as it has workers"),
    ("--cluster", "--shard", ", as a cluster shares a class out by itself"),
    ("--watch", "--shard", ", as a part is graded without its gradebook"),
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
    jobs: Jobs = None,
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
    cluster: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Grade on the workers of this Dask scheduler: tls://HOST:PORT."),
    ] = None,
    unencrypted: Annotated[
        bool,
        typer.Option(
            "--unencrypted",
            help="Let students' work and the course's secret go to a tcp:// cluster as they are.",
        ),
    ] = False,
    shard: Annotated[
        str | None,
        typer.Option(
            metavar="I/N",
            help="The I-th of N parts of the class alone: results, and no gradebook before the next run without.",
        ),
    ] = None,
) -> None:
    """Grade a class: results, a page for everyone, the gradebook.

    Can be stopped at any point and run again: finished work is kept, and unchanged work is not graded twice.
    """
    from autograder.grading import planning
    from autograder.grading.shards import Shard

    part = None if shard is None else Shard.parse(shard)
    _refuse_contradictions(
        {"--watch": watch, "--dry-run": dry_run, "--cluster": cluster, "--jobs": jobs, "--shard": part}
    )
    if unencrypted and cluster is None:
        raise CourseError("--unencrypted says how to reach a cluster: add --cluster ADDRESS, or leave it out")
    order = planning.open_order(
        Path.cwd(),
        unit,
        submitted,
        out,
        students=tuple(student or ()),
        jobs=jobs or 1,
        force=force,
        dry_run=dry_run,
        trust_students=trust_students,
        shard=part,
    )
    others = None
    if cluster is None:
        order = replace(order, jobs=classwork.jobs(jobs, order.course))
    else:
        from autograder.grading.cluster import Cluster

        others = partial(Cluster, address=cluster, unencrypted=unencrypted)
    if classwork.grade(order, watch=watch, cluster=others):
        raise typer.Exit(1)


def _refuse_contradictions(given: Mapping[str, object]) -> None:
    """CourseError where two options were given that each make no sense beside the other."""
    for one, other, why in _APART:
        if given[one] and given[other]:
            raise CourseError(f"{one} and {other} do not go together{why}: leave one of them out")
