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
# # Embeddings: words as vectors
#
# {{ install }}
#
# A language model computes, so before it can read a sentence, the sentence has to become numbers. In this
# lesson you take one sentence all the way:
#
# ```
# sentence
#  └─► tokens
#       └─► one-hot vectors
#            └─► dense embeddings
#                 └─► queries, keys,
#                     values
# ```
#
# **How to work.** Run the cells from top to bottom with Shift+Enter. Where it says *Predict*, write your
# guess down before you run the next cell; the answer folds out below it. A guess that turns out wrong teaches
# you the most. Two functions are yours to write, and below each stands a check that you can run as often as
# you like.

# %%
import numpy as np

from autograder import check

np.set_printoptions(precision=2, suppress=True)  # two decimals are enough to read

# %% [markdown]
# ## Tokens
#
# A text is first cut into *tokens*. Here every word is a token. Real models cut finer: a common word is one
# token, a rare one is put together from several pieces, so that a few ten thousand pieces can spell any text.
#
# > **Predict.** How many tokens does this sentence have, and which one is `tokens[6]`?

# %%
sentence = "Carlos Alcaraz is a very skilled tennis player and philanthropist"
tokens = sentence.split()

print(len(tokens), "tokens:", tokens)
print("tokens[6] is", tokens[6])

# %% [markdown]
# <details><summary>Answer</summary>
#
# Ten tokens. Python counts from 0, so `tokens[6]` is the seventh word, "tennis". We follow it through all
# three lessons.
#
# </details>

# %% [markdown]
# ## One-hot vectors
#
# The simplest way from words to numbers: fix a list of words, the *vocabulary*, and give each word a column
# of its own. A word's vector is 0 everywhere but in its own column, where it is 1. With three words:
#
# ```
#            cat  dog  mouse
#   cat    [  1    0     0  ]
#   dog    [  0    1     0  ]
#   mouse  [  0    0     1  ]
# ```
#
# A sentence becomes a matrix: one row for each token, in the order of the sentence, and one column for each
# word of the vocabulary, in the order of the vocabulary. Ours has V = 12 words, and two of them do not occur
# in the sentence.

# %%
words = "a Alcaraz and Carlos is net philanthropist player racket skilled tennis very"
vocabulary = words.split()
print(len(vocabulary), "words")

# %% [markdown]
# > **Predict.** What is the shape of our sentence's one-hot matrix? How many ones does it hold? In which
# > column, counted from 0, is the 1 of "tennis"?
#
# <details><summary>Answer</summary>
#
# The shape is (10, 12): ten tokens, twelve words. It holds ten ones, one in each row. "tennis" has its 1 in
# column 10; its row is row 6. The columns of "net" and "racket" stay empty.
#
# </details>

# %% [markdown]
# Now write `one_hot`. Mind four things: a word may come twice in a sentence, the vocabulary may be in any
# order, an empty list of tokens gives a matrix with no rows, and a word that is not in the vocabulary is an
# error.


# %% nbgrader={"grade": false, "grade_id": "one_hot", "locked": false, "schema_version": 3, "solution": true, "task": false}
def one_hot(tokens, vocabulary):
    """One row per token, all 0 but for a 1 in the column of that token's word.

    tokens: list of n strings, in the order of the sentence; a word may come more than once.
    vocabulary: list of V different strings, in any order; word j owns column j.
    Returns an array of shape (n, V). No tokens give an array of shape (0, V).
    Raises ValueError where a token is not in the vocabulary.
    """
    ### BEGIN SOLUTION
    # look up: Find the place of each token in the vocabulary. A token that is not there is an error.
    columns = np.array([vocabulary.index(token) for token in tokens], dtype=int)
    # all zeros: Start with zeros: one row for each token, one column for each word of the vocabulary.
    zeros = np.zeros((len(tokens), len(vocabulary)))
    # set the ones: In each row, put a 1 at the place that was found for that token.
    zeros[np.arange(len(columns)), columns] = 1
    return zeros
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-one_hot", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(one_hot)

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
# This is what your function makes of the sentence. Compare it with your prediction.

# %%
try:
    heat_map(tokens, vocabulary, {"One-hot vectors of the sentence": one_hot(tokens, vocabulary)})
except Exception as error:  # not written yet, or not what this cell can use
    print(f"This cell waits for your one_hot: check(one_hot) says why. ({error!r})")

# %% [markdown]
# ### What a one-hot vector cannot say
#
# > **Predict.** Judged by their one-hot vectors, is "tennis" nearer to "player" or to "is"?

# %%
try:
    vectors = one_hot(["tennis", "player", "is"], vocabulary)
    print("from tennis to player:", np.linalg.norm(vectors[0] - vectors[1]).round(2))
    print("from tennis to is:    ", np.linalg.norm(vectors[0] - vectors[2]).round(2))
except Exception as error:  # not written yet, or not what this cell can use
    print(f"This cell waits for your one_hot: check(one_hot) says why. ({error!r})")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Neither. Any two different words are the same distance apart, √2 ≈ 1.41, because their vectors always differ
# in two places. A one-hot vector says *which* word it is and nothing about what the word means. It is long,
# too: GPT-2 (Radford et al., 2019) knows 50,257 tokens, so each of its one-hot vectors would hold one 1 and
# 50,256 zeros.
#
# </details>

# %% [markdown]
# ## Dense embeddings
#
# A *dense embedding* describes a word by a short list of numbers, all of them in use. Ours have d_model = 8
# numbers, so each word is a point in a space of eight dimensions. There, words can be near or far from each
# other, and directions can stand for something: one for sport, say, and another for plural. The Transformer
# of 2017 used 512 dimensions.
#
# The embeddings of all words form a table with a row for each word of the vocabulary. Where does the table
# come from? It starts at random, and training moves its numbers, together with all other weights of the
# model, until the model predicts text well. After that the table is fixed, and finding a word's embedding is
# no more than looking up its row.
#
# We stay at the start of training and draw the table at random: whole tenths, so that you can check
# everything by hand. With the seed 18 everybody draws the same numbers. They mean nothing yet; the arithmetic
# is the same as in a trained model.

# %%
rng = np.random.default_rng(18)
d_model = 8
table = rng.integers(-9, 10, size=(len(vocabulary), d_model)) / 10

row_of = dict(zip(vocabulary, table, strict=True))
embeddings = np.array([row_of[token] for token in tokens])
print("table:", table.shape, " embeddings:", embeddings.shape)
print("tennis:", embeddings[6])

# %% [markdown]
# > **Predict.** What comes out when you multiply the one-hot vector of "tennis", of shape (1, 12), with the
# > table, of shape (12, 8)?

# %%
try:
    print(one_hot(["tennis"], vocabulary) @ table)
except Exception as error:  # not written yet, or not what this cell can use
    print(f"This cell waits for your one_hot: check(one_hot) says why. ({error!r})")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The embedding of "tennis". The zeros wipe out every row of the table but one, and the 1 keeps that one as it
# is. So looking up an embedding *is* multiplying with a one-hot vector; a model takes the short cut, because
# multiplying with thousands of zeros is a waste.
#
# </details>

# %% [markdown]
# ## Queries, keys and values
#
# An embedding from the table is the same in every sentence. Yet a word means different things in different
# company: the "net" of a tennis court is not the "net" of a fisher. *Self-attention*, the subject of the next
# lesson, lets every token look at the others. To prepare for it, each token gets three vectors, each with a
# part of its own:
#
# | vector | what it says |
# |---|---|
# | **query** | "This is what I am looking for." |
# | **key** | "This is what I can be found by." |
# | **value** | "This is what I pass on to whoever finds me." |
#
# Think of a library: you type a query into the catalogue, it is compared with the label of every book, and
# what you carry home is what is inside the books. In a library you take one book; attention takes a little of
# each, and more of those whose keys match the query well.
#
# All three are made from the embedding, by a weight matrix each. The same three matrices serve every token,
# and they are learned in training, as the table is.
#
# ```
# embeddings @  W_Q  =  Query
#   10 × 8     8 × 6    10 × 6
#
# embeddings @  W_K  =   Key
#   10 × 8     8 × 6    10 × 6
#
# embeddings @  W_V  =  Value
#   10 × 8     8 × 4    10 × 4
# ```
#
# In letters: n × d_model times d_model × d_k gives n × d_k. The inner sizes have to agree; they are summed over
# and vanish.
#
# Queries and keys are going to be compared, so they share one size, d_k. Values are not compared with
# anything, and may have a size of their own, d_v.

# %%
d_k, d_v = 6, 4
W_Q = rng.integers(-9, 10, size=(d_model, d_k)) / 10
W_K = rng.integers(-9, 10, size=(d_model, d_k)) / 10
W_V = rng.integers(-9, 10, size=(d_model, d_v)) / 10

print("embedding of tennis:", embeddings[6])
print("first column of W_Q:", W_Q[:, 0])

# %% [markdown]
# > **Predict.** The first number of the query of "tennis" is the dot product of the two vectors just printed:
# > multiply them entry by entry, and add up. Will it be positive or negative? Work it out by hand, then run.

# %%
print("products:", embeddings[6] * W_Q[:, 0])
print("sum:     ", np.sum(embeddings[6] * W_Q[:, 0]).round(2))

# %% [markdown]
# <details><summary>Answer</summary>
#
# Positive: the large products 0.42, 0.49 and 0.72 outweigh the −0.54, and the sum is 1.03.
#
# </details>

# %% [markdown]
# A matrix product does this for all rows and all columns at once. Now write `project_qkv`. It has to work for
# any number of tokens, one included, and for values whose size differs from that of the keys.


# %% nbgrader={"grade": false, "grade_id": "project_qkv", "locked": false, "schema_version": 3, "solution": true, "task": false}
def project_qkv(embeddings, W_Q, W_K, W_V):
    """The query, the key and the value of every token: its embedding times each weight matrix.

    embeddings: array of shape (n, d_model), one row per token.
    W_Q, W_K: arrays of shape (d_model, d_k).  W_V: array of shape (d_model, d_v); d_v may differ from d_k.
    Returns three arrays (Query, Key, Value) of shapes (n, d_k), (n, d_k) and (n, d_v).
    """
    ### BEGIN SOLUTION
    Query = embeddings @ W_Q  # queries: Each row of Query is a token's embedding times the weights W_Q.
    Key = embeddings @ W_K  # keys: Each row of Key is a token's embedding times the weights W_K.
    Value = embeddings @ W_V  # values: Each row of Value is a token's embedding times the weights W_V.
    return Query, Key, Value
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-project_qkv", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(project_qkv)

# %% [markdown]
# > **Predict.** What are the shapes of the three results? Which number have you met before?

# %%
try:
    Query, Key, Value = project_qkv(embeddings, W_Q, W_K, W_V)
    print("shapes:", Query.shape, Key.shape, Value.shape)
    print("query of tennis:", Query[6])
    print("key of tennis:  ", Key[6])
    print("value of tennis:", Value[6])
except Exception as error:  # not written yet, or not what this cell can use
    print(f"This cell waits for your project_qkv: check(project_qkv) says why. ({error!r})")

# %% [markdown]
# <details><summary>Answer</summary>
#
# (10, 6), (10, 6) and (10, 4). The query of "tennis" begins with the number that you worked out by hand.
#
# </details>

# %% [markdown]
# ## In your own words
#
# What can a dense embedding say about a word that a one-hot vector cannot? Give an example with words of our
# sentence. Two or three sentences are enough. (2 points, read by a person)

# %% [markdown] nbgrader={"grade": true, "grade_id": "why-dense", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# Any two different one-hot vectors are equally far apart, so they tell words apart and say nothing about how
# they are related. Dense embeddings can be near or far: after training, "tennis" can lie nearer to "player"
# than to "is", because the two are used in similar company, and all that in far fewer numbers. (1 point for
# what one-hot vectors lack, 1 for a fitting example.)

# %% [markdown]
# ## Where this leads
#
# Every token now holds a question (its query), a label (its key) and something to tell (its value), but no
# token has looked at another yet: "tennis" would have the same three vectors in any sentence. In the next
# lesson, *Self-attention*, the queries meet the keys.
#
# **Source.** Queries, keys, values and the names W_Q, W_K, W_V are those of Vaswani et al., *Attention Is All
# You Need* (2017), section 3.2, [arXiv:1706.03762](https://arxiv.org/abs/1706.03762).
