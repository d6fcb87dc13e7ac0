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
# # Multi-head attention: several questions at once
#
# {{ install }}
#
# In the last lesson every token asked one question (its query) and got one answer. Words have more than one
# thing to ask about: which adjective belongs to me? who is doing this? what is the subject of the whole text?
# *Multi-head attention* runs several attentions beside each other, each with its own matrices, and joins what
# they find:
#
# ```
#      embeddings 10×8
#       ┌──────┴──────┐
#    head 0         head 1
#    attend         attend
#     10×3           10×3
#       └──────┬──────┘
#      concatenate 10×6
#              │ @ W_O 6×8
#         output 10×8
# ```
#
# As before: where it says *Predict*, guess first, then run, then fold out the answer.

# %%
import numpy as np

from autograder import check

np.set_printoptions(precision=2, suppress=True)  # two decimals are enough to read

# %% [markdown]
# ## Bring your own attend
#
# Paste your `attend` from the last lesson here, together with the functions it calls (`scaled_scores` and
# `softmax`). It is not graded again. If it never worked, go on all the same: `multi_head` is graded with a
# right one in its place.


# %% nbgrader={"grade": false, "grade_id": "attend", "locked": false, "schema_version": 3, "solution": true, "task": false}
def attend(Query, Key, Value):
    """Your own attend from the self-attention lesson: paste it here, with all that it calls.

    Query: array of shape (n_q, d_k).  Key: array of shape (n_k, d_k).  Value: array of shape (n_k, d_v).
    Returns an array of shape (n_q, d_v).
    """
    ### BEGIN SOLUTION
    scores = Query @ Key.T / np.sqrt(Key.shape[-1])
    exponentials = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    weights = exponentials / np.sum(exponentials, axis=-1, keepdims=True)
    return weights @ Value
    ### END SOLUTION


# %% [markdown]
# ## The sentence so far
#
# The embeddings are those of the first lesson, number for number.

# %%
sentence = "Carlos Alcaraz is a very skilled tennis player and philanthropist"
tokens = sentence.split()
d_model = 8

embeddings = np.array(
    [
        [0.4, 0.8, 0.4, 0.7, 0.5, 0.9, 0.0, -0.9],  # Carlos
        [0.9, 0.9, 0.4, 0.1, 0.1, 0.3, 0.5, 0.1],  # Alcaraz
        [0.2, 0.5, -0.7, 0.3, 0.5, 0.2, -0.5, 0.3],  # is
        [0.7, -0.2, -0.5, 0.4, 0.7, -0.4, -0.3, -0.8],  # a
        [-0.2, 0.4, -0.6, 0.4, -0.3, -0.5, -0.3, -0.5],  # very
        [0.5, 0.7, 0.5, -0.7, -0.7, -0.6, -0.7, 0.4],  # skilled
        [-0.1, -0.7, 0.7, -0.9, 0.7, -0.6, 0.4, -0.2],  # tennis
        [0.6, 0.2, -0.1, 0.1, -0.8, -0.2, 0.7, 0.7],  # player
        [0.5, 0.0, -0.3, -0.7, 0.6, -0.4, 0.3, 0.4],  # and
        [-0.8, 0.8, 0.6, -0.7, -0.5, -0.2, 0.6, 0.1],  # philanthropist
    ]
)
print(embeddings.shape)

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
# ## Several heads
#
# A *head* is one attention with its own W_Q, W_K and W_V, and so with its own idea of what to look for. With
# h = 2 heads we need two of each matrix. They are stacked along a first axis: `W_Q[0]` belongs to head 0,
# `W_Q[1]` to head 1.
#
# ```
#   W_Q   2 × 8 × 4    h × d_model × d_k
#   W_K   2 × 8 × 4    h × d_model × d_k
#   W_V   2 × 8 × 3    h × d_model × d_v
# ```
#
# One head might learn to look for the adjective that goes with a noun, another for the person a sentence is
# about. Nobody hands out these jobs: they come about in training, and often nobody can say in words what a
# head does.
#
# > **Predict.** What is the shape of `W_Q[0]`? And that of `embeddings @ W_Q[0]`, the queries of head 0?

# %%
rng = np.random.default_rng(13)
h, d_k, d_v = 2, 4, 3
W_Q = rng.integers(-9, 10, size=(h, d_model, d_k)) / 10
W_K = rng.integers(-9, 10, size=(h, d_model, d_k)) / 10
W_V = rng.integers(-9, 10, size=(h, d_model, d_v)) / 10
W_O = rng.integers(-9, 10, size=(h * d_v, d_model)) / 10

print("W_Q[0]:", W_Q[0].shape, " queries of head 0:", (embeddings @ W_Q[0]).shape)

# %% [markdown]
# <details><summary>Answer</summary>
#
# (8, 4), a matrix like the one of the first lesson, and (10, 4): a query of four entries for each of the ten
# tokens.
#
# </details>

# %% [markdown]
# Here is what the two heads make of the same sentence. (The trick with the identity matrix is that of the
# last lesson: it makes `attend` return its weights.)
#
# > **Predict.** Same tokens, same embeddings, other matrices. Will "tennis" look at the same words in both?

# %%
try:
    weights = {
        f"Head {i}: the row looks at the column": attend(embeddings @ W_Q[i], embeddings @ W_K[i], np.eye(10))
        for i in range(h)
    }
    heat_map(tokens, tokens, weights)
except Exception as error:  # not written yet, or not what this cell can use
    print(f"This cell waits for your attend: check(attend) says why. ({error!r})")

# %% [markdown]
# <details><summary>Answer</summary>
#
# No. In head 0 "tennis" looks most at "very" (0.31), in head 1 at "and" (0.20). Each head has its own
# pattern, like several readers who mark the same sentence in different colours.
#
# </details>

# %% [markdown]
# ## Concatenate and project
#
# Each head returns a matrix with a row of d_v = 3 numbers for each token. To join them, put them side by
# side: for each token first what head 0 found, then what head 1 found:
#
# ```
#  head 0   head 1    side by side
#  10 × 3   10 × 3       10 × 6
# [a b c]  [A B C]   [a b c A B C]
# ```
#
# > **Predict.** Two heads, two tokens, two numbers each. Which of these two lines keeps each token's findings
# > in the token's own row?

# %%
head_0 = np.array([[1, 2], [3, 4]])
head_1 = np.array([[10, 20], [30, 40]])
print(np.concatenate([head_0, head_1], axis=0), "\n")
print(np.concatenate([head_0, head_1], axis=-1))

# %% [markdown]
# <details><summary>Answer</summary>
#
# The second, `axis=-1`, along the features: a row for each token, [1 2 10 20] for the first. The first line
# piles the heads on top of each other and makes four rows out of two tokens.
#
# </details>

# %% [markdown]
# So far the heads stand beside each other and know nothing of each other. A last matrix, W_O, of shape (h ·
# d_v, d_model), mixes them: each number of the output draws on all heads. It also brings every token back to
# d_model numbers, the size it had at the start. (In the paper d_k = d_v = d_model / h: 8 heads of size 64 for
# d_model = 512, so that eight heads cost about as much as one large one.)
#
# Now write `multi_head`. Call your `attend` once for each head; the number of heads is the length of `W_Q`.


# %% nbgrader={"grade": false, "grade_id": "multi_head", "locked": false, "schema_version": 3, "solution": true, "task": false}
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    """Multi-head attention: every head attends in its own way, and W_O mixes what they found.

    embeddings: array of shape (n, d_model).
    W_Q, W_K: arrays of shape (h, d_model, d_k); head i uses W_Q[i] and W_K[i].
    W_V: array of shape (h, d_model, d_v); head i uses W_V[i]; d_v may differ from d_k.
    W_O: array of shape (h * d_v, d_model).
    Returns an array of shape (n, d_model): the outputs of the heads side by side in head order, times W_O.
    Source: Vaswani et al. (2017), section 3.2.2.
    """
    ### BEGIN SOLUTION
    heads = []
    for i, of_queries in enumerate(W_Q):
        heads.append(attend(embeddings @ of_queries, embeddings @ W_K[i], embeddings @ W_V[i]))
    return np.concatenate(heads, axis=-1) @ W_O
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-multi_head", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check(multi_head)

# %% [markdown]
# ## Layers upon layers
#
# > **Predict.** What is the shape of the output? Can it go through `multi_head` once more?

# %%
try:
    first = multi_head(embeddings, W_Q, W_K, W_V, W_O)
    second = multi_head(first, W_Q, W_K, W_V, W_O)
    print("in:", embeddings.shape, " after one layer:", first.shape, " after two:", second.shape)
    print("tennis after one layer: ", first[6])
    print("tennis after two layers:", second[6])
except Exception as error:  # not written yet, or not what this cell can use
    print(f"This cell waits for your multi_head and your attend: check(multi_head) says why. ({error!r})")

# %% [markdown]
# <details><summary>Answer</summary>
#
# (10, 8), the shape that went in. So the output of one layer can be the input of the next. In the first layer
# "tennis" looks at bare words; in the second it looks at tokens that have already gathered from their own
# surroundings, and so on upwards. The Transformer of 2017 stacked six layers, GPT-3 (Brown et al.,
# 2020) stacks 96. (In a real model every layer has matrices of its own; here we use the same ones twice.)
#
# </details>

# %% [markdown]
# ### One thing is missing
#
# > **Predict.** We turn the sentence round, last word first, and send it through `multi_head`. What happens
# > to the output of "tennis"?

# %%
try:
    forwards = multi_head(embeddings, W_Q, W_K, W_V, W_O)
    backwards = multi_head(embeddings[::-1], W_Q, W_K, W_V, W_O)
    print("tennis, forwards: ", forwards[6])
    print("tennis, backwards:", backwards[3])
except Exception as error:  # not written yet, or not what this cell can use
    print(f"This cell waits for your multi_head and your attend: check(multi_head) says why. ({error!r})")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Nothing: it is the same, now in row 3 of the output. Attention compares vectors and does not know who stands
# where. To it "man bites dog" and "dog bites man" are one and the same. Real models therefore add something
# to the embeddings or the queries and keys that tells the position (section 3.5 of the paper).
#
# </details>

# %% [markdown]
# What else a real model has around the layers that you built: after each attention a small network that works
# on every token for itself, a short cut that adds the input to the output, a rescaling that keeps the numbers
# in bounds, and for models that write text, the rule that no token sees those after it. Each of these
# matters, and the small network even holds most of a model's weights. But the one place where tokens learn
# from each other is the one that you have built.

# %% [markdown]
# ## In your own words
#
# Why several small heads rather than one large one? Think of what one row of weights can say, and what two
# rows can. Two or three sentences are enough. (2 points, read by a person)

# %% [markdown] nbgrader={"grade": true, "grade_id": "why-heads", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# One head has one row of weights per token, so it averages all that the token needs into one mixture: to look
# strongly at the adjective it must look away from the subject. Several heads give several patterns at once,
# and their findings stay apart until W_O mixes them. With d_k = d_model / h they cost about as much as one
# large head. (1 point for one pattern against several, 1 for keeping the findings apart, or for the cost.)

# %% [markdown]
# ## What you have built
#
# From a sentence to tokens, to embeddings, to queries, keys and values, to scores, weights and context-aware
# outputs, to several heads and layers upon layers: this is how a large language model lets words look at each
# other.
#
# **Source.** Vaswani et al., *Attention Is All You Need* (2017), section 3.2.2,
# [arXiv:1706.03762](https://arxiv.org/abs/1706.03762).
