"""Explanations about values that are no arrays, written by hand: one of every kind, and what would break a page."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.data import Argument, Code, Column, Other, Seeded, Table
from autograder.differences import Beside, Difference
from autograder.records import Check, Diagnosis, Explanation, FunctionReport, Report
from autograder.selfcheck.checked import FunctionCheck, Inputs

MARKUP = "<script>alert('x')</script> \x1b[31mred\x07 \u202eevil"


def differs(*path: Any) -> Difference:
    return Difference(path, "differs")


def missing(*path: Any) -> Difference:
    return Difference(path, "missing")


def extra(*path: Any) -> Difference:
    return Difference(path, "extra")


def beside(
    got: Any,
    expected: Any,
    *differences: Difference,
    inputs: tuple[tuple[str, Argument], ...] = (("text", "a b a"),),
    absent: Any = "",
    summary: str = "The values differ.",
) -> Explanation:
    return Explanation(
        case="a short text",
        inputs=inputs,
        expected=None,
        got=None,
        wrong=None,
        first=None,
        part=None,
        summary=summary,
        worked=(),
        beside=Beside(got, expected, differences, absent),
    )


def sales(units: list[int], prices: list[float], names: tuple[str, ...] = ("units", "price")) -> Table:
    columns = [
        Column("shop", "object", ("Bern", "Köln", None, "Graz")[: len(units)]),
        Column(names[0], "int64", np.array(units)),
        Column(names[1], "float64", np.array(prices)),
    ]
    days = np.array(["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"], "M8[ns]")[: len(units)]
    return Table("DataFrame", tuple(columns), (Column("day", "datetime64[ns]", days),))


def drawing(height: float, title: str) -> dict[str, Any]:
    x = np.linspace(0, 6, 40)
    return {
        "axes": [
            {
                "title": title,
                "xlabel": "seconds",
                "lines": [{"x": x, "y": height * np.sin(x), "label": "sine"}],
                "points": [{"x": np.array([1.0, 2.0]), "y": np.array([0.5, 0.2])}],
                "legend": ["sine"],
            }
        ]
    }


_POEM = "\n".join(f"line {number} of a longer text" for number in range(1, 60))
_STACK: tuple[tuple[str, Argument], ...] = (
    ("new", ()),
    (".push()", (3,)),
    (".pop()", ()),
    (".pop()", ()),
    (".size", ()),
)

KINDS: dict[str, Explanation] = {
    "number": beside(41, 42, inputs=(("n", 7), ("exact", True), ("start", None))),
    "close numbers": beside(0.1 + 0.2 + 1e-16, 0.3, inputs=(("x", np.float64(0.1)), ("z", 1 + 2j))),
    "type": beside("42", 42, inputs=(("raw", b"42"), ("options", {"base": 10, "strict": False}))),
    "none": beside(None, [1, 2, 3], inputs=(("xs", [3, 1, 2]),)),
    "object": beside(Other("generator"), [1, 4, 9]),
    "list for tuple": beside([1, 2], (1, 2)),
    "short list": beside([1, 2, 4], [1, 2, 3, 5], differs(2), missing(3), inputs=(("xs", [5, 3, 2, 1]),)),
    "long list": beside(
        [n * n + (n in (40, 41, 77)) for n in range(100)] + [1],
        [n * n for n in range(100)],
        *(differs(n) for n in (40, 41, 77)),
        extra(100),
        inputs=(("xs", list(range(100))),),
    ),
    "pairs": beside(
        [("Ada", 36), ("Alan", 41), ("Grace", 85)],
        [("Ada", 36), ("Alan", 42), ("Grace", 85)],
        differs(1, 1),
        inputs=(("people", [{"name": "Ada", "born": 1815}, {"name": "Alan", "born": 1912}, {"name": "Grace"}]),),
    ),
    "dict": beside(
        {"the": 3, "quick": 1, "Fox": 1, "lazy": 2},
        {"the": 3, "quick": 1, "fox": 1, "lazy": 1, "dog": 1},
        missing("fox"),
        missing("dog"),
        differs("lazy"),
        extra("Fox"),
        inputs=(("text", "The quick fox, the lazy dog: the end.\nAnd so on, for a while, until it is over.\n"),),
    ),
    "nested": beside(
        {
            "name": "Carlos Alcaraz",
            "titles": {"2022": ["US Open"], "2023": ["Wimbledon", "Indian Wells", "Madrid"]},
            "scores": np.array([[6, 4, 7], [6, 3, 6]]),
            "unchanged": list(range(40)),
        },
        {
            "name": "Carlos Alcarez",
            "titles": {"2022": ["US Open"], "2023": ["Wimbledon", "Queen's", "Madrid"]},
            "scores": np.array([[6, 4, 7], [6, 3, 7]]),
            "unchanged": list(range(40)),
        },
        differs("name"),
        differs("titles", "2023", 1),
        differs("scores", (1, 2)),
    ),
    "set": beside({1, 2, 5}, {1, 2, 3, 4}, missing(3), missing(4), extra(5), inputs=(("xs", {3, 1, 2}),)),
    "array in place of a list": beside([1.0, 2.0], np.array([1.0, 2.0])),
    "text": beside("The quick brown fox", "The quick brwn fox jumps", inputs=(("words", ["quick", "fox"]),)),
    "whitespace": beside("a  b", "a b\n", summary="There is a space too many, and the last newline is missing."),
    "bytes": beside(b"\x89PNG\r\n\x1a\n" * 40 + b"a", b"\x89PNG\r\n\x1a\n" * 40 + b"b"),
    "printed": beside(
        "1\n2\nFizz\n4\nbuzz\nFizz\n7\n8\n9\n",
        "1\n2\nFizz\n4\nBuzz\nFizz\n7\n8\nFizz\nBuzz\n",
        inputs=(("n", 10),),
    ),
    "long text": beside(_POEM.replace("line 40", "lime 40"), _POEM),
    "empty text": beside("", "three\nlines\nhere\n"),
    "table": beside(
        sales([3, 4, 5], [1.5, 2.25, 3.0]),
        sales([3, 4, 6], [1.5, 2.25, 3.125]),
        differs(1, 2),
        differs(2, 2),
        inputs=(("sales", sales([3, 4, 5, 6], [1.5, 2.25, 3.0, 9.75])), ("by", "shop")),
    ),
    "table of other columns": beside(
        sales([3, 4, 5, 7], [1.5, 2.25, 3.0, 1.0], ("Units", "price")),
        sales([3, 4, 6], [1.5, 2.25, 3.125]),
        missing(1),
        extra(1),
        inputs=(("series", Table("Series", (Column("x", "float64", np.array([1.0, np.nan])),))),),
    ),
    "drawing": beside(
        drawing(1.0, "A wave"), drawing(2.0, "A wave of 2"), differs("axes", 0, "title"),
        *(differs("axes", 0, "lines", 0, "y", (place,)) for place in range(1, 40)),
        inputs=(("height", 2),),
    ),
    "script": beside(
        [{"returned": None}, {"returned": 3}, {"returned": None}, {"returned": 1}],
        [{"returned": None}, {"returned": 3}, {"raised": "IndexError"}, {"returned": 0}],
        missing(2, "raised"),
        extra(2, "returned"),
        differs(3, "returned"),
        inputs=_STACK,
    ),
    "nothing came": beside(None, {"a": 1, "b": [1, 2]}, absent="got", inputs=(("f", Code("lambda x: x ** 2")),)),
    "nothing was due": beside([1, 2, 3], None, absent="expected", inputs=(("rng", Seeded(7)),)),
    "functions": beside(
        3,
        4,
        inputs=(("f", Code("def f(x):\n    return x ** 2\n")), ("start", 0.5), ("xs", np.arange(3.0))),
    ),
}  # fmt: skip


def _deep(depth: int, last: object) -> Any:
    value = last
    for _ in range(depth):
        value = [value]
    return value


ODD: dict[str, Explanation] = {
    "huge integers": beside(10**5000 + 1, 10**5000, inputs=(("n", 10**5000),)),
    "not finite": beside(
        [float("nan"), float("inf"), -0.0], [1.0, float("-inf"), 0.0], differs(0), differs(1)
    ),
    "huge texts": beside("ab" * 500_000, "ab" * 400_000 + "c" + "ab" * 100_000, inputs=(("t", "x" * 10**6),)),
    "many lines": beside("a\n" * 300_000, "a\n" * 150_000 + "b\n" * 150_000),
    "deep": beside(_deep(60, 1), _deep(60, 2), differs(*([0] * 60)), inputs=(("x", _deep(60, 1)),)),
    "a million": beside(
        list(range(1_000_000)), [*range(999_999), 0], differs(999_999), inputs=(("xs", set(range(100_000))),)
    ),
    "all different": beside(
        list(range(500)), list(range(1, 501)), *(differs(place) for place in range(200)), inputs=()
    ),
    "long keys": beside(
        {"k" * 5000: 1, ("t",) * 500: 2}, {"k" * 5000: 2}, differs("k" * 5000), extra(("t",) * 500)
    ),
    "markup in a list": beside([MARKUP, 2], [MARKUP, 3], differs(1), inputs=(("x", [MARKUP]),)),
    "markup in a text": beside(MARKUP, MARKUP + "!", inputs=(("x", MARKUP),)),
    "markup in keys": beside({MARKUP: MARKUP}, {}, extra(MARKUP), inputs=(("x", {MARKUP: 1}),)),
    "markup as a type": beside(Other(MARKUP), 1),
    "markup in a table": beside(
        Table("DataFrame", (Column(MARKUP, "object", (MARKUP,)),), (Column(MARKUP, "object", (MARKUP,)),)),
        Table("DataFrame", (Column("a", "object", ("b",)),)),
        extra(0),
        missing(0),
    ),
    "markup in a drawing": beside(drawing(1, MARKUP), drawing(1, "x"), differs("axes", 0, "title")),
    "a drawing of nonsense": beside(
        {"axes": [{"lines": [{"x": "a", "y": 3}, 5], "title": 7, "bars": [{}], "xlim": ("a", None)}]},
        drawing(1, "x"),
        differs("axes", 0, "title"),
    ),
    "a wide table": beside(
        Table("DataFrame", tuple(Column(f"c{n}", "int64", np.arange(500)) for n in range(60))),
        Table("DataFrame", tuple(Column(f"c{n}", "int64", np.arange(500)) for n in range(61))),
        missing(60),
    ),
    "an empty table": beside(
        Table("DataFrame", (Column("a", "int64", np.array([], int)),)), Table("DataFrame", ()), extra(0)
    ),
    "keys that equal": beside({True: 1}, {1: 1}, missing(1), extra(True)),
    "numbers of NumPy": beside(
        [np.float32(0.1), np.int8(3), np.bool_(True), np.datetime64("NaT", "s"), np.str_("x"), np.array(5)],
        [0.2, 4, False, np.datetime64("2024-01-01"), "y", 6],
        *(differs(place) for place in range(6)),
        inputs=(("when", np.array(["2024-01-01"], "M8[s]")), ("words", np.array(["a", "b"]))),
    ),
    "surrogates": beside("\ud800 a", "\udc80 b", inputs=(("x", "\ud800"),)),
}


def function_report(name: str, explanation: Explanation, **more: Any) -> FunctionReport:
    fields: dict[str, Any] = {
        "name": name,
        "score": 0.0,
        "max_score": 1.0,
        "carried_forward": False,
        "checks": (Check("a short text", False, 1.0, "The values differ."),),
        "diagnoses": (Diagnosis("general.wrong", "It gives something else"),),
        "source": f"def {name}(text):\n    return 1\n",
        "explanation": explanation,
    }
    return FunctionReport(**(fields | more))


def report(*explanations: Explanation) -> Report:
    functions = tuple(function_report(f"f{place}", one) for place, one in enumerate(explanations))
    return Report("words", "Words", "ada", "graded", 0.0, float(len(functions)), functions)


def check(explanation: Explanation, **more: Any) -> FunctionCheck:
    fields: dict[str, Any] = {
        "name": "count",
        "checks": (Check("a short text", False, 0.0, "The values differ.", hidden=False),),
        "diagnoses": (Diagnosis("general.wrong", "It gives something else"),),
        "explanation": explanation,
        "inputs": Inputs(explanation.case, explanation.inputs),
    }
    return FunctionCheck(**(fields | more))
