# Right ways to write softmax, beside those of the corpus, for mistakes to be made in.

# %% right a line for every step
def softmax(x):
    biggest = np.max(x, axis=-1, keepdims=True)
    shifted = x - biggest
    exponentials = np.exp(shifted)
    total = np.sum(exponentials, axis=-1, keepdims=True)
    return exponentials / total


# %% right row by row of a flat table
def softmax(x):
    flat = x.reshape(-1, x.shape[-1])
    result = np.zeros(flat.shape)
    for i in range(flat.shape[0]):
        row = flat[i]
        e = np.exp(row - row.max())
        result[i] = e / e.sum()
    return result.reshape(x.shape)


# %% right a helper for one row, called by the number of dimensions
def row_softmax(row):
    top = np.max(row)
    powers = np.exp(row - top)
    return powers / np.sum(powers)


def softmax(x):
    if x.ndim == 1:
        return row_softmax(x)
    out = np.zeros(x.shape)
    for i in range(len(x)):
        out[i] = softmax(x[i])
    return out


# %% right in place on a copy
def softmax(x):
    result = x.astype(float).copy()
    result -= result.max(axis=-1, keepdims=True)
    result = np.exp(result)
    result /= result.sum(axis=-1, keepdims=True)
    return result


# %% right every index of the leading dimensions
def softmax(x):
    weights = np.zeros_like(x, dtype=float)
    for index in np.ndindex(x.shape[:-1]):
        values = x[index]
        largest = max(values)
        total = 0.0
        for j in range(len(values)):
            weights[index + (j,)] = np.exp(values[j] - largest)
            total += weights[index + (j,)]
        weights[index] /= total
    return weights


# %% right the shape of the maximum written out
def softmax(x):
    shape = x.shape[:-1] + (1,)
    m = x.max(axis=-1).reshape(shape)
    e = np.exp(x - m)
    s = e.sum(axis=-1).reshape(shape)
    return e * (1 / s)


# %% right with expand_dims and subtract
def softmax(logits):
    peak = np.expand_dims(np.amax(logits, axis=-1), -1)
    powers = np.exp(np.subtract(logits, peak))
    norm = np.expand_dims(np.sum(powers, axis=-1), -1)
    return np.divide(powers, norm)
