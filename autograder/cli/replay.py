"""`autograder replay`: one result worked out again, for an appeal."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from autograder.cli.options import Out
from autograder.cli.terminal import mark, plain, relative, sign, stdout
from autograder.errors import AutograderError
from autograder.words import in_short

if TYPE_CHECKING:
    from autograder.grading.replay import Replayed

EXAMPLES: Final = ("autograder replay self-attention ada",)


def replay(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="A unit, as course.toml names it.")],
    student: Annotated[
        str, typer.Argument(metavar="STUDENT", help="By the id on the roster or the folder's name.")
    ],
    submitted: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Holds STUDENT/UNIT/UNIT.ipynb.", show_default="submitted"),
    ] = None,
    out: Out = None,
    trust_students: Annotated[
        bool, typer.Option("--trust-students", help="Also where student code cannot be locked in.")
    ] = False,
) -> None:
    """Work out one student's result again, for an appeal.

    It is made from the same file, and nothing is written. Where it is another, it says what changed and why: the file, the kit, the secret or the course.
    Exits 0 both ways.
    """
    from autograder.gradebook import known, standings
    from autograder.grading import planning, replay
    from autograder.naming import as_name

    order = planning.open_order(Path.cwd(), unit, submitted, out, dry_run=True, trust_students=trust_students)
    (name,) = known.meant(order.course, order.out, [student])
    with stdout.status("Grading it again …"):
        found = replay.replay(order, as_name(name))
    _say(found)
    standing = None
    with contextlib.suppress(AutograderError):  # there is no gradebook, or none that can be read
        standing = standings.read(order.out, order.unit.name, [as_name(name)], order.unit.by_hand).get(name)
    if standing is not None and standing.graded:
        stdout.print(
            f"in the gradebook: {in_short(standing.score)} of {in_short(standing.max_score)}, with what people gave and "
            f"{in_short(standing.penalty)} less for being late",
            soft_wrap=True,
        )
    stdout.print("nothing was written")


def _say(found: Replayed) -> None:
    same = not found.lines
    was, most = found.before.score, found.after.max_score
    score = mark(was) if was == found.after.score else f"{mark(was)} → {mark(found.after.score)}"
    what = "the same result" if same else "another result"
    stdout.print(f"{sign(same)} ", end="")
    stdout.print(
        plain(f"{found.after.student}, {found.after.unit}: {what}, {score} of {in_short(most)}"),
        markup=False,
        soft_wrap=True,
    )
    file = "none is there" if found.file is None else relative(found.file)
    told = "the one that was graded" if found.same_file else "not the one that was graded, which is not there"
    stdout.print(
        f"  {sign(found.same_file)} file: {file}, {told} ({found.after.submission[:12]})", soft_wrap=True
    )
    for name, is_same, more in found.made_by:
        stdout.print("  · " if is_same is None else f"  {sign(is_same)} ", end="")
        said = {True: "the same", False: "changed", None: "perhaps changed too"}[is_same]
        stdout.print(plain(f"{name}: {said} ({more})"), markup=False, soft_wrap=True)
    for line in found.lines:
        stdout.print(f"  {plain(line)}", markup=False, soft_wrap=True)
