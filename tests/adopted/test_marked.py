from __future__ import annotations

import pytest

from autograder.adopted import marked
from autograder.adopted.papers import PaperKind
from autograder.dialect import NBGRADERS


@pytest.mark.parametrize(
    ("source", "kind", "given", "hidden"),
    [
        ("assert f\n# BEGIN HIDDEN TESTS\nassert g\n# END HIDDEN TESTS\nh", "test", "assert f\nh", {2, 3, 4}),
        ("### BEGIN HIDDEN TESTS\nassert g\n### END HIDDEN TESTS", "test", "", {1, 2, 3}),
        (
            "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION",
            "solution",
            "def f():\n    # YOUR CODE HERE\n    raise NotImplementedError()",
            {2, 3, 4},
        ),
        ("x = 1\ny = 2", "solution", "# YOUR CODE HERE\nraise NotImplementedError()", {1, 2}),
        ("### END HIDDEN TESTS\nx", "test", "x", {1}),  # nbgrader takes it out, wherever it stands
    ],
)
def test_students_get_what_nbgrader_leaves(
    source: str, kind: PaperKind, given: str, hidden: set[int]
) -> None:
    assert marked.shown(source, kind, True, NBGRADERS) == (given, hidden)


def test_a_task_has_its_scheme_taken_out_and_a_written_answer_its_text() -> None:
    task = "Write.\n=== BEGIN MARK SCHEME ===\n2 points\n=== END MARK SCHEME ==="
    assert marked.shown(task, "task", False, NBGRADERS) == ("Write.", {2, 3, 4})
    assert marked.shown("It is so.", "manual", False, NBGRADERS) == ("YOUR ANSWER HERE", {1})
