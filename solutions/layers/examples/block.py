# Ways in which students write block. The cells before it define multi_head, layer_norm and feed_forward, which are right.

# %% right two lines
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    x = x + multi_head(layer_norm(x), W_Q, W_K, W_V, W_O, mask)
    return x + feed_forward(layer_norm(x), W_1, b_1, W_2, b_2)

# %% right a name for each step
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    normed = layer_norm(x)
    attended = multi_head(normed, W_Q, W_K, W_V, W_O, mask)
    after_attention = x + attended
    normed_again = layer_norm(after_attention)
    thought = feed_forward(normed_again, W_1, b_1, W_2, b_2)
    return after_attention + thought

# %% right other names for the parameters
def block(tokens, m, q, k, v, o, w1, c1, w2, c2):
    a = tokens + multi_head(layer_norm(tokens), q, k, v, o, m)
    f = feed_forward(layer_norm(a), w1, c1, w2, c2)
    return np.add(a, f)

# %% right all weights as one
def block(x, mask, *weights):
    x = x + multi_head(layer_norm(x), *weights[:4], mask)
    return x + feed_forward(layer_norm(x), *weights[4:])

# %% right a copy that is added to
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    out = np.array(x, dtype=float)
    out += multi_head(layer_norm(out), W_Q, W_K, W_V, W_O, mask)
    out += feed_forward(layer_norm(out), W_1, b_1, W_2, b_2)
    return out

# %% right a loop over the two parts
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    parts = [
        lambda y: multi_head(y, W_Q, W_K, W_V, W_O, mask),
        lambda y: feed_forward(y, W_1, b_1, W_2, b_2),
    ]
    for part in parts:
        x = x + part(layer_norm(x))
    return x

# %% right the network written out
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    x = x + multi_head(layer_norm(x), W_Q, W_K, W_V, W_O, mask)
    return x + np.maximum(layer_norm(x) @ W_1 + b_1, 0) @ W_2 + b_2

# %% right the norm written out
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    def norm(y):
        return (y - y.mean(-1, keepdims=True)) / np.sqrt(y.var(-1, keepdims=True) + 1e-5)
    h = x + multi_head(norm(x), W_Q, W_K, W_V, W_O, mask)
    return h + feed_forward(norm(h), W_1, b_1, W_2, b_2)

# %% right the attention written out
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    y = layer_norm(x)
    heads = []
    for q, k, v in zip(W_Q, W_K, W_V):
        s = (y @ q) @ (y @ k).T / np.sqrt(q.shape[1]) + mask
        e = np.exp(s - s.max(axis=-1, keepdims=True))
        heads.append(e / e.sum(axis=-1, keepdims=True) @ (y @ v))
    x = x + np.hstack(heads) @ W_O
    return x + feed_forward(layer_norm(x), W_1, b_1, W_2, b_2)

# %% right a helper for the short cut
def around(x, part):
    return x + part(layer_norm(x))

def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    x = around(x, lambda y: multi_head(y, W_Q, W_K, W_V, W_O, mask))
    return around(x, lambda y: feed_forward(y, W_1, b_1, W_2, b_2))

# %% right the sum taken at the end
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    a = multi_head(layer_norm(x), W_Q, W_K, W_V, W_O, mask)
    f = feed_forward(layer_norm(a + x), W_1, b_1, W_2, b_2)
    return sum([x, a, f])

# %% right single precision
def block(x, mask, *weights):
    x = np.float32(x)
    weights = [np.float32(w) for w in weights]
    x = x + multi_head(layer_norm(x), *weights[:4], np.float32(mask))
    return x + feed_forward(layer_norm(x), *weights[4:])

# %% block.no-residual around the attention
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    x = multi_head(layer_norm(x), W_Q, W_K, W_V, W_O, mask)
    return x + feed_forward(layer_norm(x), W_1, b_1, W_2, b_2)

# %% block.no-residual around the network
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    x = x + multi_head(layer_norm(x), W_Q, W_K, W_V, W_O, mask)
    return feed_forward(layer_norm(x), W_1, b_1, W_2, b_2)

# %% block.no-residual around both
def block(x, mask, *w):
    return feed_forward(layer_norm(multi_head(layer_norm(x), *w[:4], mask)), *w[4:])

# %% block.norm-after as in the paper
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    x = layer_norm(x + multi_head(x, W_Q, W_K, W_V, W_O, mask))
    return layer_norm(x + feed_forward(x, W_1, b_1, W_2, b_2))

# %% block.norm-after with names
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    attended = multi_head(x, W_Q, W_K, W_V, W_O, mask)
    first = layer_norm(attended + x)
    second = feed_forward(first, W_1, b_1, W_2, b_2)
    return layer_norm(second + first)

# %% block.no-norm none
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    x = x + multi_head(x, W_Q, W_K, W_V, W_O, mask)
    return x + feed_forward(x, W_1, b_1, W_2, b_2)

# %% block.no-norm for the attention
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    x = x + multi_head(x, W_Q, W_K, W_V, W_O, mask)
    return x + feed_forward(layer_norm(x), W_1, b_1, W_2, b_2)

# %% block.no-norm for the network
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    half = x + multi_head(layer_norm(x), W_Q, W_K, W_V, W_O, mask)
    return half + feed_forward(half, W_1, b_1, W_2, b_2)

# %% block.norm-on-the-short-cut the name of the input
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    x = layer_norm(x)
    x = x + multi_head(x, W_Q, W_K, W_V, W_O, mask)
    x = layer_norm(x)
    x = x + feed_forward(x, W_1, b_1, W_2, b_2)
    return x

# %% block.norm-on-the-short-cut the second time
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    x = x + multi_head(layer_norm(x), W_Q, W_K, W_V, W_O, mask)
    n = layer_norm(x)
    return n + feed_forward(n, W_1, b_1, W_2, b_2)

# %% block.network-reads-the-input both parts side by side
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    n = layer_norm(x)
    return x + multi_head(n, W_Q, W_K, W_V, W_O, mask) + feed_forward(n, W_1, b_1, W_2, b_2)

# %% block.network-reads-the-input the norm of the wrong one
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    a = x + multi_head(layer_norm(x), W_Q, W_K, W_V, W_O, mask)
    f = feed_forward(layer_norm(x), W_1, b_1, W_2, b_2)
    return a + f

# %% block.short-cut-from-the-start the input added twice
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    a = x + multi_head(layer_norm(x), W_Q, W_K, W_V, W_O, mask)
    return x + feed_forward(layer_norm(a), W_1, b_1, W_2, b_2)

# %% block.short-cut-from-the-start in one expression
def block(x, mask, *w):
    return x + feed_forward(layer_norm(x + multi_head(layer_norm(x), *w[:4], mask)), *w[4:])

# %% block.network-first swapped
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    x = x + feed_forward(layer_norm(x), W_1, b_1, W_2, b_2)
    return x + multi_head(layer_norm(x), W_Q, W_K, W_V, W_O, mask)

# %% block.network-first with names
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    thought = x + feed_forward(layer_norm(x), W_1, b_1, W_2, b_2)
    attended = multi_head(layer_norm(thought), W_Q, W_K, W_V, W_O, mask)
    return thought + attended

# %% block.no-mask a mask of zeros
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    n = len(x)
    x = x + multi_head(layer_norm(x), W_Q, W_K, W_V, W_O, np.zeros((n, n)))
    return x + feed_forward(layer_norm(x), W_1, b_1, W_2, b_2)

# %% block.no-mask a zero
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    x = x + multi_head(layer_norm(x), W_Q, W_K, W_V, W_O, 0 * np.eye(x.shape[0]))
    return x + feed_forward(layer_norm(x), W_1, b_1, W_2, b_2)

# %% block.no-network ends after the attention
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    return x + multi_head(layer_norm(x), W_Q, W_K, W_V, W_O, mask)

# %% block.no-network made and not added
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    h = x + multi_head(layer_norm(x), W_Q, W_K, W_V, W_O, mask)
    f = feed_forward(layer_norm(h), W_1, b_1, W_2, b_2)
    return h

# %% block.no-attention the network alone
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    return x + feed_forward(layer_norm(x), W_1, b_1, W_2, b_2)

# %% block.no-attention made and not added
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    a = multi_head(layer_norm(x), W_Q, W_K, W_V, W_O, mask)
    f = feed_forward(layer_norm(x), W_1, b_1, W_2, b_2)
    return x + f

# %% block.normed-at-the-end a third norm
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    x = x + multi_head(layer_norm(x), W_Q, W_K, W_V, W_O, mask)
    x = x + feed_forward(layer_norm(x), W_1, b_1, W_2, b_2)
    return layer_norm(x)

# %% block.normed-at-the-end in one expression
def block(x, mask, *w):
    h = x + multi_head(layer_norm(x), *w[:4], mask)
    return layer_norm(h + feed_forward(layer_norm(h), *w[4:]))

# %% general.mutates-input added in place
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    x += multi_head(layer_norm(x), W_Q, W_K, W_V, W_O, mask)
    x += feed_forward(layer_norm(x), W_1, b_1, W_2, b_2)
    return x

# %% general.returns-none forgot to return
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    x = x + multi_head(layer_norm(x), W_Q, W_K, W_V, W_O, mask)
    x = x + feed_forward(layer_norm(x), W_1, b_1, W_2, b_2)

# %% general.not-implemented the stub as it was handed out
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    raise NotImplementedError()

# %% general.raises the mask is not handed on
def block(x, mask, W_Q, W_K, W_V, W_O, W_1, b_1, W_2, b_2):
    x = x + multi_head(layer_norm(x), W_Q, W_K, W_V, W_O)
    return x + feed_forward(layer_norm(x), W_1, b_1, W_2, b_2)
