"""What Gradescope and Blackboard lay beside work.

Gradescope's metadata as its users' scripts read it: `:submitters` with `:name`, `:sid` and `:email`, `:created_at`,
`:history` (Ruby's symbols as keys). Blackboard's text as CodeGrade's parser reads it (psef/blackboard.py): `Name:` with
the login in brackets, `Assignment:`, `Date Submitted:`, then what the student wrote, then `Files:`.
"""

from __future__ import annotations

import contextlib
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import CourseError
from autograder.lms import slips
from autograder.lms.downloads import Who
from autograder.lms.slips import Slip

METADATA = b"""\
---
submission_17:
  :submitters:
  - :name: Ada Lovelace
    :sid: '0101'
    :email: ada@example.org
  - :name: "Bo: Lee"
    :sid:
    :email: bo@example.org
  :created_at: 2026-03-02 23:59:01.153340000 Z
  :score: 3.0
  :results: !ruby/hash:ActiveSupport::HashWithIndifferentAccess
    tests: !ruby/array:X [1, !ruby/object:Y 2]
  :history:
  - :id: 16
    :created_at: 2026-03-01 10:00:00.000000000 Z
submission_18:
  :submitters: []
submission_19: 3
"""


def test_gradescope_says_who_handed_in_together_and_when() -> None:
    assert slips.gradescope(METADATA) == {
        "submission_17": Slip(
            (
                Who("Ada Lovelace", "0101", email="ada@example.org"),
                Who("Bo: Lee", email="bo@example.org"),
            ),
            datetime(2026, 3, 2, 23, 59, 1, 153340),
        ),
        "submission_18": Slip(()),
    }


def test_metadata_cannot_be_made_to_grow() -> None:
    """Merging others' parts, thirty times doubled."""
    lines = [f"a{number + 1}: &a{number + 1} {{<<: [*a{number}, *a{number}]}}" for number in range(30)]
    assert len(slips.gradescope("\n".join(["a0: &a0 {x: 1, y: 2}", *lines]).encode())) == 31
    nested = [f"a{number + 1}: &a{number + 1} [*a{number}, *a{number}]" for number in range(30)]
    named = ["submission_1:", "  :submitters: [{':name': *a30}]"]
    found = slips.gradescope("\n".join(["a0: &a0 [x]", *nested, *named]).encode())
    assert found == {"submission_1": Slip((Who(),))}


def test_other_forms_of_a_time() -> None:
    def at(text: str) -> Slip:
        return slips.gradescope(f"submission_1:\n  :created_at: {text}\n".encode())["submission_1"]

    assert at("2026-03-02 23:59:01 -05:00").at == datetime(2026, 3, 3, 4, 59, 1)
    assert at("2026-03-02").at == datetime(2026, 3, 2)
    assert at("2026-03-02 23:59").written == "2026-03-02 23:59"
    assert at("9999-12-31 23:59:59 -12:00").at is None, "after all time, in UTC"


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"{", "not YAML as Gradescope writes it"),
        (b"\xff\xfe\x00", "not YAML as Gradescope writes it"),
        (b"- 1", "expected Gradescope's submissions"),
        (b"", "expected Gradescope's submissions"),
    ],
)
def test_what_is_no_metadata_is_said(raw: bytes, told: str) -> None:
    with pytest.raises(CourseError, match=f"submission_metadata.yml: {told}"):
        slips.gradescope(raw)


def test_metadata_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slips, "_MOST_BYTES", 10)
    with pytest.raises(CourseError, match="larger than 0 MiB"):
        slips.gradescope(METADATA)


TEXT = """\
Name: Ada Lovelace (al23)
Assignment: Homework 1
Date Submitted: Monday, March 2, 2026 11:59:30 PM CET
Current Grade: Not Graded Yet

Submission Field:
Name: Somebody Else (other)
Date Submitted: Sunday, March 1, 2026 11:59:30 PM CET

Comments:
There are no student comments for this assignment.

Files:
\tOriginal filename: a.ipynb
\tFilename: Homework 1_al23_attempt_2026-03-02-23-59-30_a.ipynb
"""


@pytest.mark.parametrize(
    "raw", [TEXT.encode(), TEXT.replace("\n", "\r\n").encode("utf-8-sig"), TEXT.encode("utf-16")]
)
def test_blackboard_says_who_and_when_and_the_student_cannot(raw: bytes) -> None:
    assert slips.blackboard(raw) == Slip(
        (Who("Ada Lovelace", login="al23"),), written="Monday, March 2, 2026 11:59:30 PM CET"
    )


def test_a_text_that_says_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    assert slips.blackboard(b"my notes") is None
    assert slips.blackboard("Name: Zoë (z)\n".encode("latin-1")) == Slip((Who("Zo\ufffd", login="z"),))
    monkeypatch.setattr(slips, "_MOST_SLIP", 10)
    assert slips.blackboard(TEXT.encode()) is None


@given(st.binary(max_size=60) | st.text(alphabet="-:{}[]&*!<\n ab1'\"", max_size=60).map(str.encode))
def test_any_file_is_a_slip_or_said_to_be_none(raw: bytes) -> None:
    slips.blackboard(raw)
    with contextlib.suppress(CourseError):
        assert all(isinstance(folder, str) for folder in slips.gradescope(raw))
