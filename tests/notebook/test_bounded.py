from __future__ import annotations

import io

import pytest

from autograder.notebook.bounded import Bounded


class TooMuchError(Exception):
    pass


def test_what_is_small_is_read_as_from_any_file() -> None:
    file = Bounded(io.BytesIO(b"abcdef"), TooMuchError, at_once=6)
    assert file.readable()
    assert file.seekable()
    assert (file.read(2), file.tell(), file.read(), file.read(1)) == (b"ab", 2, b"cdef", b"")
    assert (file.seek(-1, io.SEEK_END), file.read(None)) == (5, b"f")


def test_more_at_once_is_refused_before_any_memory_is_taken() -> None:
    file = Bounded(io.BytesIO(b"a"), TooMuchError, at_once=6)
    with pytest.raises(TooMuchError):
        file.read(2**60)


def test_all_of_a_file_is_no_more_than_that_either() -> None:
    file = Bounded(io.BytesIO(b"abcdefg"), TooMuchError, at_once=6)
    with pytest.raises(TooMuchError):
        file.read()


def test_nobody_goes_further_in_than_is_said() -> None:
    file = Bounded(io.BytesIO(b"abcdef"), TooMuchError, at_once=6, furthest=4)
    assert file.seek(4) == 4
    with pytest.raises(TooMuchError):
        file.seek(5)
