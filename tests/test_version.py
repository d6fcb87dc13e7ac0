"""What made a result includes the code that made it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import parts
import pytest
from repository import REPOSITORY

from autograder import version

# A ground that is asked for what it is to grade alone is none that has to begin.
PLAN = (
    "from pathlib import Path; from autograder.grading import batch, planning, processes\n"
    "class Ground(processes.Processes):\n"
    "    level = 'full'\n"
    "    def begin(self): pass\n"
    "course = planning.open_order(Path.cwd(), 'embeddings', None, None)\n"
    "ground = Ground(course.course, course.unit, 1)\n"
    "order = planning.open_order(Path.cwd(), 'embeddings', None, None, ground=ground)\n"
    "plan = planning.plan(order)\n"
    "print(len(plan.to_grade))\n"
)
GRADE = f"{PLAN}batch.grade(order, plan, lambda _: None)\nprint(len(planning.plan(order).to_grade))\n"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The kit's code, to be changed."""
    copied = tmp_path / "kit" / "autograder"
    return Path(
        # With what Python made of it, but for what is being written.
        shutil.copytree(REPOSITORY / "autograder", copied, ignore=shutil.ignore_patterns("*.pyc.*"))
    )


def test_code_is_known_by_what_has_a_part_in_results(package: Path) -> None:
    def code() -> str:
        version.code.cache_clear()
        return version.code(package)

    first = code()
    assert first == version.code(REPOSITORY / "autograder")
    (package / "checking" / "__pycache__").mkdir(exist_ok=True)
    (package / "checking" / "__pycache__" / "compare.pyc").touch()
    command = package / "cli" / "app.py"
    command.write_text(command.read_text() + "\n")
    assert code() == first
    known = {first}
    for name in ("checking/compare.py", "records.py", "pages/templates/by_hand.html"):
        (package / name).write_text((package / name).read_text() + "\n")
        known.add(code())
    (package / "checking" / "more.py").touch()
    known.add(code())
    assert len(known) == 5


@pytest.mark.slow
@parts.BUBBLEWRAP.mark  # without, a run asks each time whether it can lock in better by now
def test_other_code_under_the_same_version_grades_again(
    course_folder: Path, put: Callable[..., Path], package: Path
) -> None:
    put("ada")

    def run(program: str) -> str:
        """What this program prints, with the kit of `package`."""
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                f"if __name__ == '__main__':\n {program.strip().replace(chr(10), chr(10) + ' ')}",
            ],
            cwd=course_folder,
            env={**os.environ, "PYTHONPATH": str(package.parent)},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    assert run(GRADE).split() == ["1", "0"]
    mended = package / "checking" / "compare.py"
    mended.write_text(mended.read_text() + "\n# mended\n")
    assert run(PLAN) == "1"
