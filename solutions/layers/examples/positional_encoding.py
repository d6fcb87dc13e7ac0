# Ways in which students write positional_encoding.

# %% right two slices
def positional_encoding(n, d_model):
    pe = np.zeros((n, d_model))
    position = np.arange(n)[:, None]
    div = 10000 ** (np.arange(0, d_model, 2) / d_model)
    pe[:, 0::2] = np.sin(position / div)
    pe[:, 1::2] = np.cos(position / div)
    return pe

# %% right two loops
def positional_encoding(n, d_model):
    pe = np.zeros((n, d_model))
    for p in range(n):
        for i in range(d_model // 2):
            angle = p / 10000 ** (2 * i / d_model)
            pe[p, 2 * i] = np.sin(angle)
            pe[p, 2 * i + 1] = np.cos(angle)
    return pe

# %% right with an exponential, as in PyTorch
def positional_encoding(n, d_model):
    pe = np.zeros((n, d_model))
    position = np.arange(n).reshape(-1, 1)
    div_term = np.exp(np.arange(0, d_model, 2) * (-np.log(10000.0) / d_model))
    pe[:, 0::2] = np.sin(position * div_term)
    pe[:, 1::2] = np.cos(position * div_term)
    return pe

# %% right Python's own math
import math
def positional_encoding(n, d_model):
    rows = []
    for p in range(n):
        row = []
        for j in range(d_model):
            angle = p / math.pow(10000, 2 * (j // 2) / d_model)
            row.append(math.sin(angle) if j % 2 == 0 else math.cos(angle))
        rows.append(row)
    return np.array(rows)

# %% right stacked and reshaped
def positional_encoding(n, d_model):
    angles = np.arange(n)[:, None] / 10000 ** (2 * np.arange(d_model // 2) / d_model)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n, d_model)

# %% right an outer product of frequencies
def positional_encoding(n, d_model):
    freq = 10000.0 ** (-2 * (np.arange(d_model) // 2) / d_model)
    angles = np.outer(np.arange(n), freq)
    angles[:, 0::2] = np.sin(angles[:, 0::2])
    angles[:, 1::2] = np.cos(angles[:, 1::2])
    return angles

# %% right the cosine as a shifted sine
def positional_encoding(n, d_model):
    j = np.arange(d_model)
    angles = np.arange(n)[:, None] / 10000 ** ((j - j % 2) / d_model)
    return np.sin(angles + (j % 2) * np.pi / 2)

# %% right a complex exponential
def positional_encoding(n, d_model):
    w = 10000 ** (-np.arange(0, d_model, 2) / d_model)
    z = np.exp(1j * np.arange(n)[:, None] * w)
    pe = np.empty((n, d_model))
    pe[:, ::2], pe[:, 1::2] = z.imag, z.real
    return pe

# %% right fromfunction
def positional_encoding(n, d_model):
    def f(p, j):
        angle = p / 10000 ** (2 * (j // 2) / d_model)
        return np.where(j % 2 == 0, np.sin(angle), np.cos(angle))
    return np.fromfunction(f, (n, d_model))

# %% right a loop over features that counts by two
def positional_encoding(n, d_model):
    pe = np.zeros((n, d_model))
    p = np.arange(n)
    for i in range(0, d_model, 2):
        pe[:, i] = np.sin(p / 10000 ** (i / d_model))
        pe[:, i + 1] = np.cos(p / 10000 ** (i / d_model))
    return pe

# %% right a helper for one row
def row_of(p, d):
    angles = p / np.power(10000.0, np.repeat(np.arange(0, d, 2), 2) / d)
    return [np.sin(a) if k % 2 == 0 else np.cos(a) for k, a in enumerate(angles)]

def positional_encoding(n, d_model):
    return np.array([row_of(p, d_model) for p in range(n)])

# %% right columns side by side
def positional_encoding(n, d_model):
    columns = []
    for i in range(d_model // 2):
        angle = np.arange(n) / 10000 ** (i / (d_model / 2))
        columns += [np.sin(angle), np.cos(angle)]
    return np.column_stack(columns)

# %% right single precision at the end
def positional_encoding(n, d_model):
    angles = np.arange(n)[:, None] / 10000 ** (2 * (np.arange(d_model) // 2) / d_model)
    return np.where(np.arange(d_model) % 2, np.cos(angles), np.sin(angles)).astype(np.float32)

# %% positional_encoding.swapped the slices changed places
def positional_encoding(n, d_model):
    pe = np.zeros((n, d_model))
    angles = np.arange(n)[:, None] / 10000 ** (np.arange(0, d_model, 2) / d_model)
    pe[:, 0::2] = np.cos(angles)
    pe[:, 1::2] = np.sin(angles)
    return pe

# %% positional_encoding.swapped odd and even mixed up
def positional_encoding(n, d_model):
    pe = np.zeros((n, d_model))
    for p in range(n):
        for j in range(d_model):
            angle = p / 10000 ** (2 * (j // 2) / d_model)
            pe[p, j] = np.sin(angle) if j % 2 == 1 else np.cos(angle)
    return pe

# %% positional_encoding.halves joined
def positional_encoding(n, d_model):
    angles = np.arange(n)[:, None] / 10000 ** (2 * np.arange(d_model // 2) / d_model)
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=-1)

# %% positional_encoding.halves two slices of a half
def positional_encoding(n, d_model):
    half = d_model // 2
    pe = np.zeros((n, d_model))
    for i in range(half):
        for p in range(n):
            pe[p, i] = np.sin(p / 10000 ** (2 * i / d_model))
            pe[p, half + i] = np.cos(p / 10000 ** (2 * i / d_model))
    return pe

# %% positional_encoding.unpaired each feature's own number
def positional_encoding(n, d_model):
    j = np.arange(d_model)
    angles = np.arange(n)[:, None] / 10000 ** (j / d_model)
    return np.where(j % 2 == 0, np.sin(angles), np.cos(angles))

# %% positional_encoding.unpaired twice each feature's own number
def positional_encoding(n, d_model):
    pe = np.zeros((n, d_model))
    for p in range(n):
        for i in range(d_model):
            angle = p / 10000 ** (2 * i / d_model)
            pe[p, i] = np.sin(angle) if i % 2 == 0 else np.cos(angle)
    return pe

# %% positional_encoding.exponent-halved the 2 is missing
def positional_encoding(n, d_model):
    pe = np.zeros((n, d_model))
    for p in range(n):
        for i in range(d_model // 2):
            angle = p / 10000 ** (i / d_model)
            pe[p, 2 * i] = np.sin(angle)
            pe[p, 2 * i + 1] = np.cos(angle)
    return pe

# %% positional_encoding.exponent-halved in slices
def positional_encoding(n, d_model):
    pe = np.zeros((n, d_model))
    angles = np.arange(n)[:, None] / 10000 ** (np.arange(d_model // 2) / d_model)
    pe[:, 0::2] = np.sin(angles)
    pe[:, 1::2] = np.cos(angles)
    return pe

# %% positional_encoding.exponent-undivided not divided in a loop
def positional_encoding(n, d_model):
    pe = np.zeros((n, d_model))
    for i in range(d_model // 2):
        angle = np.arange(n) / 10000.0 ** (2 * i)
        pe[:, 2 * i] = np.sin(angle)
        pe[:, 2 * i + 1] = np.cos(angle)
    return pe

# %% positional_encoding.exponent-undivided in one line
def positional_encoding(n, d_model):
    angles = np.arange(n)[:, None] / 10000.0 ** (2 * (np.arange(d_model) // 2))
    return np.where(np.arange(d_model) % 2, np.cos(angles), np.sin(angles))

# %% positional_encoding.wrong-base a thousand
def positional_encoding(n, d_model):
    pe = np.zeros((n, d_model))
    angles = np.arange(n)[:, None] / 1000 ** (np.arange(0, d_model, 2) / d_model)
    pe[:, 0::2] = np.sin(angles)
    pe[:, 1::2] = np.cos(angles)
    return pe

# %% positional_encoding.wrong-base a zero too many
def positional_encoding(n, d_model):
    j = np.arange(d_model)
    angles = np.arange(n)[:, None] / 100000 ** (2 * (j // 2) / d_model)
    return np.where(j % 2 == 0, np.sin(angles), np.cos(angles))

# %% positional_encoding.multiplied times in place of divided by
def positional_encoding(n, d_model):
    pe = np.zeros((n, d_model))
    angles = np.arange(n)[:, None] * 10000 ** (np.arange(0, d_model, 2) / d_model)
    pe[:, 0::2] = np.sin(angles)
    pe[:, 1::2] = np.cos(angles)
    return pe

# %% positional_encoding.multiplied the sign of the exponent
def positional_encoding(n, d_model):
    pe = np.zeros((n, d_model))
    for p in range(n):
        for i in range(d_model // 2):
            angle = p / 10000 ** (-2 * i / d_model)
            pe[p, 2 * i] = np.sin(angle)
            pe[p, 2 * i + 1] = np.cos(angle)
    return pe

# %% positional_encoding.starts-at-one arange from 1
def positional_encoding(n, d_model):
    pe = np.zeros((n, d_model))
    angles = np.arange(1, n + 1)[:, None] / 10000 ** (np.arange(0, d_model, 2) / d_model)
    pe[:, 0::2] = np.sin(angles)
    pe[:, 1::2] = np.cos(angles)
    return pe

# %% positional_encoding.starts-at-one p plus 1
def positional_encoding(n, d_model):
    pe = np.zeros((n, d_model))
    for p in range(n):
        for j in range(d_model):
            angle = (p + 1) / 10000 ** (2 * (j // 2) / d_model)
            pe[p, j] = np.cos(angle) if j % 2 else np.sin(angle)
    return pe

# %% positional_encoding.one-wave sines everywhere
def positional_encoding(n, d_model):
    j = np.arange(d_model)
    return np.sin(np.arange(n)[:, None] / 10000 ** (2 * (j // 2) / d_model))

# %% positional_encoding.one-wave cosines everywhere
def positional_encoding(n, d_model):
    pe = np.zeros((n, d_model))
    for i in range(d_model // 2):
        angle = np.arange(n) / 10000 ** (2 * i / d_model)
        pe[:, 2 * i] = np.cos(angle)
        pe[:, 2 * i + 1] = np.cos(angle)
    return pe

# %% positional_encoding.transposed features down the rows
def positional_encoding(n, d_model):
    pe = np.zeros((d_model, n))
    for i in range(0, d_model, 2):
        angle = np.arange(n) / 10000 ** (i / d_model)
        pe[i] = np.sin(angle)
        pe[i + 1] = np.cos(angle)
    return pe

# %% positional_encoding.transposed flipped at the end
def positional_encoding(n, d_model):
    j = np.arange(d_model)
    angles = np.arange(n)[:, None] / 10000 ** (2 * (j // 2) / d_model)
    return np.where(j % 2 == 0, np.sin(angles), np.cos(angles)).T

# %% general.wrong-type a list of rows
def positional_encoding(n, d_model):
    j = np.arange(d_model)
    angles = np.arange(n)[:, None] / 10000 ** (2 * (j // 2) / d_model)
    return list(np.where(j % 2 == 0, np.sin(angles), np.cos(angles)))

# %% general.returns-none forgot to return
def positional_encoding(n, d_model):
    pe = np.zeros((n, d_model))
    angles = np.arange(n)[:, None] / 10000 ** (np.arange(0, d_model, 2) / d_model)
    pe[:, 0::2] = np.sin(angles)
    pe[:, 1::2] = np.cos(angles)

# %% general.not-implemented the stub as it was handed out
def positional_encoding(n, d_model):
    raise NotImplementedError()
