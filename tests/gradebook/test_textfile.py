"""Text files of the course that instructors and commands both write."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import AutograderError, CourseError
from autograder.gradebook import results, textfile

EXAMPLE = 'ada = "so"'
BY_HAND = """# Ours. Do not lose this.

[one]
# the first weeks
ada = "ill"   # came on Monday
"bo b" = ''

# the second
[two]
cy = "so"
"""


def test_a_change_touches_its_own_line(tmp_path: Path) -> None:
    place = tmp_path / "some.toml"
    place.write_text(BY_HAND)
    texts = textfile.read(place, EXAMPLE)
    assert texts == {"one": {"ada": "ill", "bo b": ""}, "two": {"cy": "so"}}
    textfile.write(place, "# Head\n", texts)
    assert place.read_text() == BY_HAND
    texts["one"]["di"] = "new"
    texts["two"]["cy"] = "other"
    texts["three"] = {"x": "y"}
    textfile.write(place, "# Head\n", texts)
    expected = BY_HAND.replace("''\n", "''\ndi = \"new\"\n").replace('"so"', '"other"')
    assert place.read_text() == f'{expected}\n[three]\nx = "y"\n'
    del texts["one"]["ada"]
    textfile.write(place, "# Head\n", texts)
    assert "came on Monday" not in place.read_text()
    assert "# the first weeks" in place.read_text()
    assert textfile.read(place, EXAMPLE) == texts


@pytest.mark.parametrize(
    "content",
    [
        'one.ada = "ill"\n',
        'one = { ada = "ill" }\n',
        '[one]\nada = """\nill"""\n',
        '[one]\nada = "ill"',
        '\r\n[one]\r\nada = "ill"\r\n',
    ],
)
def test_whatever_the_layout_the_texts_are_those_that_are_wanted(tmp_path: Path, content: str) -> None:
    place = tmp_path / "some.toml"
    place.write_bytes(content.encode())
    texts = textfile.read(place, EXAMPLE)
    assert texts == {"one": {"ada": "ill"}}
    texts["one"]["bo"] = "new"
    textfile.write(place, "# Head\n", texts)
    assert textfile.read(place, EXAMPLE) == texts


_NAMES = st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3)


@given(
    before=st.dictionaries(st.text(max_size=3), _NAMES, max_size=3),
    after=st.dictionaries(st.text(max_size=3), _NAMES, max_size=3),
)
def test_whatever_is_written_is_read(
    tmp_path: Path, before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]
) -> None:
    place = tmp_path / "some.toml"
    place.unlink(missing_ok=True)
    for texts in (before, after):
        textfile.write(place, "# Head\n", texts)
        kept = {unit: found for unit, found in tomllib.loads(place.read_text("utf-8")).items() if found}
        assert kept == {unit: found for unit, found in texts.items() if found}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"[u", "not valid TOML"),
        (b"u = 1", r'expected \[u\] with lines such as ada = "so"'),
        (b"[u]\na = 1", r"expected \[u\] with lines such as"),
        (b"\xff", "not UTF-8"),
        (b"a = " + b"[" * 5000, "not valid TOML"),
    ],
)
def test_a_file_that_is_not_as_it_should_be(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "some.toml").write_bytes(content)
    with pytest.raises(CourseError, match=told) as caught:
        textfile.read(tmp_path / "some.toml", EXAMPLE)
    assert "\n" not in str(caught.value)
    assert str(tmp_path / "some.toml") in str(caught.value)


def test_a_file_that_cannot_be_read_or_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(files: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(results, "write_all", refuse)
        with pytest.raises(AutograderError, match=r"some\.toml: cannot be written \(Permission denied\)"):
            textfile.write(tmp_path / "some.toml", "# Head\n", {"u": {"a": "b"}})
    (tmp_path / "some.toml").mkdir()
    with pytest.raises(CourseError, match=r"some\.toml: cannot be read \(Is a directory\)"):
        textfile.read(tmp_path / "some.toml", EXAMPLE)
