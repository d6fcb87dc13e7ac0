"""Words that are true: no page contradicts itself, and nothing is said that the student's code does not bear out."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from reports import COURSE, HOME, Explained, explained, ids

from autograder.authoring.rehearsal import Notebook
from autograder.budget import Budget
from autograder.explaining.diagnose import _consistent
from autograder.explaining.trace import Place
from autograder.grading.pipeline import Pipeline
from autograder.pages.student import student_page
from autograder.records import Diagnosis, FunctionReport

__all__ = ["explained"]  # a fixture


def facts(report: FunctionReport) -> tuple[str, ...]:
    assert report.explanation is not None
    return report.explanation.observations


def ticked(report: FunctionReport) -> tuple[str, ...]:
    assert report.explanation is not None
    return report.explanation.agrees


# ------------------------------------------------------------------------------------------ steps that agree

SOFTMAX = (
    "def softmax(x):\n    m = x.max(axis=-1, keepdims=True)\n    z = x - m\n    e = np.exp(z)\n"
    "    s = e.sum(axis=-1, keepdims=True)\n"
)


@pytest.mark.parametrize(
    ("function", "source", "expected", "step", "right"),
    [
        # the sum is right, and what is made of it is not
        ("softmax", f"{SOFTMAX}    return e / (s + 1e-3)", "softmax.epsilon", "divide", "row sum"),
        (
            "softmax",
            f"{SOFTMAX}    return e / e.sum(axis=-1)",
            "softmax.missing-keepdims",
            "divide",
            "exponential",
        ),
        (
            "softmax",
            "def softmax(x):\n    e = np.exp(x - x.max(axis=-1, keepdims=True))\n    s = e.sum(axis=-1)\n    return e / s",
            "softmax.missing-keepdims",
            "divide",
            "row sum",
        ),
        (
            "softmax",
            "def softmax(x):\n    m = x.max(axis=-1)\n    e = np.exp(x - m)\n    return e / e.sum(axis=-1, keepdims=True)",
            "softmax.missing-keepdims",
            "shift",
            "row maximum",
        ),
        # made, and changed again
        (
            "scaled_scores",
            "def scaled_scores(Q, K):\n    p = Q @ K.T\n    s = p / np.sqrt(K.shape[1])\n    s = s / np.sqrt(K.shape[1])\n    return s",
            "scaled_scores.scaled-twice",
            "scale",
            "product",
        ),
        # made, and not used
        (
            "attend",
            "def attend(Q, K, V):\n    p = Q @ K.T\n    s = p / np.sqrt(K.shape[1])\n    w = softmax(p)\n    return w @ V",
            "attend.unscaled",
            "scale",
            "product",
        ),
    ],
)
def test_a_step_is_named_or_ticked_and_never_both(
    explained: Explained, function: str, source: str, expected: str, step: str, right: str
) -> None:
    report = explained(function, source)
    first = report.diagnoses[0]
    assert (first.id, first.step) == (expected, step)
    assert right in ticked(report)
    assert not {one.step for one in report.diagnoses} & set(ticked(report))


def test_the_step_of_a_finding_moves_to_where_it_shows() -> None:
    order = ("one", "two", "three", "four")

    def settled(
        step: str | None, agrees: tuple[str, ...], departs: str | None
    ) -> tuple[str | None, tuple[str, ...]]:
        found = [Diagnosis("f.wrong", "Wrong", step)]
        told, right = _consistent(
            found, Place(agrees=agrees, departs=departs, agrees_on=(1,) * len(agrees)), order, ()
        )
        return told[0].step, right

    assert settled("two", ("one",), "two") == ("two", ("one",))
    assert settled("two", ("one", "two"), "two") == ("two", ("one",))
    assert settled("two", ("one", "two"), "four") == ("four", ("one", "two"))
    assert settled("two", ("one", "two"), None) == ("three", ("one", "two"))
    assert settled("two", ("two", "three"), None) == ("four", ("two", "three"))
    assert settled(None, ("two",), None) == (None, ("two",))
    # the last is the result, which is wrong
    assert settled("two", ("one", "four"), "two") == ("two", ("one",))


def test_an_edge_finding_names_no_step_that_is_ticked() -> None:
    found = [Diagnosis("f.wrong", "Wrong", "two"), Diagnosis("f.edge", "Edge", "one")]
    told, right = _consistent(
        found, Place(agrees=("one",), departs="two", agrees_on=(1,)), ("one", "two", "three"), ()
    )
    assert [one.step for one in told] == ["two", "one"]
    assert right == ()


def test_a_changed_step_that_the_code_shows_to_be_right_is_not_told(explained: Explained) -> None:
    """Halving the scores and doubling d_k's root, say, have the same results: the lines tell which it was."""
    report = explained(
        "softmax",
        "def softmax(x):\n    m = x.max(axis=-1, keepdims=True)\n    d = x - m\n    e = np.exp(d)\n    e = e * e\n"
        "    return e / e.sum(axis=-1, keepdims=True)",
    )
    assert ids(report) == ["general.changed-step"]
    assert report.diagnoses[0].step == "exponential"
    assert not {one.step for one in report.diagnoses} & set(ticked(report))


_CENTRED = (
    "def layer_norm(x):\n    m = x.mean(axis=-1, keepdims=True)\n    v = x.var(axis=-1, keepdims=True)\n"
)
_WEIGHED = "def attend(Query, Key, Value):\n    w = softmax(scaled_scores(Query, Key))\n"
_SOFTMAX = "def softmax(x):\n    e = np.exp(x - x.max(axis=-1, keepdims=True))\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "source", "step"),
    [
        # A centre ten times too small would do the same, and have another variance.
        ("layer_norm", f"{_CENTRED}    return (x - m) / np.sqrt(v + 1e-3)", "epsilon"),
        ("layer_norm", f"{_CENTRED}    return (x - m) / np.sqrt(v + 1)", "epsilon"),
        ("attend", f"{_WEIGHED}    return w @ Value[::-1]", "weighted sum"),
        ("attend", f"{_WEIGHED}    w = w[:, ::-1]\n    return w @ Value", "divide"),
        ("attend", f"{_WEIGHED}    w.sort(axis=1)\n    return w @ Value", "divide"),
        ("attend", f"{_WEIGHED}    w = w**2\n    w = w / w.sum(axis=1, keepdims=True)\n    return w @ Value", None),
        ("softmax", f"{_SOFTMAX}    w = e / e.sum(axis=-1, keepdims=True)\n    w.sort()\n    return w", None),
        ("softmax", f"{_SOFTMAX}    e = e**2\n    return e / e.sum(axis=-1, keepdims=True)", "exponential"),
    ],
)  # fmt: skip
def test_no_step_is_said_to_be_changed_where_one_that_hangs_on_it_is_right(
    explained: Explained, function: str, source: str, step: str | None
) -> None:
    """Of changes that have the same results, the first in order may be one that the lines speak against."""
    report = explained(function, source)
    assert report.diagnoses[0].step == step
    assert {one.id for one in report.diagnoses} <= {
        "general.changed-step",
        "general.one-edit",
        "general.right-not-returned",
        "layer_norm.large-epsilon",
    }
    assert report.diagnoses[0].line == source.count("\n") + 1 or report.diagnoses[0].kind == "deletion"


# ------------------------------------------------------------------------------------------- what lines make


def test_a_variable_is_held_against_its_own_step(explained: Explained) -> None:
    report = explained(
        "project_qkv",
        "def project_qkv(embeddings, W_Q, W_K, W_V):\n    Query = embeddings @ W_Q\n    Key = embeddings @ W_V\n"
        "    Value = embeddings @ W_K\n    return Query, Key, Value",
    )
    assert report.diagnoses[0].line == 3
    assert ticked(report) == ("queries",)
    assert (
        "Line 3: `Key` should be the step “keys” (K = X · W_K), and is not. It is the step “values”."
        in facts(report)
    )


def test_a_variable_of_any_name_stands_for_what_it_is_returned_as(explained: Explained) -> None:
    report = explained(
        "project_qkv",
        "def project_qkv(x, a, b, c):\n    one = x @ a\n    two = x @ c\n    three = x @ b\n    return one, two, three",
    )
    assert report.diagnoses[0].line == 3
    assert ticked(report) == ("queries",)


def test_all_is_right_before_a_line_where_every_array_before_it_was_matched(explained: Explained) -> None:
    before = "    m = x.max(axis=-1, keepdims=True)\n"
    after = "    e = np.exp(x - m)\n    p = e / e.sum(axis=-1, keepdims=True)\n    strange = np.sin(p) + 0.3\n    return strange"
    report = explained("softmax", f"def softmax(x):\n{before}{after}")
    assert any(
        fact.endswith("`strange` is none of the steps; before it all is right.") for fact in facts(report)
    )
    for other in (
        "    odd = np.cos(x)\n",
        "    total = 0\n    for row in x:\n        total = total + row\n",
    ):
        report = explained("softmax", f"def softmax(x):\n{before}{other}{after}")
        assert not any("before it all is right" in fact for fact in facts(report))


@pytest.mark.parametrize(
    "made", ["np.zeros(e.shape[:-1])", "np.zeros_like(x[..., 0])", "np.full(x.shape[:-1], 0.0)"]
)
def test_an_array_that_is_made_to_be_filled_is_not_the_line(explained: Explained, made: str) -> None:
    report = explained(
        "softmax",
        f"def softmax(x):\n    e = np.exp(x - x.max(axis=-1, keepdims=True))\n    s = {made}\n"
        "    for j in range(e.shape[-1] - 1):\n        s += e[..., j]\n    return e / s[..., None]",
    )
    assert not any(fact.startswith("Line 3") for fact in facts(report))
    assert not any("none of the steps" in fact for fact in facts(report))


def test_zeros_that_are_a_step_are_told(explained: Explained) -> None:
    report = explained(
        "one_hot",
        "def one_hot(tokens, vocabulary):\n    m = np.zeros((len(tokens), len(vocabulary)))\n    rows = len(tokens)\n"
        "    for i in range(rows - 1):\n        m[i, vocabulary.index(tokens[i])] = 1\n    return m",
    )
    assert "all zeros" in ticked(report)


# ------------------------------------------------------------------------------------------------ the order


def test_what_is_wrong_with_most_inputs_leads_and_errors_on_some_follow(explained: Explained) -> None:
    report = explained(
        "softmax",
        "def softmax(x):\n    rows, columns = x.shape[-2], x.shape[-1]\n    e = np.exp(x)\n"
        "    return e / e.sum(axis=-2, keepdims=True)",
    )
    assert ids(report) == ["softmax.wrong-axis", "general.raises", "softmax.unstable"]
    assert report.diagnoses[1].title == "It stops with an error on some inputs"
    assert "On “a single row” it says: tuple index out of range" in report.diagnoses[1].why


def test_where_nothing_accounts_for_the_numbers_the_error_is_said_to_be_on_some_inputs(
    explained: Explained,
) -> None:
    report = explained("softmax", "def softmax(x):\n    x.shape[1]\n    return np.sin(x) + 0.3")
    assert [(one.id, one.title) for one in report.diagnoses] == [
        ("general.raises", "It stops with an error on some inputs")
    ]
    report = explained("softmax", "def softmax(x):\n    return x.nothing")
    assert report.diagnoses[0].title == "The function stops with an error"


# ------------------------------------------------------------------------------------------------ the words

TWICE = "Q / K.shape[1] ** 0.5", "Q / np.power(K.shape[1], 0.5)", "Q * pow(K.shape[-1], -1 / 2)"


@pytest.mark.parametrize(
    "scaled", [*TWICE, "Q / np.sqrt(K.shape[1])", "Q / np.exp(0.5 * np.log(K.shape[1]))"]
)
def test_a_root_taken_twice_is_no_missing_root(explained: Explained, scaled: str) -> None:
    root = scaled.removeprefix("Q ").replace("K.shape[-1]", "K.shape[1]")
    report = explained("scaled_scores", f"def scaled_scores(Q, K):\n    return {scaled} @ K.T {root}")
    assert ids(report) == ["scaled_scores.scaled-twice"]
    report = explained("attend", f"def attend(Q, K, V):\n    return softmax(scaled_scores({scaled}, K)) @ V")
    assert [one.title for one in report.diagnoses] == ["The scores were divided by √d_k twice"]


def test_a_root_that_is_missing_still_is(explained: Explained) -> None:
    report = explained("attend", "def attend(Q, K, V):\n    return softmax(Q @ K.T / K.shape[-1]) @ V")
    assert report.diagnoses[0].title == "The scores were divided by d_k, not by its square root"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("attended", "title"),
    [
        ("attend(X @ q, X @ v, X @ k)", "Keys and values changed places"),
        ("attend(X @ v, X @ q, X @ k)", "Queries, keys and values changed places"),
        (
            "attend(X @ q / np.sqrt(q.shape[1]), X @ k, X @ v)",
            "A projection was divided by the root of a size",
        ),
        ("attend(X @ q, X @ k, X)[:, :v.shape[1]]", None),
    ],
)
def test_what_is_borrowed_is_said_in_the_words_of_its_host(
    explained: Explained, attended: str, title: str | None
) -> None:
    report = explained(
        "multi_head",
        f"def multi_head(X, W_Q, W_K, W_V, W_O):\n    heads = [{attended} for q, k, v in zip(W_Q, W_K, W_V)]\n"
        "    return np.concatenate(heads, axis=-1) @ W_O",
    )
    told = [one.title for one in report.diagnoses]
    assert not any(re.search(r"three results|already|Result", one) for one in told)
    if title is not None:
        assert told == [title]


def test_no_title_that_is_lent_speaks_of_what_its_host_has_not() -> None:
    from autograder.course import material
    from autograder.explaining.borrowed import lent_to

    loaded = [material.load(COURSE, unit) for unit in COURSE.units]
    known = {
        name: (procedure, one.misconceptions[name])
        for one in loaded
        for name, procedure in one.procedures.items()
    }
    for name, (procedure, _) in known.items():
        for variant in lent_to(procedure, known):
            assert "three results" not in variant.how
            assert "here already" not in variant.how
            if name != "multi_head":
                assert "head" not in variant.how.lower(), (name, variant.how)
            if name == "softmax":
                assert not re.search("words|tokens|Query|Key", variant.how), variant.how


def test_it_overflows_only_where_it_does(explained: Explained) -> None:
    body = "    e = np.exp({})\n    return e / e.sum(axis=-1, keepdims=True)"
    overflows = explained("softmax", "def softmax(x):\n" + body.format("x")).diagnoses[0]
    assert (overflows.id, overflows.title[:22]) == ("softmax.unstable", "Large entries overflow")
    cut = explained("softmax", "def softmax(x):\n" + body.format("np.clip(x, -500, 500)")).diagnoses[0]
    assert cut.id == "softmax.unstable"
    assert not re.search("overflow|nan|inf", cut.title + cut.why)


def test_what_stands_beside_another_finding_calls_nothing_right(explained: Explained) -> None:
    report = explained(
        "attend",
        "def attend(Q, K, V):\n    e = np.exp(Q @ K.T)\n    return e / e.sum(axis=-1, keepdims=True) @ V",
    )
    assert ids(report) == ["attend.unscaled", "attend.unstable"]
    assert "is right" not in report.diagnoses[1].why


def test_a_function_that_gets_slower_is_not_random(explained: Explained) -> None:
    source = (
        "calls = []\ndef softmax(x):\n    calls.append(1)\n    while len(calls) > 8:\n        pass\n"
        "    return x / x.sum(axis=-1, keepdims=True)"
    )
    assert "general.random" not in ids(explained("softmax", source))


def test_where_nan_may_come_from_counts_roots_and_logarithms(explained: Explained) -> None:
    for source in ("np.log(x - x)", "np.sqrt(x - 100)", "np.log(x - 100)"):
        (told,) = explained("softmax", f"def softmax(x):\n    return {source}").diagnoses
        assert told.id == "general.nan"
        assert "the root or the logarithm of a negative number" in told.why


def test_an_array_of_text_is_not_called_objects(explained: Explained) -> None:
    report = explained("softmax", "def softmax(x):\n    return x.astype(str)")
    assert [one.id for one in report.diagnoses] == ["general.wrong-type"]
    assert report.explanation is not None
    assert report.explanation.summary == "It returned an array of text where an array of numbers should be."


# ---------------------------------------------------------------------------------- what a page tells of hidden inputs

SPELLED = (
    "def {name}({parameters}):\n    total = abs(np.nan_to_num({first}, posinf=1.0, neginf=2.0).sum())\n"
    "    return np.zeros((0, 10**4 + int(total * 1234567) % (8 * 10**4), 3))"
)


@pytest.mark.parametrize(
    ("function", "parameters"),
    [("softmax", "x"), ("scaled_scores", "Q, K"), ("attend", "Q, K, V"), ("multi_head", "X, a, b, c, d")],
)
def test_no_shape_spells_a_hidden_number(
    pipelines: Mapping[str, Pipeline], function: str, parameters: str
) -> None:
    unit = HOME[function]
    pipeline = pipelines[unit.name]
    source = SPELLED.format(name=function, parameters=parameters, first=parameters[0])
    submission = Notebook.solved(COURSE, unit).with_function(function, source)
    (graded,) = (one for one in unit.functions if one.name == function)
    judged = pipeline.check(pipeline.examiner.attempt(submission, graded))
    hidden, own = (
        {str(trial.outcome.value.shape[1]) for trial in trials}  # type: ignore[union-attr]
        for trials in (judged.attempt.hidden, pipeline.examiner.explain(judged.attempt).explain)
    )
    page = student_page(pipeline.report(submission, Budget(60.0)))
    # Not decimals: of those one may be a hidden number by chance.
    told = set(re.findall(r"\b(?<!\.)\d{5}\b(?!\.\d)", page))
    assert hidden - own
    assert told
    assert told <= own


def test_an_experiment_that_shows_nothing_is_left_out(explained: Explained) -> None:
    """The catalogue's line has two rows that are alike; this one shuffles them, which shows in others alone."""
    rooted = "    return Q @ K.T / (np.sqrt(K.shape[1]) if K.shape[1] == 3 and len(K) == 1 else 1)"
    report = explained("scaled_scores", f"def scaled_scores(Q, K):\n{rooted}")
    assert ids(report) == ["scaled_scores.unscaled"]
    assert report.diagnoses[0].look == ""
    report = explained("scaled_scores", "def scaled_scores(Q, K):\n    return Q @ K.T")
    assert report.diagnoses[0].look.startswith("scaled_scores(")


def test_a_mistake_of_one_form_is_not_taken_for_another_with_the_same_nan(explained: Explained) -> None:
    """In single precision entries of 400 overflow, as they do in double where the maximum was added."""
    (told,) = explained(
        "softmax",
        "def softmax(x):\n    e = np.exp(x.astype(np.float32))\n    return e / e.sum(axis=-1, keepdims=True)",
    ).diagnoses
    assert told.id == "softmax.unstable"


def test_one_array_is_none_of_several_and_the_first_of_several_not_the_one_that_is_due(
    explained: Explained,
) -> None:
    report = explained(
        "project_qkv",
        "def project_qkv(X, a, b, c):\n    Q = X @ a\n    K = X @ b\n    V = X @ c\n    return np.hstack([Q, K, V])",
    )
    assert ids(report)[0] == "general.wrong-type"
    assert not any("what it returns" in fact or "columns are right" in fact for fact in facts(report))
    report = explained("softmax", f"{SOFTMAX}    return e, s")
    assert not any("what it returns" in fact for fact in facts(report))


def test_where_most_inputs_raise_the_error_leads(explained: Explained) -> None:
    report = explained(
        "softmax",
        "def softmax(x):\n    e = np.exp(x - np.max(x))\n    return e / np.array([sum(row) for row in e])",
    )
    assert ids(report) == ["general.raises"]


def test_a_copy_to_be_filled_is_no_mistake_where_the_right_result_is_forgotten(explained: Explained) -> None:
    report = explained(
        "softmax",
        "def softmax(x):\n    e = np.exp(x - x.max(axis=-1, keepdims=True))\n    out = e.copy()\n"
        "    for j in range(e.shape[-1]):\n        out[..., j] = e[..., j] / e.sum(axis=-1)\n    return e",
    )
    assert ids(report) == ["general.right-not-returned"]
    assert not any("`out` should be" in fact for fact in facts(report))
