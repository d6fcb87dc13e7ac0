"""Pictures for lessons, shown at once: `from autograder import draw`, then `draw.heat_map(...)` in a cell.

Arrays may be lists, labels any texts. Where something cannot be drawn (a function that returns nothing yet, another
shape, nan), one line says why, and no call ends in a traceback. A notebook that cannot draw shows a text in its place.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any

from autograder.drawing import admitted, flowchart, heat, products, projections, waiting
from autograder.drawing import arrows as looks
from autograder.drawing import multiples as small
from autograder.drawing import strips as stripes
from autograder.drawing.canvas import Picture
from autograder.nearest import carried

__all__ = [
    "arrows",
    "flow",
    "heads",
    "heat_map",
    "multiples",
    "product",
    "query_key_value",
    "strips",
    "waits_for",
]


def heat_map(rows: Sequence[str], columns: Sequence[str], matrices: Mapping[str, Any]) -> None:
    """Shows each matrix under its title: the larger a number, the deeper the shade behind it.

    rows, columns: the labels, lists of words.  matrices: a dictionary from title to array.
    The largest number of each row is bold (in plain text it has a star); negative ones are orange. Infinite ones are
    written ∞.
    """
    _show(heat.heat_map, rows, columns, matrices)


def strips(vectors: Mapping[str, Any], title: str = "") -> None:
    """Shows each vector as a strip of shaded cells after its label, with its numbers; long ones as small bars.

    vectors: a dictionary from label to vector. All are shaded by one scale.
    """
    _show(stripes.strips, vectors, title)


def query_key_value(
    tokens: Sequence[str], Query: Any, Key: Any, Value: Any, embeddings: Any = None, who: str | None = None
) -> None:
    """Shows what each token looks for, is found by and passes on, below the embeddings they are made from.

    Query, Key: arrays of shape (n, d_k).  Value: (n, d_v).  embeddings: (n, d_model), or None to leave them out.
    who: a token whose rows have a frame.  The larger a square, the larger its number; hollow ones are negative.
    """
    _show(projections.query_key_value, tokens, Query, Key, Value, embeddings, who)


def arrows(
    tokens: Sequence[str],
    weights: Any,
    who: str | None = None,
    title: str = "",
    to: Sequence[str] | None = None,
) -> None:
    """Shows who looks at whom: a line from each token to each, as wide as the weight.

    weights: array of shape (n, n), each between 0 and 1; row i is what token i looks at.
    who: the one token whose looks are drawn.  to: the words looked at, where they are others: weights are (n_q, n_k).
    """
    _show(looks.arrows, tokens, weights, who, title, to)


def heads(
    tokens: Sequence[str],
    weights: Mapping[str, Any],
    who: str | None = None,
    to: Sequence[str] | None = None,
) -> None:
    """Shows `arrows` for several heads beside each other: weights is a dictionary from title to array."""
    _show(looks.heads, tokens, weights, who, to)


def product(
    factors: Mapping[str, tuple[int, int]], result: str = "", cell: tuple[int, int] | None = None
) -> None:
    """Shows the shapes of a product of matrices as boxes to scale: the sizes that meet have to be the same.

    factors: a dictionary from name to shape (or array), such as {"Query": (10, 6), "Keyᵀ": (6, 10)}.
    cell: a number of the result, as (row, column); the row and the column that it is made of are marked with it.
    """
    _show(products.product, factors, result, cell)


def multiples(values: Mapping[str, Any], labels: Sequence[str] = (), title: str = "") -> None:
    """Shows several matrices as small maps beside each other, and vectors as small charts of bars, by one scale.

    values: a dictionary from title to array.  labels: words for the rows of the maps, or for the bars.
    """
    _show(small.multiples, values, labels, title)


def flow(steps: str) -> None:
    """Shows steps as boxes and arrows from the top down.

    steps: one a line, `inputs → outputs: what is done`, such as "Query, Key → scores: scaled_scores"; `->` will do.
    """
    _show(flowchart.flow, steps)


class waits_for:  # noqa: N801  # it reads as a word of a `with` line
    """`with waits_for("softmax"):` around what uses functions that may not be written yet.

    An error inside becomes one line that says which check to run, and the notebook goes on.
    """

    _open = 0  # of such blocks, one within the other

    def __init__(self, *functions: object) -> None:
        """The functions or their names; the first is the one to check."""
        self._names = waiting.names_of(functions)

    def __enter__(self) -> None:
        waits_for._open += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """True where an error was told; whoever stops the cell from outside is not held up."""
        waits_for._open -= 1
        if isinstance(error, Exception):
            _write(waiting.line(self._names, error))
        return isinstance(error, Exception)


def _show(build: Callable[..., Picture], *given: object) -> None:
    """Draws and shows; what cannot be drawn is for the block around to tell, or is told here."""
    try:
        picture = build(*given)
    except admitted.UndrawableError as error:
        if waits_for._open:
            raise
        _write(f"Nothing is drawn: {error}.")
        return
    shell = sys.modules.get("IPython")
    if shell is not None and shell.get_ipython() is not None:
        shell.display.display({"text/html": picture.html, "text/plain": picture.text}, raw=True)
    else:
        _write(picture.text.rstrip("\n"))


def _write(text: str) -> None:
    sys.stdout.write(carried(text, getattr(sys.stdout, "encoding", None)) + "\n")
