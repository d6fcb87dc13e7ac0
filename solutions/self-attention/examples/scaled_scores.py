# Ways in which students write scaled_scores.

# %% right as in the lesson
def scaled_scores(Query, Key):
    d_k = Key.shape[-1]
    return Query @ Key.T / np.sqrt(d_k)

# %% right einsum
def scaled_scores(q, k):
    return np.einsum("id,jd->ij", q, k) / q.shape[1] ** 0.5

# %% right two loops and a dot product
def scaled_scores(Query, Key):
    import math
    out = np.zeros((len(Query), len(Key)))
    for i in range(len(Query)):
        for j in range(len(Key)):
            out[i, j] = np.dot(Query[i], Key[j]) / math.sqrt(len(Key[j]))
    return out

# %% right three loops without numpy's products
def scaled_scores(Query, Key):
    n_q, d = Query.shape
    n_k = Key.shape[0]
    scores = np.empty((n_q, n_k))
    for i in range(n_q):
        for j in range(n_k):
            total = 0.0
            for f in range(d):
                total += Query[i][f] * Key[j][f]
            scores[i][j] = total * d ** -0.5
    return scores

# %% right the query scaled first
def scaled_scores(Query, Key):
    Query = Query / np.sqrt(Query.shape[-1])
    return np.matmul(Query, np.transpose(Key))

# %% right the fourth root on both sides
def scaled_scores(Query, Key):
    root = Key.shape[-1] ** 0.25
    return (Query / root) @ (Key / root).T

# %% right keys from the left, turned back
def scaled_scores(Query, Key):
    return (Key @ Query.T).T / np.sqrt(Query.shape[-1])

# %% right single precision
def scaled_scores(Query, Key):
    Q, K = Query.astype(np.float32), Key.astype(np.float32)
    return Q @ K.T / np.float32(np.sqrt(K.shape[1]))

# %% right broadcasting and a sum
def scaled_scores(Query, Key):
    return (Query[:, None, :] * Key[None, :, :]).sum(-1) / np.sqrt(Query.shape[-1])

# %% right divided in place, on the product
def scaled_scores(Query, Key):
    scores = np.inner(Query, Key)
    scores /= np.sqrt(Key.shape[1])
    return scores

# %% right a comprehension
def scaled_scores(Query, Key):
    return np.array([[sum(a * b for a, b in zip(q, k)) / len(q) ** 0.5 for k in Key] for q in Query])

# %% right a class
class Scorer:
    def __init__(self, keys):
        self.keys = keys
        self.scale = 1 / np.sqrt(keys.shape[-1])

    def score(self, queries):
        return self.scale * queries.dot(self.keys.T)

def scaled_scores(Query, Key):
    return Scorer(Key).score(Query)

# %% right a query at a time, by recursion
def scaled_scores(Query, Key):
    first = (Key @ Query[0] / np.sqrt(Key.shape[1]))[np.newaxis]
    if len(Query) == 1:
        return first
    return np.concatenate([first, scaled_scores(Query[1:], Key)])

# %% right a function that only hands over to a lambda
alikeness = lambda Q, K: Q.dot(K.swapaxes(0, 1)) * np.power(float(K.shape[1]), -0.5)
def scaled_scores(Query, Key):
    return alikeness(Query, Key)

# %% right swapaxes, tensordot and exp of a logarithm
def scaled_scores(Query, Key):
    scale = np.exp(-0.5 * np.log(Key.shape[-1]))
    return np.tensordot(Query, Key, axes=([1], [1])) * scale

# %% right from lengths and distances
def scaled_scores(Query, Key):
    q2, k2 = (Query ** 2).sum(axis=1)[:, None], (Key ** 2).sum(axis=1)[None]
    distances = ((Query[:, None] - Key[None]) ** 2).sum(axis=-1)
    return (q2 + k2 - distances) / 2 / np.sqrt(Key.shape[1])

# %% scaled_scores.unscaled the product alone
def scaled_scores(Query, Key):
    return Query @ Key.T

# %% scaled_scores.unscaled einsum
def scaled_scores(q, k):
    d_k = k.shape[1]
    return np.einsum("qd,kd->qk", q, k)

# %% scaled_scores.unscaled a loop
def scaled_scores(Query, Key):
    rows = []
    for q in Query:
        rows.append([float(q @ k) for k in Key])
    return np.array(rows)

# %% scaled_scores.divided-by-d_k forgot the root
def scaled_scores(Query, Key):
    d_k = Key.shape[-1]
    return Query @ Key.T / d_k

# %% scaled_scores.divided-by-d_k the mean of the products
def scaled_scores(Query, Key):
    return np.array([[np.mean(q * k) for k in Key] for q in Query])

# %% scaled_scores.divided-by-d_k a half without parentheses
def scaled_scores(Query, Key):
    return Query @ Key.T / (Key.shape[1] ** 1 / 2)

# %% scaled_scores.divided-by-d_k a half without any parentheses
def scaled_scores(Query, Key):
    d = Query.shape[1]
    return np.inner(Query, Key) / d ** 1 / 2

# %% scaled_scores.multiplied-by-sqrt times the root
def scaled_scores(Query, Key):
    return Query @ Key.T * np.sqrt(Key.shape[-1])

# %% scaled_scores.multiplied-by-sqrt divided by the inverse of the root
def scaled_scores(Query, Key):
    scale = Key.shape[1] ** -0.5
    return np.einsum("id,jd->ij", Query, Key) / scale

# %% scaled_scores.scaled-by-n_tokens size from the wrong axis
def scaled_scores(Query, Key):
    d_k = Key.shape[0]
    return Query @ Key.T / np.sqrt(d_k)

# %% scaled_scores.scaled-by-n_tokens len of the query
def scaled_scores(Query, Key):
    out = np.zeros((Query.shape[0], Key.shape[0]))
    for i, q in enumerate(Query):
        for j, k in enumerate(Key):
            out[i, j] = q.dot(k) / len(Query) ** 0.5
    return out

# %% scaled_scores.scaled-by-n_tokens by the number of keys, no root
def scaled_scores(Query, Key):
    return (Query @ Key.T) / len(Key)

# %% scaled_scores.scaled-twice once on the query, once on the product
def scaled_scores(Query, Key):
    q = Query / np.sqrt(Query.shape[-1])
    return q @ Key.T / np.sqrt(Key.shape[-1])

# %% scaled_scores.scaled-twice twice in a line
def scaled_scores(Query, Key):
    root = Key.shape[1] ** 0.5
    scores = np.matmul(Query, Key.T) / root
    return scores / root

# %% scaled_scores.scaled-twice query, key and product
def scaled_scores(Query, Key):
    s = np.sqrt(Key.shape[1])
    return ((Query / s) @ (Key / s).T) / s

# %% scaled_scores.transposed keys from the left
def scaled_scores(Query, Key):
    return Key @ Query.T / np.sqrt(Key.shape[-1])

# %% scaled_scores.transposed einsum with the letters turned round
def scaled_scores(Query, Key):
    return np.einsum("qd,kd->kq", Query, Key) / np.sqrt(Query.shape[1])

# %% scaled_scores.self-product queries against themselves
def scaled_scores(Query, Key):
    return Query @ Query.T / np.sqrt(Query.shape[-1])

# %% scaled_scores.self-product keys against themselves, by loops
def scaled_scores(Query, Key):
    n = len(Key)
    table = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            table[i, j] = np.sum(Key[i] * Key[j]) / np.sqrt(Key.shape[1])
    return table

# %% scaled_scores.elementwise a star
def scaled_scores(Query, Key):
    return Query * Key / np.sqrt(Key.shape[-1])

# %% scaled_scores.elementwise multiplied and summed in each row
def scaled_scores(Query, Key):
    return np.sum(np.multiply(Query, Key), axis=1) / np.sqrt(Key.shape[1])

# %% scaled_scores.feature-product the query flipped
def scaled_scores(Query, Key):
    return Query.T @ Key / np.sqrt(Key.shape[-1])

# %% scaled_scores.feature-product einsum over the tokens
def scaled_scores(q, k):
    return np.einsum("ni,nj->ij", q, k) * q.shape[1] ** -0.5

# %% scaled_scores.untransposed the key as it is
def scaled_scores(Query, Key):
    return Query @ Key / np.sqrt(Key.shape[-1])

# %% scaled_scores.untransposed dot
def scaled_scores(Query, Key):
    d_k = Key.shape[1]
    raw = np.dot(Query, Key)
    return raw / d_k ** 0.5

# %% scaled_scores.cosine divided by both lengths
def scaled_scores(Query, Key):
    q = Query / np.linalg.norm(Query, axis=1, keepdims=True)
    k = Key / np.linalg.norm(Key, axis=1, keepdims=True)
    return q @ k.T

# %% scaled_scores.cosine divided by lengths and root
def scaled_scores(Query, Key):
    lengths = np.sqrt((Query ** 2).sum(1))[:, None] * np.sqrt((Key ** 2).sum(1))[None]
    return Query @ Key.T / lengths / np.sqrt(Key.shape[1])

# %% scaled_scores.softmaxed-early returns weights
def scaled_scores(Query, Key):
    scores = Query @ Key.T / np.sqrt(Key.shape[-1])
    e = np.exp(scores)
    return e / e.sum(axis=-1, keepdims=True)

# %% scaled_scores.softmaxed-early calls softmax on the raw products
def scaled_scores(Query, Key):
    return softmax(Query @ Key.T)

# %% scaled_scores.floor-division two slashes
def scaled_scores(Query, Key):
    return Query @ Key.T // np.sqrt(Key.shape[-1])

# %% scaled_scores.floor-division floor in a loop
def scaled_scores(Query, Key):
    out = np.zeros((len(Query), len(Key)))
    for i in range(len(Query)):
        for j in range(len(Key)):
            out[i, j] = np.floor(Query[i] @ Key[j] / np.sqrt(Query.shape[1]))
    return out

# %% scaled_scores.floor-division a whole number for the root
def scaled_scores(Query, Key):
    import math
    return Query @ Key.T / math.isqrt(Key.shape[1])

# %% scaled_scores.sqrt-of-everything parentheses too far
def scaled_scores(Query, Key):
    return np.sqrt(Query @ Key.T / Key.shape[-1])

# %% scaled_scores.sqrt-of-everything root of both
def scaled_scores(Query, Key):
    return np.sqrt(np.inner(Query, Key)) / np.sqrt(Key.shape[1])

# %% scaled_scores.sqrt-of-everything root above the line alone
def scaled_scores(Query, Key):
    raw = np.einsum("id,jd->ij", Query, Key)
    return raw ** 0.5 / Key.shape[1]

# %% scaled_scores.negated a minus
def scaled_scores(Query, Key):
    return -(Query @ Key.T) / np.sqrt(Key.shape[-1])

# %% scaled_scores.negated as if it were a distance
def scaled_scores(Query, Key):
    scores = np.zeros((len(Query), len(Key)))
    for i, q in enumerate(Query):
        for j, k in enumerate(Key):
            for a, b in zip(q, k):
                scores[i, j] -= a * b
    return scores / np.sqrt(Query.shape[1])

# %% general.changed-step the third root
def scaled_scores(Query, Key):
    return Query @ Key.T / np.cbrt(Key.shape[-1])

# %% general.returns-none an assignment and no return
def scaled_scores(Query, Key):
    scores = Query @ Key.T / np.sqrt(Key.shape[-1])

# %% general.wrong-type nested lists
def scaled_scores(Query, Key):
    return (Query @ Key.T / np.sqrt(Key.shape[-1])).tolist()

# %% general.wrong-type a single Python number
def scaled_scores(Query, Key):
    return float(Query[0] @ Key[0] / Key.shape[-1] ** 0.5)

# %% general.changed-step a reshape for the transpose
def scaled_scores(Query, Key):
    return Query @ Key.reshape(Key.shape[1], Key.shape[0]) / np.sqrt(Key.shape[1])

# %% general.changed-step the loop over features ends early
def scaled_scores(Query, Key):
    d = Key.shape[1]
    out = np.zeros((len(Query), len(Key)))
    for i in range(len(Query)):
        for j in range(len(Key)):
            for f in range(d - 1):
                out[i, j] += Query[i, f] * Key[j, f]
    return out / np.sqrt(d)

# %% general.returns-early the return stands inside the loop
def scaled_scores(Query, Key):
    rows = []
    for query in Query:
        rows.append([query @ key / np.sqrt(len(key)) for key in Key])
        return np.array(rows)

# %% general.raises a typo in a name
def scaled_scores(Query, Key):
    return Query @ Key.T / np.sqrt(dk)

# %% general.mutates-input divides the query in place
def scaled_scores(Query, Key):
    Query /= np.sqrt(Key.shape[-1])
    return Query @ Key.T

# %% general.rounded three decimals
def scaled_scores(Query, Key):
    return (Query @ Key.T / np.sqrt(Key.shape[-1])).round(3)

# %% general.rounded the products, before they are divided
def scaled_scores(Query, Key):
    s = Query @ Key.T
    s = np.around(s, 1)
    return s / np.sqrt(Query.shape[1])

# %% general.low-precision half precision on the way, and a root of more digits
def scaled_scores(Query, Key):
    q = Query.astype(np.float16)
    k = Key.astype(np.float16)
    return q @ k.T / np.sqrt(q.shape[1])

# %% general.low-precision half precision at the end
def scaled_scores(Query, Key):
    return (Query @ Key.T / np.sqrt(Key.shape[-1])).astype(np.float16)

# %% general.random noise on the scores
def scaled_scores(Query, Key):
    return Query @ Key.T / np.sqrt(Key.shape[-1]) + np.random.normal(size=(len(Query), len(Key)))

# %% general.hardcoded-size the lesson's d_k
def scaled_scores(Query, Key):
    return Query @ Key.T / np.sqrt(6)

# %% general.hardcoded-size loops over ten tokens and six features
def scaled_scores(Query, Key):
    out = np.zeros((10, 10))
    for i in range(10):
        for j in range(10):
            out[i, j] = sum(Query[i, f] * Key[j, f] for f in range(6)) / 6 ** 0.5
    return out

# %% general.uses-globals the notebook's Query and Key
Query = np.random.default_rng(1).normal(size=(10, 6))
Key = np.random.default_rng(2).normal(size=(10, 6))
def scaled_scores(q, k):
    return Query @ Key.T / np.sqrt(6)

# %% general.wrong-shape one dimension too many
def scaled_scores(Query, Key):
    return (Query @ Key.T / np.sqrt(Key.shape[-1]))[None]

# %% general.nan divides by zero
def scaled_scores(Query, Key):
    zero = Key.shape[-1] - Key.shape[-1]
    return Query @ Key.T / zero
