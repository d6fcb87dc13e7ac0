from __future__ import annotations

import ast
from typing import Any

import pytest

from autograder.course import notation
from autograder.course.notation import Sign


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("d_k", Sign("d_k", "d_k")),
        ("x", Sign("x", "x")),
        ("Key", Sign(r"\mathrm{Key}", "Key")),
        ("sigma", Sign(r"\sigma", "σ")),
        ("n_tokens", Sign(r"n_{\text{tokens}}", "n_tokens")),
        ("lam", Sign(r"\lambda", "λ")),
    ],
)
def test_a_name_as_a_sign(name: str, sign: Sign) -> None:
    assert notation.named(name) == sign


def test_letters_are_short_and_told_apart() -> None:
    taken: list[str] = []
    for symbol in ("Query", "Key", "W_Q", "weights", "word", "i", "sums", "scores", "alpha"):
        taken.append(notation.letter(symbol, taken).plain)
    assert taken == ["Q", "K", "W_Q", "w", "W", "I", "s", "S", "α"]
    every = [chr(code) for code in (*range(ord("a"), ord("z") + 1), *range(ord("A"), ord("Z") + 1))]
    assert notation.letter("sums", every).plain == "sums"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("3", "3"),
        ("-1", "−1"),
        ("Key.shape[-1]", "d_k"),
        ("x.shape[-1]", "(columns of x)"),
        ("len(x)", "(rows of x)"),
        ("x.shape[n]", "(size of x)"),
        ("np.sqrt(Key.shape[-1])", "√d_k"),
        ("np.sqrt(x.shape[0])", "√(rows of x)"),
        ("2 * Key.shape[-1]", "(2 · d_k)"),
        ("x.shape", ""),
        ("f(3)", ""),
    ],
)
def test_sizes_in_words(text: str, plain: str) -> None:
    def known(node: ast.expr) -> str | None:
        return "d_k" if ast.unparse(node) == "Key.shape[-1]" else None

    assert notation.size(ast.parse(text, mode="eval").body, known).plain == plain


@pytest.mark.parametrize(("text", "place"), [("-1", -1), ("2", 2), ("n", None), ("'a'", None)])
def test_a_place_is_a_number(text: str, place: Any) -> None:
    assert notation.place_of(ast.parse(text, mode="eval").body) == place


def test_letters_that_authors_give_are_kept_from_others() -> None:
    signs = notation.letters(("maxima",), {"rows": "m", "again": "m", "more": "", "mu": "mu"})
    assert [sign.plain for sign in signs.values()] == ["M", "m", "a", "o", "μ"]


@pytest.mark.parametrize(
    ("text", "beneath"), [("np.sqrt(d)", "d"), ("math.sqrt(x.shape[-1])", "x.shape[-1]"), ("d / 2", "")]
)
def test_a_root_is_known_for_one(text: str, beneath: str) -> None:
    root = notation.root(ast.parse(text, mode="eval").body)
    assert ("" if root is None else ast.unparse(root)) == beneath
