from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from autograder.adopted import serving
from autograder.adopted.handing import UNHANDED
from autograder.adopted.papers import Assignment, Failure, Paper, PaperCell, Sitting, Verdict
from autograder.records import Died, Raised

FAILED = Failure("assert", "AssertionError", "", 3, hidden=False, statement="assert f(1) == 2")


def paper(*sources: str, language: str = "python", name: str = "a") -> Paper:
    cells = (
        PaperCell(number, "test", source, f"t{number}", 2.0, source) for number, source in enumerate(sources)
    )
    return Paper(name, tuple(cells), Path(f"{name}.ipynb"), language)


def verdict(number: int = 0, failure: Failure | None = None, score: float | None = None) -> Verdict:
    scored = 2.0 if failure is None else 0.0
    return Verdict(f"t{number}", scored if score is None else score, 2.0, failure)


def nothing() -> Mapping[str, str]:
    return {}


def one(sitting: Sitting | None, source: str = "assert f(1) == 2", **more: str) -> serving.CellServed:
    assignment = Assignment("ps1", Path(), (paper(source, **more),))
    (found,) = serving.served(assignment, {"a": sitting} if sitting is not None else {}, nothing)
    return found


def test_a_cell_that_gives_the_solution_full_marks_is_served() -> None:
    def unneeded() -> Mapping[str, str]:
        raise AssertionError("nbgrader need not be asked")

    assignment = Assignment("ps1", Path(), (paper("1", "2"), paper("3", name="b")))
    sittings = {
        "a": Sitting((verdict(0), verdict(1)), handles=frozenset({"t1"})),
        "b": Sitting((verdict(0),)),
    }
    found = serving.served(assignment, sittings, unneeded)
    assert [(cell.name, cell.served) for cell in found] == [
        ("a/t0", "served"),
        ("a/t1", "handles"),
        ("b/t0", "served"),
    ]


@pytest.mark.parametrize(
    ("source", "why", "change"),
    [
        ("%%time\nassert f", "line 1, `%%time`, is for Jupyter alone", "write it in Python"),
        ("x = !ls\nassert x", "line 1, `x = !ls`, is for Jupyter alone", "write it in Python"),
        ("a\n%timeit f(1)", "line 2, `%timeit f(1)`, is for Jupyter alone", "take the line out"),
        ("get_ipython().user_ns", "line 1 uses get_ipython()", "or leave it to a person"),
        (
            "1\n### HASHED AUTOTEST f(1)",
            "in the place of line 2, `### HASHED AUTOTEST f(1)`",
            "--source_with_tests",
        ),
    ],
)
def test_what_a_cells_text_says_is_told_first(source: str, why: str, change: str) -> None:
    found = one(Sitting((verdict(),)), source)
    assert found.served == "not-served"
    assert why in found.why
    assert change in found.change


@pytest.mark.parametrize(
    "source", ["%matplotlib inline\nf(1)", "%load_ext autoreload", "x = 7 % y", "a != b"]
)
def test_magics_that_only_show_things_do_no_harm(source: str) -> None:
    assert one(Sitting((verdict(),)), source).served == "served"


def test_a_notebook_in_another_language() -> None:
    found = one(None, language="r")
    assert found.why == "its notebook is in r, and the kit runs Python"
    assert "nbgrader alone" in found.change


def test_a_notebook_that_could_not_be_run() -> None:
    assert one(None).why == "its notebook could not be run"


@pytest.mark.parametrize(
    ("sitting", "why", "change"),
    [
        (
            Sitting((verdict(failure=FAILED),)),
            "in the kit it stops at line 3, `assert f(1) == 2`: it does not hold for the solution",
            "compare plain values there",
        ),
        (Sitting((verdict(score=1.5),)), "the solution gets 1.5 of 2 points", "mend the solution"),
        (
            Sitting((verdict(failure=Failure("raised", "TypeError", "no", None, hidden=False)),)),
            "stops somewhere: it raises TypeError: no",
            "plain values",
        ),
        (
            Sitting((verdict(failure=Failure("raised", "stderr", "x: UserWarning\n  y", None, False)),)),
            "something is written to the error output, for which nbgrader gives no points: x: UserWarning y",
            "let nothing warn",
        ),
        (
            Sitting(
                (
                    verdict(
                        failure=Failure(
                            "raised", "TypeError", f"{UNHANDED} an object of class Axes", 2, False
                        )
                    ),
                )
            ),
            "stops at line 2: it raises TypeError: your code cannot be handed an object of class Axes",
            "let it make others itself",
        ),
        (
            Sitting(
                (
                    verdict(
                        failure=Failure(
                            "student",
                            "AttributeError",
                            "'function' object has no attribute 'execute'",
                            2,
                            False,
                        )
                    ),
                )
            ),
            "the solution's code raises AttributeError",
            "let it make others itself",
        ),
        (
            Sitting(
                (
                    verdict(
                        failure=Failure("died", "", "", 1, hidden=False, died=Died("timeout", "10 s of CPU"))
                    ),
                )
            ),
            "the solution's code does not finish (timeout)",
            "cpu_seconds",
        ),
        (
            Sitting((verdict(failure=Failure("bounds", "", "", 1, hidden=False)),)),
            "takes more than it may",
            "look at less",
        ),
        (
            Sitting(
                (
                    verdict(
                        failure=Failure(
                            "raised", "ModuleNotFoundError", "No module named 'sklearn.svm'", 1, False
                        )
                    ),
                )
            ),
            "the module sklearn is not installed here",
            "pip install scikit-learn",
        ),
        (
            Sitting((verdict(failure=FAILED),), absent=("bs4",)),
            "the module bs4",
            "pip install beautifulsoup4",
        ),
        (
            Sitting(
                (verdict(failure=Failure("raised", "ModuleNotFoundError", "No module named 'a'", 1, False)),)
            ),
            "it imports the notebook 'a' as a module",
            "without importing them",
        ),
        (
            Sitting((verdict(failure=FAILED),), failed={0: Raised("URLError", "…", 1, ())}),
            "uses the network (URLError)",
            "into a file beside",
        ),
        (
            Sitting((verdict(failure=FAILED),), failed={0: Raised("FileNotFoundError", "data.csv", 1, ())}),
            "reads a file that does not lie beside it (FileNotFoundError: data.csv)",
            "put the file into",
        ),
    ],
)
def test_a_failure_says_why_and_what_to_change(sitting: Sitting, why: str, change: str) -> None:
    found = one(sitting)
    assert found.served == "not-served"
    assert why in found.why
    assert change in found.change
    assert "\n" not in found.why + found.change


def test_what_the_solution_fails_under_nbgrader_too_is_its_authors_to_mend() -> None:
    assignment = Assignment("ps1", Path(), (paper("1", "2", "3"),))
    sat = Sitting((verdict(0), verdict(1, FAILED), verdict(2, FAILED)))
    found = serving.served(assignment, {"a": sat}, lambda: {"t1": "AssertionError: no"})
    assert [cell.fails for cell in found] == [False, True, False]
    assert found[1].why == "the solution loses marks there under nbgrader as well: AssertionError: no"
    assert found[1].change == "mend the solution or the test"


def test_a_variable_of_the_tests_that_the_solution_reads_without_being_handed_it_is_told() -> None:
    fails = Failure("student", "NameError", "name 'A' is not defined", 2, False, "assert f(1) == 2")
    found = one(Sitting((verdict(failure=fails),)), "A = [2]\nassert f(1) == 2")
    assert found.why.endswith("as the solution reads `A`, which the test binds and does not hand to it")
    assert found.change == "hand `A` over as an argument, or bind it in a locked cell before the solution"
    assert "hand `A`" not in one(Sitting((verdict(failure=fails),))).change


def test_a_picture_that_is_saved_is_told() -> None:
    solution = PaperCell(0, "solution", "def save(name):\n    plt.gcf().savefig(name)", "save", 0.0, "")
    test = PaperCell(1, "test", "save('a.png')\nassert exists('a.png')", "t0", 2.0, "")
    assignment = Assignment("ps1", Path(), (Paper("a", (solution, test), Path("a.ipynb")),))
    fails = Failure("assert", "AssertionError", "", 2, hidden=False, statement="assert exists('a.png')")
    (found,) = serving.served(assignment, {"a": Sitting((verdict(failure=fails),))}, nothing)
    assert "`savefig` saves nothing where student code runs" in found.why
    assert "look at the figure in place of the file" in found.change
