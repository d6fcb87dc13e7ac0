"""What counts for a student."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from autograder.gradebook.arrangements import Arrangement, Arrangements
from autograder.gradebook.standings import Mark, Standing
from autograder.gradebook.terms import Terms
from autograder.pages.accounts import Account, Override, accounts

DUE = datetime(2026, 11, 2, 12, tzinfo=UTC)


def mark(name: str, auto: float | None, manual: float | None = None, **fields: object) -> Mark:
    given = {"extra_credit": None, "by_hand": False, "needs_review": False} | fields
    return Mark(name, 3.0, auto, manual, auto_comment="", manual_comment="", **given)  # type: ignore[arg-type]


def test_what_counts_is_machine_and_hand_less_the_penalty() -> None:
    marks = (
        mark("check-softmax", 0.5, 2.0, extra_credit=0.5),
        mark("check-attend", 3.0, 3.0),
        mark("why", None, 1.5, by_hand=True),
        mark("draw", None, by_hand=True, needs_review=True),
    )
    standings = {
        "ada": Standing("ada", datetime(2026, 11, 2, 15, 20), marks, 1.0),
        "cy": Standing("cy", None, marks, 0.0),
    }
    arranged = Arrangements(
        "u",
        DUE,
        {
            "bo": Arrangement(DUE + timedelta(days=2), timedelta(days=2)),
            "cy": Arrangement(DUE, None, True, "ill"),
        },
    )
    found = accounts(standings, Terms(arranged), ["ada", "bo", "cy"])
    ada = found.of("ada")
    assert (ada.total, ada.max_score, ada.by_hand, ada.extra, ada.penalty) == (6.0, 12.0, 1.5, 0.5, 1.0)
    assert ada.overrides == (Override("softmax", 0.5, 2.0),)
    assert (ada.waiting, ada.unmarked) == (("draw",), 3.0)
    assert (ada.late, ada.is_late) == (timedelta(hours=3, minutes=20), True)
    assert found.of("bo") == Account(due=DUE + timedelta(days=2), extension=timedelta(days=2))
    assert (found.of("cy").excused, found.of("cy").because) == (True, "ill")
    assert found.of("cy").waiting == (), "who is excused waits for nobody"
    assert found.of("nobody") == Account(due=DUE)
    assert (found.max_score, found.asked_by_hand) == (12.0, 6.0)


def test_an_extension_makes_late_work_timely_and_what_is_not_graded_has_no_total() -> None:
    at = datetime(2026, 11, 3, 12)
    standings = {
        "ada": Standing("ada", at, (mark("check-softmax", None),), 0.0),
        "bo": Standing("bo", None, (mark("check-softmax", 1.0),), 0.0),
    }
    arranged = Arrangements("u", DUE, {"ada": Arrangement(DUE + timedelta(days=1), timedelta(days=1))})
    found = accounts(standings, Terms(arranged), ["ada", "bo"])
    assert (found.of("ada").total, found.of("ada").is_late) == (None, False)
    assert (found.of("bo").total, found.of("bo").by_hand, found.of("bo").is_late) == (1.0, None, False)
    assert accounts({}, Terms(), ["ada"]).of("ada") == Account()
