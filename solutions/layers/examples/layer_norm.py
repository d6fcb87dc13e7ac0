# Ways in which students write layer_norm.

# %% right NumPy's own variance
def layer_norm(x):
    return (x - x.mean(axis=-1, keepdims=True)) / np.sqrt(x.var(axis=-1, keepdims=True) + 1e-5)

# %% right token by token
def layer_norm(x):
    out = np.zeros(x.shape)
    for i, token in enumerate(x):
        out[i] = (token - token.mean()) / np.sqrt(token.var() + 1e-5)
    return out

# %% right a smaller epsilon
def layer_norm(x):
    mu = np.mean(x, axis=1, keepdims=True)
    return (x - mu) / (np.var(x, axis=1, keepdims=True) + 1e-6) ** 0.5

# %% right epsilon added to the standard deviation
def layer_norm(x):
    return (x - x.mean(-1, keepdims=True)) / (x.std(-1, keepdims=True) + 1e-5)

# %% right the variance by the mean of squares
def layer_norm(x):
    d = x.shape[1]
    mean = x.sum(axis=1)[:, None] / d
    var = ((x - mean) ** 2).sum(axis=1)[:, None] / d
    return (x - mean) / np.sqrt(var + 1e-5)

# %% right transposed there and back
def layer_norm(x):
    t = x.T
    return ((t - t.mean(axis=0)) / np.sqrt(t.var(axis=0) + 1e-5)).T

# %% right a comprehension with a helper
def norm_one(v):
    return (v - np.mean(v)) / np.sqrt(np.var(v) + 0.00001)

def layer_norm(x):
    return np.array([norm_one(v) for v in x])

# %% right apply_along_axis
def layer_norm(x):
    return np.apply_along_axis(lambda v: (v - v.mean()) / np.sqrt(v.var() + 1e-5), -1, x)

# %% right a matrix that takes the mean away
def layer_norm(x):
    d = x.shape[-1]
    centred = x @ (np.eye(d) - np.ones((d, d)) / d)
    return centred / np.sqrt((centred * centred).mean(-1, keepdims=True) + 1e-5)

# %% right einsum
def layer_norm(x):
    n, d = x.shape
    c = x - np.einsum("nd->n", x)[:, None] / d
    v = np.einsum("nd,nd->n", c, c)[:, None] / d
    return c / np.sqrt(v + 1e-5)

# %% right plain Python
def layer_norm(x):
    rows = []
    for token in x.tolist():
        m = sum(token) / len(token)
        v = sum((f - m) ** 2 for f in token) / len(token)
        rows.append([(f - m) / (v + 1e-5) ** 0.5 for f in token])
    return np.array(rows)

# %% right single precision
def layer_norm(x):
    x = np.asarray(x, dtype=np.float32)
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + np.float32(1e-5))

# %% right newaxis after each mean
def layer_norm(x):
    mean, std = x.mean(axis=1), np.sqrt(x.var(axis=1) + 1e-5)
    return (x - mean[:, np.newaxis]) / std[:, np.newaxis]

# %% layer_norm.wrong-axis axis 0
def layer_norm(x):
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-5)

# %% layer_norm.wrong-axis the columns in a loop
def layer_norm(x):
    out = np.zeros(x.shape)
    for j in range(x.shape[1]):
        column = x[:, j]
        out[:, j] = (column - column.mean()) / np.sqrt(column.var() + 1e-5)
    return out

# %% layer_norm.global no axis
def layer_norm(x):
    return (x - x.mean()) / np.sqrt(x.var() + 1e-5)

# %% layer_norm.global the mean by hand
def layer_norm(x):
    mu = np.sum(x) / x.size
    sigma = np.sqrt(np.sum((x - mu) ** 2) / x.size + 1e-5)
    return (x - mu) / sigma

# %% layer_norm.no-root the variance itself
def layer_norm(x):
    return (x - x.mean(-1, keepdims=True)) / (x.var(-1, keepdims=True) + 1e-5)

# %% layer_norm.no-root token by token
def layer_norm(x):
    out = []
    for token in x:
        centred = token - token.mean()
        out.append(centred / (np.mean(centred**2) + 1e-5))
    return np.array(out)

# %% layer_norm.large-epsilon a thousandth
def layer_norm(x):
    return (x - x.mean(axis=-1, keepdims=True)) / np.sqrt(x.var(axis=-1, keepdims=True) + 1e-3)

# %% layer_norm.large-epsilon ten times as much
def layer_norm(x, eps=1e-4):
    mu = x.mean(axis=1, keepdims=True)
    centred = x - mu
    sigma2 = (centred * centred).sum(axis=1, keepdims=True) / x.shape[1]
    return centred * (sigma2 + eps) ** -0.5

# %% layer_norm.no-epsilon the plain formula
def layer_norm(x):
    return (x - x.mean(-1, keepdims=True)) / x.std(-1, keepdims=True)

# %% layer_norm.no-epsilon by hand
def layer_norm(x):
    centred = x - np.mean(x, axis=1, keepdims=True)
    return centred / np.sqrt(np.mean(centred**2, axis=1, keepdims=True))

# %% layer_norm.one-less ddof
def layer_norm(x):
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, ddof=1, keepdims=True) + 1e-5)

# %% layer_norm.one-less divided by one less
def layer_norm(x):
    d = x.shape[-1]
    centred = x - x.mean(axis=-1, keepdims=True)
    variance = np.sum(centred**2, axis=-1, keepdims=True) / (d - 1)
    return centred / np.sqrt(variance + 1e-5)

# %% layer_norm.not-centred only divided
def layer_norm(x):
    return x / np.sqrt(x.var(-1, keepdims=True) + 1e-5)

# %% layer_norm.not-centred the root of the mean square
def layer_norm(x):
    return x / np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + 1e-5)

# %% layer_norm.not-divided only moved
def layer_norm(x):
    return x - x.mean(axis=-1, keepdims=True)

# %% layer_norm.not-divided the root was made and not used
def layer_norm(x):
    mean = x.mean(axis=1)[:, None]
    std = np.sqrt(x.var(axis=1)[:, None] + 1e-5)
    return x - mean

# %% layer_norm.sum-of-squares divided by the length
def layer_norm(x):
    centred = x - x.mean(axis=-1, keepdims=True)
    return centred / np.sqrt(np.sum(centred**2, axis=-1, keepdims=True) + 1e-5)

# %% layer_norm.sum-of-squares token by token
def layer_norm(x):
    out = np.zeros(x.shape)
    for i in range(len(x)):
        c = x[i] - np.mean(x[i])
        out[i] = c / np.sqrt(sum(c * c) + 1e-5)
    return out

# %% layer_norm.missing-keepdims both
def layer_norm(x):
    return (x - x.mean(axis=-1)) / np.sqrt(x.var(axis=-1) + 1e-5)

# %% layer_norm.missing-keepdims the variance alone
def layer_norm(x):
    mean = np.mean(x, axis=1, keepdims=True)
    variance = np.var(x, axis=1)
    return (x - mean) / np.sqrt(variance + 1e-5)

# %% general.mutates-input in place
def layer_norm(x):
    x -= x.mean(axis=-1, keepdims=True)
    x /= np.sqrt((x**2).mean(axis=-1, keepdims=True) + 1e-5)
    return x

# %% general.returns-none it is printed
def layer_norm(x):
    print((x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5))

# %% general.not-implemented the stub as it was handed out
def layer_norm(x):
    raise NotImplementedError()

# %% general.raises a name that does not exist
def layer_norm(x):
    return (x - mean) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)
