"""What a class takes to grade with every attack on those who read text in it, against the same class without them.

    python benchmarks/texts.py [STUDENTS]

Both classes are graded by the real command in one run, taking turns. Told is wall time, and CPU time of all processes,
which other work on the machine does not change much; beside them what the budgets of the attacks would allow.
"""

from __future__ import annotations

import copy
import json
import shutil
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
sys.path.insert(0, str(REPOSITORY / "tests"))

import measure  # noqa: E402
import texts  # noqa: E402  # of the tests: the same attacks

from autograder.course import coursefile, solution  # noqa: E402

WRONG = (
    {},
    {},
    {"one_hot": "def one_hot(tokens, vocabulary):\n    return np.eye(len(vocabulary))[: len(tokens)]"},
    {"project_qkv": "def project_qkv(embeddings, W_Q, W_K, W_V):\n    return embeddings @ W_Q"},
)
MOST = 1.2  # times the class without them


def main(students: int) -> None:
    """Measures and prints."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for name in ("solutions", "assignments"):
            shutil.copytree(REPOSITORY / name, folder / name)
        for name in ("course.toml", "nbgrader_config.py"):
            shutil.copy(REPOSITORY / name, folder)
        loaded = coursefile.load(folder / "course.toml")
        right = solution.solved(loaded, loaded.unit(texts.UNIT))
        attacks = list(texts.attacks())
        for place in ("without", "with"):
            for number in range(students):
                document = copy.deepcopy(right)
                for name, source in WRONG[number % len(WRONG)].items():
                    solution.rewrite(document, name, source)
                document["metadata"]["number"] = number
                hand_in(folder / place, f"student-{number}", json.dumps(document).encode())
        for attack in attacks:
            hand_in(folder / "with", attack.name, attack.attack(copy.deepcopy(right)))
        taken = {place: graded(folder, place) for place in ("without", "with")}
    budgets = len(attacks) * loaded.limits.submission_seconds
    (wall, cpu), (wall_with, cpu_with) = taken["without"], taken["with"]
    print(f"{students} students, and {len(attacks)} attacks, whose budgets are {budgets:g} s together")
    print(f"without: {wall:6.1f} s, of CPU time {cpu:6.1f} s")
    print(
        f"with:    {wall_with:6.1f} s, of CPU time {cpu_with:6.1f} s: {wall_with - wall:+.1f} s and {cpu_with - cpu:+.1f} s"
    )
    within = wall_with <= MOST * wall + budgets
    print(f"{'within' if within else 'NOT within'} {MOST:g} times the class without them plus their budgets")


def hand_in(submitted: Path, student: str, content: bytes) -> None:
    """Lays one notebook where it is collected."""
    place = submitted / student / texts.UNIT
    place.mkdir(parents=True)
    (place / f"{texts.UNIT}.ipynb").write_bytes(content)


def graded(folder: Path, place: str) -> tuple[float, float]:
    """Seconds of wall and of CPU time that grading one class takes."""
    command = [sys.executable, "-c", "from autograder.cli import main; main()", "grade", texts.UNIT]
    command += ["--submitted", str(folder / place), "--out", str(folder / f"out-{place}")]
    cost = measure.run(command, folder=folder, log=folder / f"{place}.log")
    return cost.wall, cost.cpu


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
