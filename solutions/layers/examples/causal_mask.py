# Ways in which students write causal_mask.

# %% right triu of a full table
def causal_mask(n):
    return np.triu(np.full((n, n), -np.inf), k=1)

# %% right a loop over all pairs
def causal_mask(n):
    mask = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            if j > i:
                mask[i, j] = -np.inf
    return mask

# %% right where on a triangle of ones
def causal_mask(n):
    return np.where(np.tril(np.ones((n, n))) == 1, 0.0, -np.inf)

# %% right filled by the places above the diagonal
def causal_mask(n):
    m = np.zeros((n, n))
    m[np.triu_indices(n, k=1)] = float("-inf")
    return m

# %% right the logarithm of a triangle
def causal_mask(n):
    with np.errstate(divide="ignore"):
        return np.log(np.tri(n))

# %% right row by row with a slice
def causal_mask(n):
    mask = np.full((n, n), -np.inf)
    for i in range(n):
        mask[i, :i + 1] = 0
    return mask

# %% right lists made into an array
def causal_mask(n):
    return np.array([[0.0 if j <= i else -np.inf for j in range(n)] for i in range(n)])

# %% right broadcast places
def causal_mask(n):
    i = np.arange(n).reshape(-1, 1)
    j = np.arange(n).reshape(1, -1)
    return np.where(j <= i, 0, -np.inf)

# %% right a boolean index
def causal_mask(n):
    hidden = np.triu(np.ones((n, n), dtype=bool), 1)
    out = np.zeros(hidden.shape)
    out[hidden] = -np.inf
    return out

# %% right single precision
def causal_mask(n):
    return np.triu(np.full((n, n), -np.inf, dtype=np.float32), 1)

# %% right fromfunction
def causal_mask(n):
    return np.fromfunction(lambda i, j: np.where(i < j, -np.inf, 0.0), (n, n))

# %% right the rows stacked
def causal_mask(n):
    rows = [np.concatenate([np.zeros(i + 1), np.full(n - i - 1, -np.inf)]) for i in range(n)]
    return np.stack(rows)

# %% right a masked assignment through the identity
def causal_mask(n):
    later = np.cumsum(np.eye(n), axis=1) - np.eye(n) > 0
    return np.where(later, -np.inf, 0.0)

# %% causal_mask.transposed the lower triangle
def causal_mask(n):
    return np.tril(np.full((n, n), -np.inf), k=-1)

# %% causal_mask.transposed the indices changed places
def causal_mask(n):
    mask = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1, n):
            mask[j, i] = -np.inf
    return mask

# %% causal_mask.inverted the two values changed places
def causal_mask(n):
    return np.where(np.tri(n) == 1, -np.inf, 0.0)

# %% causal_mask.inverted what may be seen is filled
def causal_mask(n):
    mask = np.zeros((n, n))
    mask[np.tril_indices(n)] = -np.inf
    return mask

# %% causal_mask.zeros-and-ones a triangle of ones
def causal_mask(n):
    return np.tril(np.ones((n, n)))

# %% causal_mask.zeros-and-ones ones where it is hidden
def causal_mask(n):
    mask = np.zeros((n, n))
    for i in range(n):
        mask[i, i + 1:] = 1
    return mask

# %% causal_mask.diagonal-masked triu without k
def causal_mask(n):
    return np.triu(np.full((n, n), -np.inf))

# %% causal_mask.diagonal-masked not before itself
def causal_mask(n):
    mask = np.full((n, n), -np.inf)
    for i in range(n):
        mask[i, :i] = 0
    return mask

# %% causal_mask.next-visible k is 2
def causal_mask(n):
    return np.triu(np.full((n, n), -np.inf), k=2)

# %% causal_mask.next-visible the slice begins one too late
def causal_mask(n):
    mask = np.zeros((n, n))
    for i in range(n):
        mask[i, i + 2:] = -np.inf
    return mask

# %% causal_mask.large-negative a billion
def causal_mask(n):
    return np.triu(np.full((n, n), -1e9), k=1)

# %% causal_mask.large-negative the smallest number there is
def causal_mask(n):
    mask = np.zeros((n, n))
    mask[np.triu_indices(n, 1)] = np.finfo(mask.dtype).min
    return mask

# %% causal_mask.nan a triangle times infinity
def causal_mask(n):
    return np.triu(np.ones((n, n)), k=1) * -np.inf

# %% causal_mask.nan one less a triangle, times infinity
def causal_mask(n):
    return (1 - np.tri(n)) * float("-inf")

# %% causal_mask.positive-infinity without the minus
def causal_mask(n):
    return np.triu(np.full((n, n), np.inf), k=1)

# %% causal_mask.positive-infinity in a loop
def causal_mask(n):
    mask = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            if i < j:
                mask[i, j] = float("inf")
    return mask

# %% general.wrong-type a list of lists
def causal_mask(n):
    return [[0.0 if j <= i else -np.inf for j in range(n)] for i in range(n)]

# %% general.returns-none it is printed
def causal_mask(n):
    print(np.triu(np.full((n, n), -np.inf), k=1))

# %% general.not-implemented the stub as it was handed out
def causal_mask(n):
    raise NotImplementedError()

# %% general.raises a name that does not exist
def causal_mask(n):
    return np.triu(np.full((n, m), -np.inf), k=1)
