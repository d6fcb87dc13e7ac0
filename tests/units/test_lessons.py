"""The lessons run, solved and unsolved, and every number they tell is the number that students see."""

import asyncio
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import numpy as np
import pytest
from kernels import Kernel
from lesson_facts import CLAIMS, POINTS, PREDICTED
from nbclient import NotebookClient
from nbformat import NotebookNode
from ports import kernels_keep_theirs
from student import RIGHT, WRONG_AXIS, hand_out, write
from waiting import FOREVER

from autograder.notebook import pure
from autograder.selfcheck import checkfile, guessed

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
UNITS = ("embeddings", "self-attention", "multi-head", "layers")
SENTENCE = "Carlos Alcaraz is a very skilled tennis player and philanthropist"

# Run after a solved lesson: what its claims come to, and those of its variables that other lessons write out.
TELL = """
import json
arrays = {name: globals()[name].tolist() for name in ("Query", "Key", "Value", "embeddings") if name in globals()}
print(json.dumps({"claims": [%s], "predicted": [%s], "tokens": tokens, **arrays}, default=list))
"""


@dataclass(frozen=True)
class Lesson:
    """One notebook after it has run."""

    cells: list[NotebookNode]

    @property
    def prose(self) -> str:
        return "\n".join(cell.source for cell in self.cells if cell.cell_type == "markdown")

    @property
    def outputs(self) -> Iterator[NotebookNode]:
        for cell in self.cells:
            yield from cell.get("outputs", [])

    @cached_property
    def told(self) -> dict[str, Any]:
        """What the cell that was added to a solved lesson tells."""
        told: dict[str, Any] = json.loads(self.cells[-1].outputs[0].text)
        return told

    @cached_property
    def shown(self) -> str:
        """All that the lesson's own cells print and display, as text."""
        outputs = [out for out in self.outputs if '{"claims":' not in out.get("text", "")]
        return "\n".join(out.get("text") or out.get("data", {}).get("text/plain", "") for out in outputs)


# Between two notebooks in one kernel: of the first, no variable, no cell, no setting and nothing that self-checks remember stays.
ANEW = """
import os, sys, numpy
os.chdir({!r})
numpy.set_printoptions(precision=8, suppress=False)  # as NumPy begins
for name in [name for name in sys.modules if name == "autograder" or name.startswith("autograder.selfcheck")]:
    del sys.modules[name]
get_ipython().history_manager.input_hist_parsed[:] = [""]
%reset -f
""".strip()


def run(notebooks: dict[str, NotebookNode], place: Path) -> dict[str, Lesson]:
    """Runs the notebooks in one kernel, one after another, and each in a copy of its released folder.

    An error fails.
    """
    cells: list[NotebookNode] = []
    joined = {}
    for name, notebook in notebooks.items():
        hand_out(name.partition(",")[0], place / name)  # where guesses may be kept
        anew = nbformat.v4.new_code_cell(ANEW.format(str(place / name)))
        joined[name] = slice(len(cells) + 1, len(cells) + 1 + len(notebook.cells))
        cells += [anew, *notebook.cells]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"  # the same cells come in several of them
    # `iopub_timeout` is for how long it waits for outputs; what comes later is not there, and it says nothing.
    limits = dict.fromkeys(("timeout", "startup_timeout", "iopub_timeout"), FOREVER)
    client = NotebookClient(nbformat.v4.new_notebook(cells=cells), **limits, kernel_name="python3")
    with kernels_keep_theirs():
        ran = asyncio.run(client.async_execute()).cells
    return {name: Lesson(ran[own]) for name, own in joined.items()}


# A notebook half done: a function is right, one is wrong or not written, the last gives what is no result at all, and
# guesses are made, right and wrong ones.
NO_RESULT = "def {}(*inputs):\n    return [inputs]"
HALF = {
    unit: {name: RIGHT[unit][name] for name in right} | wrong | {last: NO_RESULT.format(last)}
    for unit, right, wrong, last in (
        ("embeddings", ["one_hot"], {}, "project_qkv"),
        ("self-attention", ["scaled_scores"], {"softmax": WRONG_AXIS}, "attend"),
        ("multi-head", ["attend"], {}, "multi_head"),
        ("layers", ["softmax", "causal_mask", "layer_norm"], {}, "stack"),
    )
}


@pytest.fixture(scope="module")
def lessons(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Lesson]:
    """Every lesson at its three stages, by names such as `embeddings`, `embeddings, unsolved` and `embeddings, half`."""
    notebooks, place = {}, tmp_path_factory.mktemp("lessons")
    for unit in UNITS:
        notebook = jupytext.read(ROOT / "solutions" / unit / f"{unit}.py")
        claims = ", ".join(f"bool({claim})" for _, claim in CLAIMS[unit])
        notebook.cells.append(nbformat.v4.new_code_cell(TELL % (claims, ", ".join(PREDICTED[unit].values()))))
        notebooks[unit] = notebook
        released = ROOT / "assignments" / unit / f"{unit}.ipynb"
        notebooks[f"{unit}, unsolved"] = nbformat.read(released, as_version=4)
        half = nbformat.read(released, as_version=4)
        for cell in half.cells:
            cell.source = HALF[unit].get(cell.id, cell.source).strip().replace("...)", "(10, 6))")
        notebooks[f"{unit}, half"] = half
    return run(notebooks, place)


@pytest.mark.parametrize("stage", ["unsolved", "half"])
@pytest.mark.parametrize("unit", UNITS)
def test_unfinished_lesson_runs_to_the_end_and_says_what_it_waits_for(
    lessons: dict[str, Lesson], unit: str, stage: str
) -> None:
    lesson = lessons[f"{unit}, {stage}"]
    assert all(cell.execution_count for cell in lesson.cells if cell.cell_type == "code")
    assert not [out for out in lesson.outputs if out.output_type == "error" or out.get("name") == "stderr"]
    assert "This cell waits for your" in lesson.shown
    guessed = {"unsolved": "Your guess goes in place of the dots", "half": "not (10, 6), but ("}[stage]
    assert guessed in lesson.shown
    assert ("visible checks pass" in lesson.shown) is (stage == "half")


@pytest.mark.parametrize("unit", UNITS)
def test_solved_lesson_runs_without_a_warning(lessons: dict[str, Lesson], unit: str) -> None:
    lesson = lessons[unit]
    assert not [out for out in lesson.outputs if out.output_type == "error" or out.get("name") == "stderr"]
    assert "This cell waits" not in lesson.shown


@pytest.mark.parametrize("unit", UNITS)
def test_what_the_text_claims_is_true(lessons: dict[str, Lesson], unit: str) -> None:
    truths = lessons[unit].told["claims"]
    prose = " ".join(re.sub(r"^> ", "", lessons[unit].prose, flags=re.MULTILINE).split())
    for (words, claim), true in zip(CLAIMS[unit], truths, strict=True):
        assert " ".join(words.split()) in prose, f"the text no longer says {words!r}"
        assert true, f"the text says {words!r}, but not {claim}"


@pytest.mark.parametrize("unit", UNITS)
def test_every_right_guess_is_what_the_solved_lesson_works_out(lessons: dict[str, Lesson], unit: str) -> None:
    predictions = checkfile.read(ROOT / "assignments" / unit / checkfile.FILE_NAME).predictions
    assert [one.question for one in predictions] == list(PREDICTED[unit])
    for prediction, true in zip(predictions, lessons[unit].told["predicted"], strict=True):
        assert guessed.judged(prediction, true).verdict == "right", (prediction.question, true)
        for wrong, _ in prediction.wrong:
            assert wrong != prediction.answer, prediction.question
    assert f"{len(predictions)} guesses of {len(predictions)}" in lessons[unit].shown


@pytest.mark.parametrize("unit", UNITS)
def test_every_point_of_the_introduction_is_told(lessons: dict[str, Lesson], unit: str) -> None:
    told = " ".join("\n".join(cell.source for cell in lessons[unit].cells).split())
    assert [point for point in POINTS[unit] if point not in told] == []


@pytest.mark.parametrize("unit", UNITS)
def test_every_number_of_the_text_is_shown_by_a_cell_or_claimed_above(
    lessons: dict[str, Lesson], unit: str
) -> None:
    lesson = lessons[unit]
    claimed = " ".join(words for words, _ in CLAIMS[unit])
    known = {*numbers(lesson.shown), *numbers(claimed)}
    prose = re.sub(r"section [\d.]+|arXiv:[\d.]+|https://\S+", "", lesson.prose)  # these point into papers
    unknown = [number for number in numbers(prose) if number not in known]
    assert not unknown


def numbers(text: str) -> list[str]:
    """Decimals and shapes as written, the minus sign and a trailing zero aside."""
    decimals = re.findall(r"\d+\.\d+", text)
    shapes = re.findall(r"\(\d+, \d+\)", text)
    return [decimal.rstrip("0").rstrip(".") for decimal in decimals] + shapes


def test_introduction_weights_follow_from_its_scores(lessons: dict[str, Lesson]) -> None:
    """With the raw scores that the introduction prints for "tennis", softmax gives the weights that it prints."""
    introduction = (0.06, 0.15, 0.04, 0.21, 0.07, 0.06, 0.07, 0.03, 0.05, 0.26)
    rows = re.findall(
        r"^ *(\w+)  score [\d.]+  weight ([\d.]+)$", lessons["self-attention"].shown, re.MULTILINE
    )
    assert [token for token, _ in rows] == SENTENCE.split()
    assert tuple(float(weight) for _, weight in rows) == introduction


def test_lessons_hand_on_their_numbers(lessons: dict[str, Lesson]) -> None:
    """What a later lesson writes out as literals is what the first one computes."""
    first, second, third, fourth = (lessons[unit].told for unit in UNITS)
    for name in ("Query", "Key", "Value"):
        assert np.allclose(second[name], first[name], rtol=0, atol=1e-12)
    assert np.array_equal(third["embeddings"], first["embeddings"])
    assert np.array_equal(fourth["embeddings"], first["embeddings"])
    assert {" ".join(one["tokens"]) for one in (first, second, third, fourth)} == {SENTENCE}


@pytest.mark.parametrize(
    ("unit", "headings"),
    [
        ("embeddings", ("Tokens", "One-hot vectors", "Dense embeddings", "Queries, keys and values")),
        ("self-attention", ("Scaled scores", "Softmax", "The context-aware output")),
        ("multi-head", ("Several heads", "Concatenate and project", "Layers upon layers")),
        (
            "layers",
            ("No peeking ahead", "Where a word stands", "One block", "A stack of blocks", "The next word"),
        ),
    ],
)
def test_headings_that_explanations_point_to(
    lessons: dict[str, Lesson], unit: str, headings: tuple[str]
) -> None:
    for heading in headings:
        assert f"\n## {heading}\n" in "\n" + lessons[unit].prose + "\n"


@pytest.mark.parametrize("unit", UNITS)
def test_lesson_has_an_install_line_predictions_a_question_and_its_source(
    lessons: dict[str, Lesson], unit: str
) -> None:
    lesson = lessons[f"{unit}, unsolved"]
    assert (
        "\n\n**Before you start**, install the kit once, as your instructor says.\n\n"
        in lesson.cells[0].source
    )
    assert lesson.prose.count("> **Predict.**") >= 4
    assert lesson.prose.count("<details>") == lesson.prose.count("</details>")
    assert "Vaswani et al." in lesson.prose
    by_hand = [
        cell
        for cell in lesson.cells
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("grade")
    ]
    assert [cell.metadata.nbgrader.points for cell in by_hand] == [2]
    assert by_hand[0].source == "*Write your answer here, in place of this line.*"


@pytest.mark.parametrize(
    ("unit", "maps"), [("embeddings", 4), ("self-attention", 9), ("multi-head", 4), ("layers", 4)]
)
def test_pictures_carry_labels_and_words(lessons: dict[str, Lesson], unit: str, maps: int) -> None:
    drawn = [out.data for out in lessons[unit].outputs if "<" in out.get("data", {}).get("text/html", "")]
    pages = "\n".join(data["text/html"] for data in drawn)
    assert pages.count("<caption") - pages.count("autograder-predictions") >= maps
    assert pages.count("<svg") == pages.count('role="img"')
    assert all(data["text/plain"].strip() for data in drawn)
    assert set(SENTENCE.split()) <= set(re.findall(r'<th scope="row"[^>]*>(\w+)</th>', pages))


def test_what_looks_words_up_is_the_same_in_every_lesson(lessons: dict[str, Lesson]) -> None:
    helpers = {
        cell.source[cell.source.index("def look_up(") :]
        for unit in UNITS
        for cell in lessons[unit].cells
        if "def look_up(" in cell.source
    }
    assert len(helpers) == 1


def test_a_sentence_of_ones_own_leaves_unknown_words_out_and_says_so(tmp_path: Path) -> None:
    notebook = nbformat.read(hand_out("self-attention", tmp_path), as_version=4)
    (helper,) = [cell.source for cell in notebook.cells if "def look_up(" in cell.source]
    kernel = Kernel(tmp_path)
    kernel.run(
        "import numpy as np", helper, "words, vectors = look_up('The Player, and Zorro.', learned)",
        "print(words, vectors.shape, look_up('', learned)[1].shape)",
    )  # fmt: skip
    assert "The model does not know Zorro and leaves it out. It knows: Carlos, Alcaraz" in kernel.printed
    assert "['the', 'player', 'and'] (3, 8) (0, 8)" in kernel.printed


ODD = {
    "nothing": "return None",
    "a list": "return [[1.0, 2.0], [3.0]]",
    "another shape": "return np.ones((2, 3, 4))",
    "a text": "return 'right'",
    "an error": "raise KeyError('tennis')",
}
APART = "-" * 20 + " the next"


@pytest.mark.parametrize("unit", UNITS)
def test_cells_that_show_an_odd_result_point_to_the_check(unit: str, tmp_path: Path) -> None:
    """However odd what a student's functions give back, no cell of the lesson ends in a traceback."""
    ran = []
    for odd in ODD.values():
        functions = {name: f"def {name}(*_):\n    {odd}" for name in RIGHT[unit]}
        shutil.rmtree(tmp_path, ignore_errors=True)
        notebook = nbformat.read(write(hand_out(unit, tmp_path), functions), as_version=4)
        cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        ran += [cell for cell in cells if not cell.startswith(("check(", "predict("))]
        ran += ["%reset -f", f"print({APART!r})"]
    kernel = Kernel(tmp_path)
    kernel.run(*ran)
    assert "Traceback" not in kernel.printed
    *printed, _ = kernel.printed.split(APART)
    for oddity, text in zip(ODD, printed, strict=True):
        told = re.findall(r"^This cell waits for your .*: check\((\w+)\) says why\. \(.*\)$", text, re.M)
        assert told, oddity
        assert set(told) <= set(RIGHT[unit]), oddity


@pytest.mark.parametrize("unit", UNITS)
def test_the_cells_that_students_change_leave_a_notebook_provable(unit: str) -> None:
    """Guesses, a sentence and factors of one's own cost no one the quick way through grading."""
    released = nbformat.read(ROOT / "assignments" / unit / f"{unit}.ipynb", as_version=4)
    known = set(checkfile.read(ROOT / "assignments" / unit / checkfile.FILE_NAME).handout)
    own, given = [], []
    for cell in released.cells:
        if cell.cell_type == "code":
            source = RIGHT[unit].get(cell.id, cell.source).strip().replace("...)", "(3, 4))")
            source = re.sub(r"^(mine|factors) = ", r"\1 = 3 * ", source)
            (given if checkfile.cell_digest(source) in known else own).append(source)
    assert len(own) > len(RIGHT[unit]) + 5
    assert pure.why_not(own, list(RIGHT[unit]), given) is None
