"""What was measured, as tables and pictures for the docs."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

_NAMES: Final = {
    "right": "all right",
    "mixed-without-hangs": "mixed, none hangs",
    "mixed": "mixed, some hang",
}


def comparison(found: Mapping[str, Any]) -> str:
    """The graders side by side, with ratios to the kit, as Markdown."""
    machine = found["machine"]
    lines = [
        f"{machine['processors']} processors ({machine['processor']}), {machine['system']}, "
        f"Python {machine['python']}, {machine['date']}.",
        "",
        "| class | grader | CPU a submission | wall a submission | submissions a second | peak memory | CPU, times | wall, times |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    own = {row["kind"]: row for row in found["rows"] if row["grader"] == "this kit"}
    for kind, name in _NAMES.items():
        for row in found["rows"]:
            if row["kind"] == kind:
                lines.append(_line(name, row, own[kind]))
    lines += ["", "| grader | version | submissions measured | start-up, CPU |", "|---|---|---:|---:|"]
    for row in found["rows"]:
        if row["kind"] == "right":
            startup = f"{row['startup']:.1f} s" if row["startup"] else "in every submission"
            lines.append(f"| {row['grader']} | {row['version']} | {row['students']:,} | {startup} |")
    return "\n".join(lines)


def _line(kind: str, row: Mapping[str, Any], own: Mapping[str, Any]) -> str:
    ratios = [f"{row[key] / own[key]:,.0f}" if row is not own else "1" for key in ("cpu", "wall")]
    cells = (
        kind,
        row["grader"],
        _seconds(row["cpu"]),
        _seconds(row["wall"]),
        f"{1 / row['wall']:.2g}" if row["wall"] > 0.1 else f"{1 / row['wall']:.0f}",
        f"{row['memory'] / 1e6:.0f} MB",
        *ratios,
    )
    return f"| {' | '.join(cells)} |"


def breakdown(columns: Mapping[str, Mapping[str, float]], stages: Sequence[str]) -> str:
    """CPU milliseconds by stage as Markdown, one column for each kind of submission."""
    others = {stage for column in columns.values() for stage in column} - set(stages)
    lines = [
        f"| CPU, ms a submission | {' | '.join(columns)} |",
        f"|---|{'---:|' * len(columns)}",
    ]
    for stage in (*stages, *sorted(others)):
        if any(column.get(stage, 0.0) >= 0.005 for column in columns.values()):
            values = (f"{column[stage]:.2f}" if stage in column else "" for column in columns.values())
            lines.append(f"| {stage} | {' | '.join(values)} |")
    totals = (f"**{sum(column.values()):.1f}**" for column in columns.values())
    lines.append(f"| **together** | {' | '.join(totals)} |")
    return "\n".join(lines)


def waits(found: Mapping[str, tuple[float, float]]) -> str:
    """What a person waits for, as Markdown: wall and CPU time of each command."""
    lines = ["| command | wall | CPU |", "|---|---:|---:|"]
    lines += [f"| {what} | {wall:.2f} s | {cpu:.2f} s |" for what, (wall, cpu) in found.items()]
    return "\n".join(lines)


def growth(rows: Sequence[Mapping[str, Any]]) -> str:
    """The scale curve as Markdown."""
    lines = [
        "| submissions | CPU each | first run, wall | again, wall | again, share | one more, wall | peak memory | files each | gradebook each | class page |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        count = row["students"]
        cells = (
            f"{count:,}",
            _seconds(row["cpu_each"]),
            f"{row['first_wall']:.1f} s",
            f"{row['again_wall']:.2f} s",
            f"{row['again_wall'] / row['first_wall']:.1%}",
            f"{row['more_wall']:.2f} s" if "more_wall" in row else "",
            f"{row['memory'] / 1e6:.0f} MB",
            f"{row['files'] / count / 1e3:.0f} kB",
            f"{row['gradebook'] / count / 1e3:.1f} kB",
            f"{row['class_page'] / 1e6:.2f} MB",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 0.1 else f"{seconds:.2f} s"


def rewrite(page: Path, mark: str, text: str) -> None:
    """Puts `text` between the comments `<!-- mark -->` and `<!-- end of mark -->` of a page."""
    begin, end = f"<!-- {mark} -->", f"<!-- end of {mark} -->"
    before = page.read_text(encoding="utf-8")
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not pattern.search(before):
        raise ValueError(f"{page} has no {begin} … {end}")
    after = pattern.sub(lambda _: f"{begin}\n\n{text}\n\n{end}", before, count=1)
    page.write_text(after, encoding="utf-8")


def curve(points: Sequence[tuple[int, float, float]], *, width: int = 640, height: int = 300) -> str:
    """The scale curve as SVG: for each number of submissions, ms of CPU a submission and MB of memory."""
    left, right, top, bottom = 60, 60, 30, 50
    most_time = _round_up(max(time for _, time, _ in points))
    most_memory = _round_up(max(memory for *_, memory in points))
    step = (width - left - right) / max(1, len(points) - 1)

    def place(i: int, share: float) -> tuple[float, float]:
        return left + i * step, height - bottom - share * (height - top - bottom)

    time = [place(i, value / most_time) for i, (_, value, _) in enumerate(points)]
    memory = [place(i, value / most_memory) for i, (*_, value) in enumerate(points)]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'font-family="system-ui, sans-serif" font-size="13" fill="#555">',
        "<title>Time and memory against the number of submissions</title>",
        "<desc>" + "; ".join(f"{n:,}: {t:.1f} ms, {m:.0f} MB" for n, t, m in points) + "</desc>",
    ]
    for share in (0.0, 0.5, 1.0):
        x, y = place(0, share)
        parts.append(f'<line x1="{x:.0f}" x2="{width - right}" y1="{y:.0f}" y2="{y:.0f}" stroke="#ccc"/>')
        parts.append(
            f'<text x="{x - 8:.0f}" y="{y + 4:.0f}" text-anchor="end" fill="#1d4ed8">{share * most_time:g}</text>'
        )
        parts.append(
            f'<text x="{width - right + 8}" y="{y + 4:.0f}" fill="#b45309">{share * most_memory:g}</text>'
        )
    for i, (count, *_) in enumerate(points):
        parts.append(
            f'<text x="{place(i, 0)[0]:.0f}" y="{height - bottom + 22}" text-anchor="middle">{count:,}</text>'
        )
    parts.append(f'<text x="{left}" y="16" text-anchor="middle" fill="#1d4ed8">CPU, ms each</text>')
    parts.append(f'<text x="{width - right}" y="16" text-anchor="middle" fill="#b45309">memory, MB</text>')
    parts.append(f'<text x="{width / 2:.0f}" y="{height - 8}" text-anchor="middle">submissions</text>')
    for line, colour, dash in ((time, "#1d4ed8", ""), (memory, "#b45309", ' stroke-dasharray="6 4"')):
        spots = " ".join(f"{x:.1f},{y:.1f}" for x, y in line)
        parts.append(f'<polyline points="{spots}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in line]
    return "\n".join([*parts, "</svg>", ""])


def _round_up(value: float) -> float:
    """The next number of one digit: the top of an axis."""
    power = 10.0 ** (len(str(int(value))) - 1)
    return next(digit * power for digit in (1, 2, 3, 4, 5, 6, 8, 10) if digit * power >= value)


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


def processor() -> str:
    """What kind they are."""
    found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else "unknown"
