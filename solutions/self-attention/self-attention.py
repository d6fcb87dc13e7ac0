# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Self-attention: who looks at whom
#
# {{ install }}
#
# In the last lesson every token of our sentence got a query (what it is looking for), a key (what it can be
# found by) and a value (what it passes on). In this one you let the tokens look at each other, in three steps
# and then all in one:
#
# ```
# Query 10×6    Key 10×6
#     └─────┬──────┘
#           │ scaled_scores
#     scores 10×10
#           │ softmax
#     weights 10×10   Value 10×4
#           └─────┬───────┘
#                 │ weighted sum
#            output 10×4
# ```
#
# Together these steps are equation 1 of Vaswani et al. (2017), the paper that made them famous:
#
# $$\mathrm{Attention}(Q, K, V) = \mathrm{softmax}\!\left(\frac{Q K^{T}}{\sqrt{d_k}}\right) V$$
#
# As before: where it says *Predict*, guess first, then run, then fold out the answer.

# %%
import numpy as np

from autograder import check

np.set_printoptions(precision=2, suppress=True)  # two decimals are enough to read

# %% [markdown]
# ## The sentence so far
#
# These are the queries, keys and values of the last lesson, number for number, so that you can start here
# even if yours are not done. They come from random matrices; nobody has trained them.

# %%
sentence = "Carlos Alcaraz is a very skilled tennis player and philanthropist"
tokens = sentence.split()
d_k = 6

Query = np.array(
    [
        [-0.55, 0.63, -1.97, -0.55, 0.62, 0.07],  # Carlos
        [-0.68, -0.01, -0.17, -1.01, 0.40, -0.37],  # Alcaraz
        [-0.95, 0.67, -0.03, 0.38, -0.58, -0.61],  # is
        [-1.71, -0.65, 0.10, -0.43, -0.42, -1.33],  # a
        [-1.41, 0.27, 0.36, 0.29, -0.10, -0.69],  # very
        [-0.21, -1.38, 0.98, -1.54, 0.74, -0.44],  # skilled
        [1.03, -1.14, -0.24, -0.78, -0.77, -0.04],  # tennis
        [-0.58, -0.09, 1.58, -0.08, 0.48, -0.18],  # player
        [-0.30, -0.62, 0.95, -0.58, -1.06, -1.03],  # and
        [0.96, 0.43, -0.31, -0.28, -0.08, 0.56],  # philanthropist
    ]
)
Key = np.array(
    [
        [0.64, -1.11, 0.75, -1.35, 0.02, -1.12],  # Carlos
        [0.42, -0.15, 1.75, -0.77, 0.66, 0.77],  # Alcaraz
        [0.98, -1.32, 0.80, 0.16, -0.10, -0.37],  # is
        [0.64, -1.57, -0.91, -1.29, -1.16, -0.55],  # a
        [-0.16, 0.23, -0.19, 0.31, -0.87, 0.16],  # very
        [-0.60, 1.48, -0.39, 0.84, -0.34, 0.69],  # skilled
        [-1.47, 0.57, -2.38, -0.89, -0.01, -0.10],  # tennis
        [0.47, 0.71, 2.19, 0.37, 0.64, 1.97],  # player
        [-0.15, -0.47, -0.10, -0.05, 0.36, 0.55],  # and
        [-1.95, 2.37, -0.02, 0.93, 0.85, 0.83],  # philanthropist
    ]
)
Value = np.array(
    [
        [-1.86, 0.15, 0.03, 0.34],  # Carlos
        [-0.90, 0.11, -0.11, 0.12],  # Alcaraz
        [0.28, 0.49, 0.09, 0.44],  # is
        [0.96, -1.26, -1.39, 0.09],  # a
        [-0.69, 0.53, -0.48, 0.51],  # very
        [0.56, 0.41, -0.65, 0.33],  # skilled
        [1.96, -2.18, -0.88, 0.39],  # tennis
        [-0.60, 0.77, 0.30, -0.80],  # player
        [1.78, -1.29, -0.90, 0.55],  # and
        [-1.23, 0.48, 0.34, 1.18],  # philanthropist
    ]
)
print(Query.shape, Key.shape, Value.shape)

# %% [markdown]
# ## Scaled scores
#
# How well does the query of one token match the key of another? Self-attention measures it by their *dot
# product*: multiply entry by entry, add up. Entries that agree in sign add to it, entries that disagree take
# away. A high score means: this is what I was looking for. Here are the query of "tennis" and the keys of two
# other words.

# %%
print("query of tennis:      ", Query[6])
print("key of a:             ", Key[3])
print("key of philanthropist:", Key[9])

# %% [markdown]
# > **Predict.** Which of the two keys matches the query of "tennis" better? You can tell from the signs
# > alone.

# %%
print("tennis and a:             ", np.sum(Query[6] * Key[3]).round(2))
print("tennis and philanthropist:", np.sum(Query[6] * Key[9]).round(2))

# %% [markdown]
# <details><summary>Answer</summary>
#
# "a": every one of its six entries has the sign of the entry above it, so all products are positive, and they
# add up to 4.59. The entries of "philanthropist" have the opposite signs but for the third, and even there
# the product is tiny: the sum is −6.12.
#
# </details>

# %% [markdown]
# All these scores together form a matrix: row i holds what token i thinks of everybody, column j what
# everybody thinks of token j.
#
# ```
# columns: who is looked at (keys)
# rows: who looks (queries)
#
#          Carlos Alcaraz is   a  …
# Carlos  [  ·       ·     ·   ·   ]
# Alcaraz [  ·       ·     ·   ·   ]
#   …
# tennis  [  ·       ·     ·   ▪   ]
#   …
#
# ▪ = Query[6] · Key[3]
# ```
#
# A word may look at itself, too. And those who look need not be as many as those who are looked at: a
# translator's English words, say, look at the words of a French sentence.

# %% [markdown]
# ### Why the scores are scaled
#
# > **Predict.** Take pairs of random vectors and look how widely their dot products scatter. The first pairs
# > have 4 entries each, the next 64 (16 times as many), the last 1024 (256 times as many). How many times
# > wider does it get?

# %%
rng = np.random.default_rng(0)
for size in (4, 64, 1024):
    one, other = rng.normal(size=(2, 2000, size))
    dots = np.sum(one * other, axis=1)
    print(f"{size:>4} entries: the dot products scatter by about {dots.std():.1f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# About 4 times and 16 times: with the *square root* of the number of entries. The terms of a dot product have
# random signs and partly cancel, so 16 times as many make a sum that is only 4 times as wide. (Footnote 4 of
# the paper has the proof: the variances add up, and the spread is the root of the variance.)
#
# </details>

# %% [markdown]
# So a model with longer queries would have larger scores for no other reason than their length. Divided by
# √d_k, scores scatter by about 1 whatever the length. What is so bad about large scores you will see after
# the next step.
#
# Now write `scaled_scores`. Take d_k from the arrays that come in: it is the number of entries of each key.


# %% nbgrader={"grade": false, "grade_id": "scaled_scores", "locked": false, "schema_version": 3, "solution": true, "task": false}
def scaled_scores(Query, Key):
    """How well every query matches every key: their dot products, divided by the square root of d_k.

    Query: array of shape (n_q, d_k), one row per token that looks.
    Key: array of shape (n_k, d_k), one row per token that is looked at; n_k may differ from n_q.
    Returns an array of shape (n_q, n_k): row i holds the scores of query i against every key.
    """
    ### BEGIN SOLUTION
    d_k = Key.shape[-1]
    # product (P): Multiply each query with each key: multiply entry by entry, then add up.
    products = Query @ Key.T
    # scale (S): Divide by the square root of d_k, the length of a key.
    scores = products / np.sqrt(d_k)
    return scores
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-scaled_scores", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(scaled_scores)

# %% jupyter={"source_hidden": true} cellView="form" nbgrader={"grade": false, "grade_id": "heat-map", "locked": true, "schema_version": 3, "solution": false, "task": false}
# @title A helper that draws labelled matrices: run it and read on, there is nothing to change here
from html import escape

from IPython.display import display

STYLE = """<style>
.heat-maps { display: flex; flex-wrap: wrap; gap: 12px; overflow-x: auto }
.heat-maps table { border-collapse: collapse; font-size: 12px; margin: 0 }
.heat-maps caption { caption-side: top; text-align: left; font-weight: bold; padding: 4px 0; color: inherit }
.heat-maps tr { background: none !important }
.heat-maps th { font-weight: normal; text-align: right; padding: 2px 3px }
.heat-maps th[scope="col"] { writing-mode: vertical-rl; transform: rotate(180deg); text-align: left; padding: 2px }
.heat-maps td { text-align: right; padding: 2px }
</style>"""


def heat_map(rows, columns, matrices):
    """Shows each matrix under its title: the larger a number, the deeper the shade behind it.

    rows, columns: the labels, lists of strings.  matrices: a dictionary from title to array.
    The largest number of each row is bold (in plain text it has a star); negative ones are orange.
    """
    page, text = "", ""
    for title, matrix in matrices.items():
        digits = 0 if np.array_equal(matrix, np.round(matrix)) else 2
        largest = np.abs(matrix).max() or 1
        headings = "".join(f'<th scope="col">{escape(label)}</th>' for label in columns)
        page += f"<table><caption>{escape(title)}</caption><tr><td></td>{headings}</tr>"
        text += f"{title}\n" + " " * 15 + "".join(f"{label[:6]:>7}" for label in columns) + "\n"
        for label, row in zip(rows, matrix, strict=True):
            page += f'<tr><th scope="row">{escape(label)}</th>'
            text += f"{label:>15}"
            for number in row:
                written = f"{number:.{digits}f}".replace("-", "−")
                color = "37, 110, 235" if number >= 0 else "230, 110, 0"
                shade = f"background: rgba({color}, {0.55 * abs(number) / largest:.2f})"
                bold = "; font-weight: bold" if number == row.max() else ""
                page += f'<td style="{shade}{bold}">{written}</td>'
                text += f"{written:>6}" + ("*" if number == row.max() else " ")
            page += "</tr>"
            text += "\n"
        page += "</table>"
    display({"text/html": f'{STYLE}<div class="heat-maps">{page}</div>', "text/plain": text}, raw=True)


# %% [markdown]
# Here are the scores of the whole sentence. Find the two that you worked out above, now divided by √6 ≈ 2.45.

# %%
try:
    heat_map(tokens, tokens, {"Scaled scores: the row looks at the column": scaled_scores(Query, Key)})
except Exception as error:  # not written yet, or not what this cell can use
    print(f"This cell waits for your scaled_scores: check(scaled_scores) says why. ({error!r})")

# %% [markdown]
# <details><summary>Answer</summary>
#
# 4.59 / 2.45 = 1.87 and −6.12 / 2.45 = −2.50. Both stand in the row of "tennis", because "tennis" asks.
#
# </details>

# %% [markdown]
# ## Softmax
#
# Scores are hard to read: they may be negative, and what is high in one row is low in another. We want
# *weights*: numbers between 0 and 1 that add up to 1 in each row, so that 0.38 means "38 % of my attention".
# Softmax makes them in two moves: the exponential function makes every score positive, and dividing by the
# row's sum makes the row add up to 1.
#
# $$\mathrm{softmax}(x)_j = \frac{e^{x_j}}{\sum_k e^{x_k}}$$
#
# > **Predict.** The scores are 0, ln 2 and ln 3. Which weights come out? (Their exponentials are easy.)
#
# <details><summary>Answer</summary>
#
# The exponentials are 1, 2 and 3, and their sum is 6. The weights are 1/6, 2/6 and 3/6, in decimals 0.17,
# 0.33 and 0.5.
#
# </details>

# %% [markdown]
# ### When numbers grow too large
#
# > **Predict.** $e^x$ grows fast. What does NumPy say to $e^{700}$, and to $e^{710}$?

# %%
with np.errstate(over="ignore"):  # without this line NumPy warns of an overflow
    print(np.exp(np.array([1.0, 700.0, 710.0])))

# %% [markdown]
# <details><summary>Answer</summary>
#
# $e^{700}$ still fits, with 305 digits before the point. $e^{710}$ does not: NumPy says `inf`, infinity. A
# softmax that divides infinity by infinity gives `nan`, and one `nan` spoils all that comes after it.
#
# </details>

# %% [markdown]
# The way out: subtract the same number c from every score of a row. Since $e^{x-c} = e^x / e^c$, all
# exponentials shrink by the same factor, and the weights, being their shares, stay as they are. Subtract the
# row's *largest* score, and the largest exponential is $e^0 = 1$: nothing can overflow any more.
#
# Now write `softmax`. "Along the last axis" means: for a matrix, each row for itself; for a stack of
# matrices, each row of each matrix; for a single vector, the vector. `keepdims=True` keeps a row's maximum or
# sum in a shape that lines up with the rows.


# %% nbgrader={"grade": false, "grade_id": "softmax", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax(x):
    """Weights along the last axis: every entry between 0 and 1, and each row adds up to 1.

    x: array of one, two or three dimensions. Entries may be as large as 1000 or as small as -1000, and
    some (never a whole row) may be -inf: those get weight 0.
    Returns an array of the same shape as x.
    """
    ### BEGIN SOLUTION
    # row maximum (m): Find the largest entry of each row.
    maxima = np.max(x, axis=-1, keepdims=True)
    # shift (d): Subtract it from its row, so that no entry is above 0 and none can overflow.
    shifted = x - maxima
    # exponential (e): Take e to the power of each entry: all become positive, larger ones by far the most.
    exponentials = np.exp(shifted)
    # row sum (s): Add up each row.
    sums = np.sum(exponentials, axis=-1, keepdims=True)
    # divide (w): Divide each entry by the sum of its row: now each row adds up to 1.
    weights = exponentials / sums
    return weights
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-softmax", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(softmax)

# %% [markdown]
# First the example from above. Then the scores of "tennis" from another run of this course, in which the
# random draws were different.
#
# > **Predict.** In that run, which two words did "tennis" attend to most?

# %%
another_run = {
    "Carlos": 4.86740936,
    "Alcaraz": 5.77822634,
    "is": 4.51954615,
    "a": 6.09489065,
    "very": 4.96068668,
    "skilled": 4.80272987,
    "tennis": 5.01459764,
    "player": 4.17289351,
    "and": 4.69234047,
    "philanthropist": 6.33613172,
}
try:
    print("0, ln 2, ln 3:", softmax(np.log([1, 2, 3])))
    weights = softmax(np.array(list(another_run.values())))
    for (token, score), weight in zip(another_run.items(), weights, strict=True):
        print(f"{token:>14}  score {score:.2f}  weight {weight:.2f}")
except Exception as error:  # not written yet, or not what this cell can use
    print(f"This cell waits for your softmax: check(softmax) says why. ({error!r})")

# %% [markdown]
# <details><summary>Answer</summary>
#
# "philanthropist" with 0.26 and "a" with 0.21; then "Alcaraz" with 0.15. The scores of "philanthropist" and
# "player" differ by 2.16, and the weights by a factor of $e^{2.16} \approx 8.7$: softmax turns differences of
# scores into ratios of weights.
#
# </details>

# %% [markdown]
# ### What large scores do
#
# > **Predict.** Scores of 1, 2 and 3 get the weights 0.09, 0.24 and 0.67. Multiply the scores by 8: what
# > happens to the weights?

# %%
try:
    print("scores 1, 2, 3:  ", softmax(np.array([1.0, 2.0, 3.0])))
    print("scores 8, 16, 24:", softmax(np.array([8.0, 16.0, 24.0])))
except Exception as error:  # not written yet, or not what this cell can use
    print(f"This cell waits for your softmax: check(softmax) says why. ({error!r})")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The largest takes everything: 0, 0 and 1, to two decimals. When scores are far apart, softmax no longer
# weighs, it picks. The model then sees one word and ignores the rest, and it can hardly learn: small changes
# of the scores change nothing, so training gets no hint (a gradient of almost 0) which way to move. This is
# why dividing by √d_k keeps the scores small.
#
# </details>

# %% [markdown]
# ## The context-aware output
#
# The weights say how much each token counts. What it contributes is its value. The output of a token is the
# *weighted sum* of all values:
#
# ```
# weights of tennis @ Value = output
#      1 × 10        10 × 4    1 × 4
#
#   0.19 · value of Carlos
# + 0.06 · value of Alcaraz
# + 0.15 · value of is
# + 0.38 · value of a
# + …
# ```
#
# > **Predict.** Three tokens have the values below, and you attend to them with weights 0.5, 0.3 and 0.2.
# > What is the output?

# %%
values = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 2.0]])
print(0.5 * values[0] + 0.3 * values[1] + 0.2 * values[2])

# %% [markdown]
# <details><summary>Answer</summary>
#
# First entry: 0.5 · 1 + 0.3 · 0 + 0.2 · 2 = 0.9. Second entry: 0.5 · 0 + 0.3 · 1 + 0.2 · 2 = 0.7. The output
# has the size of a value, d_v, and lies somewhere among the values, pulled most towards those with the
# largest weights.
#
# </details>

# %% [markdown]
# Now put it all together. `attend` is equation 1: scores, weights, weighted sum. Call the functions that you
# have written.


# %% nbgrader={"grade": false, "grade_id": "attend", "locked": false, "schema_version": 3, "solution": true, "task": false}
def attend(Query, Key, Value):
    """Scaled dot-product attention: for every query, the weighted sum of all values.

    Query: array of shape (n_q, d_k).  Key: array of shape (n_k, d_k).
    Value: array of shape (n_k, d_v), one row per key; d_v may differ from d_k.
    Returns an array of shape (n_q, d_v).
    Source: Vaswani et al. (2017), equation 1.
    """
    ### BEGIN SOLUTION
    weights = softmax(scaled_scores(Query, Key))
    # weighted sum (O): Each output row is the sum of all value rows, each times its weight.
    output = weights @ Value
    return output
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-attend", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(attend)

# %% [markdown]
# > **Predict.** What does `attend` return when the values are the rows of the 10 × 10 *identity matrix*: each
# > token passes on a vector with a 1 in its own place, and 0 elsewhere?

# %%
try:
    heat_map(
        tokens, tokens, {"Attention weights: the row looks at the column": attend(Query, Key, np.eye(10))}
    )
except Exception as error:  # not written yet, or not what this cell can use
    print(f"This cell waits for your attend, and for all that it calls: check(attend) says why. ({error!r})")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The weights themselves: weights times the identity matrix are the weights. (The values are one-hot vectors,
# and a weighted sum of one-hot vectors has each weight in its own place.)
#
# </details>

# %% [markdown]
# Take a minute to read the picture.
#
# - Each row adds up to 1. A row is one token's attention, shared out.
# - The picture is not symmetric: "Carlos" gives "tennis" a weight of 0.59, and "tennis" gives "Carlos" one of
#   0.19. Looking and being looked at are different things, which is why there are queries *and* keys.
# - "tennis" spends 0.38 of its attention on "a". Does that make sense? No. In the other run it was
#   "philanthropist". Our matrices are random, so who looks at whom is chance. Training is what turns these
#   patterns into something useful.

# %% [markdown]
# ### The same word in other company
#
# > **Predict.** Now the whole text is "tennis player". The query of "tennis", and the keys and values of both
# > words, are as before. Is the output of "tennis" the same as in the long sentence? What is its shape?

# %%
try:
    print("tennis, among ten words:   ", attend(Query[6:7], Key, Value))
    print("tennis, in 'tennis player':", attend(Query[6:7], Key[6:8], Value[6:8]))
except Exception as error:  # not written yet, or not what this cell can use
    print(f"This cell waits for your attend, and for all that it calls: check(attend) says why. ({error!r})")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Both have shape (1, 4): one query, and as many numbers as a value has. They differ, because the output
# depends on who else is there. That is the point of it all: the embedding of "tennis" is the same in every
# text, its output is *context-aware*.
#
# Models that write text, word by word, choose the company on purpose: a token must not see the words after
# it, so their scores are set to −∞, and softmax turns −∞ into a weight of 0 (section 3.2.3 of the paper).
#
# </details>

# %% [markdown]
# ## In your own words: why divide by the square root of d_k?
#
# What would go wrong without it, and why the square root rather than d_k itself? Use what you saw above: how
# dot products grow, and what softmax does with large scores. Three or four sentences are enough. (2 points,
# read by a person)

# %% [markdown] nbgrader={"grade": true, "grade_id": "why-sqrt-d_k", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# The dot product of two random vectors is a sum of d_k terms whose variances add up, so it scatters by √d_k.
# Without the scaling, long queries would make large scores, softmax would put nearly all weight on one token,
# and its gradient would all but vanish, so that training stalls. Dividing by √d_k brings the scatter back to
# about 1 whatever d_k is; dividing by d_k would shrink it to 1/√d_k, and the weights would become nearly
# equal. (1 point for growth and what softmax makes of it, 1 for the square root.)

# %% [markdown]
# ## Where this leads
#
# You have written the heart of today's large language models: equation 1, in three small functions. One thing
# is still poor: a token has one query, so it asks one question. In the last lesson, *Multi-head attention*,
# it asks several at once. Keep your `attend`, you will need it there.
#
# **Source.** Vaswani et al., *Attention Is All You Need* (2017), section 3.2.1, equation 1 and footnote 4,
# [arXiv:1706.03762](https://arxiv.org/abs/1706.03762).
