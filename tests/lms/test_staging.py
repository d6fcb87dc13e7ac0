"""Where the files of an attempt go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest
from entered import UNIT

from autograder.errors import UnreadableError
from autograder.lms import attempts, staging
from autograder.lms.attempts import Attempt
from autograder.lms.downloads import Who
from autograder.lms.staging import Staged
from autograder.notebook.bundles import Bundle, Item


def staged(tmp_path: Path, *names: str) -> Staged:
    files = [
        (tuple(name.split("/")), Item((name,), 1, lambda name=name: iter([name.encode()])))  # type: ignore[misc]
        for name in names
    ]
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    return staging.stage(Attempt("plain", "ada", (Who("ada"),), tuple(files), (0, "", 0)), UNIT, folder)


def there(one: Staged) -> dict[str, str]:
    return {
        path.relative_to(one.folder).as_posix(): path.read_text()
        for path in one.folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize(
    ("names", "meant"),
    [
        (["homework.ipynb"], "homework.ipynb"),
        (["code/homework.ipynb.txt", "data.csv"], "code/homework.ipynb.txt"),
        (["self-attention-1.ipynb", "draft.ipynb"], "self-attention-1.ipynb"),
        (["self-attention (2).ipynb", "draft.ipynb"], "self-attention (2).ipynb"),
        (["self-attention.ipynb", "self-attention-1.ipynb"], "self-attention.ipynb"),
    ],
)
def test_the_notebook_that_is_meant_gets_the_units_name(tmp_path: Path, names: list[str], meant: str) -> None:
    found = there(staged(tmp_path, *names))
    assert found.pop("self-attention.ipynb") == meant
    assert found == {name: name for name in names if name != meant}


@pytest.mark.parametrize(
    ("names", "label"),
    [
        (["self-attention.ipynb", "draft.ipynb"], "ada_1_7_"),  # which is graded, and was not handed in last
        (["draft.ipynb", "self-attention-1.ipynb"], "ada_1_8_"),
        (["draft.ipynb", "other.ipynb"], "ada_1_8_"),  # neither
        (["self-attention.ipynb", "notes.txt"], "ada_1_7_"),
    ],
)
def test_feedback_goes_back_by_the_label_of_what_is_graded(
    tmp_path: Path, names: list[str], label: str
) -> None:
    items = [
        Item((f"ada_1_{number}_{name}",), 1, lambda: iter([b"x"])) for number, name in enumerate(names, 7)
    ]
    source = attempts.Source(tmp_path / "c.zip", Bundle(tuple(items)))
    (one,) = attempts.read([source], UNIT, (UNIT,), attempts.Clock(UTC)).attempts
    folder = tmp_path / "staged"
    folder.mkdir()
    assert staging.stage(one, UNIT, folder).attempt.label == label


def test_each_notebook_of_several_gets_the_name_that_the_unit_has_for_it() -> None:
    several = replace(UNIT, notebooks=("algebra", "words"))
    names = [("algebra-1.ipynb",), ("d", "words (2).ipynb"), ("draft.ipynb",), ("data.csv",)]
    assert staging._placed(names, several) == [
        ("algebra.ipynb",),
        ("words.ipynb",),
        ("draft.ipynb",),
        ("data.csv",),
    ]
    assert staging._placed([("homework.ipynb",)], several) == [("homework.ipynb",)]


@pytest.mark.parametrize("names", [["a.ipynb", "b.ipynb"], ["a.zip"], ["a.zip", "b.txt"]])
def test_where_none_is_meant_all_keep_their_names(tmp_path: Path, names: list[str]) -> None:
    assert there(staged(tmp_path, *names)) == {name: name for name in names}


def test_names_that_are_one_but_for_case_or_accents_are_both_kept(tmp_path: Path) -> None:
    one = staged(tmp_path, "A.csv", "a.csv", "Zo\u00eb/x.csv", "Zoe\u0308/x.csv", "d", "D/e.csv")
    assert sorted(there(one)) == [
        "A.csv",
        "D (2)/e.csv",
        "Zoe\u0308/x (2).csv",
        "Zo\u00eb/x.csv",
        "a (2).csv",
        "d",
    ]
    assert one.notes[0] == "a.csv is the name of another file too, but for case or accents: it is a (2).csv"


def test_the_notebook_that_is_meant_never_gives_way(tmp_path: Path) -> None:
    found = there(staged(tmp_path, "Self-Attention.ipynb/x.csv", "self-attention.ipynb"))
    assert found == {
        "self-attention.ipynb": "self-attention.ipynb",
        "Self-Attention (2).ipynb/x.csv": "Self-Attention.ipynb/x.csv",
    }


def test_no_student_writes_a_receipt(tmp_path: Path) -> None:
    one = staged(tmp_path, "a.ipynb", "timestamp.txt", "x/submission_secret.txt")
    assert list(there(one)) == ["self-attention.ipynb"]
    assert one.notes == (
        "timestamp.txt is not taken: when work was handed in, the LMS says",
        "x/submission_secret.txt is not taken: when work was handed in, the LMS says",
    )


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("a/b\\c\0", "a_b_c_"),
        ("..", "_"),
        (".hidden", "hidden"),
        ("x " * 300, "x " * 100),
        ("ë" * 300, "ë" * 115),
    ],
)
def test_a_label_is_one_component_of_a_path(label: str, name: str) -> None:
    assert staging.safe(label)[: len(name)] == name
    assert len(staging.safe(label).encode()) <= 231


def test_what_cannot_be_read_is_left_out_and_told(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise UnreadableError("it is damaged in the zip")

    attempt = Attempt("plain", "ada", (), ((("a.ipynb",), Item(("a.ipynb",), 1, broken)),), (0, "", 0))
    one = staging.stage(attempt, UNIT, tmp_path)
    assert (one.notes, there(one), one.has_work) == (
        ("a.ipynb is left out: it is damaged in the zip",),
        {},
        False,
    )


def test_a_digest_is_of_names_and_contents_and_not_of_receipts(tmp_path: Path) -> None:
    one, same, other = (
        staged(tmp_path, *names) for names in (["a.csv", "b.csv"], ["b.csv", "a.csv"], ["a.csv"])
    )
    assert one.digest == same.digest != other.digest
    (one.folder / "timestamp.txt").write_text("x")
    assert staging.digest(one.folder) == one.digest
    (one.folder / "link").symlink_to("/etc/passwd")
    assert staging.digest(one.folder) != one.digest


def test_folders_of_attempts_sort_by_time() -> None:
    assert staging.folder_name("2026-03-02T22:59:30.123", "abcdef0123") == "20260302T225930-abcdef01"
    assert staging.folder_name("", "abcdef0123") == "unknown-time-abcdef01"


def test_a_move_to_another_disk_is_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    (tmp_path / "from").mkdir()
    (tmp_path / "from" / "a").write_text("a")
    rename = os.rename

    def across(source: Path, target: Path) -> None:
        if Path(source).name == "from":
            raise OSError(18, "Invalid cross-device link")
        rename(source, target)

    monkeypatch.setattr(os, "rename", across)
    staging.move(tmp_path / "from", tmp_path / "to" / "there")
    assert (tmp_path / "to" / "there" / "a").read_text() == "a"
    assert [path.name for path in tmp_path.iterdir()] == ["to"]
    assert [path.name for path in (tmp_path / "to").iterdir()] == ["there"]
