"""Zips and folders of many people's files, of which nothing is trusted."""

from __future__ import annotations

import contextlib
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from archived import a_link, zipped
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import UnreadableError
from autograder.notebook import bundles
from autograder.notebook.bundles import Bundle


def opened(tmp_path: Path, raw: bytes) -> Bundle:
    """What is in a zip; read before it is closed."""
    path = tmp_path / "a.zip"
    path.write_bytes(raw)
    with bundles.opened(path) as bundle:
        read = {item.parts: item.read() for item in bundle.items}
    assert all(isinstance(content, bytes) for content in read.values())
    return bundle


def names(bundle: Bundle) -> list[str]:
    return ["/".join(item.parts) for item in bundle.items]


def test_files_are_named_in_order_and_what_programs_leave_is_not(tmp_path: Path) -> None:
    raw = zipped({"b/x.txt": "1", "a\\y.txt": "2", "__MACOSX/b/._x.txt": "", "b/.DS_Store": "", "b/": ""})
    bundle = opened(tmp_path, raw)
    assert names(bundle) == ["a/y.txt", "b/x.txt"]
    assert bundle.left_out == ()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../out.ipynb", "its name leads out of the zip"),
        ("a/../../out.ipynb", "its name leads out of the zip"),
        ("/etc/passwd", "its name leads out of the zip"),
        ("C:\\out.ipynb", "its name leads out of the zip"),
        ("a/b\x1bc.ipynb", "its name has control characters"),
        ("/".join("x" * 25), "it lies in more than 20 folders"),
        (a_link("a/link.ipynb"), "it is a link"),
    ],
)
def test_what_is_not_safe_is_left_out_and_the_rest_taken(
    tmp_path: Path, name: str | zipfile.ZipInfo, why: str
) -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr(name, "/etc/passwd")
        archive.writestr("fine.ipynb", "{}")
    bundle = opened(tmp_path, raw.getvalue())
    assert names(bundle) == ["fine.ipynb"]
    assert [told for _, told in bundle.left_out] == [why]


def test_a_bomb_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = zipped({"bomb.ipynb": bytes(32 * 2**20), "fine.ipynb": "{}"})
    assert len(raw) < 2**20
    bundle = opened(tmp_path, raw)
    assert (names(bundle), bundle.left_out) == (
        ["fine.ipynb"],
        (("bomb.ipynb", "it unpacks to more than 200 times what it takes"),),
    )
    monkeypatch.setattr(bundles, "MOST_BYTES", 2**20)
    assert opened(tmp_path, raw).left_out[0][1] == "it is larger than 1 MiB"
    monkeypatch.setattr(bundles, "MOST_TOGETHER", 2**24)
    with pytest.raises(UnreadableError, match="unpacks to more than 0 GiB"):
        opened(tmp_path, raw)


def encrypted(raw: bytes) -> bytes:
    at = raw.index(b"PK\x01\x02")
    return raw[: at + 8] + b"\1" + raw[at + 9 :]


def cut(raw: bytes) -> bytes:
    return raw[:-30]


def listing_much(raw: bytes) -> bytes:
    """A zip that says that its list of files has 2 GiB, with as much before it."""
    at = raw.index(b"PK\x05\x06")
    return raw[: at + 12] + (2**31 - 1).to_bytes(4, "little") + raw[at + 16 :]


def of_another_version(raw: bytes) -> bytes:
    """A zip that asks for a version of the format that there is not, of which zipfile makes an error of another kind."""
    at = raw.index(b"PK\x01\x02")
    return raw[: at + 6] + b"\xff" + raw[at + 7 :]


@pytest.mark.parametrize(
    ("spoiled", "told"),
    [
        (encrypted, "protected by a password: download it without one"),
        (cut, "no zip, or a damaged one"),
        (listing_much, "no zip, or a damaged one"),
        (lambda raw: b"not a zip" + raw[:3], "no zip, or a damaged one"),
        (of_another_version, "no zip, or a damaged one"),
    ],
)
def test_a_zip_that_cannot_be_read_as_a_whole_is_refused(
    tmp_path: Path, spoiled: Callable[[bytes], bytes], told: str
) -> None:
    with pytest.raises(UnreadableError, match=told):
        opened(tmp_path, spoiled(zipped({"a.txt": "a"})))


def test_a_zip_of_very_many_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = zipped({f"{number}.txt": "" for number in range(20)})
    monkeypatch.setattr(bundles, "MOST_FILES", 10)
    with pytest.raises(UnreadableError, match="lists 20 files, and 10 are allowed"):
        opened(tmp_path, raw)
    (tmp_path / "folder").mkdir()
    for number in range(20):
        (tmp_path / "folder" / f"{number}.txt").touch()
    with pytest.raises(UnreadableError, match="more than 10 files"), bundles.opened(tmp_path / "folder"):
        pass
    monkeypatch.setattr(bundles, "_LIST_BYTES", 100)
    with pytest.raises(UnreadableError, match="the zip lists too many files"):
        opened(tmp_path, raw)


def test_a_file_that_is_damaged_or_larger_than_said_is_told_when_it_is_read(tmp_path: Path) -> None:
    raw = zipped({"a.txt": "content " * 50})
    at = raw.index(b"PK\x01\x02")
    wrong_sum = raw[: at + 16] + b"\0\0\0\0" + raw[at + 20 :]
    with pytest.raises(UnreadableError, match="it is damaged in the zip"):
        opened(tmp_path, wrong_sum)
    smaller = raw[: at + 24] + (3).to_bytes(4, "little") + raw[at + 28 :]
    with pytest.raises(UnreadableError, match=r"damaged in the zip|larger than the zip says"):
        opened(tmp_path, smaller)


def test_compression_that_takes_much_memory_is_left_out(tmp_path: Path) -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.ipynb", "{}")
    assert opened(tmp_path, raw.getvalue()).left_out == (("a.ipynb", "it is compressed in a rare way"),)


def test_names_are_read_as_they_were_meant(tmp_path: Path) -> None:
    """Info-ZIP and older Java write UTF-8 without the sign that says so."""
    raw = zipped({"J#rg/a.txt": "1"}).replace(b"J#rg", "Jö".encode() + b"g")
    assert names(opened(tmp_path, raw)) == ["Jög/a.txt"]
    assert names(opened(tmp_path, zipped({"Zoë/a.txt": "1"}))) == ["Zoë/a.txt"]
    assert names(opened(tmp_path, zipped({"J#rg/a.txt": "1"}).replace(b"J#rg", b"J\x94rg"))) == ["Jörg/a.txt"]


def test_a_folder_is_read_without_following_links(tmp_path: Path) -> None:
    top = tmp_path / "top"
    (top / "ada").mkdir(parents=True)
    (top / "ada" / "a.ipynb").write_text("{}")
    (top / "ada" / "b.ipynb").symlink_to("/etc/passwd")
    (top / "bo").symlink_to("/etc")
    os.mkfifo(top / "pipe.ipynb")
    with bundles.opened(top) as bundle:
        assert [item.read() for item in bundle.items] == [b"{}"]
    assert dict(bundle.left_out) == {
        "ada/b.ipynb": "it is a link",
        "bo": "it is a link",
        "pipe.ipynb": "it is no ordinary file",
    }


def test_a_file_of_a_folder_may_not_grow_beyond_what_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("content")
    bundle = bundles.single(tmp_path / "a.txt")
    monkeypatch.setattr(bundles, "MOST_BYTES", 3)
    with pytest.raises(UnreadableError, match="it is larger than"):
        bundle.items[0].read()


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with (
        pytest.raises(UnreadableError, match=r"it cannot be read \(No such file"),
        bundles.opened(tmp_path / "no.zip"),
    ):
        pass
    with pytest.raises(UnreadableError, match=r"it cannot be read \(No such file"):
        bundles.single(tmp_path / "no.csv")
    with pytest.raises(UnreadableError, match="it is no ordinary file"):
        bundles.single(tmp_path)


def test_somebody_elses_error_is_not_taken_for_the_zips(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    zipped({"a.txt": "a"}, path)
    with pytest.raises(FileNotFoundError, match="elsewhere"), bundles.opened(path):
        open(tmp_path / "elsewhere")  # noqa: SIM115


@given(st.data())
def test_a_zip_that_is_spoiled_anywhere_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    raw = bytearray(zipped({"ada/a.ipynb": "{}" * 20, "bo/b.ipynb": "x"}))
    for place in data.draw(st.lists(st.integers(0, len(raw) - 1), min_size=1, max_size=4)):
        raw[place] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("zip") / "a.zip"
    path.write_bytes(raw)
    with contextlib.suppress(UnreadableError), bundles.opened(path) as bundle:
        for item in bundle.items:
            with contextlib.suppress(UnreadableError):
                item.read()
