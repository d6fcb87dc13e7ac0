# %%
import numpy as np

from autograder import check

# %% nbgrader={"grade": false, "grade_id": "multi_head", "locked": false, "schema_version": 3, "solution": true, "task": false}
def multi_head(embeddings, W_Q, W_K, W_V, W_O, mask):
    """Your own.
    """
    ### BEGIN SOLUTION
    Query, Key, Value = embeddings @ W_Q, embeddings @ W_K, embeddings @ W_V
    scores = Query @ np.swapaxes(Key, -1, -2) / np.sqrt(Key.shape[-1]) + mask
    exponentials = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    weights = exponentials / np.sum(exponentials, axis=-1, keepdims=True)
    return np.concatenate(weights @ Value, axis=-1) @ W_O
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "causal_mask", "locked": false, "schema_version": 3, "solution": true, "task": false}
def causal_mask(n):
    """The mask.
    """
    ### BEGIN SOLUTION
    # place (p): Number the places.
    places = np.arange(n)
    # later (L): Compare each column's place with each row's: is it a later one?
    later = places > places[:, None]
    # mask (M): Put minus infinity where it is, and 0 everywhere else.
    mask = np.where(later, -np.inf, 0.0)
    return mask
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-causal_mask", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(causal_mask)

# %% nbgrader={"grade": false, "grade_id": "positional_encoding", "locked": false, "schema_version": 3, "solution": true, "task": false}
def positional_encoding(n, d_model):
    """Positions.
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

# %% nbgrader={"grade": false, "grade_id": "layer_norm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def layer_norm(x):
    """Norm.
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

# %% nbgrader={"grade": false, "grade_id": "feed_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def feed_forward(x, W_1, b_1, W_2, b_2):
    """FF.
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

# %% nbgrader={"grade": false, "grade_id": "block", "locked": false, "schema_version": 3, "solution": true, "task": false}
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    """Block.
    """
    ### BEGIN SOLUTION
    x = x + multi_head(layer_norm(x), W_Q, W_K, W_V, W_O, mask)
    return x + feed_forward(layer_norm(x), W_1, b_1, W_2, b_2)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-block", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(block)

# %% nbgrader={"grade": false, "grade_id": "stack", "locked": false, "schema_version": 3, "solution": true, "task": false}
def stack(embeddings, layers):
    """Stack.
    """
    ### BEGIN SOLUTION
    x = embeddings + positional_encoding(*embeddings.shape)
    mask = causal_mask(len(x))
    for weights in layers:
        x = block(x, mask, *weights)
    return layer_norm(x)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-stack", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(stack)
