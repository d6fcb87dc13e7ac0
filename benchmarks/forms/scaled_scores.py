# Right ways to write scaled_scores, beside those of the corpus, for mistakes to be made in.

# %% right a line for every step
def scaled_scores(Query, Key):
    d_k = Key.shape[1]
    keys = Key.T
    scores = Query @ keys
    scale = np.sqrt(d_k)
    return scores / scale


# %% right a row of scores for each query
def scaled_scores(Query, Key):
    n_q = Query.shape[0]
    n_k = Key.shape[0]
    d_k = Query.shape[1]
    scores = np.zeros((n_q, n_k))
    for i in range(n_q):
        row = Key @ Query[i]
        scores[i, :] = row / np.sqrt(d_k)
    return scores


# %% right einsum, then scaled
def scaled_scores(Query, Key):
    products = np.einsum("qd,kd->qk", Query, Key)
    width = Query.shape[-1]
    products = products / np.sqrt(width)
    return products


# %% right lists of lists with a helper for the dot product
def dot_product(a, b):
    total = 0.0
    for x, y in zip(a, b):
        total += x * y
    return total


def scaled_scores(Query, Key):
    width = len(Query[0])
    table = []
    for q in Query:
        row = []
        for k in Key:
            row.append(dot_product(q, k) / width**0.5)
        table.append(row)
    return np.array(table)


# %% right added up feature by feature
def scaled_scores(Query, Key):
    d_k = Query.shape[1]
    scores = np.zeros((Query.shape[0], Key.shape[0]))
    for f in range(d_k):
        scores += np.outer(Query[:, f], Key[:, f])
    scores /= np.sqrt(d_k)
    return scores


# %% right multiplied by one over the root
def scaled_scores(Q, K):
    n_features = K.shape[-1]
    factor = 1.0 / np.sqrt(n_features)
    raw = np.dot(Q, K.transpose())
    return factor * raw


# %% right broadcast, multiplied, summed over the last axis
def scaled_scores(Query, Key):
    q = Query[:, np.newaxis, :]
    k = Key[np.newaxis, :, :]
    products = q * k
    sums = products.sum(axis=2)
    return sums / np.sqrt(Key.shape[1])


# %% right both sides divided before
def scaled_scores(Query, Key):
    half = np.sqrt(np.sqrt(Key.shape[1]))
    left = Query / half
    right = Key / half
    return left @ right.T
