"""Texts beside each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.pages.textdiff import MOST_CHARACTERS, MOST_LINES, Text, common_start, pieces, text, texts


def marked(shown: Text) -> list[str]:
    """The lines with brackets around what is marked, and the mark before them."""
    signs = {"": " ", "differs": "✗", "missing": "−", "extra": "+", "due": "✓"}
    return [
        signs[line.mark] + "".join(f"[{one.text}]" if one.marked else one.text for one in line.pieces)
        for line in shown.lines
    ]


@pytest.mark.parametrize(
    ("got", "expected", "left", "right"),
    [
        ("Carlos Alcaraz", "Carlos Alcarez", "✗Carlos Alcar[a]z", "✓Carlos Alcar[e]z"),
        ("cat", "dog", "✗[cat]", "✓[dog]"),
        ("hello", "hello\n", "✗hello[]", "✓hello[↵]"),
        ("a  b", "a b", "✗a [·]b", "✓a []b"),
        ("a\tb", "a b", "✗a[→]b", "✓a[·]b"),
        ("x \n", "x\n", "✗x[·]", "✓x[]"),
        ("a\r\n", "a\n", "✗a[␍]", "✓a[]"),
        ("3 apple", "3 apples", "✗3 apple[]", "✓3 apple[s]"),
        ("kitten", "sitting", "✗[k]itt[en]", "✓[s]itt[ing]"),
        ("\x1b[1m", "\x1b[2m", "✗␛[[1]m", "✓␛[[2]m"),
    ],
)
def test_the_characters_are_marked_that_differ(got: str, expected: str, left: str, right: str) -> None:
    one, other, _ = texts(got, expected)
    assert (marked(one), marked(other)) == ([left], [right])


def test_lines_that_are_missing_or_not_due_are_told() -> None:
    got, expected, _ = texts("a\nb\nc\nd\n", "a\nc\nx\nd\ne\n")
    assert marked(got) == [" a", "+[b]", " c", "−", " d", "−"]
    assert marked(expected) == [" a", " c", "✓[x]", " d", "✓[e]"]
    assert [line.number for line in got.lines] == [1, 2, 3, None, 4, None]
    assert got.size == "4 lines, 8 characters"


def test_a_blank_line_too_many_can_be_seen() -> None:
    got, _, _ = texts("a\n\nb\n", "a\nb\n")
    assert marked(got) == [" a", "+[↵]", " b"]


def test_an_empty_text_has_no_lines() -> None:
    got, expected, _ = texts("", "x\ny\n")
    assert got.lines == ()
    assert marked(expected) == ["✓[x]", "✓[y]"]


def test_of_a_long_text_the_part_around_the_first_difference_is_shown() -> None:
    lines = [f"line {number}" for number in range(500)]
    wrong = [*lines[:200], "lime 200", *lines[201:]]
    got, expected, _ = texts("\n".join(wrong), "\n".join(lines))
    assert got.lines[0].number == 198
    assert got.before == 197
    assert marked(got)[3] == "✗li[m]e 200"
    assert marked(expected)[3] == "✓li[n]e 200"
    assert got.before + len(got.lines) + got.after == 500


def test_lines_that_only_moved_down_are_not_taken_for_others() -> None:
    many = "".join(f"{number}\n" for number in range(100))
    got, expected, _ = texts(many[10:], many)
    assert (got.lines[0].missing, got.lines[0].mark, got.lines[0].number) == (5, "missing", None)
    assert {line[0] for line in marked(got)[1:]} == {" "}
    assert len(got.lines) <= MOST_LINES
    assert marked(expected)[:2] == ["✓[0]", "✓[1]"]


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        ("ab" * 500_000, "ab" * 400_000 + "c" + "ab" * 100_000),
        ("a\n" * 300_000, "a\n" * 150_000 + "b\n" * 150_000),
        ("\n" * 10**6, "\n" * 10**6 + "x"),
        ("ab\n" * 100_000, "ba\n" * 100_000),
        ("x" * 10**6, ""),
        ("", "x" * 10**6),
    ],
    ids=lambda value: f"{value[:4]!r} of {len(value)}",
)
def test_a_megabyte_is_shown_in_a_few_lines(got: str, expected: str) -> None:
    for shown in texts(got, expected)[:2]:
        assert len(shown.lines) <= MOST_LINES
        longest = max((sum(len(one.text) for one in line.pieces) for line in shown.lines), default=0)
        assert longest <= MOST_CHARACTERS + 5
    assert len(text(got).lines) <= MOST_LINES


def test_texts_that_look_alike_are_told_apart_in_words() -> None:
    assert "an accent is one character" in texts("na\u00efve", "nai\u0308ve")[2]
    assert texts("pay", "p\u0430y")[2] == (
        "They look alike: yours has U+0061 (latin small letter a), and should have U+0430 (cyrillic small letter a)."
    )
    assert "no-break space" in texts("a b", "a\u00a0b")[2]
    assert texts("a", "b")[2] == texts("e", "é")[2] == texts("a", "ab")[2] == ""


def test_a_line_further_on_than_those_looked_into_is_marked_as_a_whole_change() -> None:
    got = "".join(f"{number} one thing and another\n" for number in range(20))
    one, _, _ = texts(got.replace("one", "six").replace("other", "brother"), got)
    assert marked(one)[0].count("[") > 1
    assert marked(one)[15].count("[") == 1


TEXT = st.text(alphabet="ab \n\t\x1b", max_size=60)


@given(TEXT, TEXT)
def test_the_text_itself_is_shown_with_signs_for_what_cannot_be_seen(got: str, expected: str) -> None:
    same = common_start(got, expected)
    assert got[:same] == expected[:same]
    assert got[same : same + 1] != expected[same : same + 1] or got == expected
    for one, other in ((got, expected), (expected, got)):
        shown = "".join(piece.text for piece in pieces(one, other))
        assert shown.isprintable()
        assert [letter for letter in shown if letter in "ab"] == [letter for letter in one if letter in "ab"]
