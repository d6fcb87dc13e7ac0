# Right ways to write project_qkv, beside those of the corpus, for mistakes to be made in.

# %% right a name for each product
def project_qkv(embeddings, W_Q, W_K, W_V):
    Query = embeddings @ W_Q
    Key = embeddings @ W_K
    Value = embeddings @ W_V
    return Query, Key, Value


# %% right one einsum each
def project_qkv(embeddings, W_Q, W_K, W_V):
    q = np.einsum("ij,jk->ik", embeddings, W_Q)
    k = np.einsum("ij,jk->ik", embeddings, W_K)
    v = np.einsum("ij,jk->ik", embeddings, W_V)
    return q, k, v


# %% right a helper with two loops and a dot product
def multiply(A, B):
    rows, cols = A.shape[0], B.shape[1]
    C = np.zeros((rows, cols))
    for i in range(rows):
        for j in range(cols):
            C[i, j] = np.dot(A[i, :], B[:, j])
    return C


def project_qkv(embeddings, W_Q, W_K, W_V):
    Q = multiply(embeddings, W_Q)
    K = multiply(embeddings, W_K)
    V = multiply(embeddings, W_V)
    return Q, K, V


# %% right filled row by row
def project_qkv(embeddings, W_Q, W_K, W_V):
    n = embeddings.shape[0]
    Query = np.zeros((n, W_Q.shape[1]))
    Key = np.zeros((n, W_K.shape[1]))
    Value = np.zeros((n, W_V.shape[1]))
    for i in range(n):
        Query[i] = embeddings[i] @ W_Q
        Key[i] = embeddings[i] @ W_K
        Value[i] = embeddings[i] @ W_V
    return Query, Key, Value


# %% right a dictionary of results
def project_qkv(x, w_q, w_k, w_v):
    weights = {"query": w_q, "key": w_k, "value": w_v}
    results = {}
    for name, weight in weights.items():
        results[name] = np.matmul(x, weight)
    return results["query"], results["key"], results["value"]


# %% right all loops written out for each matrix
def project_qkv(embeddings, W_Q, W_K, W_V):
    outputs = []
    for W in [W_Q, W_K, W_V]:
        result = np.zeros((embeddings.shape[0], W.shape[1]))
        for i in range(embeddings.shape[0]):
            for j in range(W.shape[1]):
                total = 0
                for k in range(W.shape[0]):
                    total += embeddings[i, k] * W[k, j]
                result[i, j] = total
        outputs.append(result)
    return outputs[0], outputs[1], outputs[2]


# %% right the weights side by side, cut by hand
def project_qkv(embeddings, W_Q, W_K, W_V):
    d_k = W_Q.shape[1]
    W = np.concatenate([W_Q, W_K, W_V], axis=1)
    projected = embeddings @ W
    Query = projected[:, :d_k]
    Key = projected[:, d_k : 2 * d_k]
    Value = projected[:, 2 * d_k :]
    return Query, Key, Value


# %% right lists of lists, made arrays at the end
def project_qkv(embeddings, W_Q, W_K, W_V):
    def project(weights):
        columns = weights.T
        table = []
        for token in embeddings:
            row = [sum(token * column) for column in columns]
            table.append(row)
        return np.array(table)

    return project(W_Q), project(W_K), project(W_V)


# %% right columns of the result put together
def project_qkv(X, W_Q, W_K, W_V):
    def times(W):
        out = np.empty((X.shape[0], W.shape[1]))
        for c in range(W.shape[1]):
            out[:, c] = X @ W[:, c]
        return out

    queries = times(W_Q)
    keys = times(W_K)
    values = times(W_V)
    return queries, keys, values
