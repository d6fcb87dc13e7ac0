"""Text files in the encodings of editors and spreadsheets."""

from __future__ import annotations

import codecs

import pytest

from autograder.decoding import UndecodedError, decoded, utf8

TEXT = "id;last_name\r\nzoë;Müller\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_what_is_certain_is_read(encoding: str) -> None:
    assert decoded(f"\ufeff{TEXT}".encode(encoding)) == TEXT
    if not encoding.startswith("utf-32"):  # which nothing writes without its mark
        assert decoded(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("raw", [b"", b"i", b"id", codecs.BOM_UTF8])
def test_little_text(raw: bytes) -> None:
    assert decoded(raw) == raw.decode("utf-8-sig")


def test_what_is_not_is_told_with_the_line_and_what_it_may_be() -> None:
    with pytest.raises(UndecodedError, match=r"^not UTF-8 text \(byte 16\)$") as error:
        decoded(TEXT.encode("cp1252"))
    assert error.value.hint == " (line 2 has “zoë;Müller” if it is Windows-1252)"
    with pytest.raises(UndecodedError, match="not UTF-16-LE text, as which it begins"):
        decoded(b"i\0d\0x")


def test_a_long_line_is_told_in_part() -> None:
    with pytest.raises(UndecodedError) as error:
        decoded(b"a" * 10_000 + b"\xfc" + b"b" * 10_000)
    assert error.value.hint == f" (line 1 has “{'a' * 20}ü{'b' * 19}” if it is Windows-1252)"


def test_where_it_must_be_utf8_another_is_told() -> None:
    assert utf8(codecs.BOM_UTF8 + TEXT.encode()) == TEXT
    with pytest.raises(UndecodedError, match=r"not UTF-8 text \(byte 0\)") as error:
        utf8(TEXT.encode("utf-16"))
    assert error.value.hint == " (it begins as UTF-16)"


def test_what_is_quoted_of_a_file_is_no_command_to_a_terminal() -> None:
    with pytest.raises(UndecodedError) as error:
        utf8(b"\x00\x1b[31m\x80 name")
    assert error.value.hint.isprintable()
