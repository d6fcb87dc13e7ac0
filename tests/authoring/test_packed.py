"""An archive is read as data: what would lead out of it, or fill a disk, ends in one line."""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.authoring import packed
from autograder.errors import CourseError


def everything(path: Path) -> dict[str, bytes]:
    return packed.read(path, lambda _: lambda name: True)


def zipped(path: Path, files: dict[str, bytes], mode: int = 0o644) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return path


def tarred(path: Path, files: dict[str, bytes], kind: bytes = tarfile.REGTYPE) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.type = kind
            member.size = len(content) if kind == tarfile.REGTYPE else 0
            member.linkname = "/etc/passwd"
            archive.addfile(member, io.BytesIO(content))
    return path


Pack = Callable[..., Path]


@pytest.mark.parametrize(("pack", "name"), [(zipped, "a.zip"), (tarred, "a.tar.gz")])
def test_what_is_wanted_is_read_and_nothing_else(tmp_path: Path, pack: Pack, name: str) -> None:
    path = pack(tmp_path / name, {"course/a": b"1", "course/b/c": b"2", "other": b"3"})
    seen: list[str] = []

    def wanted(names: list[str]) -> Callable[[str], bool]:
        seen.extend(names)
        return lambda name: name.startswith("course/")

    assert packed.read(path, wanted) == {"course/a": b"1", "course/b/c": b"2"}
    assert seen == ["course/a", "course/b/c", "other"]
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_names_that_begin_with_the_folder_itself_are_as_without(tmp_path: Path) -> None:
    assert everything(tarred(tmp_path / "a.tgz", {"./course.toml": b"x"})) == {"course.toml": b"x"}


@pytest.mark.parametrize(("pack", "name"), [(zipped, "a.zip"), (tarred, "a.tar.gz")])
@pytest.mark.parametrize(
    "inside", ["../out", "a/../../out", "/etc/passwd", "C:/out", "a\\..\\out", "a\nb", "a\x1b[2J"]
)
def test_a_way_out_is_refused_wherever_it_stands(tmp_path: Path, pack: Pack, name: str, inside: str) -> None:
    path = pack(tmp_path / name, {"fine": b"1", inside: b"2"})
    with pytest.raises(CourseError, match="leads out of the archive's folder: nothing is taken") as error:
        packed.read(path, lambda _: lambda name: name == "fine")
    assert "\n" not in str(error.value)


def test_links_are_refused(tmp_path: Path) -> None:
    link = zipped(tmp_path / "a.zip", {"a": b"/etc/passwd"}, mode=stat.S_IFLNK | 0o777)
    for path in (
        link,
        tarred(tmp_path / "b.tar.gz", {"a": b""}, tarfile.SYMTYPE),
        tarred(tmp_path / "c.tar.gz", {"a": b""}, tarfile.LNKTYPE),
        tarred(tmp_path / "d.tar.gz", {"a": b""}, tarfile.FIFOTYPE),
    ):
        with pytest.raises(CourseError, match="'a' in it is a link, or no file"):
            everything(path)


def test_a_name_that_comes_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name in ("a", "./a"):
            archive.addfile(tarfile.TarInfo(name))
    with pytest.raises(CourseError, match="'a' is in it twice"):
        everything(path)


def test_a_bomb_is_refused_before_it_bursts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MOST_BYTES", 2**16)
    zeros = bytes(2**16 + 1)
    for path in (zipped(tmp_path / "a.zip", {"a": zeros}), tarred(tmp_path / "a.tar.gz", {"a": zeros})):
        with pytest.raises(CourseError, match="it unpacks to more than a course has"):
            everything(path)
    parts = {str(number): bytes(2**15) for number in range(3)}
    with pytest.raises(CourseError, match="it unpacks to more than a course has"):
        everything(zipped(tmp_path / "b.zip", parts))


def test_what_has_to_be_read_through_is_bounded_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "_MOST_UNPACKED", 2**16)
    path = tarred(tmp_path / "a.tar.gz", {"unwanted": bytes(2**20), "a": b"1"})
    with pytest.raises(CourseError, match="it unpacks to more than a course has"):
        packed.read(path, lambda _: lambda name: name == "a")
    monkeypatch.setattr(packed, "MOST_BYTES", 2**10)
    path = tmp_path / "header.tar.gz"  # a header that claims to be large is read at once
    with tarfile.open(path, "w:gz", format=tarfile.PAX_FORMAT) as archive:
        member = tarfile.TarInfo("a")
        member.pax_headers = {"comment": "x" * 2**12}
        archive.addfile(member)
    with pytest.raises(CourseError, match="it unpacks to more than a course has"):
        everything(path)


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MOST_FILES", 3)
    with pytest.raises(CourseError, match="it lists more than 3 files"):
        everything(zipped(tmp_path / "a.zip", {str(number): b"" for number in range(4)}))


def test_passwords_and_rare_compression_are_told(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a": b"1"})
    raw = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(signature) + flags] |= 1
    path.write_bytes(raw)
    with pytest.raises(CourseError, match="it is protected by a password"):
        everything(path)
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a", "1")
    with pytest.raises(CourseError, match="it is compressed in a rare way"):
        everything(tmp_path / "b.zip")


def test_what_is_no_archive_or_a_damaged_one_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    for content, told in (
        (b"hello", "no zip and no .tar.gz"),
        (b"", "no zip and no .tar.gz"),
        (b"PK\x03\x04" + bytes(40), "the archive is damaged"),
        (b"\x1f\x8b" + bytes(40), "the archive is damaged"),
        (tarred(tmp_path / "b.tar.gz", {"a": bytes(3000)}).read_bytes()[:60], "the archive is damaged"),
    ):
        path.write_bytes(content)
        with pytest.raises(CourseError, match=told):
            everything(path)
    with pytest.raises(CourseError, match="cannot be read"):
        everything(tmp_path / "nowhere.zip")
