"""`autograder say`: one sentence to all who show the same unexplained results."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import calling
import pytest

from autograder.gradebook import results

Put = Callable[..., Path]

# The same distances in the place of products, written twice.
ONE = """def project_qkv(embeddings, W_Q, W_K, W_V):
    return tuple(np.abs(embeddings[:, :, None] - W[None]).sum(axis=1) ** 1.5 for W in (W_Q, W_K, W_V))"""
OTHER = """def project_qkv(x, q, k, v):
    def far(W):
        out = np.zeros((len(x), W.shape[1]))
        for i, row in enumerate(x):
            for j, column in enumerate(W.T):
                out[i, j] = sum(abs(a - b) for a, b in zip(row, column)) ** 1.5
        return out
    return far(q), far(k), far(v)"""


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """As one reads it, whatever the width of the terminal."""
    code, out, err = calling.call(capsys, *arguments)
    return code, " ".join(out.split()), err


def page(course: Path, student: str) -> str:
    return (course / "feedback" / student / "embeddings" / "embeddings.html").read_text()


def cluster(course: Path, student: str) -> str:
    found = results.clusters(results.path(course, "embeddings", student))
    assert set(found) == {"project_qkv"}
    return found["project_qkv"]


@pytest.mark.slow
def test_a_sentence_reaches_every_matching_page_past_and_future(
    capsys: pytest.CaptureFixture[str], course_folder: Path, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course_folder)
    put("ada", functions={"project_qkv": ONE})
    put("cy")
    assert call(capsys, "grade", "embeddings", "--jobs", "1")[0] == 0
    name = cluster(course_folder, "ada")
    assert results.clusters(results.path(course_folder, "embeddings", "cy")) == {}
    assert f"{name} 1 student: ada" in call(capsys, "say", "embeddings")[1]

    code, out, _ = call(capsys, "say", "embeddings", name, "Look at the <product> [bold]first[/bold].")
    assert code == 0
    assert out == f"✓ said.toml: said to {name} put on 1 page by the next: autograder grade embeddings"
    assert "Your instructor says" not in page(course_folder, "ada")

    put("bo", functions={"project_qkv": OTHER})
    code, _, err = call(capsys, "grade", "embeddings", "--jobs", "1")
    assert code == 0
    assert "1 feedback page is older than what people gave, said and arranged" in " ".join(err.split())
    assert cluster(course_folder, "bo") == name
    for student in ("ada", "bo"):
        assert "Look at the &lt;product&gt; [bold]first[/bold]." in page(course_folder, student)
    assert "Your instructor says" not in page(course_folder, "cy")
    at_a_glance = (course_folder / "report" / "embeddings.html").read_text()
    assert "You say: “Look at the &lt;product&gt; [bold]first[/bold].”" in at_a_glance
    listed = call(capsys, "say", "embeddings")[1]
    assert (
        f"{name} 2 students: ada, bo No known mistake gives these results “Look at the <product> [bold]first[/bold].”"
        in listed
    )
    assert call(capsys, "say", "embeddings", name)[1] == listed

    assert (
        "in place of “Look at the <product> [bold]first[/bold].”"
        in call(capsys, "say", "embeddings", name, "So.")[1]
    )
    code, out, _ = call(capsys, "say", "embeddings", name, "--take-back")
    assert code == 0
    assert out.endswith("taken from 2 pages by the next: autograder grade embeddings")
    assert call(capsys, "grade", "embeddings", "--jobs", "1")[0] == 0
    assert "Your instructor says" not in page(course_folder, "ada") + page(course_folder, "bo")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["embeddings", "project_qkv-abcdeg", "So."], "no cluster 'project_qkv-abcdeg' in embeddings (did you mean project_qkv-abcdef?)"),
        (["embeddings", "x", "So."], "no cluster 'x' in embeddings: autograder say embeddings lists all"),
        (["embeddings", "\x1b[2J", "So."], "no cluster '�[2J' in embeddings"),
        (["embeddings", "project_qkv-abcdef", ""], "the sentence is empty: give one in quotes"),
        (["embeddings", "project_qkv-abcdef", "x" * 1001], "the sentence has 1,001 characters"),
        (["embeddings", "project_qkv-abcdef", "--take-back"], "nothing is said to project_qkv-abcdef"),
        (["embeddings", "--take-back"], "--take-back takes a cluster and no sentence"),
        (["embeddings", "project_qkv-abcdef", "So.", "--take-back"], "--take-back takes a cluster and no sentence"),
        (["embedings"], "no unit 'embedings'"),
    ],
)  # fmt: skip
def test_what_cannot_be_said_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str],
    course_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    told: str,
) -> None:
    monkeypatch.chdir(course_folder)
    place = results.path(course_folder, "embeddings", "ada")
    place.parent.mkdir(parents=True)
    place.write_text(
        '{"schema": 1, "unit": "embeddings", "student": "ada", "score": 0, "max_score": 6, "status": "graded",'
        ' "functions": [{"name": "project_qkv", "score": 0, "max_score": 3, "carried_forward": false, "checks": [],'
        ' "diagnoses": [], "cluster": "project_qkv-abcdef"}]}'
    )
    code, out, err = call(capsys, "say", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"autograder: {told}") or told in err
    assert err.count("\n") == 1


def test_where_nothing_is_graded_it_says_so(
    capsys: pytest.CaptureFixture[str], course_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course_folder)
    assert call(capsys, "say", "embeddings")[:2] == (
        0,
        "no unexplained results in embeddings, as far as it is graded",
    )
    (course_folder / "said.toml").write_text('[embeddings]\nproject_qkv-abcdef = "So."\n')
    assert "project_qkv-abcdef nobody now “So.”" in call(capsys, "say", "embeddings")[1]
    assert call(capsys, "say", "embeddings", "project_qkv-abcdef", "--take-back")[0] == 0
