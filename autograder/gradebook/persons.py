"""One student's rows in a gradebook, the one in use or a copy of it: read, renamed and taken out.

Copies are files of SQLite that no program has open, possibly of an older nbgrader: so they are opened without it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from autograder.errors import AutograderError
from autograder.gradebook import looking, penalties, seen

_OF_NOTEBOOK: Final = ("grade", "comment", penalties.TABLE, seen.TABLE)
_NOTEBOOKS: Final = (
    "SELECT notebook.id FROM submitted_notebook AS notebook JOIN submitted_assignment AS submitted "
    "ON submitted.id = notebook.assignment_id WHERE submitted.student_id = ?"
)


def read(gradebook: Path, student: str) -> dict[str, Any]:
    """All that a gradebook holds of a student, by name as text; empty where that is nothing, or it cannot be read."""
    try:
        with looking.at(gradebook) as book:
            book.row_factory = sqlite3.Row
            who = book.execute("SELECT * FROM student WHERE id = ?", (student,)).fetchone()
            units = book.execute(
                "SELECT assignment.name AS unit, submitted.* FROM submitted_assignment AS submitted "
                "JOIN assignment ON assignment.id = submitted.assignment_id WHERE submitted.student_id = ?",
                (student,),
            ).fetchall()
            found: dict[str, Any] = {} if who is None else {"student": dict(who)}
            if units:
                found["units"] = [{**dict(unit), "cells": _cells(book, unit["id"])} for unit in units]
            return found
    except sqlite3.Error:
        return {}


def _cells(book: sqlite3.Connection, submitted: str) -> list[dict[str, Any]]:
    found = []
    for table, fields in (
        ("grade", "given.auto_score, given.manual_score, given.extra_credit, given.needs_manual_grade"),
        ("comment", "given.auto_comment, given.manual_comment"),
    ):
        query = (
            f"SELECT cell.name AS cell, notebook.late_submission_penalty, {fields} FROM {table} AS given "
            "JOIN submitted_notebook AS notebook ON notebook.id = given.notebook_id "
            "JOIN base_cell AS cell ON cell.id = given.cell_id WHERE notebook.assignment_id = ?"
        )
        found += [dict(row) for row in book.execute(query, (submitted,))]
    return found


def remove(gradebook: Path, student: str) -> None:
    """Takes a student's rows out of a gradebook, and out of the pages of its file that are free then.

    AutograderError where it cannot be written: then it is as it was.
    """

    def take_out(book: sqlite3.Connection) -> None:
        tables = _tables(book)
        for table in _OF_NOTEBOOK:
            if table in tables:
                book.execute(f"DELETE FROM {table} WHERE notebook_id IN ({_NOTEBOOKS})", (student,))
        book.execute(f"DELETE FROM submitted_notebook WHERE id IN ({_NOTEBOOKS})", (student,))
        book.execute("DELETE FROM submitted_assignment WHERE student_id = ?", (student,))
        book.execute("DELETE FROM student WHERE id = ?", (student,))

    _change(gradebook, take_out)


def rename(gradebook: Path, old: str, new: str) -> None:
    """Gives a student another id, over one that is enrolled by it and has nothing.

    AutograderError where it cannot be written: then it is as it was.
    """

    def change(book: sqlite3.Connection) -> None:
        if book.execute("SELECT 1 FROM student WHERE id = ?", (old,)).fetchone() is None:
            return
        book.execute("DELETE FROM student WHERE id = ?", (new,))
        book.execute("UPDATE submitted_assignment SET student_id = ? WHERE student_id = ?", (new, old))
        book.execute("UPDATE student SET id = ? WHERE id = ?", (new, old))

    _change(gradebook, change)


def _change(gradebook: Path, change: Callable[[sqlite3.Connection], None]) -> None:
    try:
        with _opened(gradebook) as book:
            change(book)
    except sqlite3.Error as error:
        raise AutograderError(
            f"{gradebook}: cannot be changed ({error}): close formgrader and whatever else uses it, and run this again"
        ) from None


@contextmanager
def _opened(gradebook: Path) -> Iterator[sqlite3.Connection]:
    """One transaction, after which nothing of what was taken out is left in the file."""
    with closing(sqlite3.connect(gradebook, timeout=looking.PATIENCE, isolation_level=None)) as book:
        book.execute("PRAGMA secure_delete = ON")
        book.execute("BEGIN IMMEDIATE")
        yield book
        book.execute("COMMIT")
        book.execute("VACUUM")


def _tables(book: sqlite3.Connection) -> set[str]:
    return {name for (name,) in book.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
