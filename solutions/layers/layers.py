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
# # Layers: from attention to the next word
#
# {{ install }}
#
# In the last lesson the output of `multi_head` had the shape of its input, so that it could go in again. Large
# language models do just that: they stack dozens of layers. The output of the first is the input of the
# second, and so on to the top. In this lesson you build what is still missing around the attention, stack it,
# and cross the bridge that all of this was for: from the output of the last layer to the probability of the
# next word.

# %%
import numpy as np

from autograder import check, draw, predict, waits_for

np.set_printoptions(precision=2, suppress=True)  # two decimals are enough to read

draw.flow(
    """embeddings, positions → x: add
x, mask → after layer 1: block
after layer 1, mask → after layer 2: block
after layer 2 → output: layer_norm
output → next word: table, softmax"""
)

# %% [markdown]
# As before: where it says *Predict*, put your guess into the cell in place of the dots, and run it. It says at once
# whether you were right, and nobody grades it. And a function works for inputs of any size, leaves them as they are, and
# gives each caller a result of its own.

# %% [markdown]
# ## Bring your own multi_head
#
# Paste your `softmax` from the second lesson here, and your `multi_head` from the last one. They are not
# graded again. If one of them never worked, go on all the same: what you build on it is graded with a right
# one in its place.


# %% nbgrader={"grade": false, "grade_id": "softmax", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax(x):
    """Your own softmax from the self-attention lesson: paste it here.

    x: array of one, two or three dimensions; entries may be -inf.
    Returns an array of the same shape, whose rows add up to 1.
    """
    ### BEGIN SOLUTION
    exponentials = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)
    ### END SOLUTION


# %% [markdown]
# `multi_head` takes one thing more from now on: a *mask*, an array of shape (n, n) that is **added to the
# scores of every head, before softmax**. What it is good for comes right below. Give your function one more
# parameter at the end, and hand it on to where your scores are made. If your `attend` makes them, it needs
# the parameter as well; paste it into the same cell, with all that it calls.


# %% nbgrader={"grade": false, "grade_id": "multi_head", "locked": false, "schema_version": 3, "solution": true, "task": false}
def multi_head(embeddings, W_Q, W_K, W_V, W_O, mask):
    """Your own multi_head from the last lesson, with one parameter more: paste it here, with all that it calls.

    embeddings: array of shape (n, d_model).
    W_Q, W_K: arrays of shape (h, d_model, d_k).  W_V: (h, d_model, d_v).  W_O: (h * d_v, d_model).
    mask: array of shape (n, n), added to the scores of every head before softmax: 0 or -inf.
    Returns an array of shape (n, d_model).
    """
    ### BEGIN SOLUTION
    Query, Key, Value = embeddings @ W_Q, embeddings @ W_K, embeddings @ W_V
    scores = Query @ np.swapaxes(Key, -1, -2) / np.sqrt(Key.shape[-1]) + mask
    heads = softmax(scores) @ Value
    return np.concatenate(heads, axis=-1) @ W_O
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
# ## No peeking ahead
#
# A model that writes has only the words so far, and must tell the next one. So it learns like this: it reads
# "Carlos Alcaraz is a very skilled tennis player", and at *every* word it has to tell the one that follows.
# If "tennis" could look at "player", it would only have to copy the answer. So each token may look at itself
# and at those before it, and at nobody after it.
#
# The *causal mask* makes that so. It is added to the scores: 0 leaves a score as it is, and −∞ wipes it out,
# because softmax turns −∞ into a weight of exactly 0.
#
# > **Predict.** Four tokens, scores all the same. With the mask, which weight does the first token give to itself?
# > And which one does the last token give to each of those that it sees?

# %%
predict("weight of the first token on itself", 1)
# why: It sees nobody else. Whatever its score is, it gets all the attention.
# 0.25: That would be so if it saw all four.
predict("each weight of the last token", 0.25)
# why: It sees all four, with equal scores, and the weights add up to 1.

# %% [markdown]
# Now write `causal_mask`. Row i belongs to the token that looks, column j to the one that is looked at.


# %% nbgrader={"grade": false, "grade_id": "causal_mask", "locked": false, "schema_version": 3, "solution": true, "task": false}
def causal_mask(n):
    """The mask that hides from each of n tokens those that come after it; it is added to the scores.

    n: the number of tokens, at least 1.
    Returns an array of shape (n, n): 0 where token i may look at token j, which is where j is at most i,
    and -inf (np.inf with a minus sign) where it may not.
    Source: Vaswani et al. (2017), section 3.2.3.
    """
    ### BEGIN SOLUTION
    # place (p): Number the places.
    places = np.arange(n)
    # later (L): Ask of each column whether its place is a later one than that of the row.
    later = places > places[:, None]
    # mask (M): Put minus infinity where it is, and 0 everywhere else.
    mask = np.where(later, -np.inf, 0.0)
    return mask
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-causal_mask", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(causal_mask)

# %% [markdown]
# Here it is at work, on the scores of four tokens.

# %%
scores = np.array([[0.3, 1.2, -0.4, 0.9], [1.1, 0.2, 0.8, 1.6], [-0.5, 0.7, 0.4, 1.3], [0.6, -0.2, 1.5, 0.1]])
with waits_for("causal_mask", "softmax"):
    seen = softmax(scores + causal_mask(4))
    draw.heat_map(
        tokens[:4],
        tokens[:4],
        {"The mask": causal_mask(4), "Weights without": softmax(scores), "and with it": seen},
    )

# %% [markdown]
# Each row still adds up to 1: what the hidden tokens had is shared out among those that can be seen. And one
# sentence of ten words is now nine lessons at once, since every token but the last has a next word to tell
# and cannot cheat.

# %% [markdown]
# ## Where a word stands
#
# At the end of the last lesson we turned the sentence round, and the output of "tennis" stayed the same:
# attention does not know who stands where. The cure is to write the position into the embedding itself. For
# each position there is a row of numbers, as long as an embedding, and it is simply added.
#
# Which numbers? Think of the hands of a clock. The second hand turns fast and the hour hand slowly, and
# together they tell every moment of half a day. Here each pair of features is such a hand, each slower than the one
# before. A hand needs two numbers, how far it points up and how far to the side: the sine and the cosine of one
# angle. For position p and pair number i, counted from 0:
#
# $$\mathrm{PE}_{p,\,2i} = \sin\!\left(\frac{p}{10000^{2i/d_{\mathrm{model}}}}\right)
# \qquad
# \mathrm{PE}_{p,\,2i+1} = \cos\!\left(\frac{p}{10000^{2i/d_{\mathrm{model}}}}\right)$$
#
# So features 0 and 1 are sine and cosine of the fastest hand, 2 and 3 those of the next, and so on.
#
# > **Predict.** What is the row of position 0, with four features? (Four numbers in parentheses)

# %%
predict("row of position 0 with four features", (0, 1, 0, 1))
# why: Every hand points straight ahead. The sine of 0 is 0 and its cosine is 1, whatever the speed.
# (0, 0, 0, 0): Half of them are cosines, and the cosine of 0 is 1.
# (0, 0, 1, 1): Sine and cosine of one hand stand side by side, then come those of the next.

# %% [markdown]
# Now write `positional_encoding`. Positions and pairs are counted from 0.


# %% nbgrader={"grade": false, "grade_id": "positional_encoding", "locked": false, "schema_version": 3, "solution": true, "task": false}
def positional_encoding(n, d_model):
    """Where each token stands, as numbers to be added to its embedding.

    n: the number of tokens, at least 1.
    d_model: the number of features of an embedding, an even number.
    Returns an array of shape (n, d_model): in row p, feature 2i is sin(p / 10000^(2i / d_model)) and feature
    2i + 1 is the cosine of the same angle, for i from 0.
    Source: Vaswani et al. (2017), section 3.5.
    """
    ### BEGIN SOLUTION
    # feature (f): Number the features.
    features = np.arange(d_model)
    # pair (k): Count them in pairs: two neighbours have the same number.
    pairs = features // 2
    # exponent (e): Divide twice the number of the pair by d_model.
    exponents = pairs / (d_model / 2)
    # wavelength (w): Raise 10000 to that power: from pair to pair the waves get longer.
    wavelengths = 10000**exponents
    # position (p): Number the positions.
    positions = np.arange(n)
    # angle (a): Divide each position by each wavelength.
    angles = positions[:, None] / wavelengths
    # sine (s): Take the sine of each angle.
    sines = np.sin(angles)
    # cosine (c): Take the cosine of each angle.
    cosines = np.cos(angles)
    # odd (o): See which features are the second of their pair.
    odd = features % 2
    # wave (P): Take the cosine there, and the sine everywhere else.
    waves = np.where(odd, cosines, sines)
    return waves
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-positional_encoding", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(positional_encoding)

# %% [markdown]
# > **Predict.** In the picture of ten positions, which features change fastest from row to row: the first or the
# > last? And if you take the dot product of position 4 with every position, itself included, with which is it
# > largest?

# %%
predict("the fastest features", "first")
# why: Their wavelength is the shortest: the exponent is 0.
predict("position most like position 4", 4)
# why: Sine and cosine of one angle, squared, add up to 1. So it is 4 with itself, one for each pair, and less with any other.

# %%
with waits_for("positional_encoding"):
    encoding = positional_encoding(10, 8)
    draw.heat_map(
        tokens,
        ["sin 0", "cos 0", "sin 1", "cos 1", "sin 2", "cos 2", "sin 3", "cos 3"],
        {"Where each word stands": encoding},
    )
    print("position 4 and each position:", encoding @ encoding[4])

# %% [markdown]
# The first two columns go up and down within a few words. The last four have hardly moved after ten: they are
# the hour hands, for longer texts. The dot product is largest with position 4 itself, next with its neighbours 3
# and 5, and alike on both sides. So "near" and "far" can be read from it, and a query can learn to look for the
# word before.

# %% [markdown]
# ## Numbers that stay in bounds
#
# In a stack every layer adds something to every token. Let us add up what twelve random layers might say.

# %%
rng = np.random.default_rng(5)
x = embeddings
for layer in range(1, 13):
    x = x + rng.normal(size=x.shape)
    if layer in (1, 4, 12):
        print(f"after {layer:>2} additions, the features of tennis scatter by {x[6].std():.2f}")

# %% [markdown]
# They grow, and scores are products of them: softmax would soon be in trouble again. *Layer normalisation*
# brings each token back to one size before anyone works with it. For each token by itself: subtract the mean
# of its features, then divide by their standard deviation, the square root of their variance. Then the mean
# is 0 and the variance 1.
#
# > **Predict.** A token has the features 1, 2 and 3. What becomes of the 3, to two decimals? (The variance is 2/3,
# > and its root is about 0.82.)

# %%
predict("what becomes of the 3", 1.22)
# why: The mean is 2, which leaves 1, and 1 divided by 0.82 is 1.22.
# 1: That is 3 less the mean. It still has to be divided by the root of the variance.
# 1.5: That is 1 divided by the variance, not by its root.

# %%
token = np.array([1.0, 2.0, 3.0])
print(token - 2, "divided by", np.sqrt(2 / 3).round(2), "is", (token - 2) / np.sqrt(2 / 3))

# %% [markdown]
# If all features of a token are the same, the variance is 0, and 0 divided by 0 is nan. So a small number,
# called epsilon, is added to the variance: 0.00001 (1e-5 in Python).
#
# (Real models multiply the result by learned numbers and add others, one for each feature. Ours goes without.)
#
# Now write `layer_norm`.


# %% nbgrader={"grade": false, "grade_id": "layer_norm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def layer_norm(x):
    """Each token's features, moved and stretched to a mean of 0 and a variance of 1.

    x: array of shape (n, d_model), one row per token.
    Returns an array of the same shape. The variance is the mean of the squares, and 1e-5 is added to it, so
    that a token whose features are all the same comes out as zeros.
    Source: Ba et al. (2016), here without gain and bias.
    """
    ### BEGIN SOLUTION
    # mean (m): Take the mean of the features of each token.
    means = np.mean(x, axis=-1, keepdims=True)
    # centre (c): Subtract it from each of them.
    centred = x - means
    # square (q): Square each of them.
    squares = centred**2
    # variance (v): Take the mean of the squares of each token.
    variances = np.mean(squares, axis=-1, keepdims=True)
    # epsilon (u): Add 1e-5, so that it is never 0.
    safe = variances + 1e-5
    # root (s): Take the square root.
    roots = np.sqrt(safe)
    # divide (y): Divide each feature by the root of its token.
    normal = centred / roots
    return normal
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-layer_norm", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(layer_norm)

# %%
with waits_for("layer_norm"):
    draw.strips({"tennis after 12 additions": x[6], "and after layer_norm": layer_norm(x)[6]})

# %% [markdown]
# ## A small network for each token
#
# In the attention tokens learn from each other. Then each of them needs time to think: a small *feed-forward
# network* works on every token for itself, with the same weights for all. It multiplies the token with a
# matrix that makes it wider, cuts off what is negative, and multiplies it with a second one that makes it as
# narrow as before. Each product has a *bias* added, a number for each feature:
#
# $$\mathrm{FFN}(x) = \max(0,\; x W_1 + b_1)\, W_2 + b_2$$
#
# The max with 0 in the middle is called *ReLU*. It looks harmless, and without it all would be in vain: two
# products in a row are the same as one with another matrix.
#
# > **Predict.** In the paper the middle is four times as wide as the token. If a token has d_model = 8 features, what
# > is the shape of W_1? How many numbers are in W_1 and W_2 together? And how many in W_Q, W_K, W_V and W_O of an
# > attention with 2 heads, whose d_k and d_v are 4?

# %%
predict("shape of W_1", (8, 32))
# why: A row for each feature that comes in, a column for each hidden one.
# (32, 8): That is the shape of W_2.
predict("numbers in W_1 and W_2", 512)
# why: 8 · 32 in each of them.
# 256: That is one of the two.
predict("numbers in the attention", 256)
# why: Three stacks of 2 · 8 · 4 and W_O with 8 · 8 make 4 · 64.

# %% [markdown]
# So two thirds of a layer's weights are in the network: it is where a model keeps much of what it knows.
#
# Now write `feed_forward`.


# %% nbgrader={"grade": false, "grade_id": "feed_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def feed_forward(x, W_1, b_1, W_2, b_2):
    """The network that works on each token for itself: wider, ReLU, narrow again.

    x: array of shape (n, d_model).
    W_1: array of shape (d_model, d_ff).  b_1: array of shape (d_ff,).
    W_2: array of shape (d_ff, d_model).  b_2: array of shape (d_model,).
    Returns an array of shape (n, d_model).
    Source: Vaswani et al. (2017), equation 2.
    """
    ### BEGIN SOLUTION
    # first product (A): Multiply each token with the first matrix.
    products = x @ W_1
    # first bias (B): Add the first bias.
    hidden = products + b_1
    # relu (R): Replace what is negative by 0.
    active = np.maximum(hidden, 0)
    # second product (D): Multiply each token with the second matrix.
    back = active @ W_2
    # second bias (O): Add the second bias.
    output = back + b_2
    return output
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-feed_forward", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(feed_forward)

# %% [markdown]
# ## One block
#
# A *block*, or layer, is both parts, one after the other, and around each of them a *short cut*: what comes
# in is added to what comes out. (It is also called a residual connection.) So a token is never replaced. It
# stays what it is, and each part only adds what it has found.

# %%
draw.flow(
    """x → norm of x: layer_norm
norm of x, mask → found: multi_head
x, found → half: add
half → norm of half: layer_norm
norm of half → thought: feed_forward
half, thought → output: add"""
)

# %% [markdown]
# Where does the norm go? In the paper of 2017 it came after each addition. Since about 2019 nearly all models
# take it *before* each part, and let the short cut go around it: then the words run straight from the bottom
# to the top of the stack, and deep stacks are much easier to train (Xiong et al., 2020). We do it as today's
# models do.
#
# > **Predict.** All weights of both parts are 0, and the biases too. Does the block change its input? (True or False)

# %%
predict("a block of zeros changes its input", False)
# why: Both parts say nothing, and the short cuts hand on what came in. A layer has to learn only what it wants to change.

# %% [markdown]
# Now write `block`. Call the functions that you have written.


# %% nbgrader={"grade": false, "grade_id": "block", "locked": false, "schema_version": 3, "solution": true, "task": false}
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    """One layer: attention, then the network, each on the norm of what comes in, and added to it.

    x: array of shape (n, d_model).  mask: array of shape (n, n), for the attention.
    W_Q, W_K, W_V, W_O: the weights of multi_head.  W_1, b_1, W_2, b_2: those of feed_forward.
    Returns an array of shape (n, d_model): the norm is taken before each of the two parts, not after it.
    """
    ### BEGIN SOLUTION
    half = x + multi_head(layer_norm(x), W_Q, W_K, W_V, W_O, mask)
    return half + feed_forward(layer_norm(half), W_1, b_1, W_2, b_2)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-block", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(block)

# %% [markdown]
# ## A stack of blocks
#
# Now the whole: add the positions to the embeddings, once; make the mask; send all through one block after the
# other, each with weights of its own; and take a last norm, because what leaves the last block has been added
# to many times.
#
# The weights of a layer come as a tuple of eight arrays, in the order in which `block` takes them, and those
# of all layers as a list. `block(x, mask, *weights)` spreads such a tuple out.


# %% nbgrader={"grade": false, "grade_id": "stack", "locked": false, "schema_version": 3, "solution": true, "task": false}
def stack(embeddings, layers):
    """All layers: the output of each is the input of the next.

    embeddings: array of shape (n, d_model), without positions; d_model is even.
    layers: a list with a tuple (W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2) for each layer, the first one first.
    Returns an array of shape (n, d_model): the embeddings with their positions added, sent through a block for
    each layer under the causal mask, and one layer_norm at the end.
    """
    ### BEGIN SOLUTION
    n, d_model = embeddings.shape
    x = embeddings + positional_encoding(n, d_model)
    mask = causal_mask(n)
    for weights in layers:
        x = block(x, mask, *weights)
    return layer_norm(x)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-stack", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(stack)

# %% [markdown]
# Let us send the sentence through three layers of random weights. Nobody has trained them.
#
# > **Predict.** We change the last word, "philanthropist", to "tennis". How many rows of the output change?

# %%
predict("rows that change with the last word", 1)
# why: The last one alone. No token knows of those after it, through any number of layers.
# 10: Without the mask it would be all of them.

# %%
rng = np.random.default_rng(11)
h, d_k, d_v, d_ff = 2, 4, 4, 32
shapes = [(h, d_model, d_k)] * 2 + [(h, d_model, d_v), (h * d_v, d_model)]
shapes += [(d_model, d_ff), (d_ff,), (d_ff, d_model), (d_model,)]
random_layers = [tuple(rng.normal(size=shape) / 2 for shape in shapes) for _ in range(3)]

with waits_for("stack"):
    output = stack(embeddings, random_layers)
    other = embeddings.copy()
    other[9] = embeddings[6]
    changed = np.abs(stack(other, random_layers) - output).max(axis=1) > 0.001
    print("in:", embeddings.shape, " out:", output.shape)
    print("changed:", [token for token, change in zip(tokens, changed, strict=True) if change])

# %% [markdown]
# That is also why a model can go on writing without working all of it out anew: what it has found for earlier words
# stays as it is.

# %% [markdown]
# ## The next word
#
# And now the bridge. What comes out at the top is a row of numbers for each token, of the size of an
# embedding. How does a word come of it? By the same question as ever: *how well does it match?* The output of
# the last token is compared with the embedding of every word of the vocabulary, by a dot product. That gives
# a score for each word, and softmax makes probabilities of the scores.
#
# For this we need weights that have learned something. The folded cell below holds some: a table of 62
# embeddings, one for each word of the lessons before and one for the full stop, and two layers. They were **trained**, on 3000 sentences
# that a small program put together from these words, such as "the old fisher mends the net on the boat" and
# "Carlos Alcaraz is a very skilled tennis player and philanthropist". At every word the training asked for
# the next one, and moved all numbers a little so that the right word became more likely; 1500 times. It has
# read nothing else, so it knows nothing else.

# %% jupyter={"source_hidden": true} cellView="form" nbgrader={"grade": false, "grade_id": "trained", "locked": true, "schema_version": 3, "solution": false, "task": false}
# @title The trained weights: run it and read on, there is nothing to change here
import base64

vocabulary = """
Carlos Alcaraz Serena Williams Clara Schumann he she a the is was plays catches hits loves helps sings mends
very really quite skilled famous young old fast strong kind generous tennis football player champion racket
ball court match fisher boat fish sea harbour singer song piano concert music philanthropist teacher school
children friend net star and in on with for of .
""".split()

# Of each array its largest entry, its shape, and every entry as a byte from -127 to 127.
# trained with 17cb154be11381dd
TRAINED = """
2.456 62x16 FOEw8P/3B+0V7OgTJu4DGDW6FOoHHw0uwuoi1Svj+e/2CgkAGvPtD/Hf6/A10gj0CrTxAsk1+dfS8RK+IRX5Cf4SLxX61v4T
  5Pso8wz71QLdtgf8LODyLkgaGtsXA/4R9uoDHgUP/w/vKAcJ++wpB/0Q+xAE9u4W+AUS0g8F2+0/FknrP0TYBge7GzHWJeweGCcZCAMdjCjy
  HSs4/9YuJwM22/nXDh0M7P3tEQYQvUUKIN7zwRAPAvL05gIBFMM99PoO9dbaD7wDGdcaQjTKE+40EfPc7gHqtzfvJSMRGB3F7vEE5tgU6+M/
  9QQrA+kxAETyKt/9IebkBOlA/kTpFNwJug8ILQgX+g6mEx4iDhvq/uP5+NY43yPT0PYaCPk/zv/v4u795By+MPTxIFAAEC/FITEjE+H1AffQ
  ygvxAgEpviI6FhzX8Ab74tDz+AEGO/4xLSse2M7w/OHICQAA++fcCShEARPe3yLeDsQD2QcbANIuNMLmBs301hfR1f/7Htf4FhG86dTk9gYr
  3tsDECrr6usF8fX7CwfzCAXA4O3tvQoVHAfm0vgM40kr+toaOdwSHSPs//7cS/ME8B7Q9Dr6wks98gf98/hE8/ov8gIo7+8FTOYT3j7zEwHl
  JN8UtxH39g/nz1MpIv458PDqqx8bB9M45vwNH/fiKgOn0eMszQHI6PkZIu4kMTAJyCzYNtcKvfnfJgLuDvTtx/gp07/IEB//SC1h6//09gIZ
  AOXQyT/sQQ1B3AURBdrj0ua42PLL+uUWR0meEQu3Dc0f994p1S4ELuzSJwQK4Uv30NgBtwOp6fENCStcFxvP+94m5TAk7hREJM3j9SMWIcAo
  NNbnBcbvC1YL6PRI9hgkwuHcMxHa0DI63RMl9fBa3w7K5jMA0RYiLx0lIRDRMevdzv3ruPrpw+vLNCEVLPwYSfUM2n8w5iQnDT4DEBAU6Mje
  8AnzBPbQNchSIC0dEcXl3hn4ASXjLxJS2s01Awcz1LDN/vTx/NOr6yXQTB4rJSbvQs/I6wMGEQck/trw8EMQyDgTwiv+5CIeGCXN2SEJJc32
  G8S5HSTv2kDmEevx5EX00PDr6cpTA9wTNDX79RE92dj8607V+gPuFybTyOdIIcnf8xBI9DAKvOvTShYJFS/w7KxRrAf06VLxExP2CwsX/v4t
  I9L49csWFdnsvgg4WPnWFFb++hodKRDz0yPOtN9HvJkeJt7hFwAwCPc3Efo0NbXZDgvT8t0p4cPtGuj3FUrHFirtK98JExsRxvkCvSQY1RRa
  MLLvwisPE80JABPwB8k+ILnV+y8bT7Lh7PweHQA=
0.8369 2x16x8 qvXs9NwYDAvFFMYNDcP/5R0i5cjAKBcvBmMjD/TI7OEpCfIDyx+iy0U1Odm6+lvRwQcRK+4B+eMS9CEsESPz3MDDyuXMZ8
  zvGrc40EUlPd8j2B87KyovAw0tDm1V6kb20e9ENd7G0RY7uPDZKBE+4hYB8bk7B8ojDwHS/PcCP1ge79z547PpFQglreQI/jwZ2P66Kh0sBu
  rMs/bsWQf38/Yg1cPWERiqze/9JfIy+vtGKVDHU0j2YALyADgD1TzoEProKhDzTdw3NPXgsH/LNtIPNClfwuYHrVM38bUaRRHa7Nbmw/S4Ai
  81AyI9kf7pKyy2R+fO7BW8+cTtHOdDsA==
0.9067 2x16x8 HeMdIiTWowEWEvwxFh/V+9kTygqfI5fSvR0XBdDV6gQXRtz57uDR4+BN5zA3AD+i7srjMOztGyICDPo6A6MwHPTc4w3QHr
  1NL9enzug1GE0XoAqUp0D+8S/96RQJ8Ni/D8n+5SlfUAUAxwP3FSY82jpS9+XV1/ICF8rR1Vjy+/kx6unUDu2vADYQ7OzO7fdQKejZGAwRGt
  H1swgKNNm8N+302AfxCizZAt6RCSrR5cKrufYY7Pss2xfR//oQw/v89jL8+87s7OURHBnhgXgLaAXkUPIpNtg02gXx3xIG6h4OyMnWHm/rB+
  7jAB/P88zoKC3mPPsZ7fHiM0rGFGpc2A==
0.7374 2x16x8 vQjK6fP85QQAJS3vCfVBEgpRKdQDGUnz9AxGosLTyQXc7E1q0wf31g3H8wL27fq3P+TRwEIeB8Hs8eeyKDjd1eTb6/72pg
  3m5yEHcddA/OTMEyAPB8gO8zor3c3PCeogCGabNBMgtav2vq4hIi++9wUZ/QOvAtj1HFoN+TvLSzD90PEj8fYZ4tXtEvnnA8UY+2H+XoELZh
  wC9/U/2izE3CzGKCYTJ8xC5RUv7/70MhrZq9c66bivJAPWsfTSKfhY/vebIQ72ogsr3N3/OjnlvSAyvT/pNy/y7dLa8dAWxxGtRb2kMAInI0
  xB+bsMxh/w79cjBBc79AAQ/acz+9jtHQ==
0.5758 16x16 +P4bFQvoGuMJBTXoHyv03n+8EgIBAPXcDfkl7Ej64A4s++nR/BoNKg4iBAf0A/bm4eIXS/X29O7S6BEhqb/QBu0n3Q4A9iw
  R5cr5EQ367/jO7kEIzdRS5CgW6xvjuBfv/P3aBB4jHg2l4e39DAfB+UAr3t8u9gD5F9f9/xHdDdEJUAwMD/Ma9N4F6tkJ1yoiLvLBTSDHL+z
  y0fzlBL/y/ZizFVoU7O36Hf/lKM4xHxgd/SMPAhrNA5sKB/jUKaQv2cQY2gAdEE4c/uMi7vAVBfIaD/+73f38RQgkAe4K/Uf/3actFP8upOs
  a6+Sv2RUUJOfrL+0859/F6Nn3OS8V1g==
1.054 16x32 Bjf72Bzs3fnVzu34CQAP43MSEAUl5/HE+x4j2swQJN4C/wPpDLkA6O8FDTL52gXzCvIK8PoKNu7U/z0b9R866gDl9yQV2xPm
  GgnoEN5E5Ov1FwraKzjAty8IAvXsyBT1HRnfAwXHAzrPHUch6PYhEw8L7SXgMO4my78lreoi8gr0/89EPPSm0fK1AD7rwO7wKMne6wAGAAEL
  3foA7SbMBQ4aSc8V8tWwPRko7gz2D1bFIAkQGQMS5Uz+HQT2IOv0089L6dMOAuXlHDI6F+BI+gPFEx0zIt7P4/ymI9fY8k0mFGIHCBsV8PZK
  8+0iB98lAuDW/iX+1Nz1PP33olUO/gz+/9cLHO7L7xk08bkvHRTTHhzx5dv6Gpv5HSgcy/Xd+h8g+8fz6hraG8fErxzZyeBBDDYZEQfu3gQP
  /ssF8+K/8vDjSsXMGO0i/Qv4JQrt+i22BOjPHgE7Ez/pD0DR5N8IwQwYDy/6LTC+CN3gxjUzt8cNBvjqLjDvJP/11CJXI/Eu7vonK83qJEzX
  Kcgm7+nV2Qn+DxkQDiMEsi8EH+ICzywlU9QGXfsi9Q41HP7m1+cjByARLzEfA+fs2CEaTioW7/iz8QzgBygO7cUjKw4R6CEZ7P/fChgfPef9
  NdYM4BvxIfR/Ntvb28kSP/fmQdcO3xv1/S3//AsfKQ0C9Cg=
0.2101 32 /7Yb4wsiVmkkuYjFxjSBDxfFstJ64+oj89LlBgcEJtk=
0.8849 32x16 39HjFwEjDN3QCy4j6TAUCBX68fgJBgn9ByAC8uj47/MOHgDsEAUL5CTR9wXaHhEg/vLXDB/98QoAE/71/ekV3APjJyvbLAM
  C/Az09hrpAOr5J/Xz9xP17ufK/gHp+xnxDPMDATcXx9Tn4DkR+Oz7Lt4ECwbuBgQyIgvtAijCAfkMCPIaxvMCAA4XBu8b8gToGvMX9uER+x8
  d6iPr+A0HHhzfB9vtKecA/w1AwvAAL/r+quMY/ebyCgscFOr8DCLrFRgS9DUuB/f9rRfz0DPN6RMdyAf+Dyrh8Pj69xAVB/sLIRKBAwDkXO8
  gLwjm6ireM/sQBBvw3e8VFBT7DwHbAsQJDfLrG+MLFgMa6gzsEfgfCu8CGuog7vICBSrv7uD42RT/GSYE9/Pc+PMVBwLhF/8XCeDvCuQF+O7
  2GQgDAvvhFALw4gLjDRYSAQUODQ4ADwT23/oB4v4CIAsq8vPxFffu9ib1CwsO+OPgMPMMDf8yE/fL6xAP+xnp1eH16+0CFhj6EujhKvU3/fP
  eAvD9B+rl7u//DxHzI/7n6OYUAgNG79z0JfYbEg7z/enz+/Pa9OQtIuoC3xD4zgze6SAj8EEd49H++S8oMzDe0TAB9/I8Crwu+8z8BAQYyvM
  rATbK9cUaGOwGyQUPEkf7J+4QAAMKHhUM3+IEIvL4Df3mCPk=
0.1021 16 tk8ckLYMGTxZ7My509R/AA==
1.096 2x16x8 LRr8BvIwFEXZH8YF8wDyIkPiyem/9h3v6OoaF9PeDCjwAAng+AAxZT3jC/7235YKAf7W3vYYAf8+x+urEgHVGS4qJeEww/f
  ZG+A44Mf47GX+AggtBCksECPwDvQDKQoMvNTvHOI1EtfDuAUx/8vj7c7aBfdFpynlDB/5NAUFHAo1/uyBHCYk8AXGEPrq1RXG/xD2uBD5+PR
  LKyEYD/0XFPMY+AUs6Q444f8p1Bk0Tw3w+bswEf3r+tvAIwHawN/7CNhb4/EFpusK4tgBFAYd0wggNd817wnV/fX54rb4286zRsYeDwQ3DNE
  j2B0WJvsc5dEOHuU16QTfSQz+yTH1xw==
0.8587 2x16x8 C94mSNPjFQ/jBCnjACRpKCoDUKPz06Mf9+QyIyISALdKDN7SwjLDKAaPNA30jRXSAyA22fXOf2XXxMSq/xsZAzANG+iwIv
  /Q+b49CeM41GjrF0n14wQbPkAaNthyr/XRyRTZbJlhSMXWrMMyFbXdCDg3Ktz1JBBaz17VC0YmCfjeMasY+v4eQc8Czo7oCSX1Pvwfoj4G49
  Mjpf8O5CbZ+MSnMtoDGukhC2A7ORI8ASlbHh6+WPzwbQHefRjulz/X++4dEfvuyA3LGsRDNOUX+C/3Bw8T+/Xx9A0x/sAf38jFBQIx1eTBBN
  v3AwwLRw1Ps85YKLfjntvrFN7u5D0asw==
0.8385 2x16x8 /SXN/w8J5+DPADcoALwEL/bw48Pi1/zoqzpV7NowEyztwgMaCVWp2fv28Vv+5TPyEwoKMxUlGQJZHnLnDxkMpwoQ88ddL/
  3b/fAl7/oPNtod9gHl7DISHP/+wgLZ4eMvuxHCChr5EAbg1e83ASC6HhTWzgUl8k8BM0HjMtbD3v/rMxD8HrgXQGQw5Nvv19v+JRQ5f985I/
  LSrx5E40S/MM/xBdzWxSIC+jz1/h0UD7n8zBTKACD24fRbJfXayETw6Og7DCMRSNsOOUrtCickuAQDFxXMkfYbC/IdxuZq3xMW4PrHBiTgKi
  /19AD18QmmAPnuyqb7K+tK7gr68S3vBw==
0.5375 16x16 zu8pLKci7rDKO/vsFRwIAP9F9brkBgz8GzHD/eIX9tIJyNTD2vjW1DsOIA7TBypCXPUnIyP2yiMAOrf4Gw28+dkX+TAWxSU
  TC8jqNwHgIVYV+uIU+O7t9+SyPRX7wQ/2w9rsDg8hJ+QX4eIZTlLtQDwKF8o4GP1H7eYc3PlLHOi49vIEQhwgxOat+TL07ADqUend9ird/c/
  V9wLz0yT3FB82geICCuJBIQ0L1SBT++2qUOCtPQAFFRDS7Mg1UkH+8uwRDBDtx0HiGeACjh8SC8k96B4GY8RY6BUX2fkH/O5ICvQW3t41Mo3
  bGhpGItsaC+dVGSC37vkiJPrpQwb8FA==
1.084 16x32 4/AWHo/pDSMv907h+8gp2DW8BB8m9hoBNg3Lu8cQDTL/BA0SIEPn9t317CPP5BsIFRkb+P2/3AE46ePqItfMFyRZvPnqxBzX
  IBYD5/kvBBfE3QAsKuTdBPknBRwcDuT4JBPGDA/usvka5hEf+emmPhYJLtzASPIN/NcGz1f0QQ7C42YG5BPa9P0x3UFIQqMg1bkOADQcCdnT
  I0YMJRrm3vkj7zQJB+3ZHkAJ2ucjEftAHQozKera+Dsn1AMgAPX9HwhKBfrWRhIkCv4A49B/GOgyuxHg9xMaGMYJNQb+AKS92c1nHTvTAKHm
  AljsJ1ak+/glB/wSByP/IiPlAykMIAMCAyEfugbkKgXysxfsH/zgFxHJDekCFvIc49DyqxT1CCkNFfIX8CcD9OTpKvQOIi8xzuo7COgYD+tC
  2vZO69sQDOdCM9nkzQUEHTTE5+ks79zkreAUQFMW8P8JvuL0GDZUAxUmCC/7DOP3uxXq6ssgBurQFBfozdEW+SMOVi9ItxsQDAzn5bXt2Pfc
  Ehzu0xMlJ+kFPjsR2s4MNQ3x6hocCsSiJTb7LFHh+THd7Snww/8IBf4P/en+2/DWLOFBCxD7IPjkEToiCgQ9INQh/hMC+DEA/yish8cIIMbv
  9zWBbTQwp9fy/SIyHhD62dsAzvTv6N4SBwQn3n3yBk4nICw=
0.3787 32 NBjx9oEBFvzf8AnR+MwJuQ9Sou3wtrvW8ePW6ufouRc=
0.6228 32x16 EQXoG+Eq0wedK9Y+Ku3eMgUv8R8A6ZpD5VMeB/beGN3m2lcX1dYj/wHUNi8dDKwN6d0X+u0AWrbLKN4O7/sQH07s3R0ZyRf
  g2BMtGC2iGfs5ACDqDi0FDhjvA+Hin/MTwD3/At8W7iYQ7AwNAhrfGfw6xPnh9jHWDAoTHm4S0xAID+oMD+IqG8pI29YzDqchR+XwIgMF4fn
  4ye/K1Cb7J6oo3/sG9jXtQyG86w4C7O1BphP6AhFNxT0MjNvUJx7mDybOAjzoCh0w7OfTF+bhxCDpst7K2vsV8REw/vo86Pr0RTsBAOHQ0QK
  I07sBQUY5E739BzTL7Pe/4QwG9ClFLcIEHu/gOA7X/uUR2vQZ+vn84VUEEtvpSELB0kXZA7kO4AvnKtAZ9OPuNx8t9g/d9Af58yHv/BojL9I
  6LPn14Ozh+xPtEBUoIxLgM/sCCPrquFcoCQINtN8higrv708t1OLH4DcuXL022kIq0pruLOSTqT7zYhwZN+0vgeUPxCt8mwAR2gWwBl7LAfw
  IR09B7SAc5vMZFb3DBv8P/wkfNv/u5OHwtscGAiMbR2TvO+TxVS7UC/ohyjz5M5/9op8cHi/8Ib0iGwko+A8YMtW29OINBuLnHt4oIT0OSR6
  hBw/aACDmABoSL/3w/L4U9wn4DSqoI9Y48xs+5vkhOMcBEsk=
0.085 16 kH9aIbc5qDMmwQ/qCOSGSw==
"""


def read_weights(text):
    """The arrays in a text: of each a line, which may go on in lines that are moved in."""
    arrays = []
    for line in text.strip().replace("\n ", "").split("\n"):
        largest, sizes, *letters = line.split()
        entries = np.frombuffer(base64.b64decode("".join(letters)), dtype=np.int8)
        arrays.append(entries.reshape([int(size) for size in sizes.split("x")]) / 127 * float(largest))
    return arrays


table, *arrays = read_weights(TRAINED)
trained_layers = [tuple(arrays[:8]), tuple(arrays[8:])]


def places_of(text):
    """Where the words of a text stand in the vocabulary; a word may begin with a capital letter or not."""
    places = []
    for word in text.split():
        known = [one for one in (word, word.capitalize(), word.lower()) if one in vocabulary]
        if known:
            places.append(vocabulary.index(known[0]))
        else:
            print(
                f"“{word}” is not among the {len(vocabulary)} words that this model knows, so it is left out."
            )
    return places


# %%
print("the words:", *vocabulary)
print("the table:", table.shape, " the layers:", len(trained_layers))

# %% [markdown]
# This is the whole way, in four lines: look up the embeddings, run the stack, compare the last output with all
# words, softmax.


# %%
def next_words(text):
    """The probability of each word of the vocabulary to come next."""
    places = places_of(text)
    output = stack(table[places], trained_layers)
    scores = table @ output[-1]
    return softmax(scores)


def tell(text, most=4):
    """Prints the likeliest next words."""
    probabilities = next_words(text)
    best = np.argsort(-probabilities)[:most]
    likely = ", ".join(f"{vocabulary[place]} {probabilities[place]:.2f}" for place in best)
    print(f"{text} … {likely}")


# %% [markdown]
# > **Predict.** Which word will it find likeliest after "Carlos Alcaraz is a very skilled tennis"?

# %%
predict("after skilled tennis", "player")
# why: In the sentences that it was trained on, "skilled tennis" goes on like this more often than in any other way.

# %%
with waits_for("stack", "softmax"):
    tell("Carlos Alcaraz is a very skilled tennis")
    tell("Carlos Alcaraz is a very")
    tell("Carlos Alcaraz is a very skilled tennis player and")

# %% [markdown]
# After "tennis" the model is nearly sure. After "very" there are several good words, and it shares the probability
# among them. A model does not know the one right word. It knows how likely each of them is.
#
# > **Predict.** "Clara Schumann plays the", "the old fisher catches the", "Serena Williams catches the": the last word
# > is the same in all three. Will the likeliest next word be the same, too? (True or False)

# %%
predict("the same word after the", False)
# why: The embedding of "the" is the same in all three. What it has gathered from the words before it is not.

# %%
with waits_for("stack", "softmax"):
    tell("Clara Schumann plays the")
    tell("the old fisher catches the")
    tell("Serena Williams catches the")

# %% [markdown]
# The piano, the fish, the ball: "the" has gathered from "catches" that something is caught, and from "fisher" or
# "Serena Williams" by whom. That is what "context-aware" means, and now you can read it off.

# %% [markdown]
# ### Let it write
#
# Take the likeliest word, add it to the text, and ask again: that is how a model writes, one word at a time.
# Put your own beginning in the place of the first one. It knows the words that are printed above.


# %%
def write(text, most=20):
    """Adds the likeliest next word again and again, up to a full stop."""
    for _ in range(most):
        text += " " + vocabulary[next_words(text).argmax()]
        if text.endswith("."):
            break
    return text


# %%
with waits_for("stack", "softmax"):
    print(write("the young fisher"))
    print(write("Clara Schumann"))
    print(write("he is a very"))

# %% [markdown]
# ### Full marks? Go a little further
#
# These questions are not graded. Find the answers with your own functions, in cells of your own.
#
# > **1. Without the order.** If you subtract the positions from `table[places]` before `stack` adds them, they cancel
# > out, and the model knows who is there but not where. Is "player" still likeliest after "Carlos Alcaraz is a very
# > skilled tennis"? (True or False)
# >
# > **2. Bolder and shyer.** In `next_words`, multiply the scores by 3 before softmax, and then by 0.3. Which of the two
# > makes the likeliest word after "Carlos Alcaraz is a very" likelier still: 3 or 0.3? (The factor is one divided by
# > what is called the *temperature*. Let your model draw words by their probability, too, instead of taking the
# > likeliest.)
# >
# > **3. How many?** GPT-3 has 96 layers with d_model = 12288, and the network is four times as wide. Count 12 ·
# > d_model² numbers a layer (why?). How many billions, which are thousands of millions, is that in all? A whole number.

# %%
predict("without the order, still player", False)
# why: It still sees who is there, but not that "skilled" and "tennis" are the last ones, in this order.
predict("the factor that makes it bolder", 3)
# why: Larger scores lie further apart, and softmax turns differences into ratios.
predict("billions of numbers in 96 layers", 174)
# why: 4 · d_model² in the attention and 8 · d_model² in the network, 96 times. With its vocabulary GPT-3 has 175.

# %%
predict()

# %% [markdown]
# ## In your own words
#
# Why must a token not see those after it, and what would a model learn without the mask? And why is what
# comes in added to what each part finds, rather than replaced by it? Three or four sentences are enough. (2
# points, read by a person)

# %% [markdown] nbgrader={"grade": true, "grade_id": "why-mask-and-short-cut", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# The model is to tell the next word, and during training that word stands in the text. Without the mask each
# token could look at it and copy it: it would be right in training and know nothing when it has to write,
# because then there is no next word to look at. With the short cut a token keeps what it is and each part adds
# a little; a layer that has learned nothing yet does no harm, and the training reaches the lowest layers
# directly. (1 point for the mask, 1 for the short cut.)

# %% [markdown]
# ## What you have built
#
# A language model, whole: tokens, embeddings, positions, attention of several heads under a mask, a network,
# short cuts and norms, layer upon layer, and from the output of the last one the probability of the next word.
# The large ones have more of everything, tens of thousands of words, dozens of layers, and have read a good
# part of what people have written, so that what they write is often right and makes sense. But there is no
# further secret in how they run: it is what you have written.
#
# **Sources.** Vaswani et al., *Attention Is All You Need* (2017), section 3,
# [arXiv:1706.03762](https://arxiv.org/abs/1706.03762); Ba et al., *Layer Normalization* (2016),
# [arXiv:1607.06450](https://arxiv.org/abs/1607.06450); Xiong et al., *On Layer Normalization in the
# Transformer Architecture* (2020), [arXiv:2002.04745](https://arxiv.org/abs/2002.04745).
