"""The reference steps agree with the plain functions of the notebooks, and with what nobody here wrote."""

from __future__ import annotations

from typing import Any

import jupytext
import latex2mathml.converter
import numpy as np
import onnx
import pytest
from catalogue import COURSE, HOME, MATERIALS
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

from autograder.course import material
from autograder.course.secret import Family
from autograder.course.steps import Procedure
from autograder.data import Array
from autograder.records import Case, Raised, Returned

FUNCTIONS = list(HOME)
FAMILIES: tuple[Family, ...] = ("public", "hidden", "explain")
SEEDS = range(6)


def procedure(function: str) -> Procedure:
    return MATERIALS[HOME[function]].procedures[function]


def cases(function: str, seed: int) -> tuple[Case, ...]:
    return material.draw(MATERIALS[HOME[function]], function, FAMILIES[seed % 3], seed)


def parts(value: Any) -> tuple[Array, ...]:
    return value if isinstance(value, tuple) else (value,)


# ------------------------------------------------------------------------------------- against the notebooks


def notebook_functions(unit: str) -> dict[str, Any]:
    """The plain functions of a unit's solution notebook, from the cells that define one."""
    path = COURSE.root / "solutions" / unit / f"{unit}.py"
    notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    namespace: dict[str, Any] = {"np": np}
    for cell in notebook.cells:
        if cell.cell_type == "code" and "\ndef " in f"\n{cell.source}":
            exec(cell.source, namespace)
    return namespace


@pytest.mark.slow
@pytest.mark.parametrize("function", FUNCTIONS)
def test_steps_and_solution_notebook_agree(function: str) -> None:
    plain = notebook_functions(HOME[function])[function]
    for seed in SEEDS:
        for case in cases(function, seed):
            ours = material.outcome(procedure(function), case)
            theirs = material.outcome(plain, case)
            if case.raises:
                assert isinstance(ours, Raised)
                assert isinstance(theirs, Raised)
                assert {ours.exception, theirs.exception} <= set(case.raises)
            else:
                assert isinstance(ours, Returned)
                assert isinstance(theirs, Returned)
                assert isinstance(ours.value, tuple) == isinstance(theirs.value, tuple)
                for one, other in zip(parts(ours.value), parts(theirs.value), strict=True):
                    np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-14)


# -------------------------------------------------------------------------------------- against SciPy and ONNX


@pytest.mark.parametrize("seed", SEEDS)
def test_softmax_agrees_with_scipy(seed: int) -> None:
    import scipy.special  # collecting does not wait for it

    for case in cases("softmax", seed):
        (x,) = case.args
        np.testing.assert_allclose(procedure("softmax")(x), scipy.special.softmax(x, axis=-1), rtol=1e-12)


def onnx_attention(Query: Array, Key: Array, Value: Array, **attributes: Any) -> Array:
    """ONNX's own reference of its Attention operator, in double precision."""
    node = helper.make_node("Attention", ["Q", "K", "V"], ["Y"], **attributes)
    inputs = {"Q": Query, "K": Key, "V": Value}
    graph = helper.make_graph(
        [node],
        "attention",
        [helper.make_tensor_value_info(name, TensorProto.DOUBLE, x.shape) for name, x in inputs.items()],
        [helper.make_tensor_value_info("Y", TensorProto.DOUBLE, (*Query.shape[:-1], Value.shape[-1]))],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 23)])
    onnx.checker.check_model(model)
    result: Array = ReferenceEvaluator(model).run(None, inputs)[0]
    return result


@pytest.mark.parametrize("seed", SEEDS)
def test_attend_agrees_with_onnx(seed: int) -> None:
    for case in cases("attend", seed):
        Query, Key, Value = case.args
        assert isinstance(Query, np.ndarray)
        assert isinstance(Key, np.ndarray)
        assert isinstance(Value, np.ndarray)
        theirs = onnx_attention(Query[None, None], Key[None, None], Value[None, None])[0, 0]
        np.testing.assert_allclose(procedure("attend")(*case.args), theirs, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_multi_head_agrees_with_onnx(seed: int) -> None:
    """ONNX splits features of width h·d into heads itself, so that its head order and ours are compared."""
    for case in cases("multi_head", seed):
        embeddings, W_Q, W_K, W_V, W_O = (np.asarray(argument) for argument in case.args)
        Query, Key, Value = (
            (embeddings @ np.concatenate(list(weights), axis=-1))[None] for weights in (W_Q, W_K, W_V)
        )
        heads = onnx_attention(Query, Key, Value, q_num_heads=len(W_Q), kv_num_heads=len(W_Q))[0]
        np.testing.assert_allclose(procedure("multi_head")(*case.args), heads @ W_O, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_layer_norm_agrees_with_onnx(seed: int) -> None:
    node = helper.make_node("LayerNormalization", ["X", "S"], ["Y"], epsilon=1e-5)
    for case in cases("layer_norm", seed):
        (x,) = case.args
        assert isinstance(x, np.ndarray)
        values = [helper.make_tensor_value_info(name, TensorProto.DOUBLE, None) for name in ("X", "S", "Y")]
        graph = helper.make_graph([node], "norm", values[:2], values[2:])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
        theirs = ReferenceEvaluator(model).run(None, {"X": x, "S": np.ones(x.shape[-1])})[0]
        # Their reference works it out in single precision.
        np.testing.assert_allclose(procedure("layer_norm")(x), theirs, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_a_block_of_attention_alone_agrees_with_onnx_under_the_causal_mask(seed: int) -> None:
    for case in cases("block", seed):
        x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2 = (np.asarray(argument) for argument in case.args)
        if not np.array_equal(mask, procedure("causal_mask")(len(x))):
            continue
        normal = procedure("layer_norm")(x)
        Query, Key, Value = ((normal @ np.concatenate(list(W), axis=-1))[None] for W in (W_Q, W_K, W_V))
        size = {"q_num_heads": len(W_Q), "kv_num_heads": len(W_Q)}
        heads = onnx_attention(Query, Key, Value, is_causal=1, **size)[0]
        ours = procedure("block")(x, mask, W_Q, W_K, W_V, W_O, 0 * W_1, 0 * b_1, 0 * W_2, 0 * b_2)
        np.testing.assert_allclose(ours, x + heads @ W_O, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("shape", [(5,), (1,), (3, 4), (2, 3, 4)])
def test_softmax_of_any_shape_agrees_with_scipy(shape: tuple[int, ...]) -> None:
    import scipy.special

    x = np.random.default_rng(4).normal(size=shape, scale=300)
    x.flat[-1] = -np.inf if x.shape[-1] > 1 else 0
    np.testing.assert_allclose(procedure("softmax")(x), scipy.special.softmax(x, axis=-1), rtol=1e-12)


def test_one_hot_of_no_tokens_and_of_an_unknown_word() -> None:
    one_hot = procedure("one_hot")
    assert one_hot([], ["a", "b", "c"]).shape == (0, 3)
    with pytest.raises(ValueError, match="'d' is not in list"):
        one_hot(["a", "d"], ["a", "b", "c"])


# ------------------------------------------------------------------------------------------- what they promise


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_reference_changes_its_inputs(function: str) -> None:
    for case in cases(function, 0):
        # The drawn arrays are read-only; a list is compared.
        before = [list(argument) if isinstance(argument, list) else argument for argument in case.args]
        if case.raises:
            continue
        procedure(function)(*case.args)
        assert all(old == new for old, new in zip(before, case.args, strict=True) if isinstance(new, list))


@pytest.mark.slow
@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_cell_of_every_case_can_be_worked_out(function: str) -> None:
    for case in cases(function, 1):
        expected = material.expected(MATERIALS[HOME[function]], function, case)
        if case.raises:
            continue
        for part, array in enumerate(parts(expected)):
            for place in np.ndindex(array.shape):
                index = (part, *place) if isinstance(expected, tuple) else place
                worked = procedure(function).worked(case.args, index)
                assert worked
                assert all(step.arithmetic for step in worked)
                if function != "one_hot":
                    last = worked[-1].arithmetic.rpartition("= ")[2].replace("−", "-").replace("∞", "inf")
                    assert float(last) == pytest.approx(array[place], rel=1e-3)


def test_the_arithmetic_of_one_score_reads_as_by_hand() -> None:
    Query, Key = np.array([[1.0, -2.0], [0.5, 1.0]]), np.array([[3.0, 1.0], [2.0, -1.0]])
    product, scale = procedure("scaled_scores").worked((Query, Key), (1, 1))
    assert product.arithmetic == "Query[1] · Key[1] = 0.5·2 + 1·(−1) = 0"
    assert scale.arithmetic == "0 / √2 = 0 / 1.414 = 0"


def test_only_the_matrix_that_is_asked_for_is_worked_out() -> None:
    (case, *_) = cases("project_qkv", 0)
    for part, name in enumerate(["queries", "keys", "values"]):
        assert [step.name for step in procedure("project_qkv").worked(case.args, (part, 0, 0))] == [name]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_step_has_words_and_a_formula_that_becomes_mathml(function: str) -> None:
    for step in procedure(function).steps:
        assert latex2mathml.converter.convert(step.formula).startswith("<math")
        assert step.sentence.endswith(".")
        assert len(step.sentence.split()) <= 25
        assert step.plain
        # A step's code stays with the instructor.
        assert not any(code in step.sentence + step.plain for code in ("np.", "@", "axis=", "keepdims"))
