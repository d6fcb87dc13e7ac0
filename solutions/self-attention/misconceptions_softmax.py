"""The mistakes that students make in `softmax`, each as what they work out in the place of a step.

Several entries may share an id: one mistake, made in different ways.
"""

from functools import partial

import numpy as np

from autograder.author import Case, Outcome, edit

mistake = partial(edit, read="Softmax")  # the heading to read again

SMALL_TABLE = "np.array([[1.0, 2.0], [3.0, 5.0]])"
SMALL_ROW = "np.array([0.0, 1.0])"
EVEN_ROW = "np.zeros(4)"
SUMS = "exponentials.sum(axis=-1, keepdims=True)"
A_MAXIMUM = "(?<!soft)max|sort|partition"


def _right_on_tables_alone(case: Case, outcome: Outcome, right: bool) -> bool:
    return right == (np.ndim(case.args[0]) == 2)


def _wrong_on_stacks_alone(case: Case, outcome: Outcome, right: bool) -> bool:
    return right == (np.ndim(case.args[0]) < 3)


# Of each: what it is, what is worked out and where, the words for it, and a line by which students can see it.
# fmt: off
UNSTABLE = mistake("softmax.unstable", "Large entries overflow: the row maximum was not subtracted",
    {"shift": "x"}, edge=True,
    off="Large inputs go wrong", question="What is the exponential of 1000, and does a computer have room for it?",
    why="On small numbers this does no harm, but computers have a largest one. The exponential of 710 is beyond it, becomes inf, and inf divided by inf is nan. If the whole row is far below zero, all become 0, and 0 divided by 0 is nan too. Moving a row so that its largest entry is 0 avoids both and changes no weight.",
    look="softmax(np.array([1000.0, 2000.0]))  # 0 and 1, no nan")
MISSING_KEEPDIMS = mistake("softmax.missing-keepdims", "The row sums lost their axis, so they met the columns",
    {"row maximum": "x.max(axis=-1)", "row sum": "exponentials.sum(axis=-1)"}, step="divide",
    off="The weights are off", question="What shape does what you divide by have, and which numbers does it meet?",
    why="After a sum or a maximum along the rows, one number a row is left, as a flat list. NumPy lines such a list up with the columns, not with the rows. If there are as many rows as columns, it runs and is wrong. If not, it stops with an error about shapes. What is left must stay a column.",
    look="softmax(np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]))  # two equal rows, no error")

SOFTMAX_MISCONCEPTIONS = (
    *mistake("softmax.wrong-axis", "The sum runs down the columns, not along the rows",
        {"row sum": "exponentials.sum(axis=0, keepdims=True)", "row maximum": "x.max(axis=0, keepdims=True)"},
        off="The rows do not add up as they should", question="Which numbers compete for the attention of one query?",
        why="Each row belongs to one query, and that query spreads its attention over all keys. So the weights of a row must add up to 1. Here it is the columns that add up to 1, or another axis than the last. In a square table the shape gives no hint, so add up a row and see.",
        look=f"softmax({SMALL_TABLE}).sum(axis=-1)  # each row adds up to 1").also(
        {"row sum": "exponentials.sum(axis=0, keepdims=True)"},
        {"row maximum": "x.max(axis=-2, keepdims=True)", "row sum": "exponentials.sum(axis=-2, keepdims=True)"},
        {"row sum": "exponentials.sum(axis=-2, keepdims=True)"},
    ),
    *mistake("softmax.global-normalise", "All entries together add up to 1, not each row",
        {"row sum": "np.sum(exponentials)"}, elsewhere="All weights together add up to 1, not those of each row",
        off="The rows do not add up as they should", question="How much attention does each query have to give?",
        why="The sum was taken over the whole table, so there is a single 1 to share among all queries. With one row this looks right. With more, each row gets only a part of its due, and a query with low scores is left with next to nothing. Every row needs a sum of its own.",
        look=f"softmax({SMALL_TABLE}).sum(axis=-1)  # each row adds up to 1").also({"row maximum": "np.max(x)", "row sum": "np.sum(exponentials)"}),
    *UNSTABLE.also({"shift": "x", "divide": "np.nan_to_num(exponentials / sums)"}),
    *UNSTABLE.also({"shift": "x.astype(np.float32)"}, telltale="float32|single|f4")[1:],
    *UNSTABLE.also(
        {"exponential": "np.vectorize(lambda v: np.e ** float(v), otypes=[float])(x)"},
        why="Computers have a largest number, and the exponential of 710 is already beyond it. Where NumPy goes on with inf, Python's own exponential stops with an OverflowError. Moving a row so that its largest entry is 0 avoids that and changes no weight.",
    )[1:],
    *UNSTABLE.also(
        *({"shift": f"np.clip(x, -{most}, {most})"} for most in (500, 700, 709)),
        title="Large entries were cut off, where the row maximum should be subtracted",
        why="Cutting entries off keeps their exponential from growing too large. But all entries beyond the limit become equal, so that 1000 and 2000 get the same weight. Moving a row so that its largest entry is 0 keeps the exponentials small as well, and changes no weight.",
    )[1:],
    mistake("softmax.shift-sign", "The row maximum was added, not subtracted",
        {"shift": "x + maxima"}, edge=True, telltale=A_MAXIMUM,
        off="Large inputs go wrong", question="After the shift, should the largest entry of a row be large or 0?",
        why="Moving a whole row up or down changes no weight, so small numbers do not show it. But the move is there to keep the exponential from overflowing, and adding the maximum does the opposite: entries of 400 become 800, and the result is nan.",
        look="softmax(np.array([400.0, 400.0]))  # two equal weights, no nan"),
    mistake("softmax.min-shift", "The row minimum was subtracted, not the maximum",
        {"row maximum": "x.min(axis=-1, keepdims=True)"}, edge=True, telltale="(?<![a-z])(nan|arg|a)?min(imum)?(?![a-z])|sort|partition",
        off="Large inputs go wrong", question="After the shift, what is the largest number that the exponential meets?",
        why="After this shift the smallest entry of each row is 0 and the largest may be huge, so that its exponential still overflows. If an entry is minus infinity, the whole row is lost. It is the largest entry that must become 0: then nothing is above it.",
        look="softmax(np.array([-1000.0, 1000.0]))  # 0 and 1, no nan"),
    mistake("softmax.mean-shift", "The row mean was subtracted, not the maximum",
        {"row maximum": "x.mean(axis=-1, keepdims=True)"}, edge=True, telltale="(?<![a-z])(nan)?mean(?![a-z])|average",
        off="Large inputs go wrong", question="After the shift, what is the largest number that the exponential meets?",
        why="Any shift of a whole row leaves its weights as they are, so small numbers do not show it. But the mean lies in the middle: the largest entry can still be far above it, and its exponential overflows. If an entry is minus infinity, so is the mean. It is the largest entry that must become 0.",
        look="softmax(np.array([-1000.0, 1000.0]))  # 0 and 1, no nan"),
    mistake("softmax.global-max", "One maximum was subtracted from all rows",
        {"row maximum": "np.max(x)"}, edge=True,
        off="Rows of very different size go wrong", question="What is left of a row of small numbers when 1500 is taken from it?",
        why="The largest entry of the whole table was used for every row. That stops the overflow, but a row whose entries are all much smaller falls far below zero. All its exponentials become 0, and 0 divided by 0 is nan. Each row needs its own maximum.",
        look="softmax(np.array([[0.0, 0.0], [2000.0, 2000.0]]))  # four equal weights, no nan"),
    *mistake("softmax.shift-axis", "The maximum was taken along another axis than the sum",
        {"row maximum": "x.max(axis=0, keepdims=True)"},
        off="Some inputs go wrong", question="Which entries may be moved by the same amount without a change of the weights?",
        why="The sum runs along the rows, as it should, but the maximum was taken down the columns. A shift is harmless only if all entries of a row move by the same amount. Here each column moves by its own, and that changes the weights. Both must run along the last axis.",
        look=f"softmax({SMALL_TABLE})  # rows of about 0.269 0.731 and 0.119 0.881").also({"row maximum": "x.max(axis=-2, keepdims=True)"}),
    *mistake("softmax.half-shifted", "The maximum was subtracted in one place, and not in the other",
        {"divide": "np.exp(x) / sums"},
        off="The weights are off", question="Which exponentials stand above the line, and which below it?",
        why="A weight is one exponential out of the sum of its row, so both must come from the same numbers. Here one of them has the row maximum taken away and the other has not. Only where both have it does it cancel out; as it is, each row is too large or too small by a factor of its own.",
        look=f"softmax({SMALL_TABLE}).sum(axis=-1)  # each row adds up to 1").also({"row sum": "np.sum(np.exp(x), axis=-1, keepdims=True)"}, step="row sum"),
    *mistake("softmax.shifted-late", "The maximum was subtracted after the exponential, not before it",
        {"exponential": "np.exp(x) - maxima"},
        off="The weights are off", question="Is e to the power of (a − b) the same as e to the power of a, minus something?",
        why="Before the exponential, the move shrinks all exponentials of a row by the same factor, and changes no weight. After it, the same amount is taken from large and small ones alike, and some may end below zero. Often it is a parenthesis that closes too early.",
        look="softmax(np.array([1.0, 3.0]))  # about 0.119 and 0.881, none below zero").also(
        {"divide": "(np.exp(x) - maxima) / np.sum(np.exp(x), axis=-1, keepdims=True)"}, step="divide",
    ),
    *mistake("softmax.no-exp", "The exponential is missing",
        {"exponential": "x"},
        off="The weights are off", question="How would negative scores become shares?",
        why="The entries were divided by their sum as they are. The rows do add up to 1, but a negative score gives a negative weight, and a sum near zero blows up. The exponential makes every entry positive first, and lets larger scores count for much more.",
        look=f"softmax({SMALL_ROW})  # about 0.269 and 0.731, not 0 and 1").also({"exponential": "shifted"}),
    *mistake("softmax.not-normalised", "The exponentials were not divided by their sum",
        {"divide": "exponentials"},
        off="The rows do not add up as they should", question="What should the weights of one query add up to?",
        why="The exponentials are there, but the last step is missing. Their size means little by itself. Only when they are divided by the sum of their row do they become shares of a whole, which add up to 1. Then a weight of 0.6 means 60 percent of the attention.",
        look=f"softmax({SMALL_ROW}).sum()  # the weights add up to 1").also(
        {"shift": "x", "divide": "exponentials"}, {"divide": "exponentials / exponentials.shape[-1]"},
    ),
    mistake("softmax.log-softmax", "The result is the logarithm of the weights",
        {"divide": "shifted - np.log(sums)"}, elsewhere="The logarithm of the weights was used, not the weights",
        off="The weights are not between 0 and 1", question="What does a negative share of attention mean?",
        why="This is log-softmax, which is used in training, because logarithms of very small weights are easier to handle. Its entries are zero or negative. Attention needs the weights themselves: positive shares of a whole, which add up to 1 in each row.",
        look=f"softmax({EVEN_ROW})  # four equal shares of 1: 0.25 each"),
    *mistake("softmax.sigmoid", "Each entry was squeezed by itself: a sigmoid",
        {"divide": "1 / (1 + np.exp(-x))"},
        off="The rows do not add up as they should", question="If one score of a row grows, what should happen to the weights of the others?",
        why="A sigmoid maps each entry to a number between 0 and 1 without looking at the others. In softmax the entries of a row compete: when one weight grows, the others shrink, since they must add up to 1. That takes the sum over the row.",
        look=f"softmax({EVEN_ROW})  # four equal shares of 1: 0.25 each, not 0.5").also({"divide": "1 / (1 + np.exp(-shifted))"}),
    mistake("softmax.hard-max", "The largest entry took all the weight",
        {"divide": "np.eye(x.shape[-1])[x.argmax(axis=-1)]"},
        off="The weights are too extreme", question="What should the second best word get, if it is nearly as good?",
        why="Each row has a single 1 at its largest entry. Softmax is the soft version of that: the largest entry gets most, and the others get their share too. With a hard choice nothing can be learned, because a small change of a score changes nothing at all.",
        look=f"softmax({SMALL_ROW})  # about 0.269 and 0.731, not 0 and 1"),
    *mistake("softmax.wrong-base", "The power has another base than e",
        {"exponential": "2.0**shifted"},
        off="The weights are off", question="Which number is raised to a power here?",
        why="Any base above 1 gives positive weights that add up to 1, so the result looks fine. But the base decides how much a higher score counts. Softmax is defined with e, about 2.71828, and a rounded e is not exact enough. NumPy has the exponential function ready.",
        look=f"softmax({SMALL_ROW})  # the second divided by the first is e = 2.71828…").also(
        *({"exponential": f"{base}**shifted"} for base in (10.0, 3.0, 2.7, 2.71, 2.72, 2.718)),
    ),
    *MISSING_KEEPDIMS.also(
        {"row sum": "exponentials.sum(axis=-1)"}, {"row sum": "exponentials.sum(axis=-1)", "shift": "x"},
    ),
    *MISSING_KEEPDIMS.also(
        {"row maximum": "x.max(axis=-1)"},
        title="The row maxima lost their axis, so they met the columns", step="shift",
    )[1:],
    *mistake("softmax.two-d-only", "It works for tables alone, not for one row or a stack",
        {"row sum": "exponentials.sum(axis=1, keepdims=True)", "row maximum": "x.max(axis=1, keepdims=True)"}, elsewhere="The sum runs along the second axis, which is not the last", fits=_right_on_tables_alone,
        off="Inputs of another shape go wrong", question="Which axis is the last one of a single row, and of a stack of tables?",
        why="The code counts on exactly two dimensions: it names axis 1, unpacks two sizes, or walks over rows. A single row has no axis 1, and in a stack of tables axis 1 is not the last. Heads come as a stack, so this matters soon. What is meant is the last axis, however many there are.",
        look="softmax(np.zeros((2, 3, 4))).sum(axis=-1)  # two by three sums, each 1").also(
        {"row sum": "exponentials.sum(axis=min(1, np.ndim(x) - 1), keepdims=True)", "row maximum": "x.max(axis=min(1, np.ndim(x) - 1), keepdims=True)"},
        title="It works for one row and for tables, not for a stack of tables",
        fits=_wrong_on_stacks_alone,
        why="What is right for one row and for a table need not be right for a stack of tables: there axis 1 is not the last, a flip turns all three axes round, and a loop over the first axis gives tables, not rows. Heads come as a stack, so this matters soon. What is meant is the last axis, however many there are.",
    ),
    *mistake("softmax.epsilon", "A small number was added to the sum",
        {"row sum": f"{SUMS} + 1e-3"},
        off="The rows nearly add up as they should", question="Can the sum of a row ever be 0 after the shift?",
        why="A small constant below the line is a common guard against dividing by zero. Here it bends the result: the weights no longer add up to 1, most of all where the sum itself is small. After the row maximum has been subtracted, the sum is at least 1, so there is nothing to guard.",
        look="softmax(np.array([-40.0, -40.0])), softmax(np.zeros(2))  # 0.5 exactly, in both").also(
        *({"row sum": f"{SUMS} + {size}"} for size in (1e-4, 1e-2, 1.0)),
        *({"row sum": f"{SUMS} + 1e-{digits}", "shift": "x"} for digits in (3, 4, 5, 6, 7, 8, 9, 10, 12)),
    ),
    *mistake("softmax.l2-normalised", "The rows were divided by their length, not by their sum",
        {"row sum": "np.linalg.norm(exponentials, axis=-1, keepdims=True)"},
        off="The rows do not add up as they should", question="What does a share have to be divided by, so that all shares make a whole?",
        why="Dividing by the length makes the squares of a row add up to 1. Softmax wants the weights themselves to add up to 1, so that they are shares of a whole. Then the output is an average of the values. With the length, it would be too large.",
        look=f"softmax({EVEN_ROW})  # four equal shares of 1: 0.25 each, not 0.5").also({"divide": "x / np.linalg.norm(x, axis=-1, keepdims=True)"}),
)
