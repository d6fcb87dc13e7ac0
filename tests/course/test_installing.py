"""How students install the kit: what may be said, and how it is."""

from __future__ import annotations

import pytest

from autograder.course import installing

WHEEL = "pip install https://example.org/attention_autograder-0.1.0-py3-none-any.whl"


@pytest.mark.parametrize(
    "command",
    [
        "",
        WHEEL,
        "pip install 'attention-autograder[values] @ git+https://example.org/kit@v1'",
        'py -m pip install "x.whl"',
        "conda env create -f https://example.org/umgebung-für-alle.yml",
    ],
)
def test_what_may_be_said(command: str) -> None:
    assert installing.trouble(command) == ""


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("pip install a\npip install b", r"the character '\n' in it; it is one line"),
        ("pip install \x1b[31m", r"the character '\x1b' in it"),
        ("pip install `a`", "` in it"),
        ("pip install a\\b", "\\ in it"),
        ('pip install """', '""" in it'),
        ("pip install " + "a" * 400, "it has 412 characters, and 400 are allowed"),
        (" pip install a", "a blank at its beginning"),
        ("git+https://example.org/kit", "as in 'pip install git+https://example.org/kit'"),
    ],
)
def test_what_may_not(command: str, told: str) -> None:
    assert told in installing.trouble(command)


def test_how_a_lesson_says_it() -> None:
    assert installing.paragraph(WHEEL) == (
        f"**Before you start**, install the kit once, in a terminal: `{WHEEL}` (in Colab, run `%{WHEEL}` in a cell of"
        " its own)."
    )
    assert installing.paragraph("uv sync --all").endswith("in a terminal: `uv sync --all`.")
    assert installing.paragraph(None).endswith("install the kit once, as your instructor says.")
    assert installing.paragraph("") == ""


def test_how_a_newer_one_is_had() -> None:
    assert installing.upgrade(WHEEL) == f": {WHEEL.replace('install', 'install --upgrade', 1)}"
    assert installing.upgrade("uv sync --all") == ": uv sync --all"
    assert installing.upgrade("") == ", as your instructor says"


def test_a_line_of_a_lesson_becomes_what_is_said() -> None:
    text = "# Title\n\n  {{install}} \n\nThe {{ install }} here stays."
    assert installing.filled(text, WHEEL) == text.replace("  {{install}} ", installing.paragraph(WHEEL))
    assert installing.filled(text, "") == "# Title\n\nThe {{ install }} here stays."
    assert installing.filled("{{ install }}", None) == installing.paragraph(None)


@pytest.mark.parametrize("command", [None, "pip install kit", "conda install kit"])
def test_in_a_browser_nothing_is_to_be_installed(command: str | None) -> None:
    lesson = installing.filled("# A lesson\n\n{{ install }}\n\nIt begins.", command)
    said = installing.in_a_browser(lesson)
    assert said == f"# A lesson\n\n{installing.IN_A_BROWSER}\n\nIt begins."
    assert installing.in_a_browser(said) == said
