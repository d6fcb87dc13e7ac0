"""Matrices as tables with labels, numbers and shades."""

from __future__ import annotations

from html import escape
from typing import Any, Final

from autograder.drawing import admitted, canvas, shades
from autograder.drawing.admitted import Numbers

# Notebooks style tables by selectors of two classes; ours must weigh more.
_ME: Final = ".autograder-drawing .heat-map.heat-map.heat-map"
_SHORT: Final = 3  # characters of a label that need not be turned
_STYLE: Final = f"""<style>
{_ME} {{ border-collapse: collapse; border: 0; font-size: 12px; line-height: 1.35; margin: 0; color: inherit; table-layout: auto; font-variant-numeric: tabular-nums }}
{_ME} caption {{ caption-side: top; text-align: left; font-weight: 600; font-size: 13px; padding: 0 0 4px; color: inherit; position: sticky; left: 0; width: max-content; max-width: 100cqi; white-space: normal; overflow-wrap: break-word }}
{_ME} tr {{ background: none }}
{_ME} td, {_ME} th {{ border: 0; padding: 2px 3px; text-align: right; font-weight: 400; white-space: nowrap; vertical-align: middle; color: inherit; max-width: none }}
{_ME} thead th {{ writing-mode: vertical-rl; transform: rotate(180deg); text-align: left; padding: 2px }}
{_ME}.short thead th {{ writing-mode: horizontal-tb; transform: none; text-align: right; padding: 2px 3px }}
{_ME} b {{ font-weight: 700 }}
</style>"""


def heat_map(rows: Any, columns: Any, matrices: Any) -> canvas.Picture:
    """Each matrix under its title: the larger a number, the deeper the shade behind it.

    The largest number of each row is bold (in plain text it has a star); negative ones are orange and have a minus.
    """
    tables, texts = [], []
    for title, given in admitted.named(matrices):
        array = admitted.matrix(given, f"“{title}”", masks=True)
        row_labels = admitted.labels(rows, array.shape[0], f"the height of “{title}”")
        column_labels = admitted.labels(columns, array.shape[1], f"the width of “{title}”")
        tables.append(_table(title, row_labels, column_labels, array))
        texts.append(_text(title, row_labels, column_labels, array))
    return canvas.frame([_STYLE, *tables], "".join(texts))


def _table(title: str, rows: list[str], columns: list[str], array: Numbers) -> str:
    digits, depths = admitted.digits_of(array), shades.depths(array)
    head = "".join(f'<th scope="col">{escape(label)}</th>' for label in columns)
    body = "".join(
        f'<tr><th scope="row">{escape(label)}</th>'
        + "".join(
            _cell(admitted.number(value, digits), float(depth), bold=bool(value == numbers.max()))
            for value, depth in zip(numbers, shaded, strict=True)
        )
        + "</tr>"
        for label, numbers, shaded in zip(rows, array, depths, strict=True)
    )
    kind = "heat-map short" if max(map(len, columns)) <= _SHORT else "heat-map"
    return (
        f'<div style="overflow-x:auto;max-width:100%" tabindex="0" role="group" aria-label="{escape(title)}, a table">'
        f'<table class="{kind}"><caption>{escape(title)}</caption><thead><tr><td></td>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _cell(written: str, depth: float, *, bold: bool) -> str:
    ground = shades.ground(depth)
    style = f' style="background:{ground}"' if ground else ""
    return f"<td{style}>{f'<b>{written}</b>' if bold else written}</td>"


def _text(title: str, rows: list[str], columns: list[str], array: Numbers) -> str:
    digits = admitted.digits_of(array)
    width = max(15, *(len(label) + 1 for label in rows))
    lines = [title, " " * width + "".join(f"{label[:6]:>7}" for label in columns)]
    for label, numbers in zip(rows, array, strict=True):
        cells = (
            f"{admitted.number(value, digits):>6}" + ("*" if value == numbers.max() else " ")
            for value in numbers
        )
        lines.append(f"{label:>{width}}" + "".join(cells))
    return "\n".join(lines) + "\n"
