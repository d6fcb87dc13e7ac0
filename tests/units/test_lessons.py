"""The lessons run, solved and unsolved, and every number they tell is the number that students see."""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import numpy as np
import pytest
from kernels import Kernel
from nbclient import NotebookClient
from nbformat import NotebookNode
from student import RIGHT, hand_out, write
from waiting import FOREVER

ROOT = Path(__file__).parents[2]
UNITS = ("embeddings", "self-attention", "multi-head")
SENTENCE = "Carlos Alcaraz is a very skilled tennis player and philanthropist"

# What the text says in words, or of numbers that no cell prints: the sentence, and what must then be true.
CLAIMS = {
    "embeddings": (
        ("Ten tokens.", "len(tokens) == 10"),
        ('the seventh word, "tennis"', "tokens[6] == 'tennis'"),
        ("The shape is (10, 12)", "one_hot(tokens, vocabulary).shape == (10, 12)"),
        ("It holds ten ones, one in each row", "list(one_hot(tokens, vocabulary).sum(axis=1)) == [1] * 10"),
        ('"tennis" has its 1 in column 10', "vocabulary.index('tennis') == 10"),
        (
            'The columns of "net" and "racket" stay empty',
            "set(vocabulary) - set(tokens) == {'net', 'racket'} == set(np.array(vocabulary)"
            "[one_hot(tokens, vocabulary).sum(axis=0) == 0])",
        ),
        ("√2 ≈ 1.41", "round(2**0.5, 2) == 1.41"),
        ("whole tenths", "np.allclose(10 * table, np.round(10 * table))"),
        (
            'The embedding of "tennis". The zeros',
            "np.array_equal(one_hot(tokens, vocabulary) @ table, embeddings)",
        ),
        (
            "of shape (1, 12), with the table, of shape (12, 8)",
            "one_hot(['tennis'], vocabulary).shape == (1, 12) and table.shape == (12, 8)",
        ),
        ("Ours have d_model = 8 numbers", "d_model == 8 == embeddings.shape[1]"),
        ("begins with the number that you worked out", "np.isclose(Query[6, 0], 1.03)"),
    ),
    "self-attention": (
        ("every one of its six entries has the sign", "np.all(Query[6] * Key[3] > 0)"),
        (
            "opposite signs but for the third",
            "list(np.sign(Query[6] * Key[9])) == [-1, -1, 1, -1, -1, -1] and (Query[6] * Key[9])[2] < 0.01",
        ),
        ("√6 ≈ 2.45", "round(6**0.5, 2) == 2.45"),
        ("4.59 / 2.45 = 1.87 and −6.12 / 2.45 = −2.50", "round(4.59 / 2.45, 2) == 1.87"),
        ("(16 times as many)", "64 == 16 * 4"),
        ("(256 times as many)", "1024 == 256 * 4"),
        ("with 305 digits before the point", "len(str(int(np.exp(700.0)))) == 305"),
        ("differ by 2.16", "round(another_run['philanthropist'] - another_run['player'], 2) == 2.16"),
        (r"$e^{2.16} \approx 8.7$", "round(np.exp(2.16), 1) == 8.7 == round(weights[9] / weights[7], 1)"),
        (
            '"philanthropist" with 0.26 and "a" with 0.21; then "Alcaraz" with 0.15',
            "[tokens[i] for i in np.argsort(-weights)[:3]] == ['philanthropist', 'a', 'Alcaraz']"
            " and list(np.sort(weights)[:-4:-1].round(2)) == [0.26, 0.21, 0.15]",
        ),
        (
            "0.19 · value of Carlos + 0.06 · value of Alcaraz + 0.15 · value of is + 0.38 · value of a",
            "list(attend(Query, Key, np.eye(10))[6, :4].round(2)) == [0.19, 0.06, 0.15, 0.38]",
        ),
        ("0.5 · 1 + 0.3 · 0 + 0.2 · 2 = 0.9", "np.isclose(0.5 * 1 + 0.3 * 0 + 0.2 * 2, 0.9)"),
        ("0.5 · 0 + 0.3 · 1 + 0.2 · 2 = 0.7", "np.isclose(0.5 * 0 + 0.3 * 1 + 0.2 * 2, 0.7)"),
        ("Each row adds up to 1", "np.allclose(attend(Query, Key, np.eye(10)).sum(axis=1), 1)"),
        (
            '"Carlos" gives "tennis" a weight of 0.59, and "tennis" gives "Carlos" one of 0.19',
            "(W := attend(Query, Key, np.eye(10)).round(2))[0, 6] == 0.59 and W[6, 0] == 0.19",
        ),
        (
            '"tennis" spends 0.38 of its attention on "a"',
            "(W := attend(Query, Key, np.eye(10)).round(2))[6].argmax() == 3 and W[6, 3] == 0.38",
        ),
        (
            "They differ, because",
            "not np.allclose(attend(Query[6:7], Key, Value), attend(Query[6:7], Key[6:8], Value[6:8]), atol=0.5)",
        ),
        ("Both have shape (1, 4)", "attend(Query[6:7], Key[6:8], Value[6:8]).shape == (1, 4)"),
    ),
    "multi-head": (
        ("d_v = 3 numbers", "d_v == 3"),
        ("With h = 2 heads", "h == 2"),
        ("@ W_O 6×8", "W_O.shape == (6, 8) == (h * d_v, d_model)"),
        ("W_Q   2 × 8 × 4", "W_Q.shape == (2, 8, 4) == W_K.shape"),
        ("W_V   2 × 8 × 3", "W_V.shape == (2, 8, 3)"),
        (
            'In head 0 "tennis" looks most at "very" (0.31), in head 1 at "and" (0.20)',
            "[(tokens[w[6].argmax()], w[6].max().round(2)) for w in weights.values()]"
            " == [('very', 0.31), ('and', 0.2)]",
        ),
        ("[1 2 10 20] for the first", "list(np.concatenate([head_0, head_1], axis=-1)[0]) == [1, 2, 10, 20]"),
        ("(10, 8), the shape that went in", "first.shape == (10, 8) == second.shape"),
        ("it is the same, now in row 3", "np.allclose(forwards[6], backwards[3])"),
    ),
}

# Run after a solved lesson: what its claims come to, and its variables for the lessons that follow.
TELL = """
import json
arrays = {name: value.tolist() for name, value in list(globals().items()) if isinstance(value, np.ndarray)}
print(json.dumps({"claims": [%s], "tokens": tokens, **arrays}))
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

    @property
    def told(self) -> dict[str, Any]:
        """What the cell that was added to a solved lesson tells."""
        told: dict[str, Any] = json.loads(self.cells[-1].outputs[0].text)
        return told

    @property
    def shown(self) -> str:
        """All that the lesson's own cells print and display, as text."""
        outputs = [out for out in self.outputs if '{"claims":' not in out.get("text", "")]
        return "\n".join(out.get("text") or out.get("data", {}).get("text/plain", "") for out in outputs)


def run(notebooks: dict[str, NotebookNode]) -> dict[str, Lesson]:
    """Runs notebooks in kernels of their own, side by side, each in its released folder; an error fails."""

    async def run_all() -> None:
        await asyncio.gather(*(client.async_execute() for client in clients))

    clients, patient = [], {"timeout": FOREVER, "startup_timeout": FOREVER}
    for name, notebook in notebooks.items():
        folder = ROOT / "assignments" / name.removesuffix(", unsolved")
        resources = {"metadata": {"path": str(folder)}}
        clients.append(NotebookClient(notebook, **patient, kernel_name="python3", resources=resources))
    asyncio.run(run_all())
    return {name: Lesson(notebook.cells) for name, notebook in notebooks.items()}


@pytest.fixture(scope="module")
def lessons() -> dict[str, Lesson]:
    """Every lesson, solved and unsolved, by names such as `embeddings` and `embeddings, unsolved`."""
    notebooks = {}
    for unit in UNITS:
        notebook = jupytext.read(ROOT / "solutions" / unit / f"{unit}.py")
        claims = ", ".join(f"bool({claim})" for _, claim in CLAIMS[unit])
        notebook.cells.append(nbformat.v4.new_code_cell(TELL % claims))
        notebooks[unit] = notebook
        released = ROOT / "assignments" / unit / f"{unit}.ipynb"
        notebooks[f"{unit}, unsolved"] = nbformat.read(released, as_version=4)
    return run(notebooks)


@pytest.mark.parametrize("unit", UNITS)
def test_unsolved_lesson_runs_to_the_end_and_says_what_it_waits_for(
    lessons: dict[str, Lesson], unit: str
) -> None:
    lesson = lessons[f"{unit}, unsolved"]
    assert all(cell.execution_count for cell in lesson.cells if cell.cell_type == "code")
    assert not [out for out in lesson.outputs if out.output_type == "error" or out.get("name") == "stderr"]
    assert "This cell waits for your" in lesson.shown


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
    first, second, third = (lessons[unit].told for unit in UNITS)
    for name in ("Query", "Key", "Value"):
        assert np.allclose(second[name], first[name], rtol=0, atol=1e-12)
    assert np.array_equal(third["embeddings"], first["embeddings"])
    assert " ".join(first["tokens"]) == " ".join(second["tokens"]) == " ".join(third["tokens"]) == SENTENCE


@pytest.mark.parametrize(
    ("unit", "headings"),
    [
        ("embeddings", ("Tokens", "One-hot vectors", "Dense embeddings", "Queries, keys and values")),
        ("self-attention", ("Scaled scores", "Softmax", "The context-aware output")),
        ("multi-head", ("Several heads", "Concatenate and project", "Layers upon layers")),
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
    assert lesson.prose.count("<details>") == lesson.prose.count("</details>") >= 4
    assert "Vaswani et al." in lesson.prose
    by_hand = [
        cell
        for cell in lesson.cells
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("grade")
    ]
    assert [cell.metadata.nbgrader.points for cell in by_hand] == [2]
    assert by_hand[0].source == "*Write your answer here, in place of this line.*"


@pytest.mark.parametrize(("unit", "maps"), [("embeddings", 1), ("self-attention", 2), ("multi-head", 2)])
def test_heat_maps_carry_labels_and_numbers(lessons: dict[str, Lesson], unit: str, maps: int) -> None:
    drawn = [out.data for out in lessons[unit].outputs if "text/html" in out.get("data", {})]
    drawn = [data for data in drawn if "heat-maps" in data["text/html"]]
    assert sum(data["text/html"].count("<table>") for data in drawn) == maps
    for data in drawn:
        tables = data["text/html"].split("<table>")[1:]
        for table in tables:
            assert re.findall(r'<th scope="row">(\w+)</th>', table) == SENTENCE.split()
            assert len(re.findall(r"<td style=.*?>−?[\d.]+</td>", table)) >= 100
        for token in SENTENCE.split():
            assert len(re.findall(rf"^ *{token} .*\*", data["text/plain"], re.MULTILINE)) == len(tables)


def test_helper_is_the_same_in_every_lesson(lessons: dict[str, Lesson]) -> None:
    helpers = {
        cell.source for unit in UNITS for cell in lessons[unit].cells if "def heat_map(" in cell.source
    }
    assert len(helpers) == 1


ODD = {
    "nothing": "return None",
    "a list": "return [[1.0, 2.0], [3.0]]",
    "another shape": "return np.ones((2, 3, 4))",
    "a text": "return 'right'",
    "an error": "raise KeyError('tennis')",
}


@pytest.mark.parametrize("oddity", ODD)
@pytest.mark.parametrize("unit", UNITS)
def test_cells_that_show_an_odd_result_point_to_the_check(unit: str, oddity: str, tmp_path: Path) -> None:
    """However odd what a student's functions give back, no cell of the lesson ends in a traceback."""
    functions = {name: f"def {name}(*_):\n    {ODD[oddity]}" for name in RIGHT[unit]}
    notebook = nbformat.read(write(hand_out(unit, tmp_path), functions), as_version=4)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    kernel = Kernel(tmp_path)
    kernel.run(*(cell for cell in cells if not cell.startswith("check(")))
    assert "Traceback" not in kernel.printed
    told = re.findall(
        r"^This cell waits for your .*: check\((\w+)\) says why\. \(.*\)$", kernel.printed, re.M
    )
    assert told
    assert set(told) <= set(RIGHT[unit])
