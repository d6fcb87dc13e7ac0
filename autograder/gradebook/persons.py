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
from autograder.gradebook import address, database, looking, penalties, seen
from autograder.gradebook.looking import Book

_OF_NOTEBOOK: Final = ("grade", "comment", penalties.TABLE, seen.TABLE)
_NOTEBOOKS: Final = (
    "SELECT notebook.id FROM submitted_notebook AS notebook JOIN submitted_assignment AS submitted "
    "ON submitted.id = notebook.assignment_id WHERE submitted.student_id = ?"
)


def read(gradebook: Path, student: str) -> dict[str, Any]:
    """All that a gradebook holds of a student, by name as text; empty where that is nothing, or it cannot be read."""
    try:
        with looking.at(gradebook) as book:
            who = book.named("SELECT * FROM student WHERE id = ?", (student,))
            units = book.named(
                "SELECT assignment.name AS unit, submitted.* FROM submitted_assignment AS submitted "
                "JOIN assignment ON assignment.id = submitted.assignment_id WHERE submitted.student_id = ?",
                (student,),
            )
            found: dict[str, Any] = {"student": who[0]} if who else {}
            if units:
                found["units"] = [{**unit, "cells": _cells(book, unit["id"])} for unit in units]
            return found
    except looking.UnseenError:
        return {}


def _cells(book: Book, submitted: str) -> list[dict[str, Any]]:
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
        found += book.named(query, (submitted,))
    return found


def remove(gradebook: Path, student: str) -> None:
    """Takes a student's rows out of a gradebook, and out of the pages of its file that are free then.

    AutograderError where it cannot be written: then it is as it was.
    """

    def take_out(book: Book) -> None:
        tables = book.tables()
        for table in _OF_NOTEBOOK:
            if table in tables:
                book.change(f"DELETE FROM {table} WHERE notebook_id IN ({_NOTEBOOKS})", (student,))
        book.change(f"DELETE FROM submitted_notebook WHERE id IN ({_NOTEBOOKS})", (student,))
        book.change("DELETE FROM submitted_assignment WHERE student_id = ?", (student,))
        book.change("DELETE FROM student WHERE id = ?", (student,))

    _change(gradebook, take_out)


def rename(gradebook: Path, old: str, new: str) -> None:
    """Gives a student another id, over one that is enrolled by it and has nothing.

    AutograderError where it cannot be written: then it is as it was.
    """

    def change(book: Book) -> None:
        known = book.named("SELECT * FROM student WHERE id = ?", (old,))
        if not known:
            return
        book.change("DELETE FROM student WHERE id = ?", (new,))
        # A new row before the old one goes: PostgreSQL lets no work be of nobody.
        row = {**known[0], "id": new}
        signs = ", ".join("?" for _ in row)
        book.change(f"INSERT INTO student ({', '.join(row)}) VALUES ({signs})", list(row.values()))
        book.change("UPDATE submitted_assignment SET student_id = ? WHERE student_id = ?", (new, old))
        book.change("DELETE FROM student WHERE id = ?", (old,))

    _change(gradebook, change)


def _change(gradebook: Path, change: Callable[[Book], None]) -> None:
    if address.of(gradebook) is not None:
        with database.transaction(gradebook) as connection:
            change(Book(connection))
        return
    try:
        with _opened(gradebook) as book:
            change(book)
    except sqlite3.Error as error:
        raise AutograderError(
            f"{gradebook}: cannot be changed ({error}): close formgrader and whatever else uses it, and run this again"
        ) from None


@contextmanager
def _opened(gradebook: Path) -> Iterator[Book]:
    """One transaction, after which nothing of what was taken out is left in the file."""
    there = f"{gradebook.absolute().as_uri()}?mode=rw"  # which makes no new one where it is gone
    with closing(sqlite3.connect(there, uri=True, timeout=looking.PATIENCE, isolation_level=None)) as book:
        book.execute("PRAGMA secure_delete = ON")
        book.execute("BEGIN IMMEDIATE")
        yield Book(book)
        book.execute("COMMIT")
        book.execute("VACUUM")
