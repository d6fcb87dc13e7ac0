# Ways in which students write multi_head. The cell before it defines attend, which is right.

# %% right a list of heads
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = []
    for i in range(len(W_Q)):
        heads.append(attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i]))
    return np.concatenate(heads, axis=-1) @ W_O

# %% right a comprehension over the weights
def multi_head(x, wq, wk, wv, wo):
    return np.hstack([attend(x @ q, x @ k, x @ v) for q, k, v in zip(wq, wk, wv)]) @ wo

# %% right all heads at once
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    Q, K, V = embeddings @ W_Q, embeddings @ W_K, embeddings @ W_V
    scores = Q @ K.transpose(0, 2, 1) / np.sqrt(W_K.shape[-1])
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    heads = e / e.sum(axis=-1, keepdims=True) @ V
    n = embeddings.shape[0]
    return heads.transpose(1, 0, 2).reshape(n, -1) @ W_O

# %% right einsum throughout
def multi_head(X, W_Q, W_K, W_V, W_O):
    h, _, d_v = W_V.shape
    q = np.einsum("nd,hdk->hnk", X, W_Q)
    k = np.einsum("nd,hdk->hnk", X, W_K)
    v = np.einsum("nd,hdv->hnv", X, W_V)
    s = np.einsum("hik,hjk->hij", q, k) / q.shape[-1] ** 0.5
    w = np.exp(s - s.max(-1, keepdims=True))
    w = w / w.sum(-1, keepdims=True)
    return np.einsum("hij,hjv,hvd->id", w, v, W_O.reshape(h, d_v, -1))

# %% right each head projected by its block of W_O, then added up
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    d_v = W_V.shape[-1]
    out = 0
    for i in range(W_Q.shape[0]):
        head = attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i])
        out = out + head @ W_O[i * d_v:(i + 1) * d_v]
    return out

# %% right written into its place
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    h, d_model, d_v = W_V.shape
    concat = np.empty((len(embeddings), h * d_v))
    for head in range(h):
        Q = embeddings.dot(W_Q[head])
        K = embeddings.dot(W_K[head])
        V = embeddings.dot(W_V[head])
        concat[:, head * d_v:(head + 1) * d_v] = attend(Q, K, V)
    return concat.dot(W_O)

# %% right one token at a time
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    rows = []
    for token in embeddings:
        row = []
        for wq, wk, wv in zip(W_Q, W_K, W_V):
            row.extend(attend((token @ wq)[None], embeddings @ wk, embeddings @ wv)[0])
        rows.append(np.array(row) @ W_O)
    return np.array(rows)

# %% right weights laid side by side first, then split
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    h = len(W_Q)
    wide = [np.concatenate(list(W), axis=1) for W in (W_Q, W_K, W_V)]
    Q, K, V = (np.split(embeddings @ W, h, axis=1) for W in wide)
    return np.concatenate([attend(*one) for one in zip(Q, K, V)], axis=1) @ W_O

# %% right recursion over the heads
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    d_v = W_V.shape[2]
    first = attend(embeddings @ W_Q[0], embeddings @ W_K[0], embeddings @ W_V[0]) @ W_O[:d_v]
    if len(W_Q) == 1:
        return first
    return first + multi_head(embeddings, W_Q[1:], W_K[1:], W_V[1:], W_O[d_v:])

# %% right a class for a head
class Head:
    def __init__(self, q, k, v):
        self.q, self.k, self.v = q, k, v

    def __call__(self, x):
        return attend(x @ self.q, x @ self.k, x @ self.v)

def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = [Head(*weights) for weights in zip(W_Q, W_K, W_V)]
    return np.column_stack([head(embeddings) for head in heads]) @ W_O

# %% right single precision
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    x, q, k, v, o = (np.float32(a) for a in (embeddings, W_Q, W_K, W_V, W_O))
    s = (x @ q) @ np.swapaxes(x @ k, 1, 2) / np.sqrt(np.float32(q.shape[-1]))
    e = np.exp(s - s.max(-1, keepdims=True))
    heads = (e / e.sum(-1, keepdims=True)) @ (x @ v)
    return np.concatenate(heads, axis=-1) @ o

# %% right transposed stacks
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    stack = np.stack([attend(embeddings @ q, embeddings @ k, embeddings @ v) for q, k, v in zip(W_Q, W_K, W_V)], axis=1)
    return stack.reshape(len(embeddings), W_O.shape[0]) @ W_O

# %% right functools and a lambda
from functools import reduce
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    head = lambda i: attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i])
    joined = reduce(lambda left, i: np.append(left, head(i), axis=1), range(1, len(W_Q)), head(0))
    return np.tensordot(joined, W_O, axes=1)

# %% multi_head.heads-summed added up before W_O
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = [attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i]) for i in range(len(W_Q))]
    return np.sum(heads, axis=0) @ W_O

# %% multi_head.heads-summed a running total
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    total = 0
    for q, k, v in zip(W_Q, W_K, W_V):
        total = total + attend(embeddings @ q, embeddings @ k, embeddings @ v)
    return total @ W_O

# %% multi_head.heads-summed added up, without W_O
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    out = np.zeros((len(embeddings), W_V.shape[-1]))
    for i in range(W_Q.shape[0]):
        out += attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i])
    return out

# %% multi_head.heads-summed the first block of W_O for the sum
def multi_head(x, wq, wk, wv, wo):
    s = sum(attend(x @ q, x @ k, x @ v) for q, k, v in zip(wq, wk, wv))
    return s @ wo[:s.shape[1]]

# %% multi_head.heads-averaged mean of the heads
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = [attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i]) for i in range(len(W_Q))]
    return np.mean(heads, axis=0) @ W_O

# %% multi_head.heads-averaged a total divided by the number of heads
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    h = W_Q.shape[0]
    total = 0
    for i in range(h):
        total += attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i])
    return (total / h) @ W_O

# %% multi_head.heads-averaged the result divided by the number of heads
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = [attend(embeddings @ q, embeddings @ k, embeddings @ v) for q, k, v in zip(W_Q, W_K, W_V)]
    return np.concatenate(heads, axis=-1) @ W_O / len(heads)

# %% multi_head.heads-averaged each projected by its block, then averaged
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    blocks = np.split(W_O, len(W_Q))
    projected = [
        attend(embeddings @ q, embeddings @ k, embeddings @ v) @ o for q, k, v, o in zip(W_Q, W_K, W_V, blocks)
    ]
    return np.mean(projected, axis=0)

# %% multi_head.no-output-projection the heads side by side
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = [attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i]) for i in range(len(W_Q))]
    return np.concatenate(heads, axis=-1)

# %% multi_head.no-output-projection all heads at once
def multi_head(x, wq, wk, wv, wo):
    q, k, v = x @ wq, x @ wk, x @ wv
    s = q @ k.swapaxes(1, 2) / np.sqrt(k.shape[-1])
    e = np.exp(s - s.max(-1, keepdims=True))
    out = (e / e.sum(-1, keepdims=True)) @ v
    return np.hstack(list(out))

# %% multi_head.reshape-mixed a reshape of the stack
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = np.array([attend(embeddings @ q, embeddings @ k, embeddings @ v) for q, k, v in zip(W_Q, W_K, W_V)])
    return heads.reshape(len(embeddings), -1) @ W_O

# %% multi_head.reshape-mixed weights made wide by a reshape
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    h, d_model, d_k = W_Q.shape
    d_v = W_V.shape[2]
    n = len(embeddings)
    Q = (embeddings @ W_Q.reshape(d_model, h * d_k)).reshape(n, h, d_k)
    K = (embeddings @ W_K.reshape(d_model, h * d_k)).reshape(n, h, d_k)
    V = (embeddings @ W_V.reshape(d_model, h * d_v)).reshape(n, h, d_v)
    return np.hstack([attend(Q[:, i], K[:, i], V[:, i]) for i in range(h)]) @ W_O

# %% multi_head.reshape-mixed cut into heads by a reshape
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    h = len(W_Q)
    n = len(embeddings)
    Q, K, V = (np.hstack([embeddings @ w for w in W]).reshape(h, n, -1) for W in (W_Q, W_K, W_V))
    heads = [attend(Q[i], K[i], V[i]) for i in range(h)]
    return np.concatenate(heads, axis=1) @ W_O

# %% multi_head.interleaved stacked along the last axis
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = [attend(embeddings @ q, embeddings @ k, embeddings @ v) for q, k, v in zip(W_Q, W_K, W_V)]
    return np.stack(heads, axis=-1).reshape(len(embeddings), -1) @ W_O

# %% multi_head.interleaved every h-th column
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    h = len(W_Q)
    out = np.zeros((len(embeddings), W_O.shape[0]))
    for i in range(h):
        out[:, i::h] = attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i])
    return out @ W_O

# %% multi_head.one-head-repeated the first head, h times
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    head = attend(embeddings @ W_Q[0], embeddings @ W_K[0], embeddings @ W_V[0])
    return np.tile(head, len(W_Q)) @ W_O

# %% multi_head.one-head-repeated an index that stays at 0
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    i = 0
    heads = []
    for _ in W_Q:
        heads.append(attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i]))
    return np.concatenate(heads, axis=1) @ W_O

# %% multi_head.one-head-repeated late binding, so that all are the last
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    makers = [lambda: attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i]) for i in range(len(W_Q))]
    return np.concatenate([make() for make in makers], axis=1) @ W_O

# %% multi_head.reversed-order from the last head to the first
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = []
    for i in range(len(W_Q) - 1, -1, -1):
        heads.append(attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i]))
    return np.concatenate(heads, axis=-1) @ W_O

# %% multi_head.reversed-order put in front
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = []
    for q, k, v in zip(W_Q, W_K, W_V):
        heads.insert(0, attend(embeddings @ q, embeddings @ k, embeddings @ v))
    return np.hstack(heads) @ W_O

# %% multi_head.concat-wrong-axis axis 0
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = [attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i]) for i in range(len(W_Q))]
    return np.concatenate(heads, axis=0) @ W_O

# %% multi_head.concat-wrong-axis no axis named
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = []
    for q, k, v in zip(W_Q, W_K, W_V):
        heads += [attend(embeddings @ q, embeddings @ k, embeddings @ v)]
    joined = np.concatenate(heads)
    return joined @ W_O

# %% multi_head.concat-wrong-axis a new axis
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = np.stack([attend(embeddings @ q, embeddings @ k, embeddings @ v) for q, k, v in zip(W_Q, W_K, W_V)])
    return heads @ W_O

# %% multi_head.scaled-by-d_model the width of the embeddings
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    d_model = embeddings.shape[-1]
    heads = []
    for i in range(len(W_Q)):
        s = (embeddings @ W_Q[i]) @ (embeddings @ W_K[i]).T / np.sqrt(d_model)
        e = np.exp(s - s.max(axis=-1, keepdims=True))
        heads.append(e / e.sum(axis=-1, keepdims=True) @ (embeddings @ W_V[i]))
    return np.concatenate(heads, axis=-1) @ W_O

# %% multi_head.scaled-by-d_model the size from the wrong axis of the weights
def multi_head(x, wq, wk, wv, wo):
    q, k, v = x @ wq, x @ wk, x @ wv
    s = np.einsum("hik,hjk->hij", q, k) / wk.shape[1] ** 0.5
    w = np.exp(s - s.max(-1)[..., None])
    w /= w.sum(-1)[..., None]
    return np.concatenate(list(w @ v), axis=1) @ wo

# %% multi_head.scaled-by-d_model all heads together
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    h, d_model, d_k = W_Q.shape
    out = []
    for q, k, v in zip(W_Q, W_K, W_V):
        s = embeddings @ q @ (embeddings @ k).T / np.sqrt(h * d_k)
        e = np.exp(s - s.max(1, keepdims=True))
        out.append(e @ (embeddings @ v) / e.sum(1, keepdims=True))
    return np.hstack(out) @ W_O

# %% multi_head.unscaled the division lost
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = []
    for q, k, v in zip(W_Q, W_K, W_V):
        s = (embeddings @ q) @ (embeddings @ k).T
        e = np.exp(s - s.max(axis=-1, keepdims=True))
        heads.append(e / e.sum(axis=-1, keepdims=True) @ embeddings @ v)
    return np.hstack(heads) @ W_O

# %% multi_head.unscaled all heads at once
def multi_head(x, wq, wk, wv, wo):
    s = (x @ wq) @ (x @ wk).transpose(0, 2, 1)
    w = np.exp(s - s.max(-1, keepdims=True))
    w = w / np.sum(w, axis=-1, keepdims=True)
    return (w @ (x @ wv)).transpose(1, 0, 2).reshape(len(x), -1) @ wo

# %% multi_head.unstable a softmax of its own
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = []
    for i in range(len(W_Q)):
        e = np.exp((embeddings @ W_Q[i]) @ (embeddings @ W_K[i]).T / np.sqrt(W_K.shape[-1]))
        heads.append(e / e.sum(axis=-1, keepdims=True) @ (embeddings @ W_V[i]))
    return np.concatenate(heads, axis=-1) @ W_O

# %% multi_head.unstable all heads at once
def multi_head(x, wq, wk, wv, wo):
    q, k, v = x @ wq, x @ wk, x @ wv
    e = np.exp(np.einsum("hik,hjk->hij", q, k) / np.sqrt(k.shape[2]))
    heads = np.einsum("hij,hjv->ihv", e / e.sum(2)[..., None], v)
    return heads.reshape(len(x), -1) @ wo

# %% multi_head.output-weights-transposed flipped
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = [attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i]) for i in range(len(W_Q))]
    return np.concatenate(heads, axis=-1) @ W_O.T

# %% multi_head.output-weights-transposed W_O from the left
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = [attend(embeddings @ q, embeddings @ k, embeddings @ v) for q, k, v in zip(W_Q, W_K, W_V)]
    return (W_O @ np.hstack(heads).T).T

# %% multi_head.shared-weights the queries' index forgotten
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = [attend(embeddings @ W_Q[0], embeddings @ W_K[i], embeddings @ W_V[i]) for i in range(len(W_Q))]
    return np.concatenate(heads, axis=-1) @ W_O

# %% multi_head.shared-weights the values made once, before the loop
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    V = embeddings @ W_V[0]
    heads = []
    for q, k in zip(W_Q, W_K):
        heads.append(attend(embeddings @ q, embeddings @ k, V))
    return np.concatenate(heads, axis=-1) @ W_O

# %% multi_head.shared-weights the last keys for all
def multi_head(x, wq, wk, wv, wo):
    q, k, v = x @ wq, x @ wk[-1], x @ wv
    s = q @ k.T / np.sqrt(k.shape[-1])
    e = np.exp(s - s.max(-1, keepdims=True))
    return np.concatenate(list(e / e.sum(-1, keepdims=True) @ v), axis=1) @ wo

# %% multi_head.softmax-over-heads axis 0 of the stack
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    Q, K, V = embeddings @ W_Q, embeddings @ W_K, embeddings @ W_V
    scores = Q @ K.transpose(0, 2, 1) / np.sqrt(W_K.shape[-1])
    e = np.exp(scores - scores.max(axis=0))
    heads = (e / e.sum(axis=0)) @ V
    return np.concatenate(list(heads), axis=-1) @ W_O

# %% multi_head.softmax-over-heads naive, by a loop over the heads
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    scores = []
    for q, k in zip(W_Q, W_K):
        scores.append(embeddings @ q @ (embeddings @ k).T / k.shape[1] ** 0.5)
    e = [np.exp(s) for s in scores]
    total = np.sum(e, axis=0)
    heads = [one / total @ (embeddings @ v) for one, v in zip(e, W_V)]
    return np.hstack(heads) @ W_O

# %% general.changed-step the embeddings are added at the end
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = [attend(embeddings @ q, embeddings @ k, embeddings @ v) for q, k, v in zip(W_Q, W_K, W_V)]
    return np.concatenate(heads, axis=-1) @ W_O + embeddings

# %% general.changed-step no attention, values alone
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    return np.hstack([embeddings @ v for v in W_V]) @ W_O

# %% general.wrong-type a list of heads
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    return [attend(embeddings @ q, embeddings @ k, embeddings @ v) for q, k, v in zip(W_Q, W_K, W_V)]

# %% general.changed-step keys made with the query's weights
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = [attend(embeddings @ W_Q[i], embeddings @ W_Q[i], embeddings @ W_V[i]) for i in range(len(W_Q))]
    return np.concatenate(heads, axis=-1) @ W_O

# %% general.changed-step query and key change places
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = [attend(embeddings @ W_K[i], embeddings @ W_Q[i], embeddings @ W_V[i]) for i in range(len(W_Q))]
    return np.concatenate(heads, axis=-1) @ W_O

# %% general.not-implemented the stub
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    raise NotImplementedError()

# %% general.returns-none no return
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = [attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i]) for i in range(len(W_Q))]
    output = np.concatenate(heads, axis=-1) @ W_O

# %% general.wrong-type the list of heads
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = [attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i]) for i in range(len(W_Q))]
    return [head.tolist() for head in heads]

# %% general.raises the number of heads as an argument that nobody passes
def multi_head(embeddings, W_Q, W_K, W_V, W_O, n_heads):
    return np.zeros_like(embeddings)

# %% general.mutates-input normalises the embeddings in place first, and undoes it
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    embeddings *= 4
    x = embeddings / 4
    heads = [attend(x @ W_Q[i], x @ W_K[i], x @ W_V[i]) for i in range(len(W_Q))]
    return np.concatenate(heads, axis=-1) @ W_O

# %% general.rounded two decimals
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = [attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i]) for i in range(len(W_Q))]
    return (np.concatenate(heads, axis=-1) @ W_O).round(2)

# %% general.low-precision heads in half precision
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = [attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i]) for i in range(len(W_Q))]
    return np.concatenate(heads, axis=1).astype(np.half) @ W_O

# %% general.low-precision half precision
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = [attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i]) for i in range(len(W_Q))]
    return np.concatenate(heads, axis=-1).astype(np.float16) @ W_O.astype(np.float16)

# %% general.hardcoded-size always two heads
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = [attend(embeddings @ W_Q[i], embeddings @ W_K[i], embeddings @ W_V[i]) for i in (0, 1)]
    return np.concatenate(heads, axis=-1) @ W_O

# %% general.uses-globals the notebook's embeddings
embeddings = np.random.default_rng(7).normal(size=(10, 8))
def multi_head(x, W_Q, W_K, W_V, W_O):
    heads = [attend(embeddings @ q, embeddings @ k, embeddings @ v) for q, k, v in zip(W_Q, W_K, W_V)]
    return np.concatenate(heads, axis=-1) @ W_O

# %% general.out-of-memory repeats the heads without end
def multi_head(embeddings, W_Q, W_K, W_V, W_O):
    heads = [attend(embeddings @ W_Q[0], embeddings @ W_K[0], embeddings @ W_V[0])]
    while True:
        heads = heads + heads
