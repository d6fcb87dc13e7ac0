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
# thing to ask about: a question of grammar (which adjective belongs to me?), a question about people (who is
# doing this?), a question of topic (what is the whole text about?). *Multi-head attention* runs several
# attentions beside each other, each with its own matrices, and joins what they find. It is like having several
# people read the same sentence, each with a question of their own.
#
# As before: where it says *Predict*, write your guess in place of the dots, and run the cell. And a function works for
# inputs of any size, leaves them as they are, and gives each caller a result of its own.

# %%
import numpy as np

from autograder import check, draw, predict, waits_for

np.set_printoptions(precision=2, suppress=True)  # two decimals are enough to read
draw.flow("""
embeddings 10×8 → head 0 10×3: attend
embeddings 10×8 → head 1 10×3: attend
head 0 10×3, head 1 10×3 → side by side 10×6: concatenate
side by side 10×6 → output 10×8: @ W_O 6×8
""")

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

# %% [markdown]
# ## Several heads
#
# A *head* is one attention with its own W_Q, W_K and W_V, and so with its own idea of what to look for. With
# h = 2 heads we need two of each matrix. They are stacked along a first axis: `W_Q[0]` belongs to head 0,
# `W_Q[1]` to head 1.
#
# | weights | shape | in numbers |
# |---|---|---|
# | W_Q | h × d_model × d_k | 2 × 8 × 4 |
# | W_K | h × d_model × d_k | 2 × 8 × 4 |
# | W_V | h × d_model × d_v | 2 × 8 × 3 |
#
# One head might learn to look for the adjective that goes with a noun, another for the person a sentence is
# about. In real models nobody hands out these jobs: they come about in training, and often nobody can say in words
# what a head does.
#
# > **Predict.** What is the shape of `W_Q[0]`? And that of `embeddings @ W_Q[0]`, the queries of head 0?

# %%
predict("shape of W_Q[0]", (8, 4))
# why: It is one matrix of the stack: the first axis counts the heads, and is gone.
# (2, 8, 4): That is the whole stack.
predict("shape of the queries of head 0", (10, 4))
# why: A query of four numbers for each of the ten tokens.

# %%
rng = np.random.default_rng(13)
h, d_k, d_v = 2, 4, 3
W_Q = rng.integers(-9, 10, size=(h, d_model, d_k)) / 10
W_K = rng.integers(-9, 10, size=(h, d_model, d_k)) / 10
W_V = rng.integers(-9, 10, size=(h, d_model, d_v)) / 10
W_O = rng.integers(-9, 10, size=(h * d_v, d_model)) / 10

print("W_Q[0]:", W_Q[0].shape, " queries of head 0:", (embeddings @ W_Q[0]).shape)

# %% [markdown]
# Here is what the two heads make of the same sentence. (The trick with the identity matrix is that of the
# last lesson: it makes `attend` return its weights.)
#
# > **Predict.** Same tokens, same embeddings, other matrices. Does "tennis" look most at the same word in both?
# > (True or False)

# %%
predict("tennis looks at the same word in both heads", False)
# why: Each head has matrices of its own, so its own queries and keys, and its own pattern.

# %%
with waits_for("attend"):
    weights = {
        f"Head {i}: the row looks at the column": attend(embeddings @ W_Q[i], embeddings @ W_K[i], np.eye(10))
        for i in range(h)
    }
    draw.heat_map(tokens, tokens, weights)

# %% [markdown]
# In head 0 "tennis" looks most at "very" (0.31), in head 1 at "and" (0.20): like several readers who mark the same
# sentence in different colours. These matrices are random, so the patterns mean nothing yet. You will meet trained
# ones below.

# %% [markdown]
# ## Concatenate and project
#
# Each head returns a matrix with a row of d_v = 3 numbers for each token. To join them, put them side by
# side: for each token first what head 0 found, then what head 1 found. Two matrices of 10 × 3 become one of
# 10 × 6.
#
# > **Predict.** Two heads, two tokens, two numbers each. Which axis keeps each token's findings in the token's own
# > row: 0 or -1?

# %%
predict("the axis along which heads are joined", -1)
# why: Along the last axis, the features: a row for each token, [1 2 10 20] for the first. Axis 0 piles the heads on top of each other and makes four rows out of two tokens.
# or: 1

# %%
head_0 = np.array([[1, 2], [3, 4]])
head_1 = np.array([[10, 20], [30, 40]])
print(np.concatenate([head_0, head_1], axis=0), "\n")
print(np.concatenate([head_0, head_1], axis=-1))

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
# ## Two heads that have learned
#
# The next cell holds the trained model of the last lesson, its 61 embeddings, with two heads. They were trained on
# the same 600 little sentences. Head 0 was told to look for the adjective that goes with a word, head 1 for the
# person who is meant; W_O was trained to add up what the two have found.

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
heads_W_Q -50 22 41 -2
heads_W_Q 31 13 77 -118
heads_W_Q 69 43 11 41
heads_W_Q 4 -7 35 -98
heads_W_Q 109 49 22 7
heads_W_Q -79 23 34 13
heads_W_Q 67 -15 -31 -63
heads_W_Q -120 -126 115 -67
heads_W_Q -35 45 56 63
heads_W_Q 58 -45 -1 -56
heads_W_Q -111 80 -4 51
heads_W_Q 104 -17 31 -16
heads_W_Q 3 151 -35 87
heads_W_Q 66 -68 76 -56
heads_W_Q 97 -49 42 -133
heads_W_Q 94 -150 38 50
heads_W_K -59 -57 -5 -85
heads_W_K 49 32 -58 -36
heads_W_K -119 -73 103 -65
heads_W_K 67 1 -9 -43
heads_W_K -27 13 -15 12
heads_W_K -53 -78 77 -99
heads_W_K -100 33 16 29
heads_W_K 84 69 67 -92
heads_W_K -12 -54 13 120
heads_W_K -112 0 -25 -3
heads_W_K 31 -101 37 -25
heads_W_K -37 54 -18 99
heads_W_K 138 -51 47 -35
heads_W_K -18 72 -67 1
heads_W_K -16 34 -71 65
heads_W_K -125 196 -8 104
heads_W_V -91 -1 -62
heads_W_V -16 11 -38
heads_W_V -12 25 -2
heads_W_V 18 -50 -27
heads_W_V -15 13 36
heads_W_V 35 -22 -71
heads_W_V -3 79 -18
heads_W_V 48 20 -60
heads_W_V -17 56 7
heads_W_V 31 -3 22
heads_W_V 31 -21 27
heads_W_V -49 7 47
heads_W_V -58 16 -54
heads_W_V -34 -66 -11
heads_W_V -42 -9 59
heads_W_V 5 50 14
heads_W_O -85 -6 -23 34 -18 36 -8 47
heads_W_O -6 21 31 -28 15 -25 79 34
heads_W_O -65 -34 -16 -9 28 -87 0 -47
heads_W_O -16 39 27 -45 -57 -33 -45 3
heads_W_O 49 -1 -19 5 22 -72 -5 49
heads_W_O 4 22 27 39 -51 -16 66 12
"""
rows = {}
for line in LEARNED.strip().splitlines():
    name, *numbers = line.split()
    rows.setdefault(name, []).append(numbers)
learned = {name: np.array(numbers, dtype=float) / 100 for name, numbers in rows.items()}
W_Q_learned = learned.pop("heads_W_Q").reshape(2, 8, 4)
W_K_learned = learned.pop("heads_W_K").reshape(2, 8, 4)
W_V_learned = learned.pop("heads_W_V").reshape(2, 8, 3)
W_O_learned = learned.pop("heads_W_O")


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
# > **Predict.** Where does "player" look most in head 0, which asks for the adjective? And in head 1, which asks for
# > the person?

# %%
predict("trained: player in head 0", "skilled")
# why: It is the only adjective of the sentence, and it says what kind of player.
# "very": That one belongs to “skilled”: it is no adjective.
predict("trained: player in head 1", "Alcaraz")
# why: He is the player.
# "Carlos": His first name gets a little; the model was taught to look at the last name.

# %%
_, trained = look_up(sentence, learned)
with waits_for("attend"):
    trained_weights = {
        title: attend(trained @ W_Q_learned[i], trained @ W_K_learned[i], np.eye(10))
        for i, title in enumerate(("Head 0: which adjective?", "Head 1: which person?"))
    }
    draw.heads(tokens, trained_weights, who="player")
    draw.heat_map(tokens, tokens, trained_weights)

# %% [markdown]
# "player" looks at "skilled" in head 0 (0.77) and at "Alcaraz" in head 1 (0.74). One head alone could not do that: its
# weights add up to 1, so what it gives to the one it takes from the other.
#
# And after W_O? The output of "player" has the size of an embedding again, so it can be compared with those of all
# words.

# %%
with waits_for("multi_head", "attend"):
    output = multi_head(trained, W_Q_learned, W_K_learned, W_V_learned, W_O_learned)
    alike = {}
    for word, (vector,) in learned.items():
        alike[word] = output[7] @ vector / np.sqrt(output[7] @ output[7] * (vector @ vector))
    print("The output of player is nearest to:", ", ".join(sorted(alike, key=lambda word: -alike[word])[:6]))
    draw.strips(
        {"skilled": learned["skilled"][0], "Alcaraz": learned["Alcaraz"][0], "output of player": output[7]},
        title="What comes out for player",
    )

# %% [markdown]
# It lies between the adjectives and the persons: "player" now carries with it that he is skilled, and who he is.
#
# Now with a sentence of your own. Try "Clara Schumann is a generous teacher and a famous singer": which adjective
# does each noun find?

# %%
mine = (
    "Serena Williams is a kind friend and she loves music"  # your sentence goes here, then run the cell again
)

own, own_embeddings = look_up(mine, learned)
with waits_for("attend"):
    own_weights = {
        title: attend(own_embeddings @ W_Q_learned[i], own_embeddings @ W_K_learned[i], np.eye(len(own)))
        for i, title in enumerate(("Head 0: which adjective?", "Head 1: which person?"))
    }
    draw.heads(own, own_weights)

# %% [markdown]
# ## Layers upon layers
#
# > **Predict.** Back to the random matrices. What is the shape of the output? Can it go through `multi_head` once
# > more? (True or False)

# %%
predict("shape of the output of multi_head", (10, 8))
# why: W_O brings every token back to d_model numbers: the shape that went in.
# (10, 6): That is the heads side by side, before W_O.
predict("the output can go through multi_head again", True)
# why: It has the shape of the input. So the output of one layer can be the input of the next.

# %%
with waits_for("multi_head", "attend"):
    first = multi_head(embeddings, W_Q, W_K, W_V, W_O)
    second = multi_head(first, W_Q, W_K, W_V, W_O)
    print("in:", embeddings.shape, " after one layer:", first.shape, " after two:", second.shape)
    print("tennis after one layer: ", first[6])
    print("tennis after two layers:", second[6])

# %% [markdown]
# In the first layer "tennis" looks at bare words; in the second it looks at tokens that have already gathered from
# their own surroundings, and so on upwards. Models such as ChatGPT or Gemini stack many such layers, and the output
# of each is the input of the next. By the end of the stack every token knows a great deal about all the others; from
# that the model predicts the next word, and so writes text that hangs together. The Transformer of 2017 stacked six
# layers, GPT-3 (Brown et al., 2020) stacks 96. (In a real model every layer has matrices of its own; here we use
# the same ones twice.)

# %% [markdown]
# ### One thing is missing
#
# > **Predict.** We turn the sentence round, last word first, and send it through `multi_head`. In which row is
# > "tennis" then? And does its output change? (True or False)

# %%
predict("row of tennis when the sentence is turned round", 3)
# why: Ten rows, counted from 0: row 6 becomes row 9 − 6.
# 4: Nearly: rows are counted from 0.
predict("its output changes", False)
# why: Attention compares vectors and does not know who stands where.

# %%
with waits_for("multi_head", "attend"):
    forwards = multi_head(embeddings, W_Q, W_K, W_V, W_O)
    backwards = multi_head(embeddings[::-1], W_Q, W_K, W_V, W_O)
    print("tennis, forwards: ", forwards[6])
    print("tennis, backwards:", backwards[3])

# %% [markdown]
# It is the same, now in row 3. To attention "man bites dog" and "dog bites man" are one and the same. Real models
# therefore add something to the embeddings or the queries and keys that tells the position (section 3.5 of the
# paper).

# %% [markdown]
# What else a real model has around the layers that you built: after each attention a small network that works
# on every token for itself, a short cut that adds the input to the output, a rescaling that keeps the numbers
# in bounds, and for models that write text, the rule that no token sees those after it. Each of these
# matters, and the small network even holds most of a model's weights. But the one place where tokens learn
# from each other is the one that you have built. The rest you build in the next lesson, *Layers*, up to the
# probability of the next word. Keep your `multi_head`, you will need it there.

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
# ### Full marks? Go a little further
#
# These questions are not graded. Find the answers with your own functions, in cells of your own.
#
# > **1. A head that is switched off.** Fill the first three rows of W_O with zeros. Which head has no say any more:
# > 0 or 1?
# >
# > **2. Heads change places.** Swap the two heads in W_Q, W_K and W_V, but leave W_O alone. Is the output the same?
# > (True or False) And what must you do to W_O to get the old output back: "swap its rows 0–2 with 3–5", or
# > "swap its columns"? Answer "rows" or "columns".
# >
# > **3. One head for all?** Eight heads with d_k = 64 and d_model = 512: how many numbers are in their W_Q, all
# > together? (One large head with d_k = 512 has 262144.)

# %%
predict("the head that has no say", 0)
# why: Side by side, head 0 comes first: its three numbers meet the first three rows of W_O.
# 1: Its numbers meet the last three rows.
predict("swapped heads, the same output", False)
# why: Each head's findings now meet the rows of W_O that were trained for the other's.
predict("what of W_O to swap", "rows")
# why: A row of W_O says what one number of the heads adds to the output, so the rows belong to the heads. Columns belong to the output.
predict("numbers in the W_Q of eight heads", 262144)
# why: 8 · 512 · 64 is 512 · 512: eight small heads cost as much as one large one, and ask eight questions.
# 32768: That is one head.

# %%
predict()

# %% [markdown]
# **Source.** Vaswani et al., *Attention Is All You Need* (2017), section 3.2.2,
# [arXiv:1706.03762](https://arxiv.org/abs/1706.03762).
