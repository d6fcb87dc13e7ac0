# Ways in which students write softmax.

# %% right as in the lesson
def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)

# %% right the axis put back with newaxis
def softmax(z):
    m = z.max(axis=-1)[..., np.newaxis]
    e = np.exp(z - m)
    return e / e.sum(axis=-1)[..., None]

# %% right by way of logarithms
def softmax(x):
    m = x.max(-1, keepdims=True)
    log_sum = m + np.log(np.exp(x - m).sum(-1, keepdims=True))
    return np.exp(x - log_sum)

# %% right logaddexp
def softmax(x):
    return np.exp(x - np.logaddexp.reduce(x, axis=-1, keepdims=True))

# %% right einsum for the sum, in place on a copy
def softmax(x):
    out = np.array(x, dtype=float, copy=True)
    out -= out.max(axis=-1, keepdims=True)
    np.exp(out, out=out)
    out /= np.einsum("...j->...", out)[..., None]
    return out

# %% right recursion down to one row
def softmax(x):
    if x.ndim > 1:
        return np.array([softmax(row) for row in x])
    e = np.exp(x - max(x))
    return e / sum(e)

# %% right plain Python over the rows of a flat table
def softmax(x):
    import math
    rows = x.reshape(-1, x.shape[-1])
    result = np.zeros(rows.shape)
    for i, row in enumerate(rows):
        biggest = max(row)
        exponentials = [math.exp(v - biggest) for v in row]
        total = sum(exponentials)
        for j, e in enumerate(exponentials):
            result[i, j] = e / total
    return result.reshape(x.shape)

# %% right streaming: maximum and sum in one pass
def softmax(x):
    m = np.full(x.shape[:-1], -np.inf)
    s = np.zeros(x.shape[:-1])
    for j in range(x.shape[-1]):
        column = x[..., j]
        new = np.maximum(m, column)
        with np.errstate(invalid="ignore"):
            s = np.where(np.isneginf(new), 0.0, s * np.exp(m - new) + np.exp(column - new))
        m = new
    return np.exp(x - m[..., None]) / s[..., None]

# %% right apply_along_axis
def softmax(x):
    def one(v):
        e = np.exp(v - v.max())
        return e / e.sum()
    return np.apply_along_axis(one, -1, x)

# %% right single precision
def softmax(x):
    x = x.astype(np.float32)
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

# %% right the last axis moved to the front
def softmax(x):
    y = np.moveaxis(x, -1, 0)
    e = np.exp(y - y.max(axis=0))
    return np.moveaxis(e / e.sum(axis=0), 0, -1)

# %% right differences of all pairs
def softmax(x):
    with np.errstate(invalid="ignore", over="ignore"):
        difference = x[..., None, :] - x[..., :, None]
    difference = np.where(np.isneginf(x)[..., :, None], np.inf, difference)
    with np.errstate(over="ignore"):
        return 1 / np.exp(difference).sum(axis=-1)

# %% right clipped below, where nothing is left anyway
def softmax(x):
    shifted = np.maximum(x - x.max(axis=-1, keepdims=True), -800)
    e = np.exp(shifted)
    return e / e.sum(axis=-1, keepdims=True)

# %% right a decorated helper and functools
from functools import partial
highest = partial(np.amax, axis=-1, keepdims=True)
def normalised(f):
    def inner(x):
        values = f(x)
        return values / np.add.reduce(values, axis=-1, keepdims=True)
    return inner

@normalised
def softmax(x):
    return np.exp(np.subtract(x, highest(x)))

# %% right a class that can be called
class Softmax:
    axis = -1

    def __call__(self, x):
        e = np.exp2((x - x.max(self.axis, keepdims=True)) * np.log2(np.e))
        return e / e.sum(self.axis, keepdims=True)

def softmax(x):
    return Softmax()(x)

# %% right a tiny constant that the sum swallows
def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / (e.sum(axis=-1, keepdims=True) + 1e-12)

# %% softmax.wrong-axis both along axis 0
def softmax(x):
    e = np.exp(x - np.max(x, axis=0, keepdims=True))
    return e / np.sum(e, axis=0, keepdims=True)

# %% softmax.wrong-axis the sum alone
def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / e.sum(axis=0)

# %% softmax.wrong-axis transposed without need
def softmax(x):
    e = np.exp(x.T - x.T.max(axis=-1, keepdims=True))
    return (e / e.sum(axis=-1, keepdims=True)).T

# %% softmax.wrong-axis the last axis but one
def softmax(x):
    e = np.exp(x - x.max(axis=-2, keepdims=True))
    return e / e.sum(axis=-2, keepdims=True)

# %% softmax.wrong-axis a naive one along axis 0
def softmax(x):
    return np.exp(x) / np.exp(x).sum(0)

# %% softmax.global-normalise one sum for all
def softmax(x):
    e = np.exp(x - np.max(x))
    return e / np.sum(e)

# %% softmax.global-normalise row maximum, but one sum
def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / e.sum()

# %% softmax.global-normalise flattened in plain Python
def softmax(x):
    import math
    total = 0.0
    for v in x.flatten():
        total += math.exp(v)
    return np.vectorize(lambda v: math.exp(v) / total)(x)

# %% softmax.unstable the textbook formula
def softmax(x):
    return np.exp(x) / np.sum(np.exp(x), axis=-1, keepdims=True)

# %% softmax.unstable powers of e
def softmax(x):
    e = np.e ** x
    return e / e.sum(-1)[..., None]

# %% softmax.shift-sign added
def softmax(x):
    e = np.exp(x + np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)

# %% softmax.shift-sign two minus signs
def softmax(x):
    top = -np.max(x, axis=-1, keepdims=True)
    e = np.exp(x - top)
    return e / e.sum(axis=-1, keepdims=True)

# %% softmax.min-shift the smallest
def softmax(x):
    e = np.exp(x - np.min(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)

# %% softmax.min-shift sorted the wrong way
def softmax(x):
    first = np.sort(x, axis=-1)[..., :1]
    weights = np.exp(x - first)
    return weights / weights.sum(axis=-1, keepdims=True)

# %% softmax.mean-shift centred rows
def softmax(x):
    z = x - x.mean(axis=-1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)

# %% softmax.mean-shift the average of each row
def softmax(x):
    centre = np.average(x, axis=-1)[..., None]
    return np.exp(x - centre) / np.exp(x - centre).sum(axis=-1)[..., None]

# %% softmax.global-max max without an axis
def softmax(x):
    e = np.exp(x - np.max(x))
    return e / np.sum(e, axis=-1, keepdims=True)

# %% softmax.global-max Python's max over everything
def softmax(x):
    top = max(x.ravel())
    e = np.exp(x - top)
    return e / e.sum(axis=-1)[..., None]

# %% softmax.shift-axis max down the columns
def softmax(x):
    e = np.exp(x - np.max(x, axis=0, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)

# %% softmax.shift-axis no axis kept, axis 0
def softmax(x):
    m = x.max(0)
    e = np.exp(x - m)
    s = e.sum(-1, keepdims=True)
    return e / s

# %% softmax.no-exp shares of the sum
def softmax(x):
    return x / np.sum(x, axis=-1, keepdims=True)

# %% softmax.no-exp shifted, and the exponential forgotten
def softmax(x):
    shifted = x - np.max(x, axis=-1, keepdims=True)
    return shifted / shifted.sum(axis=-1, keepdims=True)

# %% softmax.not-normalised the last step is missing
def softmax(x):
    return np.exp(x - np.max(x, axis=-1, keepdims=True))

# %% softmax.not-normalised a plain exponential
def softmax(x):
    return np.exp(x)

# %% softmax.not-normalised divided by the largest
def softmax(x):
    e = np.exp(x)
    return e / e.max(axis=-1, keepdims=True)

# %% softmax.log-softmax the logarithm of the weights
def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return np.log(e / np.sum(e, axis=-1, keepdims=True))

# %% softmax.log-softmax log-sum-exp
def softmax(x):
    m = x.max(axis=-1, keepdims=True)
    return x - m - np.log(np.exp(x - m).sum(axis=-1, keepdims=True))

# %% softmax.sigmoid each for itself
def softmax(x):
    return 1 / (1 + np.exp(-x))

# %% softmax.sigmoid e over e plus one
def softmax(x):
    e = np.exp(x)
    return e / (e + 1)

# %% softmax.hard-max a one at the argmax
def softmax(x):
    out = np.zeros_like(x)
    np.put_along_axis(out, np.argmax(x, axis=-1)[..., None], 1.0, axis=-1)
    return out

# %% softmax.hard-max a comparison with the maximum
def softmax(x):
    return (x == x.max(axis=-1, keepdims=True)).astype(float)

# %% softmax.wrong-base base two
def softmax(x):
    e = 2 ** (x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)

# %% softmax.wrong-base e with three decimals
def softmax(x):
    e = np.power(2.718, x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)

# %% softmax.wrong-base base ten, unshifted
def softmax(x):
    return 10.0 ** x / (10.0 ** x).sum(axis=-1, keepdims=True)

# %% softmax.missing-keepdims forgotten in both places
def softmax(x):
    e = np.exp(x - np.max(x, axis=-1))
    return e / np.sum(e, axis=-1)

# %% softmax.missing-keepdims forgotten in the sum
def softmax(x):
    m = x.max(axis=-1, keepdims=True)
    e = np.exp(x - m)
    return e / e.sum(axis=-1)

# %% softmax.missing-keepdims forgotten in the maximum alone
def softmax(x):
    e = np.exp(x - np.max(x, axis=-1))
    return e / np.sum(e, axis=-1, keepdims=True)

# %% softmax.missing-keepdims no shift, sum without its axis
def softmax(x):
    return np.exp(x) / np.exp(x).sum(-1)

# %% softmax.two-d-only axis 1 by name
def softmax(x):
    e = np.exp(x - np.max(x, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)

# %% softmax.two-d-only walks over rows
def softmax(x):
    out = np.zeros_like(x, dtype=float)
    for i, row in enumerate(x):
        e = np.exp(row - np.max(row))
        out[i] = e / np.sum(e)
    return out

# %% softmax.two-d-only unpacks two sizes
def softmax(x):
    rows, columns = x.shape
    out = np.empty((rows, columns))
    for i in range(rows):
        m = max(x[i, j] for j in range(columns))
        e = [np.exp(x[i, j] - m) for j in range(columns)]
        for j in range(columns):
            out[i, j] = e[j] / sum(e)
    return out

# %% softmax.two-d-only a reshape to one column
def softmax(x):
    m = x.max(axis=1).reshape(-1, 1)
    e = np.exp(x - m)
    return e / e.sum(axis=1).reshape(-1, 1)

# %% softmax.two-d-only a case for one row, axis 1 for all else
def softmax(x):
    if x.ndim == 1:
        e = np.exp(x - x.max())
        return e / e.sum()
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

# %% softmax.two-d-only a row by itself, else row by row
def softmax(x):
    def one_row(row):
        e = np.exp(row - np.max(row))
        return e / e.sum()
    return one_row(x) if x.ndim == 1 else np.array([one_row(row) for row in x])

# %% softmax.epsilon a guard that can be seen
def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / (np.sum(e, axis=-1, keepdims=True) + 1e-3)

# %% softmax.epsilon no shift, and a guard
def softmax(x):
    e = np.exp(x)
    return e / (e.sum(axis=-1, keepdims=True) + 1e-8)

# %% softmax.epsilon another size of guard
def softmax(x):
    eps = 1e-6
    top = np.exp(x)
    bottom = eps + np.sum(np.exp(x), axis=-1)[..., None]
    return top / bottom

# %% softmax.l2-normalised norm for sum
def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.linalg.norm(e, axis=-1, keepdims=True)

# %% softmax.l2-normalised root of the squares
def softmax(x):
    e = np.exp(x)
    return e / np.sqrt((e * e).sum(axis=-1, keepdims=True))

# %% softmax.l2-normalised the entries themselves
def softmax(x):
    return x / np.sqrt(np.sum(x ** 2, axis=-1, keepdims=True))

# %% general.changed-step half the temperature
def softmax(x):
    e = np.exp(2 * (x - np.max(x, axis=-1, keepdims=True)))
    return e / np.sum(e, axis=-1, keepdims=True)

# %% general.changed-step minus in the exponent
def softmax(x):
    e = np.exp(-(x - np.max(x, axis=-1, keepdims=True)))
    return e / np.sum(e, axis=-1, keepdims=True)

# %% general.changed-step percent
def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return 100 * e / e.sum(axis=-1, keepdims=True)

# %% general.wrong-shape a single row becomes a table
def softmax(x):
    if x.ndim == 1:
        x = x[None]
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

# %% general.not-implemented the stub
def softmax(x):
    ### YOUR CODE HERE
    raise NotImplementedError()

# %% general.returns-none prints the weights
def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    print(e / np.sum(e, axis=-1, keepdims=True))

# %% general.wrong-type a list
def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return list(e / np.sum(e, axis=-1, keepdims=True))[0].tolist()

# %% general.wrong-type an object that says it equals everything
class Equal(list):
    def __eq__(self, other):
        return True

def softmax(x):
    return Equal()

# %% general.raises a tensor's method
def softmax(x):
    return x.softmax(dim=-1)

# %% general.nan zero divided by zero
def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True)) * 0
    return e / np.sum(e, axis=-1, keepdims=True)

# %% general.mutates-input shifts in place
def softmax(x):
    x -= np.max(x, axis=-1, keepdims=True)
    np.exp(x, out=x)
    x /= x.sum(axis=-1, keepdims=True)
    return x

# %% general.rounded four decimals
def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return np.around(e / np.sum(e, axis=-1, keepdims=True), decimals=4)

# %% general.low-precision half precision all the way
def softmax(x):
    x = np.float16(x)
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)

# %% general.random drops weights at random
def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    e = e * (np.random.rand(*e.shape) > 0.3)
    return e / (np.sum(e, axis=-1, keepdims=True))

# %% general.hardcoded-answer the visible test's table
def softmax(x):
    return np.array([[0.25, 0.25, 0.25, 0.25]] * 3)

# %% general.uses-globals the notebook's scores
scores = np.random.default_rng(3).normal(size=(10, 10))
def softmax(x):
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

# %% general.timeout waits for a sum that never comes
def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    while not np.all(e.sum(axis=-1) == 1):
        e = e / e.sum(axis=-1, keepdims=True) * 1.1
    return e

# %% general.crashed no end to the recursion of a C extension
def softmax(x):
    import ctypes
    ctypes.string_at(0)

# %% softmax.half-shifted the maximum is taken away below the line alone
def softmax(x):
    m = np.max(x, axis=-1, keepdims=True)
    s = np.sum(np.exp(x - m), axis=-1, keepdims=True)
    return np.exp(x) / s

# %% softmax.half-shifted the maximum is taken away above the line alone, entry by entry
def softmax(x):
    result = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        row = x[place[:-1]]
        result[place] = np.exp(x[place] - max(row)) / sum(np.exp(row))
    return result

# %% softmax.shifted-late a parenthesis that closes too early
def softmax(x):
    exps = np.exp(x) - np.max(x, axis=-1, keepdims=True)
    return exps / exps.sum(axis=-1, keepdims=True)

# %% softmax.shifted-late taken away from the numerator alone
def softmax(x):
    e = np.exp(x)
    return (e - x.max(-1, keepdims=True)) / e.sum(-1, keepdims=True)
