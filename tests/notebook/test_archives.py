"""Notebooks in zips, of which nothing is trusted."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Callable

import pytest

from autograder.errors import UnreadableError
from autograder.notebook import archives, notebooks

CONTENT = b'{"nbformat": 4, "cells": []}'
Member = tuple[str | zipfile.ZipInfo, bytes]


def packed(*members: Member, kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", kind) as archive:
        for name, content in members:
            archive.writestr(name, content, kind)
    return file.getvalue()


def read(raw: bytes, named: str = "unit.ipynb", most: int = 2**20) -> bytes:
    return archives.notebook(raw, named, most)


@pytest.mark.parametrize("kind", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("name", ["unit.ipynb", "a/b/mine.ipynb", "a\\mine.ipynb", "mine.IPYNB.txt"])
def test_the_only_notebook_is_read(name: str, kind: int) -> None:
    others = (("__MACOSX/._unit.ipynb", b"x"), ("a/.ipynb_checkpoints/unit.ipynb", b"x"), ("notes.txt", b"x"))
    assert read(packed(*others, (name, CONTENT), kind=kind)) == CONTENT


def test_of_several_the_named_one_is_read() -> None:
    raw = packed(("b.ipynb", b"b"), ("a/unit.ipynb", CONTENT))
    assert read(raw) == CONTENT
    with pytest.raises(
        UnreadableError, match=r"2 notebooks in the zip \(b.ipynb, a/unit.ipynb\): hand in one, named x"
    ):
        read(raw, named="x.ipynb")


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    "name",
    [
        "../unit.ipynb",
        "a/../../unit.ipynb",
        "/etc/unit.ipynb",
        "C:/unit.ipynb",
        "..\\unit.ipynb",
        "unit.ipynb/",
        "notes.txt",
        link("unit.ipynb"),
    ],
)
def test_ways_out_and_links_are_no_notebooks(name: str | zipfile.ZipInfo) -> None:
    with pytest.raises(UnreadableError, match=r"no notebook in the zip: unit\.ipynb was expected"):
        read(packed((name, b"/etc/passwd")))


def test_a_bomb_ends_at_the_limit() -> None:
    raw = packed(("unit.ipynb", bytes(50 * 2**20)))
    assert len(raw) < 2**20
    with pytest.raises(UnreadableError, match="larger than 1 MiB: clear its outputs"):
        read(raw)


def lying(raw: bytes) -> bytes:
    """A zip that says of a member that it has one byte."""
    size = len(CONTENT).to_bytes(4, "little")
    return raw.replace(size + b"\x0a\0", b"\1\0\0\0\x0a\0")


def encrypted(raw: bytes) -> bytes:
    at = raw.index(b"PK\x01\x02")
    return raw[: at + 8] + b"\1" + raw[at + 9 :]


def listing_much(raw: bytes) -> bytes:
    """A zip whose list of files is said to have 2 GiB."""
    at = raw.index(b"PK\x05\x06")
    return raw[: at + 12] + (2**31 - 1).to_bytes(4, "little") + raw[at + 16 :]


def cut(raw: bytes) -> bytes:
    return raw[:-30]


def of_another_name(raw: bytes) -> bytes:
    at = raw.index(b"PK\x01\x02")
    return raw[:at] + raw[at:].replace(b"unit.ipynb", b"xnit.ipynb")


@pytest.mark.parametrize(
    ("spoiled", "told"),
    [
        (lying, "damaged"),
        (encrypted, "protected by a password"),
        (listing_much, "damaged"),
        (cut, "damaged"),
        (of_another_name, "damaged"),
    ],
)
def test_what_a_zip_says_of_itself_is_not_believed(spoiled: Callable[[bytes], bytes], told: str) -> None:
    raw = packed(("unit.ipynb", CONTENT), kind=zipfile.ZIP_STORED)
    assert spoiled(raw) != raw
    with pytest.raises(UnreadableError, match=told):
        read(spoiled(raw))


def test_thousands_of_files_are_not_listed() -> None:
    with pytest.raises(UnreadableError, match="lists too many files"):
        read(packed(*((f"{number:0200}.txt", b"") for number in range(6000))))


@pytest.mark.parametrize("kind", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compression_that_takes_what_memory_it_says_is_refused(kind: int) -> None:
    with pytest.raises(UnreadableError, match="compressed in a rare way"):
        read(packed(("unit.ipynb", CONTENT), kind=kind))


def test_what_begins_as_a_zip_and_is_none() -> None:
    with pytest.raises(UnreadableError, match="damaged"):
        read(archives.MAGIC + b"x" * 100)


def test_a_file_is_known_as_a_zip_by_what_is_in_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("zip") / "unit.ipynb"
    path.write_bytes(packed(("unit.ipynb", CONTENT)))
    assert notebooks.read_bytes(path, "unit.ipynb") == CONTENT
