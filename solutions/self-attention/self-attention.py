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
# and then all in one. Together these steps are equation 1 of Vaswani et al. (2017), the paper that made them
# famous:
#
# $$\mathrm{Attention}(Q, K, V) = \mathrm{softmax}\!\left(\frac{Q K^{T}}{\sqrt{d_k}}\right) V$$
#
# First you build them with random numbers. Then you run the same functions on a model that has been trained, and
# on sentences of your own. As before: where it says *Predict*, write your guess in place of the dots, and run the
# cell. And a function works for inputs of any size, leaves them as they are, and gives each caller a result of its own.

# %%
import numpy as np

from autograder import check, draw, predict, waits_for

np.set_printoptions(precision=2, suppress=True)  # two decimals are enough to read
draw.flow("""
Query 10×6, Key 10×6 → scores 10×10: scaled_scores
scores 10×10 → weights 10×10: softmax
weights 10×10, Value 10×4 → output 10×4: weighted sum
""")

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
predict("better match for tennis", "a")
# why: Every one of its six entries has the sign of the entry above it, so all products are positive.
# "philanthropist": Its entries have the opposite signs but for the third, and even there the product is tiny.

# %%
print("tennis and a:             ", np.sum(Query[6] * Key[3]).round(2))
print("tennis and philanthropist:", np.sum(Query[6] * Key[9]).round(2))

# %% [markdown]
# All these scores together form a matrix: row i holds what token i thinks of everybody, column j what
# everybody thinks of token j. Number [6, 3] of it is the score of "tennis" and "a": it is made of row 6 of Query
# and row 3 of Key, which becomes column 3 when Key is turned on its side.

# %%
draw.product({"Query": (10, 6), "Keyᵀ": (6, 10)}, result="scores", cell=(6, 3))

# %% [markdown]
# A word may look at itself, too. And those who look need not be as many as those who are looked at: a
# translator's English words, say, look at the words of a French sentence.
#
# > **Predict.** 4 English words look at 7 French ones, with queries and keys of 6 numbers. What is the shape of
# > their scores?

# %%
predict("shape of the scores of 4 words that look at 7", (4, 7))
# why: A row for each word that looks, a column for each that is looked at. The 6 is summed over and vanishes.
# (7, 4): Rows are those who look, columns are those who are looked at.
# (4, 6): That is the shape of the queries.

# %% [markdown]
# ### Why the scores are scaled
#
# > **Predict.** Take pairs of random vectors and look how widely their dot products scatter. The first pairs
# > have 4 entries each, the next 64 (16 times as many), the last 1024 (256 times as many). How many times
# > wider does it get from 4 entries to 64?

# %%
predict("times wider with 16 times as many entries", 4)
# why: It grows with the square root of the number of entries, and √16 is 4.
# 16: The terms have random signs and partly cancel, so the sum grows more slowly than their number.

# %%
rng = np.random.default_rng(0)
for size in (4, 64, 1024):
    one, other = rng.normal(size=(2, 2000, size))
    dots = np.sum(one * other, axis=1)
    print(f"{size:>4} entries: the dot products scatter by about {dots.std():.1f}")

# %% [markdown]
# About 4 times and 16 times: with the *square root* of the number of entries. The terms of a dot product have
# random signs and partly cancel, so 16 times as many make a sum that is only 4 times as wide. (Footnote 4 of
# the paper has the proof: the variances add up, and the spread is the root of the variance.)

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

# %% [markdown]
# Now the scores of the whole sentence. You worked out two of them above, before they were scaled: 4.59 for
# "tennis" and "a", and −6.12 for "tennis" and "philanthropist". Here √d_k = √6 ≈ 2.45.
#
# > **Predict.** In which row of the matrix do these two stand? (Write the word.) And what is the first one, scaled?

# %%
predict("the row of both scores", "tennis")
# why: Rows are those who look, and here “tennis” looks at the two others.
# "a": That is the column of one of them: “a” is looked at.
predict("4.59, scaled", 1.87)
# why: 4.59 / 2.45 = 1.87.
# 0.765: That is 4.59 divided by d_k; it is divided by the square root of d_k.

# %%
with waits_for("scaled_scores"):
    draw.heat_map(tokens, tokens, {"Scaled scores: the row looks at the column": scaled_scores(Query, Key)})

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
# > **Predict.** The scores are 0, ln 2 and ln 3. Which weight does the last one get? (The exponentials are easy.)

# %%
predict("weight of ln 3", 0.5)
# why: The exponentials are 1, 2 and 3, and their sum is 6: the weights are 1/6, 2/6 and 3/6.
# 3: That is its exponential. It is divided by the sum of all three.

# %% [markdown]
# ### When numbers grow too large
#
# > **Predict.** $e^x$ grows fast, and a number in a computer has only so much room. What does NumPy say to $e^{710}$:
# > a large "number", "inf" or an "error"?

# %%
predict("e to the power of 710", "inf")
# why: It is larger than the largest number that fits, about 1.8 · 10³⁰⁸; NumPy calls it infinity, and goes on.
# "number": Almost: the power of 700 still fits.
# "error": NumPy warns, and goes on with infinity, which is worse: the error shows up somewhere else.
# or: "infinity"

# %%
with np.errstate(over="ignore"):  # without this line NumPy warns of an overflow
    print(np.exp(np.array([1.0, 700.0, 710.0])))

# %% [markdown]
# $e^{700}$ still fits, with 305 digits before the point. $e^{710}$ does not: NumPy says `inf`, infinity. A
# softmax that divides infinity by infinity gives `nan`, and one `nan` spoils all that comes after it.
#
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

# %% [markdown]
# > **Predict.** In that run, which two words did "tennis" look at most? (Several words go in braces.)

# %%
predict("the two words that tennis looked at most", {"philanthropist", "a"})
# why: They have the largest scores, 6.34 and 6.09, and softmax keeps the order: the larger score gets the larger weight.

# %%
with waits_for("softmax"):
    print("0, ln 2, ln 3:", softmax(np.log([1, 2, 3])))
    weights = softmax(np.array(list(another_run.values())))
    for (token, score), weight in zip(another_run.items(), weights, strict=True):
        print(f"{token:>14}  score {score:.2f}  weight {weight:.2f}")

# %% [markdown]
# "philanthropist" with 0.26 and "a" with 0.21; then "Alcaraz" with 0.15. The scores of "philanthropist" and
# "player" differ by 2.16, and the weights by a factor of $e^{2.16} \approx 8.7$: softmax turns differences of
# scores into ratios of weights.

# %% [markdown]
# ### What large scores do
#
# > **Predict.** Scores of 1, 2 and 3 get the weights 0.09, 0.24 and 0.67. Multiply the scores by 8, and the
# > largest of the three weights becomes, to two decimals …

# %%
predict("the largest weight of scores 8, 16 and 24", 1)
# why: The largest takes everything: 0, 0 and 1, to two decimals. The scores differ by 8 now, so the weights differ by factors of some 3000.
# 0.67: Softmax would not notice a number added to all scores, but it does notice a factor: it makes the differences larger.

# %%
with waits_for("softmax"):
    print("scores 1, 2, 3:  ", softmax(np.array([1.0, 2.0, 3.0])))
    print("scores 8, 16, 24:", softmax(np.array([8.0, 16.0, 24.0])))

# %% [markdown]
# Here is the same with the scores of "tennis" in our sentence, times 0.1 up to times 10: from a look that is
# spread evenly over all words to one that is stuck to a single word. Try other factors.

# %%
factors = [0.1, 0.3, 1, 3, 10]
with waits_for("softmax", "scaled_scores"):
    of_tennis = scaled_scores(Query, Key)[6]
    draw.multiples(
        {f"scores × {factor}": softmax(factor * of_tennis) for factor in factors},
        labels=tokens,
        title="The weights of tennis",
    )

# %% [markdown]
# When scores are far apart, softmax no longer weighs, it picks. The model then sees one word and ignores the rest,
# and it can hardly learn: small changes of the scores change nothing, so training gets no hint (a gradient of
# almost 0) which way to move. This is why dividing by √d_k keeps the scores small.

# %% [markdown]
# ## The context-aware output
#
# The weights say how much each token counts. What it contributes is its value. The output of a token is the
# *weighted sum* of all values: 0.19 · value of Carlos + 0.06 · value of Alcaraz + 0.15 · value of is + 0.38 · value
# of a + …

# %%
draw.product({"weights of tennis": (1, 10), "Value": (10, 4)}, result="output")

# %% [markdown]
# > **Predict.** Three tokens have the values [1, 0], [0, 1] and [2, 2], and you attend to them with weights 0.5, 0.3
# > and 0.2. What is the output? (It has two numbers: write them as a pair.)

# %%
predict("the weighted sum of three values", (0.9, 0.7))
# why: First entry: 0.5 · 1 + 0.3 · 0 + 0.2 · 2 = 0.9. Second entry: 0.5 · 0 + 0.3 · 1 + 0.2 · 2 = 0.7.
# (3, 3): That is the plain sum. Each value counts with its weight.
# (1, 1): That is the mean, where all weights are the same.

# %%
values = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 2.0]])
print(0.5 * values[0] + 0.3 * values[1] + 0.2 * values[2])

# %% [markdown]
# The output has the size of a value, d_v, and lies somewhere among the values, pulled most towards those with the
# largest weights.
#
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
# > **Predict.** Take for values the rows of the 10 × 10 *identity matrix*: each token passes on a vector with a 1 in
# > its own place, and 0 elsewhere. What does `attend` return then: the "scores", the "weights" or the "keys"?

# %%
predict("attend with the identity matrix for values", "weights")
# why: Weights times the identity matrix are the weights. (The values are one-hot vectors, and a weighted sum of one-hot vectors has each weight in its own place.)
# "scores": They have passed through softmax by then.

# %%
with waits_for("attend"):
    draw.heat_map(
        tokens, tokens, {"Attention weights: the row looks at the column": attend(Query, Key, np.eye(10))}
    )

# %% [markdown]
# Take a minute to read the picture.
#
# - Each row adds up to 1. A row is one token's attention, shared out.
# - The picture is not symmetric: "Carlos" gives "tennis" a weight of 0.59, and "tennis" gives "Carlos" one of
#   0.19. Looking and being looked at are different things, which is why there are queries *and* keys.
# - "tennis" spends 0.38 of its attention on "a". That is chance: our matrices are random, and in the other run it
#   was "philanthropist". With another seed it would be yet another word. All the arithmetic is right, and it has
#   nothing to say yet. What is missing is training.

# %% [markdown]
# ## The same functions, with weights that have learned
#
# The next cell holds a small model that has been *trained*: 61 words, their embeddings, and W_Q, W_K and W_V, with
# d_model = 8, d_k = 6 and d_v = 4 as before. It learned from 600 little sentences, made from patterns. Its numbers
# began at random and were moved, step by step, until each word could guess the words around it, and until each
# word looked where it was told to look: an adverb at its adjective, an adjective at its noun, a game at the person
# who plays it. Real models are not told. They find out whom to look at because it helps them to predict the next
# word, and they need far more text for it.

# %% jupyter={"source_hidden": true} cellView="form" nbgrader={"grade": false, "grade_id": "learned", "locked": true, "schema_version": 3, "solution": false, "task": false}
# @title The trained model: run it and read on, there is nothing to change here
# Each line is a word and its embedding, or a row of a matrix after its name, in hundredths.
LEARNED = """
Carlos 134 18 -14 91 31 -43 92 91
Alcaraz 121 9 -37 -5 76 -18 -51 68
Serena 142 20 -9 87 31 -43 93 91
Williams 124 11 -39 -9 76 -24 -44 70
Clara 103 115 63 20 -111 -58 38 77
Schumann 64 95 37 -64 -68 -62 -85 56
he 49 38 21 32 -13 68 23 9
she 50 37 26 26 -18 65 18 12
a -34 -43 -21 58 -74 41 10 44
the -36 -36 -29 56 -70 35 5 46
is 60 17 -65 11 -61 57 13 27
was 61 16 -63 13 -60 58 11 29
plays 4 -59 -45 17 -73 34 -49 86
catches -25 -46 -100 7 -74 -5 19 57
hits 52 -39 -110 51 -4 -10 -17 120
loves -33 -54 -22 35 -67 -13 19 87
helps 4 -31 19 -63 -31 -41 110 155
sings 3 71 51 33 -99 -55 -11 102
mends -91 -28 14 126 -53 9 80 33
very 76 -22 -51 -38 -75 -64 70 80
really 72 -24 -54 -37 -74 -58 66 80
quite 63 -17 -57 -38 -75 -61 65 82
skilled 73 19 30 28 -42 111 -10 42
famous 68 14 21 29 -41 108 -10 39
young 71 17 27 31 -42 112 -12 39
old 64 14 29 36 -43 106 -5 37
fast 69 17 26 30 -40 109 -12 39
strong 75 18 30 28 -41 110 -11 41
kind 39 53 84 -34 1 19 164 99
generous 40 55 84 -35 3 18 164 100
tennis 25 73 -35 100 46 50 -2 81
football 24 72 -36 104 46 46 2 81
player -24 66 -114 48 64 -50 31 73
champion -35 53 -122 54 66 -52 39 70
racket -13 52 -115 67 42 36 -34 72
ball -38 77 -14 156 72 63 18 41
court 37 62 -109 42 57 102 -91 67
match 6 62 -69 87 62 93 -69 64
fisher -43 127 -136 49 -43 -4 188 -69
boat -13 90 -206 -1 -58 75 53 -63
fish 46 173 -91 52 -29 133 133 -89
sea 24 127 -168 6 -49 115 74 -73
harbour 28 132 -147 27 -47 118 87 -80
singer -57 126 -61 -39 -79 -88 -37 63
song -14 122 -47 -17 -116 77 -142 68
piano -88 151 43 83 -80 -17 -21 40
concert -47 142 44 47 -63 48 -81 49
music -24 165 48 39 -65 42 -74 74
philanthropist 8 70 -51 -143 13 108 1 109
teacher -1 62 -72 -145 8 93 10 99
school -44 83 38 -30 19 110 58 107
children -40 83 43 -34 15 116 43 105
friend -2 64 -60 -138 11 103 3 103
net -76 34 -80 35 -37 76 -19 43
star -147 -25 -80 12 -14 35 -78 55
and -32 -50 -14 58 -69 42 13 50
in -35 -34 -30 55 -68 34 6 47
on -44 -40 -31 59 -68 39 3 46
with -36 -41 -34 59 -65 40 9 46
for -28 -32 -25 41 -75 25 5 64
of -30 -34 -19 58 -69 37 10 50
W_Q 65 108 23 -81 -23 -22
W_Q 75 166 159 77 32 -110
W_Q -103 -211 32 -60 -68 -43
W_Q 88 -99 30 45 -8 6
W_Q 54 -10 -75 -22 -117 -63
W_Q 175 30 123 -6 25 103
W_Q 21 124 98 145 -79 65
W_Q -53 -76 -96 30 15 7
W_K -23 46 -75 7 -21 -121
W_K -29 -87 -22 -2 126 60
W_K -46 189 -6 16 23 17
W_K 8 -57 -168 -108 31 -12
W_K 153 114 8 83 -24 114
W_K -141 -47 -105 98 2 10
W_K -58 3 -64 -92 9 28
W_K -121 -227 -134 -61 -92 29
W_V 19 3 -2 -17
W_V 10 14 40 6
W_V -25 -19 12 10
W_V 36 0 3 -34
W_V 45 -10 -30 15
W_V -11 6 -23 20
W_V -9 16 -22 26
W_V 32 -20 9 31
"""
rows = {}
for line in LEARNED.strip().splitlines():
    name, *numbers = line.split()
    rows.setdefault(name, []).append(numbers)
learned = {name: np.array(numbers, dtype=float) / 100 for name, numbers in rows.items()}
W_Q_learned, W_K_learned, W_V_learned = [learned.pop(name) for name in ("W_Q", "W_K", "W_V")]
topics = ["sport", "sea", "music", "help"]  # what the four numbers of a value were trained to say


def look_up(text, learned):
    """The words of a text that the model knows, and their embeddings, one row each; it says which it does not know."""
    words, unknown = [], []
    for word in text.replace(",", " ").replace(".", " ").split():
        known = [form for form in (word, word.capitalize(), word.lower()) if form in learned]
        words, unknown = words + known[:1], unknown + [word] * (not known)
    if unknown:
        print(
            "The model does not know", ", ".join(unknown), "and leaves it out. It knows:", ", ".join(learned)
        )
    return words, np.array([learned[word][0] for word in words]).reshape(-1, 8)


print(len(learned), "words:", ", ".join(learned))

# %% [markdown]
# The functions are yours, and nothing in them changes. Only the numbers that go in are others: embeddings from the
# trained table, and Query, Key and Value from the trained matrices.
#
# > **Predict.** Now that it has learned: which word will "tennis" look at most? And "very", and "skilled"?

# %%
predict("trained: tennis looks at", "Alcaraz")
# why: Who plays it? The query of “tennis” asks for a person, and the key of “Alcaraz” says that here is one.
# "player": That is the second one. The name tells more.
predict("trained: very looks at", "skilled")
# why: An adverb looks for its adjective: very … what?
predict("trained: skilled looks at", "player")
# why: An adjective looks for its noun: skilled … at being what?
# "tennis": “tennis” has become near to a noun that says what kind of player. The one who is skilled is the player.

# %%
_, trained = look_up(sentence, learned)
Query_learned, Key_learned, Value_learned = (
    trained @ W_Q_learned,
    trained @ W_K_learned,
    trained @ W_V_learned,
)

with waits_for("attend"):
    trained_weights = attend(Query_learned, Key_learned, np.eye(10))
    draw.heat_map(
        tokens,
        tokens,
        {
            "With random weights": attend(Query, Key, np.eye(10)),
            "With weights that have learned": trained_weights,
        },
    )
    draw.arrows(tokens, trained_weights, title="Who looks at whom, after training")

# %% [markdown]
# The left map is noise, and the right one can be read: "very" looks at "skilled" (0.54), "skilled" at "player" (0.69),
# "tennis" at "Alcaraz" (0.77), "Carlos" and "Alcaraz" at each other. "a" and "and" do not know which noun to choose, and
# share their look out.
#
# What do the words get from it? The four numbers of a value were trained to stand for something: sport, sea, music
# and help. So an output can be read, too.

# %%
with waits_for("attend"):
    trained_output = attend(Query_learned, Key_learned, Value_learned)
    draw.heat_map(
        tokens,
        topics,
        {"What each token passes on (Value)": Value_learned, "What it takes home (output)": trained_output},
    )

# %% [markdown]
# "very" and "skilled" have next to nothing of their own to tell. But "skilled" takes home 0.90 of sport, from
# "player": in this sentence, being skilled is about sport. The embedding has become *context-aware*.
#
# ## Your own sentence
#
# Type one, with words from the list above. Try "Clara Schumann plays the piano in a concert", or compare
# "the player hits the ball in the net" with the one below: what does "net" take home in each?

# %%
mine = "the old fisher mends the net on the boat"  # your sentence goes here, then run the cell again

own, own_embeddings = look_up(mine, learned)
Query_own, Key_own, Value_own = (
    own_embeddings @ W_Q_learned,
    own_embeddings @ W_K_learned,
    own_embeddings @ W_V_learned,
)
print(len(own), "tokens:", own)
with waits_for("attend"):
    own_weights = attend(Query_own, Key_own, np.eye(len(own)))
    draw.heat_map(own, own, {"Who looks at whom": own_weights})
    draw.arrows(own, own_weights, title=mine)
    draw.heat_map(own, topics, {"Value": Value_own, "Output": attend(Query_own, Key_own, Value_own)})

# %% [markdown]
# ### The same word in other company
#
# The word "net" means one thing to a tennis player and another to a fisher. Its embedding is the same in both
# texts, and so are its query, its key and its value.
#
# > **Predict.** Is its output the same in both sentences below? Write True or False. And what is the shape of the
# > output of "net" alone?

# %%
predict("net: the same output in both sentences", False)
# why: The output is made of the values of the words around it, and these are others. That is the point of it all.
predict("shape of the output of one query", (1, 4))
# why: One query, and as many numbers as a value has.
# (1, 8): That is the shape of its embedding; an output has the size of a value.
# (4,): It is a matrix with one row: one query, one row.

# %%
with waits_for("attend"):
    of_net = {}
    for text in ("the player hits the ball in the net", "the fisher mends the net on the boat"):
        words, vectors = look_up(text, learned)
        query = vectors[words.index("net")][None] @ W_Q_learned
        output = attend(query, vectors @ W_K_learned, vectors @ W_V_learned)
        print(f"net, in “{text}”:", output.shape)
        of_net[text] = output[0]
    draw.heat_map(list(of_net), topics, {"What net takes home": np.array(list(of_net.values()))})

# %% [markdown]
# In the first sentence "net" takes home 0.80 of sport, in the second 0.69 of the sea. That is what it means to understand a word by
# its context: the embedding is the same in every text, the output is *context-aware*.
#
# Models that write text, word by word, choose the company on purpose: a token must not see the words after
# it, so their scores are set to −∞, and softmax turns −∞ into a weight of 0 (section 3.2.3 of the paper).

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
# is still poor: a token has one query, so it asks one question. In the next lesson, *Multi-head attention*,
# it asks several at once. Keep your `attend`, you will need it there.
#
# ### Full marks? Go a little further
#
# These questions are not graded. Find the answers with your own functions, in cells of your own.
#
# > **1. Another order.** Shuffle the ten tokens: the rows of Query, Key and Value in the same new order. What
# > happens to the ten outputs: are they "the same", "shuffled" in that order too, or "different"?
# >
# > **2. Temperature.** Chat models have a setting of this name: the scores are divided by it before softmax. Which
# > of the temperatures 0.2, 1 and 5 makes the weights of a row most even?
# >
# > **3. A soft dictionary.** Keys are the rows of the 4 × 4 identity matrix, values are the numbers 10, 20, 30 and
# > 40, and the query is `100 * np.array([[0, 0, 1, 0]])`. What does `attend` look up?

# %%
predict("outputs of shuffled tokens", "shuffled")
# why: Every output is a sum over all tokens, and a sum does not care in which order they come. So attention alone does not know where a word stands. `order = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]` shows it: `attend(Query[order], Key[order], Value[order])` is `attend(Query, Key, Value)[order]`.
# "the same": Row by row they have moved along with their tokens.
predict("the temperature with the most even weights", 5)
# why: Divided by 5, the scores lie closer together, and the weights too. A low temperature picks the likeliest, a high one is more adventurous.
# 0.2: Dividing by 0.2 multiplies the scores by 5: the largest takes nearly everything.
predict("what the soft dictionary gives", 30.0)
# why: The third key matches by far the best, so nearly all the weight is on the third value. Attention is a dictionary whose keys need not match exactly; with a query ten times smaller it would mix.
# 25: That is the mean: it would come out if all four weights were the same.

# %%
predict()

# %% [markdown]
# **Source.** Vaswani et al., *Attention Is All You Need* (2017), section 3.2.1, equation 1 and footnote 4,
# [arXiv:1706.03762](https://arxiv.org/abs/1706.03762).
