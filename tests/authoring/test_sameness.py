"""The same code earns the same for every student; code for which it does not is found, and told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from autograder.authoring import sameness
from autograder.authoring.rehearsal import Rehearsal
from autograder.authoring.sameness import Program
from autograder.grading.pipeline import Pipeline
from autograder.records import Case, Function

STUDENTS = [f"student {number}" for number in range(1, 25)]


@pytest.fixture
def every_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every student is told what is wrong, not one of five."""
    monkeypatch.setattr(sameness, "_DIAGNOSED", 1)


@pytest.fixture
def findings(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of twelve students is: what nobody catalogued is searched for longest."""
    monkeypatch.setattr(sameness, "_DIAGNOSED", 12)


_READY: dict[str, Rehearsal] = {}


def ready(pipelines: Mapping[str, Pipeline], unit: str, name: str) -> tuple[Rehearsal, Function]:
    if unit not in _READY:
        _READY[unit] = Rehearsal.of(pipelines[unit])
    loaded = _READY[unit]
    return loaded, next(function for function in loaded.pipeline.unit.functions if function.name == name)


# Wrong in ways that nobody catalogued: each goes by something that differs from input to input.
WRONG = {
    ("embeddings", "one_hot"): (
        # the first letter, the length, the alphabet, the capitals, a repeat, the last letter, how many tokens
        "d = {w[0]: j for j, w in enumerate(vocabulary)}\nreturn np.eye(len(vocabulary))[[d[t[0]] for t in tokens]]",
        "d = {len(w): j for j, w in enumerate(vocabulary)}\nreturn np.eye(len(vocabulary))[[d[len(t)] for t in tokens]]",
        "return np.array([[float(t == w) for w in sorted(vocabulary)] for t in tokens])",
        "v = [w.lower() for w in vocabulary]\nreturn np.eye(len(v))[[v.index(t.lower()) for t in tokens]]",
        "x = np.zeros((len(tokens), len(vocabulary)))\nfor t in tokens:\n    x[tokens.index(t), vocabulary.index(t)] = 1\nreturn x",
        "return np.array([[float(t == w and t[-1] != 'r') for w in vocabulary] for t in tokens])",
        "return np.array([[float(t == w) for w in vocabulary] for t in tokens[:6]])",
        "v = vocabulary\nreturn np.eye(len(v))[[max(range(len(v)), key=lambda j: len({*v[j]} & {*t})) for t in tokens]]",
    ),
    ("self-attention", "softmax"): (
        "if x.max() > 100:\n    x = x - x.max()\ne = np.exp(x)\nreturn e / e.sum(-1, keepdims=True)",
        "a = -1 if x.flat[0] > 0 else 0\ne = np.exp(x - x.max(axis=a, keepdims=True))\nreturn e / e.sum(axis=a, keepdims=True)",
        "e = np.exp(x - x.max(-1, keepdims=True))\ne = e if x.max(-1).argmax() else e / 2\nreturn e / (e.sum(-1, keepdims=True) + 2e-5)",
        "x = np.maximum(x, 0)\ne = np.exp(x - x.max(-1, keepdims=True))\nreturn e / e.sum(-1, keepdims=True)",
    ),
    ("multi-head", "multi_head"): (
        "heads = sorted((attend(X @ q, X @ k, X @ v) for q, k, v in zip(A, B, C)), key=np.sum)\nreturn np.concatenate(heads, -1) @ O",
        "Y = np.concatenate([attend(X @ q, X @ k, X @ v) for q, k, v in zip(A, B, C)], -1) @ O\nreturn Y + X if Y.mean() > 0 else Y",
    ),
}
HEADS = {
    "one_hot": "def one_hot(tokens, vocabulary):",
    "softmax": "def softmax(x):",
    "multi_head": "def multi_head(X, A, B, C, O):",
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("unit", "function", "body"), [(*place, body) for place, bodies in WRONG.items() for body in bodies]
)
def test_what_nobody_catalogued_earns_the_same_for_all(
    pipelines: Mapping[str, Pipeline], findings: None, unit: str, function: str, body: str
) -> None:
    source = "\n    ".join([HEADS[function], *body.splitlines()]) + "\n"
    loaded, graded = ready(pipelines, unit, function)
    proof = sameness.proof(loaded, graded, Program(body, source), 0, STUDENTS)
    assert (proof.detail, proof.holds) == ("", True)
    assert loaded.verdict(graded, source).found != "right"


@pytest.mark.slow
def test_code_that_earns_more_for_some_is_told(
    pipelines: Mapping[str, Pipeline], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sameness, "_DIAGNOSED", 8)  # marks are what it is about
    loaded, graded = ready(pipelines, "embeddings", "project_qkv")
    # The third decimal: no sane code goes by it.
    source = (
        "def project_qkv(E, A, B, C):\n"
        "    odd = round(1000 * abs(E[0, 0])) % 2\n"
        "    return E @ A, E @ B, E @ (A if odd and A.shape == C.shape else C)\n"
    )
    proof = sameness.proof(loaded, graded, Program("by the third decimal", source), 0, STUDENTS[:8])
    assert not proof.holds
    assert proof.what == "by the third decimal: the same marks and first finding for 8 students"
    assert " students " in proof.detail
    assert ", the others " in proof.detail


@pytest.mark.slow
def test_inputs_with_a_structure_for_each_student_are_told(
    pipelines: Mapping[str, Pipeline], every_finding: None
) -> None:
    """As they were before: every student had words and numbers of their own."""
    loaded, graded = ready(pipelines, "embeddings", "one_hot")
    examiner = loaded.pipeline.examiner

    def shuffled(rng: np.random.Generator, args: tuple[list[str], list[str]]) -> tuple[list[str], list[str]]:
        return [str(token) for token in rng.permutation(args[0])], args[1]

    def cases(rng: np.random.Generator) -> tuple[Case, ...]:
        return tuple(
            replace(case, vary=shuffled)  # type: ignore[arg-type]  # the two lists of one_hot
            for case in examiner.material.cases["one_hot"](rng)
        )

    secret = replace(examiner.material, cases={**examiner.material.cases, "one_hot": cases}, structures={})
    pipeline = replace(loaded.pipeline, examiner=replace(examiner, material=secret))
    skips = (
        "def one_hot(tokens, vocabulary):\n"
        "    x = np.array([[float(t == w) for w in vocabulary] for t in tokens])\n"
        "    for i in range(1, len(tokens)):\n"
        "        if tokens[i] == tokens[i - 1]:\n"
        "            x[i] = 0\n"
        "    return x\n"
    )
    proof = sameness.proof(Rehearsal.of(pipeline), graded, Program("skips", skips), 0, STUDENTS)
    assert not proof.holds


def test_what_remembers_its_calls_is_tried_for_each_student_alone(pipelines: Mapping[str, Pipeline]) -> None:
    loaded, graded = ready(pipelines, "embeddings", "project_qkv")
    source = (
        "calls = []\n"
        "def project_qkv(E, A, B, C):\n"
        "    calls.append(1)\n"
        "    return (E @ A, E @ B, E @ C) if len(calls) < 20 else None\n"
    )
    proof = sameness.proof(loaded, graded, Program("remembers", source), 0, STUDENTS[:4])
    assert proof.holds


def test_what_hangs_is_not_tried_again(pipelines: Mapping[str, Pipeline]) -> None:
    loaded, graded = ready(pipelines, "embeddings", "one_hot")
    source = "def one_hot(tokens, vocabulary):\n    while True:\n        pass\n"
    proof = sameness.proof(loaded, graded, Program("hangs", source), 0, STUDENTS)
    assert (proof.holds, proof.detail) == (True, "not tried again: general.timeout")


def test_programs_are_the_corpus_and_the_same_edits_each_time(pipelines: Mapping[str, Pipeline]) -> None:
    loaded, graded = ready(pipelines, "self-attention", "softmax")
    corpus = len(loaded.examples(graded))
    found = sameness.programs(loaded, graded, 10)
    assert len(found) == corpus + 10
    assert found == sameness.programs(loaded, graded, 10)
    assert len({program.source for program in found}) == len(found)
    assert all(program.what.startswith("an edit, in “") for program in found[corpus:])
    assert sameness.programs(loaded, graded, 0) == found[:corpus]
