"""`autograder say`: a sentence for all who show the same unexplained results."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from autograder.cli.terminal import names, plain, relative, stdout
from autograder.errors import CourseError
from autograder.words import counted

if TYPE_CHECKING:
    from autograder.gradebook.clusters import Cluster

EXAMPLES: Final = (
    "autograder say self-attention",
    'autograder say self-attention softmax-k3f9qa "Which axis is it?"',
    "autograder say self-attention softmax-k3f9qa --take-back",
)


def say(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="A unit, as course.toml names it.")],
    cluster: Annotated[
        str | None,
        typer.Argument(
            metavar="[CLUSTER]", help="The students, as the class page names them; lists all without."
        ),
    ] = None,
    sentence: Annotated[
        str | None,
        typer.Argument(
            metavar="[SENTENCE]", help="What their pages say, in quotes; shows what is said without."
        ),
    ] = None,
    take_back: Annotated[bool, typer.Option("--take-back", help="Say it no more.")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Holds results/.", show_default="the course folder")
    ] = None,
) -> None:
    """Say a sentence to all who show the same unexplained results.

    It is kept in said.toml in the course folder, and stands on the pages of all in the cluster, past and future,
    from the next `grade` on.
    """
    from autograder.course import coursefile
    from autograder.gradebook import clusters, results, said

    loaded = coursefile.load(coursefile.find(Path.cwd()))
    (chosen,) = coursefile.choose(loaded, [unit])
    folder = out if out is not None else loaded.root
    told = said.read(loaded.root, chosen.name)
    found = clusters.found(
        results.report_of(one, chosen.title) for _, one in results.every(folder, chosen.name)
    )
    if cluster is not None:
        _refuse_unknown(cluster, [*(one.name for one in found), *told], chosen.name)
        found = tuple(one for one in found if one.name == cluster)
        told = {name: text for name, text in told.items() if name == cluster}
    if take_back and (cluster is None or sentence is not None):
        raise CourseError(
            "--take-back takes a cluster and no sentence: autograder say UNIT CLUSTER --take-back"
        )
    place = relative(loaded.root / said.FILE_NAME)
    pages = counted(sum(one.count for one in found), "page")
    if cluster is None or (sentence is None and not take_back):
        _list(found, told, chosen.name)
    elif sentence is None:
        said.take_back(loaded.root, chosen.name, cluster)
        stdout.print(f"[green]✓[/green] {place}: {cluster} is told nothing any more", soft_wrap=True)
        stdout.print(f"taken from {pages} by the next: autograder grade {chosen.name}", soft_wrap=True)
    else:
        said.say(loaded.root, chosen.name, cluster, sentence)
        instead = f", in place of “{told[cluster]}”" if cluster in told else ""
        stdout.print(f"[green]✓[/green] {place}: ", end="")
        stdout.print(plain(f"said to {cluster}{instead}"), markup=False, soft_wrap=True)
        stdout.print(f"put on {pages} by the next: autograder grade {chosen.name}", soft_wrap=True)


def _refuse_unknown(cluster: str, known: list[str], unit: str) -> None:
    if cluster in known:
        return
    close = difflib.get_close_matches(cluster, known, n=1)
    meant = f" (did you mean {close[0]}?)" if close else ""
    raise CourseError(f"no cluster {plain(cluster)!r} in {unit}{meant}: autograder say {unit} lists all")


def _list(found: Sequence[Cluster], told: Mapping[str, str], unit: str) -> None:
    from rich.markup import escape

    for one in found:
        students = f"{counted(one.count, 'student')}: {names(one.students)}"
        stdout.print(f"[bold]{escape(plain(one.name))}[/bold]  {students}", soft_wrap=True)
        stdout.print(plain(f"  {one.title}"), markup=False, soft_wrap=True)
        if one.name in told:
            stdout.print(plain(f"  “{told[one.name]}”"), markup=False, soft_wrap=True)
    gone = [name for name in told if name not in {one.name for one in found}]
    for name in gone:
        stdout.print(plain(f"{name}  nobody now"), markup=False, soft_wrap=True)
        stdout.print(plain(f"  “{told[name]}”"), markup=False, soft_wrap=True)
    if not found and not gone:
        stdout.print(f"no unexplained results in {unit}, as far as it is graded")
