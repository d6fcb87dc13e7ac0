"""The mistakes that students make in this unit, each with its symptom computed from the reference.

Several entries may share an id: one mistake, made in different ways.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.author import Array, Case, Misconception, Outcome, Procedure
from solutions.self_attention.reference import ATTEND, SCALED_SCORES, SOFTMAX, product, row_sum

SCORES_LESSON = "Scaled scores"
SOFTMAX_LESSON = "Softmax"
OUTPUT_LESSON = "The context-aware output"

Op = Callable[..., Any]

# ---------------------------------------------------------------------------------------------- scaled_scores


_product = SCALED_SCORES.changing("product")


_scale = SCALED_SCORES.changing("scale")


def _divided_twice(products: Array, Key: Array) -> Array:
    return products / np.sqrt(Key.shape[-1]) / np.sqrt(Key.shape[-1])


def _by_lengths(products: Array, Query: Array, Key: Array) -> Array:
    """The cosine of the angle between each query and each key."""
    return products / np.outer(np.linalg.norm(Query, axis=-1), np.linalg.norm(Key, axis=-1))


TWO_BY_THREE = "np.array([[2.0, 0.0, 0.0]]), np.array([[3.0, 0.0, 0.0]])"
QUERY, KEY = "np.array([[1.0, 2.0], [3.0, 4.0]])", "np.array([[5.0, 6.0], [7.0, 8.0]])"
TWO_TOKENS = f"scaled_scores({QUERY}, {KEY})"
TWO_PRODUCTS = "the products are 17 23 and 39 53, divided by 1.414"
A_ROOT = r"sqrt|\*\*\s*\(?\s*-?\s*(0?\.5|1\s*/\s*2)"

SCALED_SCORES_MISCONCEPTIONS = (
    Misconception(
        id="scaled_scores.unscaled",
        title="The scores were not divided by √d_k",
        step="scale",
        symptom=_scale(lambda products: products, "products"),
        why=(
            "The dot products are right, but they were handed on as they are. The longer the vectors, the larger "
            "their dot products get, just because more terms are added. Large scores make softmax give nearly all "
            "weight to one word. Dividing by the square root of d_k keeps the size the same for any d_k."
        ),
        look=f"scaled_scores({TWO_BY_THREE})  # 2·3 / √3 is about 3.46",
        read=SCORES_LESSON,
    ),
    *Misconception(
        id="scaled_scores.divided-by-d_k",
        title="The scores were divided by d_k, not by its square root",
        step="scale",
        symptom=_scale(lambda products, Key: products / Key.shape[-1]),
        telltale=rf"(?s)\A(?!.*({A_ROOT}))",
        why=(
            "The root is missing below the line. A sum of d_k random terms does not grow like d_k. It grows like "
            "the square root of d_k, because the terms partly cancel out. Dividing by all of d_k makes the scores "
            "too small, and the weights become almost even."
        ),
        look=f"scaled_scores({TWO_BY_THREE})  # 2·3 / √3 is about 3.46",
        read=SCORES_LESSON,
    ).also(
        # d_k ** 1/2, with parentheses around it and without.
        _scale(lambda products, Key: products / (Key.shape[-1] / 2)),
        _scale(lambda products, Key: products / Key.shape[-1] / 2),
        telltale="",
        title="The scores were divided by d_k and a factor of 2, not by its square root",
        why=(
            "A square root is a power of one half. But Python works out a power before a division, so that a half "
            "written as 1/2 without parentheses of its own splits up: first the power of 1, which changes nothing, "
            "then a division by 2. The scores come out with d_k and a 2 in them, and no root."
        ),
    ),
    Misconception(
        id="scaled_scores.multiplied-by-sqrt",
        title="The scores were multiplied by √d_k, not divided",
        step="scale",
        symptom=_scale(lambda products, Key: products * np.sqrt(Key.shape[-1])),
        why=(
            "The square root of d_k is there, but it makes the scores larger where it should make them smaller. "
            "Softmax then puts nearly all weight on one word. The scaling is meant to undo the growth that comes "
            "from adding up d_k terms, so it must divide."
        ),
        look=f"scaled_scores({TWO_BY_THREE})  # 2·3 / √3 is about 3.46",
        read=SCORES_LESSON,
    ),
    *Misconception(
        id="scaled_scores.scaled-by-n_tokens",
        title="The scores were divided by a number of tokens, not of features",
        step="scale",
        symptom=_scale(lambda products, Key: products / np.sqrt(Key.shape[0])),
        why=(
            "The size was read from the wrong axis: it counts the tokens, which are the rows. d_k is the length of "
            "one key, so it is the number of columns. Adding words to a sentence does not make a dot product "
            "larger. Adding features does, and that is what the scaling undoes."
        ),
        look=f"scaled_scores({TWO_BY_THREE})  # one token, three features: 2·3 / √3 is about 3.46",
        read=SCORES_LESSON,
    ).also(
        _scale(lambda products, Query: products / np.sqrt(Query.shape[0]), "products", "Query"),
        _scale(lambda products, Key: products / Key.shape[0]),
        _scale(lambda products, Query: products / Query.shape[0], "products", "Query"),
    ),
    *Misconception(
        id="scaled_scores.scaled-twice",
        title="The scores were divided by √d_k twice",
        step="scale",
        symptom=_scale(_divided_twice),
        telltale=A_ROOT,
        why=(
            "The division happens in two places: once on a query or key, and again on the product. Twice the root "
            "of d_k is the same as all of d_k, so the scores come out too small and the weights almost even. It "
            "often slips in when a helper divides already."
        ),
        look=f"scaled_scores({TWO_BY_THREE})  # 2·3 / √3 is about 3.46",
        read=SCORES_LESSON,
    ).also(
        # Query, key and their product: three times.
        _scale(lambda products, Key: products / Key.shape[-1] ** 1.5),
        telltale="",
        title="The scores were divided by √d_k three times",
    ),
    Misconception(
        id="scaled_scores.transposed",
        title="Rows and columns are swapped: keys ask and queries answer",
        step="product",
        symptom=_product(product, "Key", "Query"),
        why=(
            "The table has one row for each key. It should have one row for each query, because softmax works along "
            "rows and every query spreads its own attention. With as many keys as queries the shape looks right, so "
            "the slip shows in the numbers alone. Test it with three queries and two keys."
        ),
        look="scaled_scores(np.ones((3, 4)), np.ones((2, 4))).shape  # three queries are three rows",
        read=SCORES_LESSON,
    ),
    *Misconception(
        id="scaled_scores.self-product",
        title="The queries met themselves, or the keys did",
        step="product",
        symptom=_product(product, "Query", "Query"),
        why=(
            "Both sides of the product are the same matrix. So the scores tell how alike two queries are, or two "
            "keys. What we want is how well a query fits a key: the one asks, the other answers. A telling sign is "
            "that the table looks the same when it is flipped along its diagonal."
        ),
        look=f"{TWO_TOKENS}  # {TWO_PRODUCTS}",
        read=SCORES_LESSON,
    ).also(_product(product, "Key", "Key")),
    *Misconception(
        id="scaled_scores.elementwise",
        title="Query and Key were multiplied entry by entry",
        step="product",
        symptom=_product(np.multiply),
        why=(
            "The star multiplies entries at the same place. A score is a dot product: multiply entry by entry, then "
            "add up to a single number, for each pair of a query and a key. With two queries and three keys there "
            "are six scores. The star cannot give them, and often stops with an error about shapes."
        ),
        look="scaled_scores(np.ones((2, 3)), np.ones((2, 3)))  # two by two scores, each 3 / √3",
        read=SCORES_LESSON,
    ).also(
        _product(lambda Query, Key: (Query * Key).sum(axis=-1)),
        _product(lambda Query, Key: (Query * Key).sum(axis=-1, keepdims=True)),
        _product(lambda Query, Key: (Query * Key).sum()),
    ),
    Misconception(
        id="scaled_scores.feature-product",
        title="Features met features, where tokens should meet tokens",
        step="product",
        symptom=_product(lambda Query, Key: Query.T @ Key),
        why=(
            "The wrong matrix was flipped. The product now adds up over the tokens and gives one row and one column "
            "for each feature. A score compares two tokens, so the sum must run over their features. With as many "
            "queries as keys there is no error, only a table of the wrong size."
        ),
        look="scaled_scores(np.ones((2, 3)), np.ones((2, 3))).shape  # two tokens: two by two",
        read=SCORES_LESSON,
    ),
    Misconception(
        id="scaled_scores.untransposed",
        title="The keys were not flipped before the product",
        step="product",
        symptom=_product(np.matmul),
        why=(
            "A matrix product runs rows of the first against columns of the second. The keys are rows too, so they "
            "must be flipped first, or the shapes do not fit and NumPy stops with an error. Only where a sentence "
            "has exactly as many tokens as features does it run, and then the numbers are wrong."
        ),
        look=f"{TWO_TOKENS}  # {TWO_PRODUCTS}",
        read=SCORES_LESSON,
    ),
    *Misconception(
        id="scaled_scores.cosine",
        title="The scores were divided by the lengths of the vectors",
        step="scale",
        symptom=_scale(_by_lengths, "products", "Query", "Key"),
        why=(
            "This is cosine similarity: it looks at the angle between two vectors and forgets how long they are. "
            "All scores then lie between −1 and 1. In attention a long key may speak louder than a short one, so "
            "the lengths stay. Only the square root of d_k divides, the same for all pairs."
        ),
        look=f"scaled_scores({TWO_BY_THREE})  # 2·3 / √3 is about 3.46",
        read=SCORES_LESSON,
    ).also(
        _scale(
            lambda products, Query, Key: _by_lengths(products, Query, Key) / np.sqrt(Key.shape[-1]),
            "products",
            "Query",
            "Key",
        )
    ),
    *Misconception(
        id="scaled_scores.softmaxed-early",
        title="Softmax was applied already",
        step="scale",
        symptom=_scale(lambda products, Key: SOFTMAX(products / np.sqrt(Key.shape[-1]))),
        why=(
            "The result holds weights that add up to 1, not scores. Softmax is the next function, and attention "
            "applies it to what comes back from here. If this function does it too, it happens twice, and the "
            "weights come out far too even. Scores may be negative, and their rows need not add up to anything."
        ),
        look=f"scaled_scores({TWO_BY_THREE})  # a plain score: 2·3 / √3 is about 3.46",
        read=SCORES_LESSON,
    ).also(
        _scale(lambda products: SOFTMAX(products), "products"),
        _scale(lambda products, Key: SOFTMAX((products / np.sqrt(Key.shape[-1])).T).T),
    ),
    *Misconception(
        id="scaled_scores.floor-division",
        title="The division cut off the decimals",
        step="scale",
        symptom=_scale(lambda products, Key: products // np.sqrt(Key.shape[-1])),
        why=(
            "Two slashes divide and then round down to a whole number, even for decimals. A score of 1.73 becomes "
            "1, and one of −0.2 becomes −1. So scores that differ become equal, and the weights lose what made "
            "them different. One slash keeps the decimals."
        ),
        look=f"scaled_scores({TWO_BY_THREE})  # 2·3 / √3 is about 3.46, not a whole number",
        read=SCORES_LESSON,
    ).also(
        _scale(lambda products, Key: products // Key.shape[-1]),
    ),
    Misconception(
        id="scaled_scores.floor-division",
        title="The square root lost its decimals",
        step="scale",
        symptom=_scale(lambda products, Key: products / int(np.sqrt(Key.shape[-1]))),
        why=(
            "The square root of d_k was cut down to a whole number before the division. For d_k = 6 it becomes 2, "
            "where 2.449 is right. Where d_k is 4, 9 or 16 nothing is lost, so a test with such a size passes. A "
            "square root is rarely whole: keep its decimals."
        ),
        look=f"scaled_scores({TWO_BY_THREE})  # 2·3 / √3 is about 3.46",
        read=SCORES_LESSON,
    ),
    *Misconception(
        id="scaled_scores.sqrt-of-everything",
        title="The root was taken of the scores too",
        step="scale",
        symptom=_scale(lambda products, Key: np.sqrt(products / Key.shape[-1])),
        why=(
            "The parentheses of the square root reach too far: they hold the products as well as d_k. A negative "
            "product has no real root, so nan appears, and NumPy prints a warning. Only d_k belongs below the root. "
            "The dot products stay as they are."
        ),
        look="scaled_scores(np.array([[1.0, 0.0]]), np.array([[-1.0, 0.0]]))  # about −0.707, not nan",
        read=SCORES_LESSON,
    ).also(
        _scale(lambda products: np.sqrt(products), "products"),
        _scale(lambda products, Key: np.sqrt(products) / Key.shape[-1]),
        _scale(lambda products, Key: np.sqrt(products / np.sqrt(Key.shape[-1]))),
        _scale(lambda products, Key: np.sqrt(np.abs(products) / Key.shape[-1])),
    ),
    Misconception(
        id="scaled_scores.negated",
        title="All scores have the wrong sign",
        step="scale",
        symptom=_scale(lambda products, Key: -products / np.sqrt(Key.shape[-1])),
        why=(
            "Each score is right but for its sign. The query then attends most to the word that fits it worst. "
            "Scores are about likeness, not distance: a larger dot product means a better match, and so it must "
            "stay larger."
        ),
        look=f"scaled_scores({TWO_BY_THREE})  # two vectors that point the same way: above zero",
        read=SCORES_LESSON,
    ),
)


# ---------------------------------------------------------------------------------------------------- softmax


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


def _where_largest(x: Array) -> Array:
    return np.eye(x.shape[-1])[x.argmax(axis=-1)]


def _right_on_tables_alone(case: Case, outcome: Outcome, right: bool) -> bool:
    return right == (np.ndim(case.args[0]) == 2)


def _wrong_on_stacks_alone(case: Case, outcome: Outcome, right: bool) -> bool:
    return right == (np.ndim(case.args[0]) < 3)


SMALL_TABLE = "np.array([[1.0, 2.0], [3.0, 5.0]])"
SMALL_ROW = "np.array([0.0, 1.0])"
EVEN_ROW = "np.zeros(4)"

MISSING_KEEPDIMS = Misconception(
    id="softmax.missing-keepdims",
    title="The row sums lost their axis, so they met the columns",
    step="row sum",
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
    *Misconception(
        id="softmax.unstable",
        title="Large entries overflow: the row maximum was not subtracted",
        step="shift",
        symptom=_shift(lambda x: x, "x"),
        edge=True,
        why=(
            "The formula is right, but computers have a largest number. The exponential of 710 is already beyond "
            "it, becomes inf, and inf divided by inf is nan. If the whole row is far below zero, all become 0, and "
            "0 divided by 0 is nan too. Moving a row so that its largest entry is 0 avoids both and changes no weight."
        ),
        look="softmax(np.array([1000.0, 2000.0]))  # 0 and 1, no nan",
        read=SOFTMAX_LESSON,
    ).also(
        # Python's own exponential, which stops with an error; nan made 0; entries cut off before they overflow.
        _exponential(_by_math, "x"),
        _shift(lambda x: x, "x").replacing("divide", lambda e, sums: np.nan_to_num(e / sums)),
        *(_shift(lambda x, most=most: np.clip(x, -most, most), "x") for most in (500.0, 700.0, 709.0)),
    ),
    Misconception(
        id="softmax.shift-sign",
        title="The row maximum was added, not subtracted",
        step="shift",
        symptom=_shift(np.add),
        edge=True,
        why=(
            "Moving a whole row up or down changes no weight, so on small numbers all looks well. But the move is "
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
            "Any shift of a whole row leaves its weights as they are, so small numbers come out right. But the mean "
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
        symptom=_divide(_where_largest, "x"),
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
        step="row maximum",
    )[1:],
    *Misconception(
        id="softmax.two-d-only",
        title="It works for tables alone, not for one row or a stack",
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


# ----------------------------------------------------------------------------------------------------- attend


_attend_product = ATTEND.changing("product")
_attend_scale = ATTEND.changing("scale")
_attend_shift = ATTEND.changing("shift")
_attend_sum = ATTEND.changing("row sum")
_attend_weights = ATTEND.changing("divide")
_output = ATTEND.changing("weighted sum")


def _causal(fill: float, offset: int = 0) -> Op:
    """Scores with those of later tokens replaced; `offset` counts how many more keys than queries there are."""

    def op(products: Array, Key: Array) -> Array:
        scores = products / np.sqrt(Key.shape[-1])
        n_q, n_k = scores.shape
        return np.where(np.tri(n_q, n_k, offset * max(n_k - n_q, 0), dtype=bool), scores, fill)

    return op


TWO_VALUES = "np.array([[2.0, 0.0], [0.0, 4.0]])"
ATTEND_EVENLY = f"attend(np.zeros((3, 2)), np.ones((2, 2)), {TWO_VALUES})"
ATTEND_APART = f"attend(np.array([[3.0, 0.0], [0.0, 1.0]]), np.array([[1.0, 1.0], [0.0, 2.0]]), {TWO_VALUES})"
ATTEND_SHAPE = "attend(np.ones((3, 4)), np.ones((5, 4)), np.ones((5, 2))).shape"
APART = "about 1.786 0.428 and 0.660 2.679"

ATTEND_MISCONCEPTIONS = (
    Misconception(
        id="attend.unscaled",
        title="The scores were not divided by √d_k",
        step="scale",
        symptom=_attend_scale(lambda products: products, "products"),
        why=(
            "The scores went into softmax as plain dot products. They grow with the number of features, and large "
            "scores make softmax give nearly all weight to one word. So the output is close to a single value, "
            "where it should mix several. Your scaled scores from before do the division."
        ),
        look=f"{ATTEND_APART}  # {APART}",
        read=SCORES_LESSON,
    ),
    Misconception(
        id="attend.unstable",
        title="Large scores overflow: the row maximum was not subtracted",
        step="shift",
        symptom=_attend_shift(lambda scores: scores, "scores"),
        edge=True,
        why=(
            "On small numbers the output is right. Scores beyond 709 are too large for the exponential: it becomes "
            "inf, and inf divided by inf is nan. From there nan spreads over the whole output row. A softmax that "
            "first moves each row so that its largest entry is 0 has no such trouble."
        ),
        look="attend(np.array([[2000.0]]), np.array([[1.0], [1.0]]), np.array([[1.0], [3.0]]))  # 2, no nan",
        read=SOFTMAX_LESSON,
    ),
    Misconception(
        id="attend.no-softmax",
        title="The scores were used as weights, without softmax",
        step="divide",
        symptom=_attend_weights(lambda scores: scores, "scores"),
        why=(
            "The values were added up with the raw scores. Scores may be negative and add up to anything, so the "
            "output can be far away from all values. Softmax turns each row of scores into shares that add up to 1. "
            "Only then is the output an average of the values."
        ),
        look=f"{ATTEND_EVENLY}  # equal scores give the plain average: 1 2 in each row",
        read=OUTPUT_LESSON,
    ),
    *Misconception(
        id="attend.wrong-axis",
        title="The weights add up to 1 down the columns, not along the rows",
        step="row sum",
        symptom=_attend_weights(along(0), "scores"),
        why=(
            "Softmax ran along the wrong axis. A row of weights belongs to one query and says how it spreads its "
            "attention over the keys, so the row must add up to 1. Here all queries share the attention of each "
            "key, and the output is no average any more."
        ),
        look=f"{ATTEND_EVENLY}  # equal scores give the plain average: 1 2 in each row",
        read=SOFTMAX_LESSON,
    ).also(_attend_sum(lambda exponentials: exponentials.sum(axis=0, keepdims=True))),
    Misconception(
        id="attend.weights-transposed",
        title="The weights were flipped before they met the values",
        step="weighted sum",
        symptom=_output(lambda weights, Value: weights.T @ Value),
        why=(
            "Row i of the weights belongs to query i. After the flip it holds what all queries give to key i, which "
            "does not add up to 1. With as many queries as keys it runs without an error. The weights fit the values "
            "as they are: one column for each key, one row of values for each key."
        ),
        look=f"{ATTEND_APART}  # {APART}",
        read=OUTPUT_LESSON,
    ),
    Misconception(
        id="attend.key-for-value",
        title="The keys were added up, where the values should be",
        step="weighted sum",
        symptom=_output(np.matmul, "weights", "Key"),
        why=(
            "The weights are right, but they were used on the keys. A key only says how well a word fits a query. "
            "What the word then passes on is its value. When keys and values have the same size, no error tells "
            "you, so check with values that differ from the keys."
        ),
        look=f"{ATTEND_EVENLY}  # the average of the values: 1 2 in each row",
        read=OUTPUT_LESSON,
    ),
    Misconception(
        id="attend.query-for-value",
        title="The queries were added up, where the values should be",
        step="weighted sum",
        symptom=_output(np.matmul, "weights", "Query"),
        why=(
            "The weights are right, but they were used on the queries. A query says what a word looks for, and is "
            "done once the scores are there. What is mixed is what the words have to say: their values. With as many "
            "queries as keys this runs without an error."
        ),
        look=f"attend(np.zeros((2, 2)), np.ones((2, 2)), {TWO_VALUES})  # the average of the values: 1 2",
        read=OUTPUT_LESSON,
    ),
    Misconception(
        id="attend.returns-weights",
        title="The weights came back, not the output",
        step="weighted sum",
        symptom=_output(lambda weights: weights, "weights"),
        why=(
            "The function stops one step early. The weights say how much each query attends to each key, but what we "
            "want is what the query learns from that. For this, every value is multiplied by its weight and all are "
            "added up. The result has as many columns as a value."
        ),
        look=f"{ATTEND_SHAPE}  # three queries, two features of a value: 3 by 2",
        read=OUTPUT_LESSON,
    ),
    *Misconception(
        id="attend.mean-pooled",
        title="A plain average was taken, so the tokens lost their differences",
        step="weighted sum",
        symptom=_output(lambda weights, Value: (weights @ Value).mean(axis=0)),
        why=(
            "Either the output rows were averaged into one, or every value got the same weight. Then all queries "
            "get the same answer, whatever they ask. The point of attention is that each query weighs the values in "
            "its own way and gets an output row of its own."
        ),
        look=f"{ATTEND_APART}  # {APART}: each query gets a row of its own",
        read=OUTPUT_LESSON,
    ).also(
        _output(lambda weights, Value: (weights @ Value).mean(axis=0, keepdims=True)),
        _output(lambda weights, Value: np.tile(Value.mean(axis=0), (len(weights), 1))),
        _output(lambda Value: Value.mean(axis=0), "Value"),
        _output(lambda Value: Value.mean(axis=0, keepdims=True), "Value"),
    ),
    *Misconception(
        id="attend.summed-over-tokens",
        title="The output rows were added up into one",
        step="weighted sum",
        symptom=_output(lambda weights, Value: (weights @ Value).sum(axis=0)),
        why=(
            "There is a sum too many. Adding up over the keys is part of the product of weights and values. After "
            "that, each query has its own output row, and these rows stay apart. Added together, they no longer "
            "belong to any token."
        ),
        look=f"{ATTEND_SHAPE}  # three queries are three rows",
        read=OUTPUT_LESSON,
    ).also(_output(lambda weights, Value: (weights @ Value).sum(axis=0, keepdims=True))),
    *Misconception(
        id="attend.residual-added",
        title="An input was added to the output",
        step="weighted sum",
        symptom=_output(lambda weights, Value: weights @ Value + Value),
        why=(
            "In a whole transformer, the input of a layer is added to its output, which is called a residual "
            "connection. But that comes later and outside of attention. The output here is the weighted sum of the "
            "values and nothing else. With more queries than keys, the addition stops with an error about shapes."
        ),
        look=f"attend(np.ones((2, 2)), np.ones((2, 2)), {TWO_VALUES})  # the average of the values: 1 2",
        read=OUTPUT_LESSON,
    ).also(
        _output(lambda weights, Value, Query: weights @ Value + Query, "weights", "Value", "Query"),
        _output(lambda weights, Value, Key: weights @ Value + Key, "weights", "Value", "Key"),
    ),
    Misconception(
        id="attend.swapped-query-key",
        title="Query and Key changed places",
        step="product",
        symptom=_attend_product(product, "Key", "Query"),
        why=(
            "The keys ask and the queries answer. The table of scores has then one row for each key, and softmax "
            "spreads the attention of the wrong side. With as many queries as keys nothing stops you. Look at the "
            "order of the arguments where the scores are made."
        ),
        look=f"{ATTEND_APART}  # {APART}",
        read=SCORES_LESSON,
    ),
    Misconception(
        id="attend.softmax-twice",
        title="Softmax was applied twice",
        step="divide",
        symptom=_attend_weights(lambda exponentials, sums: SOFTMAX(exponentials / sums)),
        why=(
            "The weights went through softmax once more. They still add up to 1, but since they all lie between 0 and "
            "1, a second softmax makes them nearly even. Words that should count for nothing get a good share. It "
            "often happens when the scores already come back as weights."
        ),
        look=f"{ATTEND_APART}  # {APART}",
        read=OUTPUT_LESSON,
    ),
    *Misconception(
        id="attend.causal-mask",
        title="Later words were hidden from earlier ones",
        step="scale",
        symptom=_attend_scale(_causal(-np.inf)),
        why=(
            "A mask hides every key that comes after its query. Models that write text word by word need that, so "
            "that they cannot peek ahead. This function is the plain version: each word may attend to all words, "
            "before and after it. A sign of the mask is that the first row only sees the first value."
        ),
        look=(
            "attend(np.ones((2, 2)), np.ones((3, 2)), np.array([[0.0], [0.0], [3.0]]))"
            "  # equal scores give the plain average, 1, also in the first row"
        ),
        read=OUTPUT_LESSON,
    ).also(
        _attend_scale(_causal(-np.inf, offset=1)),
        _attend_scale(_causal(0.0)),
        _attend_weights(lambda exponentials, sums: np.tril(exponentials / sums)),
    ),
    Misconception(
        id="attend.hard-max",
        title="Only the best match was used",
        step="divide",
        symptom=_attend_weights(_where_largest, "scores"),
        why=(
            "Each query took the value of its highest score and left out the rest. That is a look-up, not "
            "attention. Softmax gives the best match the most weight, and the others their share. So the output "
            "is a mixture, which can change little by little while the model learns."
        ),
        look=f"{ATTEND_APART}  # {APART}",
        read=OUTPUT_LESSON,
    ),
)

MISCONCEPTIONS = {
    "scaled_scores": SCALED_SCORES_MISCONCEPTIONS,
    "softmax": SOFTMAX_MISCONCEPTIONS,
    "attend": ATTEND_MISCONCEPTIONS,
}
