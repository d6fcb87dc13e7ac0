# Ways in which students write feed_forward.

# %% right in one line
def feed_forward(x, W_1, b_1, W_2, b_2):
    return np.maximum(0, x @ W_1 + b_1) @ W_2 + b_2

# %% right with a relu of its own
def relu(z):
    return np.where(z > 0, z, 0)

def feed_forward(x, W_1, b_1, W_2, b_2):
    hidden = relu(np.dot(x, W_1) + b_1)
    return np.dot(hidden, W_2) + b_2

# %% right token by token
def feed_forward(x, W_1, b_1, W_2, b_2):
    out = np.zeros((len(x), len(b_2)))
    for i, token in enumerate(x):
        h = token @ W_1 + b_1
        h[h < 0] = 0
        out[i] = h @ W_2 + b_2
    return out

# %% right clipped
def feed_forward(x, W_1, b_1, W_2, b_2):
    h = np.clip(x @ W_1 + b_1, 0, None)
    return h @ W_2 + b_2

# %% right the gate times the number
def feed_forward(x, w1, c1, w2, c2):
    z = x @ w1 + c1
    return (z * (z > 0)) @ w2 + c2

# %% right half of the number and its size
def feed_forward(x, W_1, b_1, W_2, b_2):
    z = x @ W_1 + b_1
    return ((z + np.abs(z)) / 2) @ W_2 + b_2

# %% right einsum
def feed_forward(x, W_1, b_1, W_2, b_2):
    z = np.einsum("nd,df->nf", x, W_1) + b_1
    z = np.maximum(z, 0.0)
    return np.einsum("nf,fd->nd", z, W_2) + b_2

# %% right biases as a row more of the weights
def feed_forward(x, W_1, b_1, W_2, b_2):
    ones = np.ones((len(x), 1))
    h = np.maximum(np.hstack([x, ones]) @ np.vstack([W_1, b_1]), 0)
    return np.hstack([h, ones]) @ np.vstack([W_2, b_2])

# %% right one hidden feature after the other
def feed_forward(x, W_1, b_1, W_2, b_2):
    out = np.tile(b_2, (len(x), 1))
    for f in range(len(b_1)):
        h = np.maximum(x @ W_1[:, f] + b_1[f], 0)
        out = out + np.outer(h, W_2[f])
    return out

# %% right a comprehension
def feed_forward(x, W_1, b_1, W_2, b_2):
    return np.array([np.maximum(t @ W_1 + b_1, 0) @ W_2 + b_2 for t in x])

# %% right single precision
def feed_forward(x, W_1, b_1, W_2, b_2):
    x, W_1, b_1, W_2, b_2 = (np.float32(a) for a in (x, W_1, b_1, W_2, b_2))
    return np.maximum(x @ W_1 + b_1, 0) @ W_2 + b_2

# %% right in place on what is its own
def feed_forward(x, W_1, b_1, W_2, b_2):
    h = x @ W_1
    h += b_1
    np.maximum(h, 0, out=h)
    y = h @ W_2
    y += b_2
    return y

# %% right a loop over the two layers
def feed_forward(x, W_1, b_1, W_2, b_2):
    for place, (W, b) in enumerate([(W_1, b_1), (W_2, b_2)]):
        x = x @ W + b
        if place == 0:
            x = np.maximum(x, 0)
    return x

# %% feed_forward.no-relu two products
def feed_forward(x, W_1, b_1, W_2, b_2):
    return (x @ W_1 + b_1) @ W_2 + b_2

# %% feed_forward.no-relu one matrix made of two
def feed_forward(x, W_1, b_1, W_2, b_2):
    return x @ (W_1 @ W_2) + b_1 @ W_2 + b_2

# %% feed_forward.relu-at-the-end after both products
def feed_forward(x, W_1, b_1, W_2, b_2):
    return np.maximum(0, (x @ W_1 + b_1) @ W_2 + b_2)

# %% feed_forward.relu-at-the-end in both places
def feed_forward(x, W_1, b_1, W_2, b_2):
    for W, b in [(W_1, b_1), (W_2, b_2)]:
        x = np.maximum(x @ W + b, 0)
    return x

# %% feed_forward.no-bias the first
def feed_forward(x, W_1, b_1, W_2, b_2):
    return np.maximum(x @ W_1, 0) @ W_2 + b_2

# %% feed_forward.no-bias the second
def feed_forward(x, W_1, b_1, W_2, b_2):
    hidden = np.maximum(x @ W_1 + b_1, 0)
    return hidden @ W_2

# %% feed_forward.no-bias both
def feed_forward(x, W_1, b_1, W_2, b_2):
    return np.maximum(x @ W_1, 0) @ W_2

# %% feed_forward.bias-after-relu outside of the parenthesis
def feed_forward(x, W_1, b_1, W_2, b_2):
    return (np.maximum(x @ W_1, 0) + b_1) @ W_2 + b_2

# %% feed_forward.bias-after-relu in steps
def feed_forward(x, W_1, b_1, W_2, b_2):
    h = x @ W_1
    h = np.where(h > 0, h, 0)
    h = h + b_1
    return h @ W_2 + b_2

# %% feed_forward.other-activation tanh
def feed_forward(x, W_1, b_1, W_2, b_2):
    return np.tanh(x @ W_1 + b_1) @ W_2 + b_2

# %% feed_forward.other-activation sigmoid
def feed_forward(x, W_1, b_1, W_2, b_2):
    h = 1 / (1 + np.exp(-(x @ W_1 + b_1)))
    return h @ W_2 + b_2

# %% feed_forward.other-activation leaky
def feed_forward(x, W_1, b_1, W_2, b_2):
    z = x @ W_1 + b_1
    return np.where(z > 0, z, 0.01 * z) @ W_2 + b_2

# %% feed_forward.negative-kept minimum
def feed_forward(x, W_1, b_1, W_2, b_2):
    return np.minimum(0, x @ W_1 + b_1) @ W_2 + b_2

# %% feed_forward.negative-kept the sign of the comparison
def feed_forward(x, W_1, b_1, W_2, b_2):
    h = x @ W_1 + b_1
    h[h > 0] = 0
    return h @ W_2 + b_2

# %% feed_forward.step-function a comparison alone
def feed_forward(x, W_1, b_1, W_2, b_2):
    return (x @ W_1 + b_1 > 0) @ W_2 + b_2

# %% feed_forward.step-function ones and zeros
def feed_forward(x, W_1, b_1, W_2, b_2):
    h = np.where(x @ W_1 + b_1 > 0, 1, 0)
    return h @ W_2 + b_2

# %% feed_forward.residual-added the input on top
def feed_forward(x, W_1, b_1, W_2, b_2):
    return x + np.maximum(0, x @ W_1 + b_1) @ W_2 + b_2

# %% feed_forward.residual-added in place of nothing
def feed_forward(x, W_1, b_1, W_2, b_2):
    out = np.array(x)
    out += np.maximum(x @ W_1 + b_1, 0) @ W_2
    out += b_2
    return out

# %% feed_forward.returns-hidden after the ReLU
def feed_forward(x, W_1, b_1, W_2, b_2):
    return np.maximum(0, x @ W_1 + b_1)

# %% feed_forward.returns-hidden the loop ends early
def feed_forward(x, W_1, b_1, W_2, b_2):
    for W, b in [(W_1, b_1), (W_2, b_2)]:
        return np.maximum(x @ W + b, 0)

# %% feed_forward.transposed-weights the first
def feed_forward(x, W_1, b_1, W_2, b_2):
    return np.maximum(0, x @ W_1.T + b_1) @ W_2 + b_2

# %% feed_forward.transposed-weights both
def feed_forward(x, W_1, b_1, W_2, b_2):
    h = np.maximum(0, np.dot(x, np.transpose(W_1)) + b_1)
    return np.dot(h, np.transpose(W_2)) + b_2

# %% general.returns-none forgot to return
def feed_forward(x, W_1, b_1, W_2, b_2):
    out = np.maximum(0, x @ W_1 + b_1) @ W_2 + b_2

# %% general.not-implemented the stub as it was handed out
def feed_forward(x, W_1, b_1, W_2, b_2):
    raise NotImplementedError()

# %% general.raises a capital letter
def feed_forward(x, W_1, b_1, W_2, b_2):
    return np.maximum(0, X @ W_1 + b_1) @ W_2 + b_2
