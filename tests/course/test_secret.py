from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from ordinary import without_powers

from autograder.course import coursefile, secret
from autograder.errors import CourseError
from autograder.records import Course


@pytest.fixture
def a_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.delenv(secret.VARIABLE)
    read = coursefile.load(Path(__file__).parents[2] / "course.toml")
    return dataclasses.replace(read, root=tmp_path, secret_file=tmp_path / "hidden" / "secret")


def test_it_is_made_once_for_its_owner_alone(a_course: Course) -> None:
    first = secret.load(a_course)
    assert len(first) == 64
    assert secret.load(a_course) == first
    assert a_course.secret_file.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in a_course.secret_file.parent.iterdir()] == ["secret"]


def test_the_variable_names_another_file(
    a_course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").write_text("0" * 64)
    monkeypatch.setenv(secret.VARIABLE, str(tmp_path / "other"))
    assert secret.load(a_course) == b"0" * 64
    assert not a_course.secret_file.exists()


def test_any_content_of_ones_own_will_do(a_course: Course) -> None:
    a_course.secret_file.parent.mkdir()
    a_course.secret_file.write_bytes(b"\xff any\n")
    assert secret.load(a_course) == b"\xff any"


def test_an_empty_file_is_no_secret(a_course: Course) -> None:
    a_course.secret_file.parent.mkdir()
    a_course.secret_file.write_text("\n")
    with pytest.raises(CourseError, match="is empty"):
        secret.load(a_course)


def test_a_place_where_none_can_be_made(a_course: Course) -> None:
    a_course.secret_file.parent.write_text("a file where a folder is due")
    with pytest.raises(CourseError, match="cannot be read or made"):
        secret.load(a_course)


def test_a_secret_of_another_instructor_alone(a_course: Course) -> None:
    secret.load(a_course)
    a_course.secret_file.chmod(0)
    with (
        without_powers(read=False),
        pytest.raises(CourseError, match=r"Permission denied: who made it .* \(chmod g\+r\)"),
    ):
        secret.load(a_course)


def test_what_must_write_nothing_gets_a_secret_for_once(a_course: Course) -> None:
    first, second = (secret.without_making(a_course) for _ in range(2))
    assert secret.load(first) == secret.load(first)
    assert secret.load(first) != secret.load(second)
    assert not a_course.secret_file.exists()
    own = secret.load(a_course)
    assert secret.load(secret.without_making(a_course)) == own


def test_seeds_differ_by_every_part_and_stay_the_same() -> None:
    base = ("hidden", "unit", "ada", "softmax")
    seeds = {
        secret.seed(b"s" * 32, *base),  # type: ignore[arg-type]
        secret.seed(b"t" * 32, *base),  # type: ignore[arg-type]
        secret.seed(b"s" * 32, "explain", "unit", "ada", "softmax"),
        secret.seed(b"s" * 32, "hidden", "other", "ada", "softmax"),
        secret.seed(b"s" * 32, "hidden", "unit", "bob", "softmax"),
        secret.seed(b"s" * 32, "hidden", "unit", "ada", "attend"),
    }
    assert len(seeds) == 6
    assert secret.seed(b"s" * 32, *base) == secret.seed(b"s" * 32, *base)  # type: ignore[arg-type]
    assert secret.seed(b"s" * 32, "hidden", "unit", "\udcff", "f") > 0  # a folder's name that is no UTF-8
    assert secret.fingerprint(b"s" * 32) != secret.fingerprint(b"t" * 32)


def test_structures_differ_by_family_and_function_and_know_no_secret() -> None:
    base = (1, "hidden", "unit", "softmax")
    seeds = {
        secret.structure_seed(*base),  # type: ignore[arg-type]
        secret.structure_seed(2, "hidden", "unit", "softmax"),
        secret.structure_seed(1, "explain", "unit", "softmax"),
        secret.structure_seed(1, "public", "unit", "softmax"),
        secret.structure_seed(1, "hidden", "other", "softmax"),
        secret.structure_seed(1, "hidden", "unit", "attend"),
    }
    assert len(seeds) == 6
    assert secret.structure_seed(*base) == secret.structure_seed(*base)  # type: ignore[arg-type]
