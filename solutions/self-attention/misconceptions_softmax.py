"""The mistakes that students make in `softmax`, each with its symptom computed from the reference.

Several entries may share an id: one mistake, made in different ways.
"""

from __future__ import annotations

import math

import numpy as np

from autograder.author import Array, Case, Misconception, Outcome, Procedure
from solutions.self_attention.reference import SOFTMAX, row_sum

SOFTMAX_LESSON = "Softmax"

_maximum = SOFTMAX.changing("row maximum")
_shift = SOFTMAX.changing("shift")
_exponential = SOFTMAX.changing("exponential")
_sum = SOFTMAX.changing("row sum")
_divide = SOFTMAX.changing("divide")


def _maximum_along(axis: int) -> Procedure:
    return _maximum(lambda x: x.max(axis=axis, keepdims=True))


def _sum_along(axis: int) -> Procedure:
    return _sum(lambda exponentials: exponentials.sum(axis=axis, keepdims=True))


def along(axis: int) -> Procedure:
    """The whole softmax along another axis: whatever the shift, as long as each sum has a single one."""
    return _maximum_along(axis).replacing(
        "row sum", lambda exponentials: exponentials.sum(axis=axis, keepdims=True)
    )


def _along_axis_1_where_there_is_one() -> Procedure:
    def axis(x: Array) -> int:
        return min(1, np.ndim(x) - 1)

    return _maximum(lambda x: x.max(axis=axis(x), keepdims=True)).replacing(
        "row sum", lambda exponentials: exponentials.sum(axis=axis(exponentials), keepdims=True)
    )


def _base(base: float) -> Procedure:
    return _exponential(lambda shifted: base**shifted)


def _epsilon(size: float) -> Procedure:
    """A constant added to the sum, where the shift has made the sum at least 1."""
    return _sum(lambda exponentials: row_sum(exponentials) + size)


def _epsilon_unshifted(size: float) -> Procedure:
    """The same without a shift: rows far below zero have sums that are smaller than the constant."""
    return _epsilon(size).replacing("shift", lambda x: x, operands=("x",))


def _by_math(x: Array) -> Array:
    return np.vectorize(math.exp, otypes=[float])(x)


def where_largest(x: Array) -> Array:
    return np.eye(x.shape[-1])[x.argmax(axis=-1)]


def _right_on_tables_alone(case: Case, outcome: Outcome, right: bool) -> bool:
    return right == (np.ndim(case.args[0]) == 2)


def _wrong_on_stacks_alone(case: Case, outcome: Outcome, right: bool) -> bool:
    return right == (np.ndim(case.args[0]) < 3)


SMALL_TABLE = "np.array([[1.0, 2.0], [3.0, 5.0]])"
SMALL_ROW = "np.array([0.0, 1.0])"
EVEN_ROW = "np.zeros(4)"
A_MAXIMUM = "max|sort|partition"

UNSTABLE = Misconception(
    id="softmax.unstable",
    title="Large entries overflow: the row maximum was not subtracted",
    step="shift",
    symptom=_shift(lambda x: x, "x"),
    edge=True,
    why=(
        "On small numbers this does no harm, but computers have a largest one. The exponential of 710 is beyond "
        "it, becomes inf, and inf divided by inf is nan. If the whole row is far below zero, all become 0, and "
        "0 divided by 0 is nan too. Moving a row so that its largest entry is 0 avoids both and changes no weight."
    ),
    look="softmax(np.array([1000.0, 2000.0]))  # 0 and 1, no nan",
    read=SOFTMAX_LESSON,
)

MISSING_KEEPDIMS = Misconception(
    id="softmax.missing-keepdims",
    title="The row sums lost their axis, so they met the columns",
    step="divide",  # the sums are right
    symptom=SOFTMAX.replacing("row maximum", lambda x: x.max(axis=-1)).replacing(
        "row sum", lambda exponentials: exponentials.sum(axis=-1)
    ),
    why=(
        "After a sum or a maximum along the rows, one number a row is left, as a flat list. NumPy lines such a "
        "list up with the columns, not with the rows. If there are as many rows as columns, it runs and is "
        "wrong. If not, it stops with an error about shapes. What is left must stay a column."
    ),
    look="softmax(np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]))  # two equal rows, no error",
    read=SOFTMAX_LESSON,
)

SOFTMAX_MISCONCEPTIONS = (
    *Misconception(
        id="softmax.wrong-axis",
        title="The sum runs down the columns, not along the rows",
        step="row sum",
        symptom=along(0),
        why=(
            "Each row belongs to one query, and that query spreads its attention over all keys. So the weights of a "
            "row must add up to 1. Here it is the columns that add up to 1, or another axis than the last. In a "
            "square table the shape gives no hint, so add up a row and see."
        ),
        look=f"softmax({SMALL_TABLE}).sum(axis=-1)  # each row adds up to 1",
        read=SOFTMAX_LESSON,
    ).also(_sum_along(0), along(-2), _sum_along(-2)),
    *Misconception(
        id="softmax.global-normalise",
        title="All entries together add up to 1, not each row",
        elsewhere="All weights together add up to 1, not those of each row",
        step="row sum",
        symptom=_sum(np.sum),
        why=(
            "The sum was taken over the whole table, so there is a single 1 to share among all queries. With one "
            "row this looks right. With more, each row gets only a part of its due, and a query with low scores is "
            "left with next to nothing. Every row needs a sum of its own."
        ),
        look=f"softmax({SMALL_TABLE}).sum(axis=-1)  # each row adds up to 1",
        read=SOFTMAX_LESSON,
    ).also(SOFTMAX.replacing("row maximum", np.max).replacing("row sum", np.sum)),
    *UNSTABLE.also(
        _shift(lambda x: x, "x").replacing("divide", lambda e, sums: np.nan_to_num(e / sums)),
    ),
    # Single precision ends far below, where adding the maximum ends in double.
    *UNSTABLE.also(_shift(lambda x: x.astype(np.float32), "x"), telltale="float32|single|f4")[1:],
    *UNSTABLE.also(
        _exponential(_by_math, "x"),
        why=(
            "Computers have a largest number, and the exponential of 710 is already beyond it. Where NumPy goes on "
            "with inf, Python's own exponential stops with an OverflowError. Moving a row so that its largest entry "
            "is 0 avoids that and changes no weight."
        ),
    )[1:],
    *UNSTABLE.also(
        *(_shift(lambda x, most=most: np.clip(x, -most, most), "x") for most in (500.0, 700.0, 709.0)),
        title="Large entries were cut off, where the row maximum should be subtracted",
        why=(
            "Cutting entries off keeps their exponential from growing too large. But all entries beyond the limit "
            "become equal, so that 1000 and 2000 get the same weight. Moving a row so that its largest entry is 0 "
            "keeps the exponentials small as well, and changes no weight."
        ),
    )[1:],
    Misconception(
        id="softmax.shift-sign",
        title="The row maximum was added, not subtracted",
        step="shift",
        symptom=_shift(np.add),
        edge=True,
        telltale=A_MAXIMUM,
        why=(
            "Moving a whole row up or down changes no weight, so small numbers do not show it. But the move is "
            "there to keep the exponential from overflowing, and adding the maximum does the opposite: entries of "
            "400 become 800, and the result is nan."
        ),
        look="softmax(np.array([400.0, 400.0]))  # two equal weights, no nan",
        read=SOFTMAX_LESSON,
    ),
    Misconception(
        id="softmax.min-shift",
        title="The row minimum was subtracted, not the maximum",
        step="row maximum",
        symptom=_maximum(lambda x: x.min(axis=-1, keepdims=True)),
        edge=True,
        telltale=r"(?<![a-z])(nan|arg|a)?min(imum)?(?![a-z])|sort|partition",
        why=(
            "After this shift the smallest entry of each row is 0 and the largest may be huge, so that its "
            "exponential still overflows. If an entry is minus infinity, the whole row is lost. It is the largest "
            "entry that must become 0: then nothing is above it."
        ),
        look="softmax(np.array([-1000.0, 1000.0]))  # 0 and 1, no nan",
        read=SOFTMAX_LESSON,
    ),
    Misconception(
        id="softmax.mean-shift",
        title="The row mean was subtracted, not the maximum",
        step="row maximum",
        symptom=_maximum(lambda x: x.mean(axis=-1, keepdims=True)),
        edge=True,
        telltale=r"(?<![a-z])(nan)?mean(?![a-z])|average",
        why=(
            "Any shift of a whole row leaves its weights as they are, so small numbers do not show it. But the mean "
            "lies in the middle: the largest entry can still be far above it, and its exponential overflows. If an "
            "entry is minus infinity, so is the mean. It is the largest entry that must become 0."
        ),
        look="softmax(np.array([-1000.0, 1000.0]))  # 0 and 1, no nan",
        read=SOFTMAX_LESSON,
    ),
    Misconception(
        id="softmax.global-max",
        title="One maximum was subtracted from all rows",
        step="row maximum",
        symptom=_maximum(np.max),
        edge=True,
        why=(
            "The largest entry of the whole table was used for every row. That stops the overflow, but a row whose "
            "entries are all much smaller falls far below zero. All its exponentials become 0, and 0 divided by 0 "
            "is nan. Each row needs its own maximum."
        ),
        look="softmax(np.array([[0.0, 0.0], [2000.0, 2000.0]]))  # four equal weights, no nan",
        read=SOFTMAX_LESSON,
    ),
    *Misconception(
        id="softmax.shift-axis",
        title="The maximum was taken along another axis than the sum",
        step="row maximum",
        symptom=_maximum_along(0),
        why=(
            "The sum runs along the rows, as it should, but the maximum was taken down the columns. A shift is "
            "harmless only if all entries of a row move by the same amount. Here each column moves by its own, and "
            "that changes the weights. Both must run along the last axis."
        ),
        look=f"softmax({SMALL_TABLE})  # rows of about 0.269 0.731 and 0.119 0.881",
        read=SOFTMAX_LESSON,
    ).also(_maximum_along(-2)),
    *Misconception(
        id="softmax.half-shifted",
        title="The maximum was subtracted in one place, and not in the other",
        step="divide",
        symptom=_divide(lambda x, sums: np.exp(x) / sums, "x", "sums"),
        why=(
            "A weight is one exponential out of the sum of its row, so both must come from the same numbers. Here "
            "one of them has the row maximum taken away and the other has not. Only where both have it does it "
            "cancel out; as it is, each row is too large or too small by a factor of its own."
        ),
        look=f"softmax({SMALL_TABLE}).sum(axis=-1)  # each row adds up to 1",
        read=SOFTMAX_LESSON,
    ).also(_sum(lambda x: row_sum(np.exp(x)), "x"), step="row sum"),
    *Misconception(
        id="softmax.shifted-late",
        title="The maximum was subtracted after the exponential, not before it",
        step="exponential",
        symptom=_exponential(lambda x, maxima: np.exp(x) - maxima, "x", "maxima"),
        why=(
            "Before the exponential, the move shrinks all exponentials of a row by the same factor, and changes no "
            "weight. After it, the same amount is taken from large and small ones alike, and some may end below zero. "
            "Often it is a parenthesis that closes too early."
        ),
        look="softmax(np.array([1.0, 3.0]))  # about 0.119 and 0.881, none below zero",
        read=SOFTMAX_LESSON,
    ).also(
        _divide(lambda x, maxima: (np.exp(x) - maxima) / row_sum(np.exp(x)), "x", "maxima"), step="divide"
    ),
    *Misconception(
        id="softmax.no-exp",
        title="The exponential is missing",
        step="exponential",
        symptom=_exponential(lambda x: x, "x"),
        why=(
            "The entries were divided by their sum as they are. The rows do add up to 1, but a negative score gives "
            "a negative weight, and a sum near zero blows up. The exponential makes every entry positive first, "
            "and lets larger scores count for much more."
        ),
        look=f"softmax({SMALL_ROW})  # about 0.269 and 0.731, not 0 and 1",
        read=SOFTMAX_LESSON,
    ).also(_exponential(lambda shifted: shifted)),
    *Misconception(
        id="softmax.not-normalised",
        title="The exponentials were not divided by their sum",
        step="divide",
        symptom=_divide(lambda exponentials: exponentials, "exponentials"),
        why=(
            "The exponentials are there, but the last step is missing. Their size means little by itself. Only "
            "when they are divided by the sum of their row do they become shares of a whole, which add up to 1."
            " Then a weight of 0.6 means 60 percent of the attention."
        ),
        look=f"softmax({SMALL_ROW}).sum()  # the weights add up to 1",
        read=SOFTMAX_LESSON,
    ).also(
        _shift(lambda x: x, "x").replacing("divide", lambda e: e, operands=("exponentials",)),
        # Divided by the number of entries.
        _divide(lambda exponentials: exponentials / exponentials.shape[-1], "exponentials"),
    ),
    Misconception(
        id="softmax.log-softmax",
        title="The result is the logarithm of the weights",
        elsewhere="The logarithm of the weights was used, not the weights",
        step="divide",
        symptom=_divide(lambda shifted, sums: shifted - np.log(sums), "shifted", "sums"),
        why=(
            "This is log-softmax, which is used in training, because logarithms of very small weights are easier to "
            "handle. Its entries are zero or negative. Attention needs the weights themselves: positive shares of a "
            "whole, which add up to 1 in each row."
        ),
        look=f"softmax({EVEN_ROW})  # four equal shares of 1: 0.25 each",
        read=SOFTMAX_LESSON,
    ),
    *Misconception(
        id="softmax.sigmoid",
        title="Each entry was squeezed by itself: a sigmoid",
        step="divide",
        symptom=_divide(lambda x: 1 / (1 + np.exp(-x)), "x"),
        why=(
            "A sigmoid maps each entry to a number between 0 and 1 without looking at the others. In softmax the "
            "entries of a row compete: when one weight grows, the others shrink, since they must add up to 1. That "
            "takes the sum over the row."
        ),
        look=f"softmax({EVEN_ROW})  # four equal shares of 1: 0.25 each, not 0.5",
        read=SOFTMAX_LESSON,
    ).also(_divide(lambda shifted: 1 / (1 + np.exp(-shifted)), "shifted")),
    Misconception(
        id="softmax.hard-max",
        title="The largest entry took all the weight",
        step="divide",
        symptom=_divide(where_largest, "x"),
        why=(
            "Each row has a single 1 at its largest entry. Softmax is the soft version of that: the largest entry "
            "gets most, and the others get their share too. With a hard choice nothing can be learned, because a "
            "small change of a score changes nothing at all."
        ),
        look=f"softmax({SMALL_ROW})  # about 0.269 and 0.731, not 0 and 1",
        read=SOFTMAX_LESSON,
    ),
    *Misconception(
        id="softmax.wrong-base",
        title="The power has another base than e",
        step="exponential",
        symptom=_base(2),
        why=(
            "Any base above 1 gives positive weights that add up to 1, so the result looks fine. But the base "
            "decides how much a higher score counts. Softmax is defined with e, about 2.71828, and a rounded e is "
            "not exact enough. NumPy has the exponential function ready."
        ),
        look=f"softmax({SMALL_ROW})  # the second divided by the first is e = 2.71828…",
        read=SOFTMAX_LESSON,
    ).also(*(_base(base) for base in (10, 3, 2.7, 2.71, 2.72, 2.718))),
    *MISSING_KEEPDIMS.also(
        _sum(lambda exponentials: exponentials.sum(axis=-1)),
        _sum(lambda exponentials: exponentials.sum(axis=-1)).replacing("shift", lambda x: x, operands=("x",)),
    ),
    *MISSING_KEEPDIMS.also(
        _maximum(lambda x: x.max(axis=-1)),
        title="The row maxima lost their axis, so they met the columns",
        step="shift",
    )[1:],
    *Misconception(
        id="softmax.two-d-only",
        title="It works for tables alone, not for one row or a stack",
        elsewhere="The sum runs along the second axis, which is not the last",
        step="row sum",
        symptom=along(1),
        fits=_right_on_tables_alone,
        why=(
            "The code counts on exactly two dimensions: it names axis 1, unpacks two sizes, or walks over rows. A "
            "single row has no axis 1, and in a stack of tables axis 1 is not the last. Heads come as a stack, so "
            "this matters soon. What is meant is the last axis, however many there are."
        ),
        look="softmax(np.zeros((2, 3, 4))).sum(axis=-1)  # two by three sums, each 1",
        read=SOFTMAX_LESSON,
    ).also(
        _along_axis_1_where_there_is_one(),
        title="It works for one row and for tables, not for a stack of tables",
        fits=_wrong_on_stacks_alone,
        why=(
            "What is right for one row and for a table need not be right for a stack of tables: there axis 1 is not "
            "the last, a flip turns all three axes round, and a loop over the first axis gives tables, not rows. "
            "Heads come as a stack, so this matters soon. What is meant is the last axis, however many there are."
        ),
    ),
    *Misconception(
        id="softmax.epsilon",
        title="A small number was added to the sum",
        step="row sum",
        symptom=_epsilon(1e-3),
        why=(
            "A small constant below the line is a common guard against dividing by zero. Here it bends the result: "
            "the weights no longer add up to 1, most of all where the sum itself is small. After the row maximum "
            "has been subtracted, the sum is at least 1, so there is nothing to guard."
        ),
        look="softmax(np.array([-40.0, -40.0])), softmax(np.zeros(2))  # 0.5 exactly, in both",
        read=SOFTMAX_LESSON,
    ).also(
        _epsilon(1e-4),
        _epsilon(1e-2),
        _epsilon(1.0),
        *(_epsilon_unshifted(size) for size in (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12)),
    ),
    *Misconception(
        id="softmax.l2-normalised",
        title="The rows were divided by their length, not by their sum",
        step="row sum",
        symptom=_sum(lambda exponentials: np.linalg.norm(exponentials, axis=-1, keepdims=True)),
        why=(
            "Dividing by the length makes the squares of a row add up to 1. Softmax wants the weights themselves to "
            "add up to 1, so that they are shares of a whole. Then the output is an average of the values. With the "
            "length, it would be too large."
        ),
        look=f"softmax({EVEN_ROW})  # four equal shares of 1: 0.25 each, not 0.5",
        read=SOFTMAX_LESSON,
    ).also(_divide(lambda x: x / np.linalg.norm(x, axis=-1, keepdims=True), "x")),
)
