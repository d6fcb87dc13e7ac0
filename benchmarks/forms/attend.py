# Right ways to write attend, beside those of the corpus, for mistakes to be made in.

# %% right a line for every step, with the functions before
def attend(Query, Key, Value):
    scores = scaled_scores(Query, Key)
    weights = softmax(scores)
    output = weights @ Value
    return output


# %% right a line for every step, on its own
def attend(Query, Key, Value):
    d_k = Query.shape[-1]
    scores = Query @ Key.T
    scores = scores / np.sqrt(d_k)
    biggest = scores.max(axis=-1, keepdims=True)
    powers = np.exp(scores - biggest)
    weights = powers / powers.sum(axis=-1, keepdims=True)
    return weights @ Value


# %% right a loop over queries, one over keys
def attend(Query, Key, Value):
    n_q, d_k = Query.shape
    n_k = Key.shape[0]
    output = np.zeros((n_q, Value.shape[1]))
    for i in range(n_q):
        scores = np.zeros(n_k)
        for j in range(n_k):
            scores[j] = np.dot(Query[i], Key[j]) / np.sqrt(d_k)
        weights = np.exp(scores - np.max(scores))
        weights = weights / np.sum(weights)
        for j in range(n_k):
            output[i] += weights[j] * Value[j]
    return output


# %% right helpers of its own
def similarity(q, keys):
    return np.array([np.sum(q * k) for k in keys]) / np.sqrt(len(q))


def weigh(values):
    shifted = values - values.max()
    e = np.exp(shifted)
    return e / e.sum()


def attend(Query, Key, Value):
    results = []
    for q in Query:
        w = weigh(similarity(q, Key))
        mixed = np.sum(w[:, None] * Value, axis=0)
        results.append(mixed)
    return np.stack(results)


# %% right einsum for the products, a line each
def attend(Query, Key, Value):
    scores = np.einsum("qd,kd->qk", Query, Key)
    scores *= Query.shape[1] ** -0.5
    scores -= scores.max(axis=1, keepdims=True)
    weights = np.exp(scores)
    weights /= weights.sum(axis=1, keepdims=True)
    return np.einsum("qk,kv->qv", weights, Value)


# %% right comprehensions
def attend(Query, Key, Value):
    scores = scaled_scores(Query, Key)
    weights = [softmax(row) for row in scores]
    rows = [sum(w * v for w, v in zip(row, Value)) for row in weights]
    return np.array(rows)


# %% right softmax of every row written into its place
def attend(Q, K, V):
    S = np.matmul(Q, K.T) / np.sqrt(K.shape[1])
    A = np.zeros(S.shape)
    for i in range(S.shape[0]):
        exps = np.exp(S[i] - S[i].max())
        A[i, :] = exps / exps.sum()
    return np.matmul(A, V)
