"""The graders of this course are proven, and a course whose graders are not is told so."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import least_form
import numpy as np
import pytest
from repository import REPOSITORY

from autograder.authoring import explained, verify
from autograder.authoring.proofs import Proof, VerifyReport, encode
from autograder.authoring.rehearsal import Rehearsal
from autograder.course import coursefile
from autograder.errors import CourseError
from autograder.grading.pipeline import Pipeline
from autograder.records import Function
from autograder.sandbox.children import Sandbox

Changed = Callable[..., Pipeline]


@pytest.fixture
def changed(tmp_path: Path, shared_sandbox: Sandbox) -> Changed:
    """A pipeline of this course with some text of its files replaced."""

    def change(unit: str, file: str, *replacements: tuple[str, str]) -> Pipeline:
        root = tmp_path / "course"
        shutil.copytree(REPOSITORY / "solutions", root / "solutions")
        # Released, so that of its other cells those alone are run each time that the function needs.
        shutil.copytree(REPOSITORY / "assignments" / unit, root / "assignments" / unit)
        shutil.copy(REPOSITORY / "course.toml", root)
        path = root / "solutions" / unit / file
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        for before, after in replacements:
            assert before in text
            text = text.replace(before, after)
        path.write_text(text, encoding="utf-8")
        loaded = coursefile.load(root / "course.toml")
        return Pipeline.open(loaded, loaded.unit(unit), shared_sandbox.child, shared_sandbox.level)

    return change


@pytest.fixture(scope="module")
def report(pipelines: Mapping[str, Pipeline]) -> VerifyReport:
    return verify.verify(pipelines["multi-head"], students=1, edits=1, mistakes=1)


def ready(pipeline: Pipeline, name: str) -> tuple[Rehearsal, Function]:
    """The unit and one of its functions: a whole report takes seconds for each example that hangs."""
    unit = Rehearsal.of(pipeline)
    return unit, next(function for function in pipeline.unit.functions if function.name == name)


# ------------------------------------------------------------------------------------------- this course holds


@pytest.mark.slow
def test_multi_head_is_proven(report: VerifyReport) -> None:
    assert report.failures == ()
    assert report.holds
    assert report.mutation_score == 1.0
    assert (report.unit, report.students) == ("multi-head", 1)
    parts = {part: len(report.of(part)) for part in ("lesson", "solution", "stub", "apart", "copied")}  # type: ignore[arg-type]
    assert parts == {"lesson": 1, "solution": 1, "stub": 1, "apart": 1, "copied": 1}
    for part in ("example", "misconception", "mutant", "student"):
        assert len(report.of(part, "multi_head")) > 30  # type: ignore[arg-type]
    assert report.of("mutant", "softmax") == []


@pytest.mark.slow
def test_as_many_proofs_come_as_were_announced(
    pipelines: Mapping[str, Pipeline], report: VerifyReport
) -> None:
    assert verify.count(pipelines["multi-head"], students=1, edits=1) == len(report.proofs)


@pytest.mark.slow
def test_a_solution_that_loses_marks_says_where(changed: Changed) -> None:
    pipeline = changed(
        "multi-head",
        "multi-head.py",
        ("def multi_head(embeddings, W_Q, W_K, W_V, W_O):", "def multi_head(x):"),
    )
    proof = verify._solution(*ready(pipeline, "multi_head"))
    assert (proof.what, proof.holds) == ("the solution should earn full marks", False)
    assert proof.detail.startswith("it fails “")
    assert "TypeError" in proof.detail.split("; ")[0]


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["embeddings", "self-attention"])
def test_every_mutant_and_misconception_of_the_other_units_is_caught(
    pipelines: Mapping[str, Pipeline], unit: str
) -> None:
    pipeline = pipelines[unit]
    loaded = Rehearsal.of(pipeline)
    for function in pipeline.unit.functions:
        assert [proof for proof in verify._misconceptions(loaded, function) if not proof.holds] == []
        assert verify._told_apart(loaded, function).holds
        for mutant in loaded.mutants(function):
            assert verify._mutant(loaded, function, mutant).holds, mutant


@pytest.mark.slow
def test_the_json_of_a_report_holds_all_of_it(report: VerifyReport) -> None:
    document = json.loads(encode([report]))
    assert (document["schema"], document["units"][0]["students"]) == (2, 1)
    assert document["holds"] is True
    (unit,) = document["units"]
    assert unit["mutation_score"] == 1.0
    assert len(unit["proofs"]) == len(report.proofs)
    assert set(unit["proofs"][0]) == {"part", "function", "what", "holds", "detail"}
    mistakes = unit["explained"].pop("mistakes")
    assert [one["function"] for one in mistakes] == ["multi_head"]
    assert set(mistakes[0]) == {"function", "statement", "change", "due", "found", "line"}
    assert unit["explained"] == explained.told(report.explained)


def test_a_report_without_mutants_has_no_mutation_score() -> None:
    assert VerifyReport("u", "U", 0, ()).mutation_score is None
    proof = Proof("stub", "f", "what", False, "detail")
    assert VerifyReport("u", "U", 0, (proof,)).failures == (proof,)
    assert not VerifyReport("u", "U", 0, (proof,)).holds


# ------------------------------------------------------------------------------- what is wrong is told


@pytest.mark.slow
def test_a_check_that_never_fails_lets_mutants_through(changed: Changed) -> None:
    pipeline = changed(
        "self-attention",
        "inputs.py",
        *(
            (f'        "{name}": {said},\n', f'        "{name}": (1, "a single row"),\n')
            for name, said in (
                ("huge entries", 1),
                (
                    "rows of very different size",
                    '(\n            1,\n            "rows of very different size",\n'
                    '            "minus infinity beside huge entries",\n        )',
                ),
                ("minus infinity gets no weight", '(1, "some entries minus infinity")'),
            )
        ),
    )
    unit, function = ready(pipeline, "softmax")
    through = [verify._mutant(unit, function, mutant) for mutant in unit.mutants(function)]
    missed = [proof for proof in through if not proof.holds]
    assert {proof.detail for proof in missed} == {
        "no check catches it (line 9 of its cell)",
        "no check catches it (line 11 of its cell)",
    }
    assert any(proof.what.endswith("x - maxima → x") for proof in missed)
    unnoticed = [proof for proof in verify._misconceptions(unit, function) if not proof.holds]
    assert any(proof.what.startswith("softmax.unstable loses marks") for proof in unnoticed)
    assert all(proof.detail.endswith("3 of 3 points") for proof in unnoticed)
    examples = [
        verify._example(unit, function, one)
        for one in unit.examples(function)
        if one.expect == "softmax.unstable"
    ]
    assert [proof.detail for proof in examples] == ["found right, 3 of 3 points"] * len(examples) != []


NO_CHECK = """
from autograder.author import check

@check("project_qkv", "anything goes", points=3.0)
def test_it(attempt):
    pass
"""


def test_where_checks_ask_for_properties_alone_a_mutant_is_caught_by_the_rule(changed: Changed) -> None:
    imported = "from autograder.author import Attempt, check, fail\n"
    pipeline = changed("embeddings", "test_hidden.py", (imported, f"{imported}{NO_CHECK}"))
    unit, function = ready(pipeline, "project_qkv")
    proof = verify._mutant(unit, function, unit.mutants(function)[0])
    assert (proof.holds, proof.detail) == (True, "no ordinary input comes out right")


def test_a_solution_that_loses_marks_is_told_with_the_checks(changed: Changed) -> None:
    pipeline = changed("multi-head", "multi-head.py", ("embeddings @ W_K[i]", "embeddings @ W_Q[i]"))
    proof = verify._solution(*ready(pipeline, "multi_head"))
    assert not proof.holds
    assert "two heads" in proof.detail


def test_two_misconceptions_that_no_input_tells_apart_are_told(changed: Changed) -> None:
    pipeline = changed(
        "embeddings",
        "misconceptions.py",
        ('        "project_qkv.value-not-projected",', '        "project_qkv.swapped-outputs",'),
        ("        for of in SWAPPED[1:]\n", "        for of in (*SWAPPED[1:], REUSED[0])\n"),
    )
    proof = verify._told_apart(*ready(pipeline, "project_qkv"))
    assert not proof.holds
    assert proof.detail == "project_qkv.swapped-outputs and project_qkv.reused-weights"


def test_answers_that_are_the_same_in_every_family_are_told(pipelines: Mapping[str, Pipeline]) -> None:
    """What was seen on a page could be handed in by the sizes of its inputs."""
    unit, function = ready(pipelines["embeddings"], "one_hot")
    assert verify._copied(unit, function).holds
    examiner = unit.pipeline.examiner
    draw = examiner.material.cases["one_hot"]
    cases = {**examiner.material.cases, "one_hot": lambda rng: draw(np.random.default_rng(0))}
    same = replace(examiner, material=replace(examiner.material, cases=cases, structures={}))
    proof = verify._copied(Rehearsal.of(replace(unit.pipeline, examiner=same)), function)
    assert not proof.holds
    first, second, what_to_do = proof.detail.split("; ")
    assert first.startswith("those of the visible checks earn 1.5 points, by “")
    assert second.startswith("those of the pages earn 2.5 points, by “")
    assert what_to_do == "draw more of what these are called with from `rng`"


@pytest.mark.slow
def test_one_answer_that_passes_a_check_is_told_by_what_helps(pipelines: Mapping[str, Pipeline]) -> None:
    unit, function = ready(pipelines["layers"], "causal_mask")
    examiner = unit.pipeline.examiner
    draw = examiner.material.cases["causal_mask"]
    cases = {
        **examiner.material.cases,
        "causal_mask": lambda rng: tuple(replace(case, args=(4,)) for case in draw(rng)),
    }
    same = replace(examiner, material=replace(examiner.material, cases=cases, structures={}))
    proof = verify._copied(Rehearsal.of(replace(unit.pipeline, examiner=same)), function)
    assert proof.detail.endswith("let each look at cases with different answers (CHECKS in inputs.py)")


# ------------------------------------------------------------------------------------------ the lesson's own cells

TAGGED = '# %% tags=["raises-exception"]\n'


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cells", "detail"),
    [
        ("# %%\nassert double(np.ones(2))[0] == 2\n", ""),
        (
            "# %%\n\nassert double(np.ones(2))[0] == 3, 'twice'\n\n# %%\nnothing\n",
            "The cell “assert double(np.ones(2))[0] == 3, 'twice'” raises AssertionError: twice, and 1 other too"
            ' (tag it "raises-exception" where it should)',
        ),
        ("# %%\nraise KeyError\n", 'The cell “raise KeyError” raises KeyError (tag it "raises-exception" where it should)'),
        (f"{TAGGED}double(1, 2, 3)\n", ""),
        ("# %%\nwhile True:\n    pass\nmade = 1\n\n# %%\nmade + 1\n", ""),  # Jupyter waits for what takes longer
        ("# %%\nimport no_such_module\nassert no_such_module.made\n", ""),
    ],
    ids=["fine", "two", "without words", "tagged", "takes long", "not here"],
)  # fmt: skip
def test_a_cell_of_the_lesson_that_raises_is_named(tmp_path: Path, cells: str, detail: str) -> None:
    course = least_form.course(tmp_path, 'def double(x: "n d"):\n    return x * 2.0\n')
    with open(tmp_path / "solutions" / "least" / "least.py", "a", encoding="utf-8") as lesson:
        lesson.write(cells)
    with Sandbox(replace(course.limits, cpu_seconds=0.3)) as sandbox:
        pipeline = Pipeline.open(course, course.units[0], sandbox.child, sandbox.level)
        first = next(verify.proofs(pipeline))
    assert first == Proof(
        "lesson", "", "the lesson's own cells should run beside its solutions", not detail, detail
    )


# ----------------------------------------------------------------------------------------- equivalent mutants


def test_an_equivalent_mutant_that_is_caught_is_listed_wrongly(changed: Changed) -> None:
    entry = (
        '[[equivalent]]\nfunction = "project_qkv"\nstatement = "Query = embeddings @ W_Q"\n'
        'change = "W_Q → W_K"\nreason = "none"\n'
    )
    pipeline = changed("embeddings", verify.EQUIVALENT)
    (pipeline.examiner.material.folder / verify.EQUIVALENT).write_text(entry, encoding="utf-8")
    unit, function = ready(pipeline, "project_qkv")
    (mutant,) = (one for one in unit.mutants(function) if (one.statement, one.change) == ("Query = embeddings @ W_Q", "W_Q → W_K"))  # fmt: skip
    proof = verify._mutant(unit, function, mutant)
    assert not proof.holds
    assert proof.detail == "caught, though equivalent_mutants.toml lists it"


@pytest.mark.parametrize("function", ["one_hot", "one_hit"])
def test_an_equivalent_mutant_that_is_none_any_more_is_refused(changed: Changed, function: str) -> None:
    entry = (
        f'[[equivalent]]\nfunction = "{function}"\nstatement = "of old"\nchange = "1 → 2"\nreason = "none"\n'
    )
    pipeline = changed("embeddings", "equivalent_mutants.toml")
    (pipeline.examiner.material.folder / "equivalent_mutants.toml").write_text(entry)
    with pytest.raises(
        CourseError, match=f"'{function}' has no small change “1 → 2” in “of old” any more: take"
    ):
        next(verify.proofs(pipeline))


@pytest.mark.parametrize("text", ["[[equivalent]]\nfunction = 1", "no toml", "[[equivalent]]\nfunny = true"])
def test_a_broken_list_of_equivalent_mutants_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / verify.EQUIVALENT).write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=r"equivalent_mutants\.toml"):
        verify.equivalent(tmp_path)
    assert verify.equivalent(tmp_path / "elsewhere") == {}
