"""nbgrader's receipts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.utils import parse_utc

from autograder.gradebook import autograded, receipts


def test_receipts_travel_along(tmp_path: Path) -> None:
    handed_in = tmp_path / "submitted" / "x.ipynb"
    handed_in.parent.mkdir()
    (handed_in.parent / "timestamp.txt").write_text("2026-03-01 10:00:00 UTC")
    (handed_in.parent / "submission_secret.txt").write_text("s3cret")
    target = tmp_path / "autograded" / "ada" / "x.ipynb"
    autograded.write(target.parent, {target.name: b"{}"}, handed_in.parent)
    assert sorted(path.name for path in target.parent.iterdir()) == [
        "submission_secret.txt",
        "timestamp.txt",
        "x.ipynb",
    ]
    (handed_in.parent / "submission_secret.txt").unlink()
    (handed_in.parent / "timestamp.txt").unlink()
    (handed_in.parent / "timestamp.txt").symlink_to("/etc/passwd")
    autograded.write(target.parent, {target.name: b"{}"}, handed_in.parent)
    assert [path.name for path in target.parent.iterdir()] == ["x.ipynb"]
    (handed_in.parent / "submission_secret.txt").write_text("x" * 5000)
    assert receipts.read(handed_in.parent / "submission_secret.txt") is None


@pytest.mark.parametrize(
    ("receipt", "copied"),
    [
        (b"2026-03-01 10:00:00.000000 UTC", b"2026-03-01 10:00:00.000000 UTC"),
        (b"2026-03-01 10:00:00 UTC\n", b"2026-03-01 10:00:00 UTC\n"),
        (b"2026-03-01 10:00:00", b"2026-03-01 10:00:00"),
        (b"\xef\xbb\xbf2026-03-01 10:00:00 UTC", b"2026-03-01 10:00:00.000000 UTC"),
        (b"2026-03-01 11:00 CET", b"2026-03-01 10:00:00.000000 UTC"),
        (b"March 1st, 2026, 10:00 am", b"2026-03-01 10:00:00.000000 UTC"),
        (b"yesterday", None),
        (b"", None),
        (None, None),
    ],
)
def test_a_timestamp_is_copied_as_nbgrader_can_read_it(
    tmp_path: Path, receipt: bytes | None, copied: bytes | None
) -> None:
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / "timestamp.txt").write_text("2026-02-01 10:00:00 UTC")
    if receipt is not None:
        (tmp_path / "timestamp.txt").write_bytes(receipt)
    receipts.copy(tmp_path, tmp_path / "to")
    assert receipts.read(tmp_path / "to" / "timestamp.txt") == copied == receipts.as_copied(tmp_path)
    if copied is not None:
        assert parse_utc(copied.decode().strip()) == receipts.timestamp(tmp_path)
        assert receipts.as_copied(tmp_path / "to") == copied


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-03-01 10:00:00.000000 UTC", datetime(2026, 3, 1, 10)),
        ("2026-03-01 10:00:00 UTC\n", datetime(2026, 3, 1, 10)),
        ("2026-03-01 10:00:00", datetime(2026, 3, 1, 10)),
        ("2026-03-01T10:00:00+05:30", datetime(2026, 3, 1, 4, 30)),
        ("2026-03-01 10:00:00 +0100", datetime(2026, 3, 1, 9)),
        ("2026-03-01 03:30:00 PST", datetime(2026, 3, 1, 11, 30)),
        ("2026-07-01 03:30:00.123456 PDT", datetime(2026, 7, 1, 10, 30, 0, 123456)),
        ("2026-03-01 10:00:00 CET", datetime(2026, 3, 1, 9)),
        ("2026-07-01 10:00:00 CEST", datetime(2026, 7, 1, 8)),
        ("2026-03-01 10:00:00 JST", datetime(2026, 3, 1, 1)),
        ("1 March 2026 10:00 GMT", datetime(2026, 3, 1, 10)),
        ("\ufeff2026-03-01 10:00:00 UTC", datetime(2026, 3, 1, 10)),
        ("\ufeff2026-03-01 10:00:00 +0100\r\n", datetime(2026, 3, 1, 9)),
    ],
)
def test_a_receipt_says_when_work_was_handed_in(tmp_path: Path, text: str, at: datetime) -> None:
    (tmp_path / "timestamp.txt").write_text(text)
    assert receipts.timestamp(tmp_path) == at
    assert receipts.trouble(tmp_path) == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("yesterday evening", "“yesterday evening” is no time"),
        ("", "“” is no time"),
        ("10:00", "“10:00” is no time"),  # of which day?
        ("12", "“12” is no time"),
        ("1772359200", "“1772359200” is no time"),
        ("9999-12-31 23:59:59 -0800", "is no time"),
        ("2026-03-01 10:00:00 XYZ", "the zone XYZ of “2026-03-01 10:00:00 XYZ” is not known"),
        ("2026-03-01 10:00:00 IST", "the zone IST"),  # India, Israel or Ireland
        ("\x1b[31m", "“�[31m” is no time"),
    ],
)
def test_a_receipt_that_says_none_is_told(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "timestamp.txt").write_text(text)
    assert receipts.timestamp(tmp_path) is None
    assert why in receipts.trouble(tmp_path)


def test_no_receipt_and_one_that_is_no_file(tmp_path: Path) -> None:
    assert receipts.timestamp(None) is None
    assert receipts.trouble(tmp_path) == ""
    (tmp_path / "timestamp.txt").symlink_to("/etc/hostname")
    assert receipts.timestamp(tmp_path) is None
    assert receipts.trouble(tmp_path) == "no ordinary file, or too large for one"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_a_receipt_in_an_encoding_of_windows(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "timestamp.txt").write_bytes("2026-03-01 10:00:00 UTC\r\n".encode(encoding))
    assert receipts.timestamp(tmp_path) == datetime(2026, 3, 1, 10)
    assert receipts.trouble(tmp_path) == ""


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    (tmp_path / "timestamp.txt").write_bytes(b"2026\xff\x1b")
    assert receipts.timestamp(tmp_path) is None
    assert receipts.trouble(tmp_path) == "“2026\ufffd\ufffd” is no time"
    assert receipts.doubt(tmp_path, DUE) == ""


DUE = datetime(2026, 3, 1, 12, tzinfo=UTC)
_HOURS = {
    "America/Los_Angeles": -8,
    "Asia/Manila": 8,
    "Asia/Kolkata": 5.5,
    "Asia/Jerusalem": 2,
    "Asia/Shanghai": 8,
}


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("PST", "America/Los_Angeles"),
        ("PST", "Asia/Manila"),
        ("IST", "Asia/Kolkata"),
        ("IST", "Asia/Jerusalem"),
        ("CST", "Asia/Shanghai"),
    ],
)
def test_the_courses_own_zone_says_what_its_name_means(tmp_path: Path, name: str, zone: str) -> None:
    """nbgrader writes the name of the course's zone into receipts."""
    config = tmp_path / "nbgrader_config.py"
    config.write_text(f"c = get_config()\nc.Exchange.timezone = {zone!r}\n")
    (tmp_path / "timestamp.txt").write_text(f"2026-03-01 12:00:00.000000 {name}")
    assert receipts.timestamp(tmp_path, config) == datetime(2026, 3, 1, 12) - timedelta(hours=_HOURS[zone])
    assert receipts.trouble(tmp_path, config) == receipts.doubt(tmp_path, DUE, config) == ""


def test_a_zone_that_decides_whether_work_is_late_is_told(tmp_path: Path) -> None:
    (tmp_path / "timestamp.txt").write_text("2026-03-01 10:00:00 PST")  # 18:00 UTC, or 02:00 in Manila's
    told = receipts.doubt(tmp_path, DUE)
    assert told.startswith(
        "“2026-03-01 10:00:00 PST” is taken for 2026-03-01 18:00 UTC, but its zone may be another"
    )
    assert "c.Exchange.timezone in nbgrader_config.py says which it is" in told
    assert receipts.doubt(tmp_path, None) == ""
    for text in (
        "2026-02-01 10:00:00 PST",
        "2026-04-01 10:00:00 PST",
        "2026-03-01 10:00:00 JST",
        "yesterday",
    ):
        (tmp_path / "timestamp.txt").write_text(text)
        assert receipts.doubt(tmp_path, DUE) == ""


def test_a_config_that_is_broken_or_names_no_zone_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "timestamp.txt").write_text("2026-03-01 10:00:00 IST")
    for number, line in enumerate(("1 / 0", "c = get_config()\nc.Exchange.timezone = 'Nowhere/At all'")):
        config = tmp_path / f"config_{number}.py"
        config.write_text(line)
        assert receipts.timestamp(tmp_path, config) is None
        assert "the zone IST of" in receipts.trouble(tmp_path, config)
