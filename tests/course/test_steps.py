from __future__ import annotations

import numpy as np
import pytest

from autograder.course.steps import Procedure, Step, dot, number, operand, row, total

MEAN = Procedure(
    function="mean",
    parameters=("x",),
    steps=(
        Step("sum", "s", ("x",), np.sum, "s", "s", "Add up.", lambda values, index: total(values["x"])),
        Step("size", "n", ("x",), np.size, "n", "n", "Count.", lambda values, index: ""),
        Step(
            "divide", "m", ("s", "n"), np.divide, "m", "m", "Divide.", lambda values, index: f"{values['m']}"
        ),
    ),
    returns=("m",),
)


def test_a_procedure_is_called_like_the_plain_function() -> None:
    assert MEAN(np.array([1.0, 3.0])) == 2.0
    assert MEAN.values(np.array([1.0, 3.0]))["s"] == 4.0


def test_several_results_come_as_a_tuple() -> None:
    both = Procedure("both", ("x",), MEAN.steps, ("s", "m"))
    assert both(np.array([1.0, 3.0])) == (4.0, 2.0)


def test_a_procedure_takes_as_many_arguments_as_it_has_parameters() -> None:
    with pytest.raises(ValueError, match="zip"):
        MEAN(1, 2)


def test_a_replaced_step_leaves_the_original_alone() -> None:
    wrong = MEAN.replacing("divide", lambda s: s / 3, operands=("s",))
    assert wrong(np.array([1.0, 5.0])) == 2.0
    assert MEAN(np.array([1.0, 5.0])) == 3.0
    assert wrong.step("divide").sentence == "Divide."


def test_many_mistakes_in_one_step() -> None:
    divide = MEAN.changing("divide")
    assert divide(lambda s, n: s / n + 1)(np.array([1.0, 5.0])) == 4.0
    assert divide(lambda s: s, "s")(np.array([1.0, 5.0])) == 6.0
    with pytest.raises(KeyError, match="mean has no step 'root'"):
        MEAN.changing("root")(np.sqrt)


def test_one_mistake_in_many_steps() -> None:
    assert MEAN.replacing_each(("sum", "size"), np.max)(np.array([2.0, 8.0])) == 1.0
    assert MEAN.replacing_each((), np.max) == MEAN


def test_an_unknown_step_is_named() -> None:
    with pytest.raises(KeyError, match=r"mean has no step 'root': \['sum', 'size', 'divide'\]"):
        MEAN.step("root")


def test_the_worked_answer_leaves_out_steps_without_a_part_in_the_cell() -> None:
    worked = MEAN.worked((np.array([1.0, -3.0]),), ())
    assert [(step.name, step.arithmetic) for step in worked] == [
        ("sum", "1 + (−3) = −2"),
        ("divide", "-1.0"),
    ]


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (1.23456, "1.235"),
        (-2.0, "−2"),
        (1e-7, "1e−07"),
        (-np.inf, "−∞"),
        (np.inf, "∞"),
        (np.nan, "nan"),
    ],
)
def test_numbers_are_short_and_have_a_true_minus(x: float, text: str) -> None:
    assert number(x) == text


@pytest.mark.parametrize("x", [1.2345, 1.2335, -2.6645, 0.00012345])
def test_a_number_in_the_middle_of_two_is_shown_alike_on_every_machine(x: float) -> None:
    assert number(np.nextafter(x, 9)) == number(x) == number(np.nextafter(x, -9))


def test_a_number_too_small_for_its_digits_and_a_negative_zero_are_zero() -> None:
    assert (number(6.426e-320), number(-0.0), number(-5e-324)) == ("0", "0", "0")


def test_a_sum_whose_terms_cancel_out_is_zero() -> None:
    assert total(np.array([0.1, 0.2, -0.3])).endswith(" = 0")
    assert dot(np.array([0.1, 0.2, 0.3]), np.array([1.0, 1.0, -1.0])).endswith(" = 0")
    assert total(np.array([1e-20, 2e-20])).endswith(" = 3e−20")


def test_values_to_be_read_have_zero_where_there_is_nothing_but_noise() -> None:
    step = Step(
        "sum", "y", ("x",), lambda x: np.array([x.sum(), np.exp(-60.0 * x[0])]), "", "", "", lambda *_: ""
    )
    summing = Procedure("f", ("x",), (step,), ("y",))
    x = np.array([0.1, 0.2, -0.3])
    assert summing.values(x)["y"][0] != 0
    assert summing.settled(x)["y"].tolist() == [0.0, np.exp(-60.0 * 0.1)]


def test_values_that_inputs_just_jump_over_are_no_noise() -> None:
    step = Step("cut", "y", ("x",), np.trunc, "", "", "", lambda *_: "")
    x = np.array([4.0, -3.0, 2.0, -np.inf])
    assert Procedure("f", ("x",), (step,), ("y",)).settled(x)["y"].tolist() == x.tolist()


def test_a_negative_operand_stands_in_parentheses() -> None:
    assert (operand(2.0), operand(-2.0), operand(-np.inf)) == ("2", "(−2)", "(−∞)")


def test_rows_sums_and_products_are_written_out() -> None:
    assert row(np.array([0.5, -1.0])) == "0.5, −1"
    assert total(np.array([-0.5, -1.0])) == "−0.5 + (−1) = −1.5"
    assert dot(np.array([-0.5, -1.0]), np.array([2.0, -3.0])) == "−0.5·2 + (−1)·(−3) = 2"


def test_long_rows_lose_their_middle_and_empty_ones_are_zero() -> None:
    long = np.arange(10.0)
    assert row(long, most=4) == "0, 1, …, 8, 9"
    assert total(long, most=4) == "0 + 1 + … + 8 + 9 = 45"
    assert dot(long, long, most=4) == "0·0 + 1·1 + … + 8·8 + 9·9 = 285"
    assert total(np.array([])) == "0 = 0"
    assert dot(np.array([]), np.array([])) == "0 = 0"
