"""A drawing as data: what was drawn, and nothing else, however it was drawn."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from autograder.child import figures
from autograder.child.figures import TooMuchDrawnError

if TYPE_CHECKING:
    from matplotlib import pyplot as plt

X = np.arange(4.0)


@pytest.fixture(scope="module", autouse=True)
def _pyplot() -> None:
    """Imported where these tests run, and not by every process that collects them."""
    globals()["plt"] = importlib.import_module("matplotlib.pyplot")


def drawn(draw: Callable[[], Any]) -> dict[str, Any]:
    return figures.drawn(draw, [])


def axes(draw: Callable[[], Any]) -> dict[str, Any]:
    (one,) = drawn(draw)["axes"]
    assert isinstance(one, dict)
    return one


def test_lines_with_labels_titles_limits_and_scales() -> None:
    def draw() -> None:
        _, ax = plt.subplots()
        ax.plot(X, X**2, label="squares")
        ax.plot(X, X)
        ax.set(title="Growth", xlabel="t", ylabel="size", xlim=(0, 3), yscale="log")
        ax.legend()

    found = axes(draw)
    lines = found.pop("lines")
    assert found == {
        "title": "Growth", "xlabel": "t", "ylabel": "size", "xlim": (0.0, 3.0), "yscale": "log", "legend": ["squares"],
    }  # fmt: skip
    assert [line.get("label") for line in lines] == ["squares", None]
    np.testing.assert_array_equal(lines[0]["x"], X)
    np.testing.assert_array_equal(lines[0]["y"], X**2)


def test_what_was_left_to_matplotlib_is_not_in_it() -> None:
    assert list(axes(lambda: plt.plot(X))) == ["lines"]


@pytest.mark.parametrize("draw", [lambda: plt.scatter(X, -X), lambda: plt.plot(X, -X, "o")])
def test_points_are_points_however_they_are_drawn(draw: Callable[[], Any]) -> None:
    (points,) = axes(draw)["points"]
    np.testing.assert_array_equal(points["x"], X)
    np.testing.assert_array_equal(points["y"], -X)


def test_a_histogram_is_its_bars() -> None:
    data = np.array([1.0, 2.0, 2.0, 4.0])

    def counted() -> None:
        counts, edges = np.histogram(data, bins=3)
        plt.bar(edges[:-1], counts, width=np.diff(edges), align="edge")

    (ours,), (theirs,) = axes(lambda: plt.hist(data, bins=3))["bars"], axes(counted)["bars"]
    np.testing.assert_array_equal(ours["height"], [1, 2, 1])
    for key in ("x", "y", "width", "height"):
        np.testing.assert_allclose(ours[key], theirs[key])


def test_words_at_the_ticks() -> None:
    assert axes(lambda: plt.bar(["a", "b"], [1, 2]))["xticks"] == ["a", "b"]
    assert axes(lambda: (plt.barh([0, 1], [1, 2]), plt.yticks([0, 1], ["low", "high"])))["yticks"] == [
        "low",
        "high",
    ]


def test_images_wedges_and_texts_and_what_is_known_by_its_name_alone() -> None:
    (image,) = axes(lambda: plt.imshow(np.eye(2)))["images"]
    np.testing.assert_array_equal(image, np.eye(2))
    np.testing.assert_allclose(axes(lambda: plt.pie([1, 3]))["wedges"], [90, 270])
    assert axes(lambda: plt.text(1, 2, "here"))["texts"] == [{"text": "here", "x": 1.0, "y": 2.0}]
    assert axes(lambda: (plt.bar(["a"], [1]), plt.annotate("top", ("a", 1))))["texts"] == [
        {"text": "top", "x": "a", "y": 1.0}
    ]
    assert axes(lambda: plt.fill_between(X, X))["others"] == ["FillBetweenPolyCollection"]


def test_masked_numbers_are_missing_ones() -> None:
    masked = np.ma.masked_greater(X, 2)
    np.testing.assert_array_equal(axes(lambda: plt.plot(masked))["lines"][0]["y"], [0, 1, 2, np.nan])


def test_axes_come_in_order_with_the_title_above_them_and_no_colour_bar() -> None:
    def draw() -> None:
        figure, (left, right) = plt.subplots(1, 2)
        left.set_title("left")
        right.set_title("right")
        figure.colorbar(right.imshow(np.eye(2)))
        figure.suptitle("both")

    found = drawn(draw)
    assert found["title"] == "both"
    assert [one["title"] for one in found["axes"]] == ["left", "right"]


def other_figure() -> Any:
    figure, (ax, _) = plt.subplots(1, 2)
    ax.set_title("meant")
    plt.figure()
    return figure, ax


@pytest.mark.parametrize(
    "given",
    [
        lambda: other_figure()[0],
        lambda: other_figure()[1],
        lambda: other_figure(),
        lambda: np.array(other_figure()[0].axes, dtype=object),
        lambda: other_figure()[1].plot(X),
    ],
)
def test_the_figure_that_is_returned_is_the_one(given: Callable[[], Any]) -> None:
    assert drawn(given)["axes"][0]["title"] == "meant"


@pytest.mark.parametrize("end", [lambda: plt.show(), lambda: plt.savefig("drawing.png"), lambda: plt.close()])
def test_showing_saving_and_closing_do_nothing(
    end: Callable[[], Any], tmp_path: Any, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)

    def draw() -> None:
        plt.title("kept")
        end()

    assert axes(draw) == {"title": "kept"}
    assert not list(tmp_path.iterdir())


def test_no_drawing_is_one_without_axes() -> None:
    plt.plot(X)  # by whoever came before
    assert drawn(lambda: 3) == {"axes": []}
    assert plt.get_fignums() == []


def test_figures_are_closed_whatever_happens() -> None:
    with pytest.raises(ZeroDivisionError):
        drawn(lambda: plt.plot(X) and 1 / 0)
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    ("draw", "told"),
    [
        (lambda: plt.subplots(6, 6), "more than 32 axes"),
        (lambda: [plt.plot([1]) for _ in range(501)], "more than 500 things"),
        (lambda: plt.plot(np.zeros(30_000)), "more than 50000 numbers"),
        (lambda: plt.scatter(np.zeros(30_000), np.zeros(30_000)), "more than 50000 numbers"),
        (lambda: plt.imshow(np.broadcast_to(0.0, (300, 300))), "more than 50000 numbers"),
    ],
)
def test_too_large_drawings_are_refused_before_they_are_copied(draw: Callable[[], Any], told: str) -> None:
    with pytest.raises(TooMuchDrawnError, match=told):
        drawn(draw)


def test_long_texts_are_cut() -> None:
    assert len(axes(lambda: plt.title("x" * 5000))["title"]) == figures.MAX_TEXT


def test_which_was_drawn_first_does_not_count_where_each_has_its_label() -> None:
    def lines(*labels: str) -> Callable[[], Any]:
        return lambda: ([plt.plot(X, label=label) for label in labels], plt.legend())

    assert [line["label"] for line in axes(lines("b", "a"))["lines"]] == ["a", "b"]
    assert axes(lines("b", "a"))["legend"] == ["a", "b"]
    assert [line["label"] for line in axes(lines("b", "a", "b"))["lines"]] == ["b", "a", "b"]


def test_what_only_the_legend_names_has_that_label() -> None:
    """Who looks at it sees no difference between labels and `legend(["a", "b"])`."""

    def named(*texts: str, swapped: bool = False) -> list[str | None]:
        def draw() -> None:
            (one,), (other,) = plt.plot(X, X), plt.plot(X, X**2)
            plt.legend([other, one], texts) if swapped else plt.legend(texts)

        lines = axes(draw)["lines"]
        return [next((one.get("label") for one in lines if one["y"][3] == y), None) for y in (3, 9)]

    assert named("a", "b") == ["a", "b"]
    assert named("b", "a") == ["b", "a"]
    assert named("a") == [None, None]  # which of the two is not to be seen from here
    assert named("a", "b", swapped=True) == [None, None]
    (points,) = axes(lambda: (plt.scatter(X, X), plt.legend(["a"])))["points"]
    (bars,) = axes(lambda: (plt.bar(X, X), plt.legend(["a"])))["bars"]
    assert (points["label"], bars["label"]) == ("a", "a")
    first, second = axes(lambda: (plt.plot(X, X, label="own"), plt.plot(X, X), plt.legend(["a", "b"])))[
        "lines"
    ]
    assert (first["label"], second.get("label")) == ("own", None)


def test_what_the_due_drawing_leaves_open_is_free() -> None:
    due = {"axes": [{"lines": [1], "title": "t"}]}
    got = {"axes": [{"lines": [2], "title": "t", "xlim": (0, 1), "legend": ["a"]}], "title": "above"}
    assert figures.as_asked(got, due) == {"axes": [{"lines": [2], "title": "t"}]}
    assert figures.as_asked({"axes": []}, due) == {"axes": []}
    for odd in (None, {"axes": [3]}, {"axes": 3}, {}):
        assert figures.as_asked(odd, due) == odd


def test_without_matplotlib_it_says_so(monkeypatch: Any) -> None:
    monkeypatch.setattr(figures, "lacking", lambda: True)
    with pytest.raises(ModuleNotFoundError, match="No module named 'matplotlib'"):
        drawn(plt.figure)


@pytest.mark.slow
def test_it_is_imported_where_nothing_can_be_written() -> None:
    """As in a zygote, by its environment: no folder for its list of fonts, and no other thread afterwards."""
    script = (
        "import os, threading; from autograder.child import figures; figures.load();"
        "print(figures.drawn(lambda: __import__('matplotlib.pyplot').pyplot.plot([1, 2]), [])['axes'][0]['lines'][0]['y'],"
        " threading.active_count(), 'MPLCONFIGDIR' in os.environ)"
    )
    environment = {"PATH": os.environ["PATH"], "HOME": os.devnull, "MPLBACKEND": "Agg"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "[1. 2.] 1 False", done.stderr
