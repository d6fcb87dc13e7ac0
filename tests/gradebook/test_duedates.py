"""A date of course.toml's goes with it, one of formgrader's stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from entered import FULL, UNIT, UNIT_NAME, entry, release
from nbgrader import api

from autograder.gradebook import arrangements, bookkeeping, drift
from autograder.gradebook import released as releases
from autograder.gradebook.results import ResultFile
from autograder.lateness import Late
from autograder.records import Unit

__all__ = ["release"]  # a fixture

FIRST, SECOND = datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(2026, 3, 8, 12, tzinfo=UTC)
LATE = "2026-03-02 12:00:00.000000 UTC"
COSTS = Late(per_day=0.5)


@pytest.fixture
def enter(tmp_path: Path, release: Path) -> Callable[[Unit], None]:
    def write(unit: Unit) -> None:
        late = entry(tmp_path, "ada", FULL, timestamp=LATE)
        bookkeeping.write(tmp_path, unit, [late], [releases.read(release)], late=COSTS)

    return write


def there(out: Path) -> tuple[datetime | None, float]:
    """The date in the gradebook, and what ada's lateness costs."""
    with api.Gradebook(f"sqlite:///{out / 'gradebook.db'}") as book:
        penalty = book.find_submission(UNIT_NAME, "ada").late_submission_penalty
        return book.find_assignment(UNIT_NAME).duedate, penalty


def by_formgrader(out: Path, date: datetime) -> None:
    with api.Gradebook(f"sqlite:///{out / 'gradebook.db'}") as book:
        book.find_assignment(UNIT_NAME).duedate = date.replace(tzinfo=None)
        book.db.commit()


def behind(out: Path, unit: Unit) -> bool:
    """Whether ada's entry is, but for what else a result file says."""
    kept = {"ada": ResultFile(schema=1, unit=UNIT_NAME, student="ada", score=6.0, max_score=6.0, status="graded", functions=[], submission="one")}  # fmt: skip
    folder = out / "submitted" / "ada" / UNIT_NAME
    return bool(drift.behind(out, unit, kept, {"ada": folder}, late=COSTS))


def test_a_date_that_is_taken_out_of_the_course_is_none_any_more(
    tmp_path: Path, enter: Callable[[Unit], None]
) -> None:
    dated = replace(UNIT, due=FIRST)
    enter(dated)
    assert there(tmp_path) == (FIRST.replace(tzinfo=None), 3.0)
    assert not behind(tmp_path, dated)
    assert behind(tmp_path, UNIT), "the next run enters it again, and grades nobody"
    assert arrangements.read(tmp_path, tmp_path, UNIT).due is None, "at once, as for pages and exports"
    enter(UNIT)
    assert there(tmp_path) == (None, 0.0)
    assert not behind(tmp_path, UNIT)
    enter(dated)
    assert there(tmp_path) == (FIRST.replace(tzinfo=None), 3.0)


def test_a_date_of_formgraders_stays(tmp_path: Path, enter: Callable[[Unit], None]) -> None:
    enter(UNIT)
    by_formgrader(tmp_path, FIRST)
    assert arrangements.read(tmp_path, tmp_path, UNIT).due == FIRST
    enter(UNIT)
    assert there(tmp_path) == (FIRST.replace(tzinfo=None), 3.0)
    enter(replace(UNIT, due=SECOND))
    assert there(tmp_path) == (SECOND.replace(tzinfo=None), 0.0)
    by_formgrader(tmp_path, FIRST)
    assert arrangements.read(tmp_path, tmp_path, UNIT).due == FIRST
    enter(UNIT)
    assert there(tmp_path) == (FIRST.replace(tzinfo=None), 3.0), "set there since, and so not course.toml's"


def test_a_gradebook_of_an_older_kit_says_nothing_of_where_its_date_is_from(
    tmp_path: Path, enter: Callable[[Unit], None]
) -> None:
    enter(replace(UNIT, due=FIRST))
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        book.db.connection().exec_driver_sql("DROP TABLE autograder_due")
        book.db.commit()
    assert arrangements.read(tmp_path, tmp_path, UNIT).due == FIRST
    enter(UNIT)
    assert there(tmp_path)[0] == FIRST.replace(tzinfo=None)
