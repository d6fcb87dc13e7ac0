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
# Large language models (LLMs) such as ChatGPT understand a word by the words around it. The mechanism for that
# is called *self-attention*, and in these lessons you build it with your own hands. But a model computes, so
# before it can read a sentence, the sentence has to become numbers. In this lesson you take one sentence all the
# way from words to vectors, first to *one-hot* and then to *dense* ones.
#
# **How to work.** Run the cells from top to bottom with Shift+Enter. Where it says *Predict*, write your guess in
# place of the dots and run the cell: it tells you at once whether you were right, and why. Nobody grades your
# guesses, and a wrong one teaches you the most. Two functions are yours to write, and below each stands a check
# that you can run as often as you like. It calls them with other inputs than the notebook has, shorter and longer
# ones. A function leaves what it is given as it is, and gives each caller a result of its own.

# %%
import numpy as np

from autograder import check, draw, predict, waits_for

np.set_printoptions(precision=2, suppress=True)  # two decimals are enough to read

draw.flow("""
sentence → tokens: split
tokens → one-hot vectors: one_hot
one-hot vectors → dense embeddings: look up
dense embeddings → queries, keys, values: project_qkv
""")

# %% [markdown]
# ## Tokens
#
# A text is first cut into *tokens*. Here every word is a token. Real models cut finer: a common word is one
# token, a rare one is put together from several pieces, so that a few ten thousand pieces can spell any text.

# %%
sentence = "Carlos Alcaraz is a very skilled tennis player and philanthropist"
tokens = sentence.split()

# %% [markdown]
# > **Predict.** How many tokens does this sentence have, and which one is `tokens[6]`?

# %%
predict("how many tokens", 10)
# why: Every word is a token, and there are ten words.
predict("tokens[6]", "tennis")
# why: Python counts from 0, so `tokens[6]` is the seventh word. We follow “tennis” through all lessons.
# "skilled": That is `tokens[5]`.

# %%
print(len(tokens), "tokens:", tokens)
print("tokens[6] is", tokens[6])

# %% [markdown]
# ## One-hot vectors
#
# The simplest way from words to numbers: fix a list of words, the *vocabulary*, and give each word a column
# of its own. A word's vector is 0 everywhere but in its own column, where it is 1. With three words:

# %%
draw.heat_map(
    ["cat", "dog", "mouse"], ["cat", "dog", "mouse"], {"Each word has a vector of its own": np.eye(3)}
)

# %% [markdown]
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

# %%
predict("shape of the one-hot matrix", (10, 12))
# why: A row for each of the ten tokens, a column for each of the twelve words of the vocabulary.
# (12, 10): It is the other way round: tokens are rows, words are columns.
# (10, 10): The columns are those of the vocabulary, and it has two words more than the sentence.
predict("how many ones", 10)
# why: There is one in each row, and the columns of “net” and “racket” stay empty.
# 12: That is the number of columns, and two of them stay empty.
predict("column of tennis", 10)
# why: “tennis” is at place 10 of the vocabulary. Its row is row 6, its place in the sentence.
# 6: That is its row. The column is its place in the vocabulary.
# 11: That is its place counted from 1; Python counts from 0.

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

# %% [markdown]
# This is what your function makes of the sentence. Compare it with your prediction.

# %%
with waits_for("one_hot"):
    draw.heat_map(tokens, vocabulary, {"One-hot vectors of the sentence": one_hot(tokens, vocabulary)})

# %% [markdown]
# ### What a one-hot vector cannot say
#
# > **Predict.** Judged by their one-hot vectors, is "tennis" nearer to "player" or to "is"? Write the word, or
# > "neither".

# %%
predict("one-hot: nearer to tennis", "neither")
# why: Any two different words are equally far apart, because their vectors always differ in two places.
# "player": The meanings are near, but the vectors know nothing of meanings.
# or: "none"

# %%
with waits_for("one_hot"):
    vectors = one_hot(["tennis", "player", "is"], vocabulary)
    print("from tennis to player:", np.linalg.norm(vectors[0] - vectors[1]).round(2))
    print("from tennis to is:    ", np.linalg.norm(vectors[0] - vectors[2]).round(2))

# %% [markdown]
# Both are √2 ≈ 1.41. A one-hot vector says *which* word it is and nothing about what the word means. It is long,
# too: GPT-2 (Radford et al., 2019) knows 50,257 tokens, so each of its one-hot vectors would hold one 1 and
# 50,256 zeros.

# %% [markdown]
# ## Dense embeddings
#
# A *dense embedding* describes a word by a short list of numbers, all of them in use. Ours have d_model = 8
# numbers, so each word is a point in a space of eight dimensions. There, words can be near or far from each
# other, and directions can stand for something: one for sport, say, and another for plural. So a few numbers can
# say far more about a word, and about how it is related to others, than a long one-hot vector. Real models use
# many more dimensions: the Transformer of 2017 had 512.
#
# The embeddings of all words form a table with a row for each word of the vocabulary. Where does the table
# come from? It starts at random, and training moves its numbers, together with all other weights of the
# model, until the model predicts text well. After that the table is fixed, and finding a word's embedding is
# no more than looking up its row. That is one reason why a chat model can answer so quickly: what a word means by
# itself was worked out during training, and nothing of it has to be computed again.
#
# We begin at the start of training and draw the table at random: whole tenths, so that you can check
# everything by hand. With the seed 18 everybody draws the same numbers; with another seed they would be others.
# They mean nothing yet; the arithmetic is the same as in a trained model, and at the end of this lesson you meet
# one.

# %%
rng = np.random.default_rng(18)
d_model = 8
table = rng.integers(-9, 10, size=(len(vocabulary), d_model)) / 10

row_of = dict(zip(vocabulary, table, strict=True))
embeddings = np.array([row_of[token] for token in tokens])
print("table:", table.shape, " embeddings:", embeddings.shape)
draw.strips(
    dict(zip(tokens, embeddings, strict=True)), title="Each token's embedding: eight numbers, random so far"
)

# %% [markdown]
# > **Predict.** What comes out when you multiply the one-hot vector of "tennis", of shape (1, 12), with the
# > table, of shape (12, 8)? Say its shape. Then say what it *is*, in your own words, before you open the answer.

# %%
predict("shape of one-hot times table", (1, 8))
# why: The inner sizes, 12 and 12, meet and vanish; the outer ones, 1 and 8, stay.
# (12, 8): That is the table itself; a single row comes out.
# (8, 1): It is a row: one token, eight numbers.

# %%
with waits_for("one_hot"):
    print("one-hot @ table:    ", one_hot(["tennis"], vocabulary) @ table)
print("embedding of tennis:", embeddings[6:7])

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
# All three are made from the embedding, by a weight matrix each. The same three matrices serve every token.
# They start at random, too, and training moves them step by step to numbers that serve well.

# %%
draw.product({"embeddings": (10, 8), "W_Q": (8, 6)}, result="Query")
draw.product({"embeddings": (10, 8), "W_K": (8, 6)}, result="Key")
draw.product({"embeddings": (10, 8), "W_V": (8, 4)}, result="Value")

# %% [markdown]
# In letters: n × d_model times d_model × d_k gives n × d_k. The inner sizes have to agree; they are summed over
# and vanish.
#
# Queries and keys are going to be compared, so they share one size, d_k, which need not be d_model. Values are
# not compared with anything, and may have a size of their own, d_v.

# %%
d_k, d_v = 6, 4
W_Q = rng.integers(-9, 10, size=(d_model, d_k)) / 10
W_K = rng.integers(-9, 10, size=(d_model, d_k)) / 10
W_V = rng.integers(-9, 10, size=(d_model, d_v)) / 10

print("embedding of tennis:", embeddings[6])
print("first column of W_Q:", W_Q[:, 0])

# %% [markdown]
# > **Predict.** The first number of the query of "tennis" is the dot product of the two vectors just printed:
# > multiply them entry by entry, and add up. Is it positive or negative? Work it out by hand.

# %%
predict("first number of the query of tennis", 1.03)
# why: The large products 0.42, 0.49 and 0.72 outweigh the −0.54.
# -1.03: The size is right: look at the signs again. Minus times minus is plus.

# %%
print("products:", embeddings[6] * W_Q[:, 0])
print("sum:     ", np.sum(embeddings[6] * W_Q[:, 0]).round(2))

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
# > **Predict.** What are the shapes of Query and of Value? And which number of them have you met before?

# %%
predict("shape of Query", (10, 6))
# why: One row for each of the ten tokens, with d_k = 6 numbers.
# (8, 6): That is the shape of W_Q; the 8 is summed over and vanishes.
predict("shape of Value", (10, 4))
# why: One row for each of the ten tokens, with d_v = 4 numbers.
# (10, 6): That is Query and Key; values have a size of their own.

# %%
with waits_for("project_qkv"):
    Query, Key, Value = project_qkv(embeddings, W_Q, W_K, W_V)
    print("shapes:", Query.shape, Key.shape, Value.shape)
    draw.query_key_value(tokens, Query, Key, Value, embeddings=embeddings, who="tennis")

# %% [markdown]
# The query of "tennis" begins with 1.03, the number that you worked out by hand.

# %% [markdown]
# ## What training makes of it
#
# So far the numbers were random, and "tennis" lies as near to "a" as chance would have it. Here is the table of a
# small model that has been *trained*: d_model = 8 as before, but for 61 words. It has read 600 little sentences,
# made from patterns such as "the singer plays the piano". Its numbers were moved, step by step, until each word
# could guess the words around it, and until each word of a sentence looked at the word it was told to look at.
# (Real models are not told: they find that out for themselves, from far more text.)

# %% jupyter={"source_hidden": true} cellView="form" nbgrader={"grade": false, "grade_id": "learned", "locked": true, "schema_version": 3, "solution": false, "task": false}
# @title The embeddings of the trained model: run it and read on, there is nothing to change here
# Each line is a word and its embedding, in hundredths.
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
"""
learned = {
    word: np.array(numbers, dtype=float) / 100
    for word, *numbers in (line.split() for line in LEARNED.strip().splitlines())
}


def alike(word, other):
    """How far two embeddings point the same way: 1 the same, 0 have nothing in common, -1 opposite."""
    return word @ other / np.sqrt(word @ word * (other @ other))


print(len(learned), "words:", ", ".join(learned))

# %% [markdown]
# How alike are two words? We measure how far their embeddings point the same way: 1 is the same direction, 0 is
# nothing in common.
#
# > **Predict.** Which of the words "music", "is" and "football" is now the nearest to "tennis"?

# %%
predict("trained: nearest to tennis", "football")
# why: Training put the two close together, because they are used in the same company: both are played, on a court, with a ball.
# "is": The two stand together in our sentence, but they never stand in each other's place.

# %%
some = ["tennis", "football", "ball", "piano", "music", "fisher", "sea", "very", "quite", "is", "was"]
draw.heat_map(
    vocabulary,
    vocabulary,
    {
        "At random": np.array(
            [[alike(row_of[one], row_of[other]) for other in vocabulary] for one in vocabulary]
        )
    },
)
draw.heat_map(
    some,
    some,
    {"After training": np.array([[alike(learned[one], learned[other]) for other in some] for one in some])},
)

# %% [markdown]
# After training, words of a kind lie together: "tennis" and "football" (1.00), "very" and "quite" (1.00), "piano" and "music"
# (0.86), and "tennis" is much nearer to "ball" (0.87) than to "piano" (0.39). Nobody wrote these numbers down: training found
# them, from the company that the words keep.
#
# Now look up words of your own, any of those that were just printed.

# %%
mine = "player"  # another word of the list goes here, then run the cell again

if mine in learned:
    by_likeness = sorted([(alike(learned[mine], learned[word]), word) for word in learned], reverse=True)
    nearest = [word for _, word in by_likeness[:6]]
    draw.strips({word: learned[word] for word in nearest}, title=f"{mine} and the five words nearest to it")
else:
    print(f"The model does not know {mine!r}. It knows:", ", ".join(learned))

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
# ### Full marks? Go a little further
#
# These questions are not graded. Answer them by trying things out in cells of your own.
#
# > **1. Another order.** Turn the sentence round, last word first. How many of the ten rows of its one-hot matrix are
# > then where they were before?
# >
# > **2. Two words at once.** Take the embeddings of "tennis" and of "player" from the random table and add them up. A
# > single product gives the same: a vector of zeros and ones times the table. How many ones does that vector hold?

# %%
predict("rows that stay when the sentence is turned round", 0)
# why: Row i becomes row 9 − i, and with ten rows no row meets itself. The columns stay: the vocabulary is not turned round.
# 10: The rows follow the tokens; only the columns stay where they are.
predict("ones in the vector for a sum of two embeddings", 2)
# why: A 1 picks a row of the table, and two of them pick two rows and add them up. Such a vector is called a bag of words: it no longer says which came first.

# %%
predict()

# %% [markdown]
# **Source.** Queries, keys, values and the names W_Q, W_K, W_V are those of Vaswani et al., *Attention Is All
# You Need* (2017), section 3.2, [arXiv:1706.03762](https://arxiv.org/abs/1706.03762).
