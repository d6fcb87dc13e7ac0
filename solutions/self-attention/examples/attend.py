# Ways in which students write attend. The cells before it define scaled_scores and softmax, which are right.

# %% right built on the functions before
def attend(Query, Key, Value):
    return softmax(scaled_scores(Query, Key)) @ Value

# %% right all in one function
def attend(Query, Key, Value):
    scores = Query @ Key.T / np.sqrt(Key.shape[-1])
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return (e / e.sum(axis=-1, keepdims=True)) @ Value

# %% right einsum throughout
def attend(q, k, v):
    s = np.einsum("id,jd->ij", q, k) / k.shape[1] ** 0.5
    w = np.exp(s - s.max(1)[:, None])
    return np.einsum("ij,jv,i->iv", w, v, 1 / w.sum(1))

# %% right one query at a time
def attend(Query, Key, Value):
    rows = []
    for q in Query:
        scores = Key @ q / np.sqrt(len(q))
        weights = np.exp(scores - scores.max())
        weights = weights / weights.sum()
        rows.append(weights @ Value)
    return np.array(rows)

# %% right every loop written out
def attend(Query, Key, Value):
    import math
    n_q, d_k = Query.shape
    n_k, d_v = Value.shape
    out = np.zeros((n_q, d_v))
    for i in range(n_q):
        s = []
        for j in range(n_k):
            s.append(sum(Query[i, f] * Key[j, f] for f in range(d_k)) / math.sqrt(d_k))
        top = max(s)
        e = [math.exp(value - top) for value in s]
        for j in range(n_k):
            for f in range(d_v):
                out[i, f] += e[j] / sum(e) * Value[j, f]
    return out

# %% right streaming softmax, a key at a time
def attend(Query, Key, Value):
    n_q = len(Query)
    m = np.full(n_q, -np.inf)
    total = np.zeros(n_q)
    out = np.zeros((n_q, Value.shape[1]))
    for k, v in zip(Key, Value):
        s = Query @ k / np.sqrt(len(k))
        new = np.maximum(m, s)
        old_scale, scale = np.exp(m - new), np.exp(s - new)
        total = total * old_scale + scale
        out = out * old_scale[:, None] + scale[:, None] * v
        m = new
    return out / total[:, None]

# %% right divided at the very end
def attend(Query, Key, Value):
    scores = scaled_scores(Query, Key)
    e = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    return e @ Value / np.sum(e, axis=1, keepdims=True)

# %% right single precision
def attend(Query, Key, Value):
    Q, K, V = (a.astype(np.float32) for a in (Query, Key, Value))
    s = Q @ K.T / np.float32(K.shape[1]) ** np.float32(0.5)
    e = np.exp(s - s.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True) @ V

# %% right transposed through and through
def attend(Query, Key, Value):
    s = Key @ Query.T / np.sqrt(Query.shape[1])
    e = np.exp(s - s.max(axis=0))
    return (Value.T @ (e / e.sum(axis=0))).T

# %% right a column of ones beside the values
def attend(Query, Key, Value):
    s = scaled_scores(Query, Key)
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    both = e @ np.hstack([Value, np.ones((len(Value), 1))])
    return both[:, :-1] / both[:, -1:]

# %% right a class
class Attention:
    def __init__(self, keys, values):
        self.keys, self.values = keys, values

    def weights(self, query):
        return softmax(scaled_scores(query, self.keys))

    def __call__(self, query):
        return np.dot(self.weights(query), self.values)

def attend(Query, Key, Value):
    return Attention(Key, Value)(Query)

# %% right recursion over the queries
def attend(Query, Key, Value):
    if len(Query) > 1:
        return np.vstack([attend(Query[:1], Key, Value), attend(Query[1:], Key, Value)])
    return softmax(scaled_scores(Query, Key)) @ Value

# %% right scaled on the way in, in place on copies
def attend(Query, Key, Value):
    q = Query.copy()
    q /= np.sqrt(q.shape[-1])
    w = q @ Key.T
    w -= w.max(axis=-1, keepdims=True)
    np.exp(w, out=w)
    w /= w.sum(axis=-1, keepdims=True)
    return np.matmul(w, Value)

# %% right a lambda and an operator chain
one_step = lambda weights, values: (weights[:, :, None] * values[None]).sum(axis=1)
def attend(Query, Key, Value):
    return one_step(softmax(scaled_scores(Query, Key)), Value)

# %% right a column of ones beside the values adds up the weights
def attend(Query, Key, Value):
    s = Query @ Key.T / np.sqrt(Key.shape[1])
    e = np.exp(s - s.max(axis=1, keepdims=True))
    both = e @ np.hstack([Value, np.ones((len(Value), 1))])
    return both[:, :-1] / both[:, -1:]

# %% attend.unscaled the plain product
def attend(Query, Key, Value):
    return softmax(Query @ Key.T) @ Value

# %% attend.unscaled a loop over queries
def attend(Query, Key, Value):
    out = np.zeros((len(Query), Value.shape[1]))
    for i, q in enumerate(Query):
        s = Key.dot(q)
        e = np.exp(s - s.max())
        out[i] = e.dot(Value) / e.sum()
    return out

# %% attend.unstable a softmax of its own
def attend(Query, Key, Value):
    e = np.exp(scaled_scores(Query, Key))
    return (e / e.sum(axis=-1, keepdims=True)) @ Value

# %% attend.unstable einsum, no shift
def attend(q, k, v):
    w = np.exp(np.einsum("id,jd->ij", q, k) / np.sqrt(k.shape[1]))
    w /= w.sum(axis=1, keepdims=True)
    return w @ v

# %% attend.no-softmax scores times values
def attend(Query, Key, Value):
    return scaled_scores(Query, Key) @ Value

# %% attend.no-softmax einsum of three
def attend(Query, Key, Value):
    return np.einsum("id,jd,jv->iv", Query, Key, Value) / np.sqrt(Key.shape[1])

# %% attend.wrong-axis along the queries
def attend(Query, Key, Value):
    s = scaled_scores(Query, Key)
    e = np.exp(s - s.max(axis=0))
    return e / e.sum(axis=0) @ Value

# %% attend.wrong-axis softmax of the flipped scores, flipped back
def attend(Query, Key, Value):
    weights = softmax(scaled_scores(Query, Key).T).T
    return weights @ Value

# %% attend.wrong-axis the sum alone
def attend(Query, Key, Value):
    s = Query @ Key.T / np.sqrt(Query.shape[1])
    e = np.exp(s - np.max(s, axis=1, keepdims=True))
    w = e / np.sum(e, axis=0)
    return w @ Value

# %% attend.weights-transposed a flip before the values
def attend(Query, Key, Value):
    return softmax(scaled_scores(Query, Key)).T @ Value

# %% attend.weights-transposed einsum with the letters turned
def attend(Query, Key, Value):
    w = softmax(scaled_scores(Query, Key))
    return np.einsum("ji,jv->iv", w, Value)

# %% attend.key-for-value a slip of the name
def attend(Query, Key, Value):
    return softmax(scaled_scores(Query, Key)) @ Key

# %% attend.key-for-value in a loop
def attend(q, k, v):
    out = []
    for query in q:
        s = k @ query / np.sqrt(k.shape[1])
        e = np.exp(s - s.max())
        out.append(sum(weight * key for weight, key in zip(e / e.sum(), k)))
    return np.array(out)

# %% attend.query-for-value a slip of the name
def attend(Query, Key, Value):
    return softmax(scaled_scores(Query, Key)) @ Query

# %% attend.query-for-value dot
def attend(Query, Key, Value):
    weights = softmax(np.dot(Query, Key.T) / np.sqrt(Key.shape[-1]))
    output = np.dot(weights, Query)
    return output

# %% attend.returns-weights stops early
def attend(Query, Key, Value):
    return softmax(scaled_scores(Query, Key))

# %% attend.returns-weights by hand, and no step after them
def attend(q, k, v):
    s = np.einsum("id,jd->ij", q, k) / k.shape[-1] ** 0.5
    w = np.exp(s - s.max(axis=-1, keepdims=True))
    w /= w.sum(axis=-1, keepdims=True)
    return w

# %% general.right-not-returned returns the wrong variable
def attend(Query, Key, Value):
    s = Query @ Key.T / np.sqrt(Key.shape[-1])
    w = np.exp(s) / np.exp(s).sum(axis=-1, keepdims=True)
    output = w @ Value
    return w

# %% attend.mean-pooled the mean of the output
def attend(Query, Key, Value):
    return (softmax(scaled_scores(Query, Key)) @ Value).mean(axis=0)

# %% attend.mean-pooled every key the same weight
def attend(Query, Key, Value):
    weights = np.ones((len(Query), len(Key))) / len(Key)
    return weights @ Value

# %% attend.mean-pooled the mean of the values
def attend(Query, Key, Value):
    return np.mean(Value, axis=0)

# %% attend.summed-over-tokens a sum too many
def attend(Query, Key, Value):
    return np.sum(softmax(scaled_scores(Query, Key)) @ Value, axis=0)

# %% attend.summed-over-tokens one result added up in a loop
def attend(Query, Key, Value):
    total = np.zeros(Value.shape[1])
    for q in Query:
        s = Key @ q / np.sqrt(len(q))
        w = np.exp(s - max(s))
        total = total + (w / w.sum()) @ Value
    return total

# %% attend.residual-added plus the values
def attend(Query, Key, Value):
    return softmax(scaled_scores(Query, Key)) @ Value + Value

# %% attend.residual-added plus the queries
def attend(Query, Key, Value):
    out = softmax(scaled_scores(Query, Key)) @ Value
    out = np.add(out, Query)
    return out

# %% attend.swapped-query-key arguments in the wrong order
def attend(Query, Key, Value):
    return softmax(scaled_scores(Key, Query)) @ Value

# %% attend.swapped-query-key keys from the left
def attend(Query, Key, Value):
    s = Key @ Query.T / np.sqrt(Query.shape[-1])
    e = np.exp(s - s.max(-1, keepdims=True))
    return (e / e.sum(-1, keepdims=True)) @ Value

# %% attend.softmax-twice once more
def attend(Query, Key, Value):
    return softmax(softmax(scaled_scores(Query, Key))) @ Value

# %% attend.softmax-twice weights taken for scores
def attend(Query, Key, Value):
    scores = softmax(Query @ Key.T / np.sqrt(Key.shape[1]))
    e = np.exp(scores)
    return np.einsum("ij,jv->iv", e / e.sum(1, keepdims=True), Value)

# %% attend.causal-mask minus infinity above the diagonal
def attend(Query, Key, Value):
    scores = scaled_scores(Query, Key)
    later = np.triu(np.ones(scores.shape, dtype=bool), k=1)
    return softmax(np.where(later, -np.inf, scores)) @ Value

# %% attend.causal-mask a large negative number
def attend(Query, Key, Value):
    scores = Query @ Key.T / np.sqrt(Key.shape[-1])
    for i in range(scores.shape[0]):
        for j in range(scores.shape[1]):
            if j > i:
                scores[i, j] = -1e9
    return softmax(scores) @ Value

# %% attend.causal-mask weights cut off after softmax
def attend(Query, Key, Value):
    return np.tril(softmax(scaled_scores(Query, Key))) @ Value

# %% attend.hard-max the best key's value
def attend(Query, Key, Value):
    return Value[np.argmax(Query @ Key.T, axis=1)]

# %% attend.hard-max weights of zero and one
def attend(Query, Key, Value):
    s = scaled_scores(Query, Key)
    w = (s == s.max(axis=1, keepdims=True)) * 1.0
    return w @ Value

# %% general.changed-step scaled after softmax
def attend(Query, Key, Value):
    weights = softmax(Query @ Key.T) / np.sqrt(Key.shape[-1])
    return weights @ Value

# %% general.changed-step the transpose forgotten
def attend(Query, Key, Value):
    return softmax(Query @ Key / np.sqrt(Key.shape[-1])) @ Value

# %% general.changed-step the last key is never added
def attend(Query, Key, Value):
    weights = softmax(scaled_scores(Query, Key))
    out = np.zeros((len(Query), Value.shape[1]))
    for i in range(len(Query)):
        for j in range(len(Key) - 1):
            out[i] += weights[i, j] * Value[j]
    return out

# %% general.changed-step the mean of the weighted values
def attend(Query, Key, Value):
    weights = softmax(scaled_scores(Query, Key))
    return np.mean(weights[:, :, None] * Value[None], axis=1)

# %% general.changed-step divided by d_k
def attend(Query, Key, Value):
    return softmax(Query @ Key.T / Key.shape[-1]) @ Value

# %% general.changed-step the size of the values below the root
def attend(Query, Key, Value):
    return softmax(Query @ Key.T / np.sqrt(Value.shape[-1])) @ Value

# %% general.not-implemented the stub
def attend(Query, Key, Value):
    raise NotImplementedError()

# %% general.returns-none the output stays inside
def attend(Query, Key, Value):
    output = softmax(scaled_scores(Query, Key)) @ Value

# %% general.wrong-type output and weights together
def attend(Query, Key, Value):
    weights = softmax(scaled_scores(Query, Key))
    return weights @ Value, weights

# %% general.raises the value transposed
def attend(Query, Key, Value):
    return softmax(scaled_scores(Query, Key)).attend(Value)

# %% general.wrong-shape an axis for a batch
def attend(Query, Key, Value):
    return (softmax(scaled_scores(Query, Key)) @ Value)[None, ...]

# %% general.mutates-input scales the query in place
def attend(Query, Key, Value):
    Query /= np.sqrt(Query.shape[1])
    return softmax(Query @ Key.T) @ Value

# %% general.rounded weights and output
def attend(Query, Key, Value):
    return np.round(softmax(scaled_scores(Query, Key)) @ Value, 3)

# %% general.rounded the weights on the way
def attend(Query, Key, Value):
    w = softmax(scaled_scores(Query, Key)).round(2)
    return w @ Value

# %% general.low-precision half precision
def attend(Query, Key, Value):
    return softmax(scaled_scores(Query, Key)).astype(np.float16) @ Value.astype(np.float16)

# %% general.uses-globals the notebook's Value
Value = np.random.default_rng(5).normal(size=(10, 6))
def attend(Query, Key, V):
    return softmax(scaled_scores(Query, Key)) @ Value

# %% general.hardcoded-size the lesson's d_k, ten tokens
def attend(Query, Key, Value):
    out = np.zeros((10, 6))
    for i in range(10):
        s = Key @ Query[i] / np.sqrt(6)
        e = np.exp(s - s.max())
        out[i] = e @ Value / e.sum()
    return out

# %% general.timeout calls itself by mistake
def attend(Query, Key, Value):
    scores = Query @ Key.T
    while scores.max() > -1:
        scores = scores * 0.5
    return softmax(scores) @ Value
