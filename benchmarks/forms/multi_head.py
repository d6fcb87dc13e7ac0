# Right ways to write multi_head, beside those of the corpus, for mistakes to be made in.

# %% right a line for every product of a head
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    n_heads = W_Q.shape[0]
    outputs = []
    for h in range(n_heads):
        Q = embeddings @ W_Q[h]
        K = embeddings @ W_K[h]
        V = embeddings @ W_V[h]
        outputs.append(attend(Q, K, V))
    joined = np.concatenate(outputs, axis=1)
    return joined @ W_O


# %% right an attention of its own inside
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = []
    for wq, wk, wv in zip(W_Q, W_K, W_V):
        q = embeddings @ wq
        k = embeddings @ wk
        v = embeddings @ wv
        scores = q @ k.T / np.sqrt(wk.shape[1])
        e = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights = e / e.sum(axis=-1, keepdims=True)
        heads.append(weights @ v)
    return np.hstack(heads) @ W_O


# %% right slices filled from a counter
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    n = embeddings.shape[0]
    h, _, d_v = W_V.shape
    joined = np.zeros((n, h * d_v))
    start = 0
    for i in range(h):
        end = start + d_v
        joined[:, start:end] = attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i])
        start = end
    return joined @ W_O


# %% right a helper for one head
def one_head(x, w_q, w_k, w_v):
    query = np.dot(x, w_q)
    key = np.dot(x, w_k)
    value = np.dot(x, w_v)
    return attend(query, key, value)


def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = [one_head(embeddings, W_Q[i], W_K[i], W_V[i]) for i in range(len(W_Q))]
    concatenated = np.concatenate(heads, axis=-1)
    return np.dot(concatenated, W_O)


# %% right the blocks of the output weights added up
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    h = W_V.shape[0]
    d_v = W_V.shape[2]
    blocks = W_O.reshape(h, d_v, W_O.shape[1])
    result = np.zeros((embeddings.shape[0], W_O.shape[1]))
    for i in range(h):
        head = attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i])
        result += head @ blocks[i]
    return result


# %% right all heads in one array, filled by a loop
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    n_heads, d_model, d_v = W_V.shape
    n = len(embeddings)
    heads = np.zeros((n_heads, n, d_v))
    for i in range(n_heads):
        heads[i] = attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i])
    side_by_side = heads.transpose(1, 0, 2).reshape(n, n_heads * d_v)
    return side_by_side @ W_O


# %% right einsum for the projections, a loop for the heads
def multi_head(X, W_Q, W_K, W_V, W_O):
    queries = np.einsum("nd,hdk->hnk", X, W_Q)
    keys = np.einsum("nd,hdk->hnk", X, W_K)
    values = np.einsum("nd,hdv->hnv", X, W_V)
    joined = attend(queries[0], keys[0], values[0])
    for i in range(1, len(W_Q)):
        head = attend(queries[i], keys[i], values[i])
        joined = np.concatenate((joined, head), axis=1)
    return joined @ W_O


# %% right all heads at once, a line for every step
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    Q = embeddings @ W_Q
    K = embeddings @ W_K
    V = embeddings @ W_V
    scores = Q @ np.swapaxes(K, 1, 2)
    scores = scores / np.sqrt(Q.shape[-1])
    scores = scores - scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores)
    weights = weights / weights.sum(axis=-1, keepdims=True)
    heads = weights @ V
    joined = np.concatenate([head for head in heads], axis=1)
    return joined @ W_O


# %% right rows joined token by token
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = []
    for i in range(W_Q.shape[0]):
        Q, K, V = embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i]
        heads.append(attend(Q, K, V))
    rows = []
    for t in range(embeddings.shape[0]):
        row = np.concatenate([head[t] for head in heads])
        rows.append(row @ W_O)
    return np.array(rows)
