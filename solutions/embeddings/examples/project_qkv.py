# Ways in which students write project_qkv.

# %% right three products
def project_qkv(embeddings, W_Q, W_K, W_V):
    return embeddings @ W_Q, embeddings @ W_K, embeddings @ W_V

# %% right einsum
def project_qkv(x, wq, wk, wv):
    return tuple(np.einsum("nd,dk->nk", x, w) for w in (wq, wk, wv))

# %% right a list of arrays
def project_qkv(embeddings, W_Q, W_K, W_V):
    return [np.dot(embeddings, W) for W in [W_Q, W_K, W_V]]

# %% right one product with the weights side by side, then split
def project_qkv(embeddings, W_Q, W_K, W_V):
    sizes = np.cumsum([W_Q.shape[1], W_K.shape[1]])
    everything = embeddings @ np.hstack([W_Q, W_K, W_V])
    return tuple(np.split(everything, sizes, axis=1))

# %% right three loops
def project_qkv(X, A, B, C):
    def product(L, R):
        out = np.zeros((L.shape[0], R.shape[1]))
        for i in range(L.shape[0]):
            for j in range(R.shape[1]):
                for k in range(L.shape[1]):
                    out[i, j] += L[i, k] * R[k, j]
        return out
    return product(X, A), product(X, B), product(X, C)

# %% right a token at a time
def project_qkv(embeddings, W_Q, W_K, W_V):
    queries, keys, values = [], [], []
    for token in embeddings:
        queries.append(token @ W_Q)
        keys.append(token @ W_K)
        values.append(token @ W_V)
    return np.array(queries), np.array(keys), np.array(values)

# %% right both sides transposed, and back
def project_qkv(embeddings, W_Q, W_K, W_V):
    back = lambda W: (W.T @ embeddings.T).T
    return back(W_Q), back(W_K), back(W_V)

# %% right single precision
def project_qkv(embeddings, W_Q, W_K, W_V):
    E = embeddings.astype(np.float32)
    return (E @ W_Q.astype(np.float32), E @ W_K.astype(np.float32), E @ W_V.astype(np.float32))

# %% right a class with a method
class Projection:
    def __init__(self, weights):
        self.weights = weights

    def __call__(self, x):
        return np.matmul(x, self.weights)

def project_qkv(embeddings, W_Q, W_K, W_V):
    return Projection(W_Q)(embeddings), Projection(W_K)(embeddings), Projection(W_V)(embeddings)

# %% right map and a lambda
def project_qkv(embeddings, *weights):
    return tuple(map(lambda W: embeddings.dot(W), weights))

# %% right star and sum by broadcasting
def project_qkv(embeddings, W_Q, W_K, W_V):
    def project(W):
        return (embeddings[:, :, None] * W[None, :, :]).sum(axis=1)
    return project(W_Q), project(W_K), project(W_V)

# %% right outer products added up
def project_qkv(embeddings, W_Q, W_K, W_V):
    results = []
    for W in (W_Q, W_K, W_V):
        total = np.zeros((len(embeddings), W.shape[1]))
        for d in range(W.shape[0]):
            total += np.outer(embeddings[:, d], W[d])
        results.append(total)
    return tuple(results)

# %% right tensordot, with the results written into buffers
def project_qkv(embeddings, W_Q, W_K, W_V):
    Q = np.empty((embeddings.shape[0], W_Q.shape[1]))
    K, V = np.empty_like(Q), np.empty((embeddings.shape[0], W_V.shape[1]))
    np.matmul(embeddings, W_Q, out=Q)
    K[...] = np.tensordot(embeddings, W_K, axes=1)
    V[...] = np.inner(embeddings, W_V.T)
    return Q, K, V

# %% project_qkv.swapped-outputs key first
def project_qkv(embeddings, W_Q, W_K, W_V):
    Query = embeddings @ W_Q
    Key = embeddings @ W_K
    Value = embeddings @ W_V
    return Key, Query, Value

# %% project_qkv.swapped-outputs value and key change places
def project_qkv(x, wq, wk, wv):
    return tuple(np.einsum("ij,jk->ik", x, w) for w in [wq, wv, wk])

# %% project_qkv.swapped-outputs query with the weights of the key and the other way round
def project_qkv(embeddings, W_Q, W_K, W_V):
    q = np.dot(embeddings, W_K)
    k = np.dot(embeddings, W_Q)
    v = np.dot(embeddings, W_V)
    return q, k, v

# %% project_qkv.reused-weights a copied line
def project_qkv(embeddings, W_Q, W_K, W_V):
    Query = embeddings @ W_Q
    Key = embeddings @ W_Q
    Value = embeddings @ W_V
    return Query, Key, Value

# %% project_qkv.reused-weights value from the key's weights
def project_qkv(embeddings, W_Q, W_K, W_V):
    weights = [W_Q, W_K, W_K]
    return [embeddings.dot(w) for w in weights]

# %% project_qkv.reused-weights one product returned three times
def project_qkv(embeddings, W_Q, W_K, W_V):
    projected = np.matmul(embeddings, W_Q)
    return projected, projected, projected

# %% project_qkv.chained a variable that is written over
def project_qkv(x, W_Q, W_K, W_V):
    x = x @ W_Q
    Query = x
    x = x @ W_K
    Key = x
    x = x @ W_V
    return Query, Key, x

# %% project_qkv.chained key and value made from the query
def project_qkv(embeddings, W_Q, W_K, W_V):
    Q = np.dot(embeddings, W_Q)
    return Q, np.dot(Q, W_K), np.dot(Q, W_V)

# %% project_qkv.chained value made from the key
def project_qkv(embeddings, W_Q, W_K, W_V):
    Key = embeddings @ W_K
    return embeddings @ W_Q, Key, Key @ W_V

# %% project_qkv.transposed-weights every weight flipped
def project_qkv(embeddings, W_Q, W_K, W_V):
    return embeddings @ W_Q.T, embeddings @ W_K.T, embeddings @ W_V.T

# %% project_qkv.transposed-weights einsum with the letters of the weights turned
def project_qkv(x, a, b, c):
    return tuple(np.einsum("nd,kd->nk", x, w) for w in (a, b, c))

# %% project_qkv.transposed-weights only the key
def project_qkv(embeddings, W_Q, W_K, W_V):
    return embeddings @ W_Q, embeddings @ np.transpose(W_K), embeddings @ W_V

# %% project_qkv.transposed-output tokens as columns
def project_qkv(embeddings, W_Q, W_K, W_V):
    return (embeddings @ W_Q).T, (embeddings @ W_K).T, (embeddings @ W_V).T

# %% project_qkv.transposed-output weights from the left
def project_qkv(embeddings, W_Q, W_K, W_V):
    return W_Q.T @ embeddings.T, W_K.T @ embeddings.T, W_V.T @ embeddings.T

# %% project_qkv.transposed-output the key, ready for the scores
def project_qkv(embeddings, W_Q, W_K, W_V):
    Q = embeddings @ W_Q
    K_T = np.einsum("nd,dk->kn", embeddings, W_K)
    V = embeddings @ W_V
    return Q, K_T, V

# %% project_qkv.value-not-projected embeddings as they are
def project_qkv(embeddings, W_Q, W_K, W_V):
    return embeddings @ W_Q, embeddings @ W_K, embeddings

# %% project_qkv.value-not-projected a copy
def project_qkv(embeddings, W_Q, W_K, W_V):
    Query, Key = (np.dot(embeddings, W) for W in (W_Q, W_K))
    Value = embeddings.copy()
    return Query, Key, Value

# %% project_qkv.elementwise star for at
def project_qkv(embeddings, W_Q, W_K, W_V):
    return embeddings * W_Q, embeddings * W_K, embeddings * W_V

# %% project_qkv.elementwise numpy's multiply
def project_qkv(embeddings, W_Q, W_K, W_V):
    out = []
    for W in (W_Q, W_K, W_V):
        out.append(np.multiply(embeddings, W))
    return tuple(out)

# %% project_qkv.scaled-early the query
def project_qkv(embeddings, W_Q, W_K, W_V):
    d_k = W_K.shape[1]
    return embeddings @ W_Q / np.sqrt(d_k), embeddings @ W_K, embeddings @ W_V

# %% project_qkv.scaled-early all three by the width of the model
def project_qkv(embeddings, W_Q, W_K, W_V):
    scale = embeddings.shape[-1] ** -0.5
    return tuple(scale * (embeddings @ W) for W in (W_Q, W_K, W_V))

# %% project_qkv.scaled-early query and key
def project_qkv(embeddings, W_Q, W_K, W_V):
    root = np.sqrt(W_Q.shape[-1])
    return np.dot(embeddings, W_Q) / root, np.dot(embeddings, W_K) / root, np.dot(embeddings, W_V)

# %% project_qkv.scaled-early all three by the d_k of the query
def project_qkv(embeddings, W_Q, W_K, W_V):
    d_k = W_Q.shape[1]
    return tuple(embeddings @ W / np.sqrt(d_k) for W in (W_Q, W_K, W_V))

# %% project_qkv.scaled-early by the number of tokens
def project_qkv(embeddings, W_Q, W_K, W_V):
    n = len(embeddings)
    return embeddings @ W_Q / n**0.5, embeddings @ W_K / n**0.5, embeddings @ W_V

# %% general.not-implemented nothing but the docstring
def project_qkv(embeddings, W_Q, W_K, W_V):
    """The query, the key and the value of every token."""
    raise NotImplementedError

# %% general.changed-step a product by loops that keeps the last term alone
def project_qkv(embeddings, W_Q, W_K, W_V):
    def product(A, B):
        out = np.zeros((A.shape[0], B.shape[1]))
        for i in range(A.shape[0]):
            for j in range(B.shape[1]):
                for k in range(A.shape[1]):
                    out[i, j] = A[i, k] * B[k, j]
        return out
    return product(embeddings, W_Q), product(embeddings, W_K), product(embeddings, W_V)

# %% general.changed-step a product by loops that starts at the second feature
def project_qkv(embeddings, W_Q, W_K, W_V):
    def product(A, B):
        return np.array([[sum(a[k] * B[k, j] for k in range(1, len(a))) for j in range(B.shape[1])] for a in A])
    return tuple(product(embeddings, W) for W in (W_Q, W_K, W_V))

# %% general.changed-step a bias of one
def project_qkv(embeddings, W_Q, W_K, W_V):
    return embeddings @ W_Q + 1, embeddings @ W_K + 1, embeddings @ W_V + 1

# %% general.returns-early the return stands inside the loop
def project_qkv(embeddings, W_Q, W_K, W_V):
    queries, keys, values = [], [], []
    for token in embeddings:
        queries.append(token @ W_Q)
        keys.append(token @ W_K)
        values.append(token @ W_V)
        return np.array(queries), np.array(keys), np.array(values)

# %% general.returns-none prints instead
def project_qkv(embeddings, W_Q, W_K, W_V):
    print(embeddings @ W_Q, embeddings @ W_K, embeddings @ W_V)

# %% general.wrong-type only one of the three
def project_qkv(embeddings, W_Q, W_K, W_V):
    return (embeddings @ W_Q).tolist()

# %% general.wrong-type three lists of lists
def project_qkv(embeddings, W_Q, W_K, W_V):
    def project(W):
        return [[sum(token * column) for column in W.T] for token in embeddings]
    return project(W_Q), project(W_K), project(W_V)

# %% general.wrong-type the key is None
def project_qkv(embeddings, W_Q, W_K, W_V):
    Query, Value = embeddings @ W_Q, embeddings @ W_V
    Key = (embeddings @ W_K).sort()
    return Query, Key, Value

# %% general.raises a method that arrays do not have
def project_qkv(embeddings, W_Q, W_K, W_V):
    return embeddings.matmul(W_Q), embeddings.matmul(W_K), embeddings.matmul(W_V)

# %% general.mutates-input scales the embeddings in place, and back by hand
def project_qkv(embeddings, W_Q, W_K, W_V):
    embeddings *= 2
    return embeddings @ W_Q / 2, embeddings @ W_K / 2, embeddings @ W_V / 2

# %% general.rounded two decimals
def project_qkv(embeddings, W_Q, W_K, W_V):
    return tuple(np.round(embeddings @ W, 2) for W in (W_Q, W_K, W_V))

# %% general.low-precision half precision
def project_qkv(embeddings, W_Q, W_K, W_V):
    e = embeddings.astype("float16")
    return e @ W_Q.astype("float16"), e @ W_K.astype("float16"), e @ W_V.astype("float16")

# %% general.random weights of its own
def project_qkv(embeddings, W_Q, W_K, W_V):
    fresh = lambda W: embeddings @ np.random.rand(*W.shape)
    return fresh(W_Q), fresh(W_K), fresh(W_V)

# %% general.uses-globals the notebook's embeddings
embeddings = np.random.default_rng(0).random((10, 8))
def project_qkv(X, W_Q, W_K, W_V):
    return embeddings @ W_Q, embeddings @ W_K, embeddings @ W_V

# %% general.out-of-memory a table of everything
def project_qkv(embeddings, W_Q, W_K, W_V):
    huge = np.ones((60000, 60000))
    return huge @ W_Q, huge @ W_K, huge @ W_V

# %% general.crashed leaves Python
import os
def project_qkv(embeddings, W_Q, W_K, W_V):
    os._exit(3)
