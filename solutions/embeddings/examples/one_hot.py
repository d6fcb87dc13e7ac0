# Ways in which students write one_hot. Each cell is a notebook cell; its heading says what graders should find.

# %% right a loop over the tokens
def one_hot(tokens, vocabulary):
    vectors = np.zeros((len(tokens), len(vocabulary)))
    for i, token in enumerate(tokens):
        vectors[i, vocabulary.index(token)] = 1
    return vectors

# %% right rows of the identity matrix
def one_hot(tokens, vocabulary):
    index = [vocabulary.index(t) for t in tokens]
    return np.eye(len(vocabulary))[np.array(index, dtype=int)]

# %% right a dictionary, so that a stranger is a KeyError
def one_hot(words, vocab):
    place = {w: j for j, w in enumerate(vocab)}
    out = np.zeros((len(words), len(vocab)), dtype=int)
    for i in range(len(words)):
        out[i][place[words[i]]] = 1
    return out

# %% right booleans from a comparison by broadcasting
def one_hot(tokens, vocabulary):
    for t in tokens:
        if t not in vocabulary:
            raise ValueError(t)
    hits = np.array(tokens, dtype=object).reshape(-1, 1) == np.array(vocabulary, dtype=object).reshape(1, -1)
    return np.asarray(hits, dtype=bool)

# %% right nested comprehensions, reshaped for the empty sentence
def one_hot(tokens, vocabulary):
    unknown = [t for t in tokens if t not in vocabulary]
    if unknown:
        raise ValueError(f"not in the vocabulary: {unknown}")
    rows = [[1.0 if word == token else 0.0 for word in vocabulary] for token in tokens]
    return np.array(rows).reshape(len(tokens), len(vocabulary))

# %% right recursion, the empty sentence first
def one_hot(tokens, vocabulary):
    if len(tokens) == 0:
        return np.zeros((0, len(vocabulary)))
    row = np.zeros((1, len(vocabulary)))
    row[0, vocabulary.index(tokens[0])] = 1
    return np.vstack([row, one_hot(tokens[1:], vocabulary)])

# %% right a flat array indexed by row times width
def one_hot(tokens, vocabulary):
    n, V = len(tokens), len(vocabulary)
    flat = np.zeros(n * V)
    for i, t in enumerate(tokens):
        flat[i * V + vocabulary.index(t)] = 1.0
    return flat.reshape(n, V)

# %% right a lambda behind a name, in single precision
make_row = lambda j, size: (np.arange(size) == j).astype(np.float32)
def one_hot(tokens, vocabulary):
    table = np.empty((len(tokens), len(vocabulary)), dtype=np.float32)
    for i, t in enumerate(tokens):
        table[i] = make_row(vocabulary.index(t), len(vocabulary))
    return table

# %% right a class that does the work
class Encoder:
    def __init__(self, vocabulary):
        self.size = len(vocabulary)
        self.columns = dict(zip(vocabulary, range(self.size)))

    def __call__(self, token):
        row = [0] * self.size
        row[self.columns[token]] = 1
        return row

def one_hot(tokens, vocabulary):
    encode = Encoder(vocabulary)
    return np.array([encode(token) for token in tokens]).reshape(-1, len(vocabulary))

# %% right fancy indexing with put_along_axis
def one_hot(tokens, vocabulary):
    columns = np.array([vocabulary.index(t) for t in tokens], dtype=np.intp)
    out = np.zeros((len(tokens), len(vocabulary)))
    np.put_along_axis(out, columns[:, None], 1, axis=1)
    return out

# %% right a decorated function
def checks_words(f):
    def wrapped(tokens, vocabulary):
        missing = set(tokens) - set(vocabulary)
        if missing:
            raise KeyError(missing)
        return f(tokens, vocabulary)
    return wrapped

@checks_words
def one_hot(tokens, vocabulary):
    V = len(vocabulary)
    out = np.zeros((len(tokens), V))
    for j, word in enumerate(vocabulary):
        for i, token in enumerate(tokens):
            if token == word:
                out[i, j] += 1
    return out

# %% right the columns one by one, then stacked
def one_hot(tokens, vocabulary):
    assert len(set(vocabulary)) == len(vocabulary)
    for t in tokens:
        vocabulary.index(t)
    columns = [np.array([float(t == w) for t in tokens]) for w in vocabulary]
    return np.stack(columns, axis=1)

# %% right a while loop and a sparse-looking build
def one_hot(tokens, vocabulary):
    rows, cols = [], []
    k = 0
    while k < len(tokens):
        rows.append(k)
        cols.append(vocabulary.index(tokens[k]))
        k += 1
    m = np.zeros((len(tokens), len(vocabulary)))
    m[rows, cols] = 1
    return m

# %% one_hot.own-vocabulary columns from the sorted words of the sentence
def one_hot(tokens, vocabulary):
    words = sorted(set(tokens))
    out = np.zeros((len(tokens), len(words)))
    for i, t in enumerate(tokens):
        out[i, words.index(t)] = 1
    return out

# %% one_hot.own-vocabulary columns in the order in which the words come
def one_hot(tokens, vocabulary):
    words = []
    for t in tokens:
        if t not in words:
            words.append(t)
    return np.array([[1 if t == w else 0 for w in words] for t in tokens])

# %% one_hot.own-vocabulary a set, whose order nobody knows
def one_hot(tokens, vocabulary):
    vocabulary = list(set(tokens))
    return np.eye(len(vocabulary))[[vocabulary.index(t) for t in tokens]]

# %% one_hot.own-vocabulary numpy's unique and its inverse
def one_hot(tokens, vocabulary):
    words, inverse = np.unique(tokens, return_inverse=True)
    return np.eye(len(words))[inverse]

# %% one_hot.sorted-vocabulary sorted before the look-up
def one_hot(tokens, vocabulary):
    order = sorted(vocabulary)
    out = np.zeros((len(tokens), len(vocabulary)))
    for i, t in enumerate(tokens):
        out[i, order.index(t)] = 1
    return out

# %% one_hot.sorted-vocabulary searchsorted in a sorted array
def one_hot(tokens, vocabulary):
    ranks = {w: r for r, w in enumerate(np.sort(vocabulary).tolist())}
    return np.array([[int(ranks[t] == j) for j in range(len(vocabulary))] for t in tokens])

# %% one_hot.transposed filled column by column
def one_hot(tokens, vocabulary):
    out = np.zeros((len(vocabulary), len(tokens)))
    for i, t in enumerate(tokens):
        out[vocabulary.index(t), i] = 1
    return out

# %% one_hot.transposed the identity's columns
def one_hot(tokens, vocabulary):
    return np.eye(len(vocabulary))[:, [vocabulary.index(t) for t in tokens]]

# %% one_hot.transposed shape turned round but indexed as before
def one_hot(tokens, vocabulary):
    out = np.zeros((len(vocabulary), len(tokens)))
    for i, t in enumerate(tokens):
        out[i, vocabulary.index(t)] = 1
    return out

# %% one_hot.off-by-one counts columns from one
def one_hot(tokens, vocabulary):
    out = np.zeros((len(tokens), len(vocabulary)))
    for i, t in enumerate(tokens):
        out[i, vocabulary.index(t) + 1] = 1
    return out

# %% one_hot.off-by-one counts one column too few
def one_hot(tokens, vocabulary):
    numbers = {w: k for k, w in enumerate(vocabulary, start=1)}
    return np.array([np.eye(len(vocabulary))[numbers[t] - 2] for t in tokens])

# %% one_hot.row-left-out the loop starts at the second token
def one_hot(tokens, vocabulary):
    out = np.zeros((len(tokens), len(vocabulary)))
    for i in range(1, len(tokens)):
        out[i, vocabulary.index(tokens[i])] = 1
    return out

# %% one_hot.row-left-out the loop stops before the last token
def one_hot(tokens, vocabulary):
    out = np.zeros((len(tokens), len(vocabulary)))
    for i in range(len(tokens) - 1):
        out[i, vocabulary.index(tokens[i])] = 1
    return out

# %% one_hot.position-not-word a diagonal by loop
def one_hot(tokens, vocabulary):
    out = np.zeros((len(tokens), len(vocabulary)))
    for i in range(len(tokens)):
        out[i, i] = 1
    return out

# %% one_hot.position-not-word the identity itself
def one_hot(tokens, vocabulary):
    return np.eye(len(tokens), len(vocabulary))

# %% one_hot.position-not-word place of the token among the tokens
def one_hot(tokens, vocabulary):
    out = np.zeros((len(tokens), len(vocabulary)))
    for i, t in enumerate(tokens):
        out[i, tokens.index(t)] = 1
    return out

# %% one_hot.bag-of-words counts the words
def one_hot(tokens, vocabulary):
    counts = np.zeros(len(vocabulary))
    for t in tokens:
        counts[vocabulary.index(t)] += 1
    return counts

# %% one_hot.bag-of-words adds the rows up
def one_hot(tokens, vocabulary):
    rows = [[float(w == t) for w in vocabulary] for t in tokens]
    return np.sum(rows, axis=0)

# %% one_hot.bag-of-words which words occur at all
def one_hot(tokens, vocabulary):
    return np.array([1 if word in tokens else 0 for word in vocabulary])

# %% one_hot.integer-labels one number for each token
def one_hot(tokens, vocabulary):
    return np.array([vocabulary.index(t) for t in tokens])

# %% one_hot.integer-labels a column of numbers
def one_hot(tokens, vocabulary):
    place = dict(zip(vocabulary, range(len(vocabulary))))
    out = np.zeros((len(tokens), 1))
    for i, t in enumerate(tokens):
        out[i] = place[t]
    return out

# %% one_hot.aliased-rows a list of lists made with a star
def one_hot(tokens, vocabulary):
    table = [[0] * len(vocabulary)] * len(tokens)
    for i, t in enumerate(tokens):
        table[i][vocabulary.index(t)] = 1
    return np.array(table)

# %% one_hot.aliased-rows one row of zeros for all
def one_hot(tokens, vocabulary):
    row = np.zeros(len(vocabulary))
    rows = []
    for t in tokens:
        row[vocabulary.index(t)] = 1
        rows.append(row)
    return np.stack(rows)

# %% one_hot.aliased-rows the row is copied but never cleared
def one_hot(tokens, vocabulary):
    row = [0] * len(vocabulary)
    result = []
    for t in tokens:
        row[vocabulary.index(t)] = 1
        result.append(list(row))
    return np.array(result)

# %% one_hot.aliased-rows a colon where the row belongs
def one_hot(tokens, vocabulary):
    out = np.zeros((len(tokens), len(vocabulary)))
    for t in tokens:
        out[:, vocabulary.index(t)] = 1
    return out

# %% one_hot.inverted starts from ones
def one_hot(tokens, vocabulary):
    out = np.ones((len(tokens), len(vocabulary)))
    for i, t in enumerate(tokens):
        out[i, vocabulary.index(t)] = 0
    return out

# %% one_hot.inverted asks whether words differ
def one_hot(tokens, vocabulary):
    return np.array([[int(t != w) for w in vocabulary] for t in tokens])

# %% one_hot.unknown-accepted a comparison that is never true
def one_hot(tokens, vocabulary):
    out = np.zeros((len(tokens), len(vocabulary)))
    for i, t in enumerate(tokens):
        for j, w in enumerate(vocabulary):
            if t == w:
                out[i, j] = 1
    return out

# %% one_hot.unknown-accepted strangers are passed over
def one_hot(tokens, vocabulary):
    known = [t for t in tokens if t in vocabulary]
    out = np.zeros((len(known), len(vocabulary)))
    for i, t in enumerate(known):
        out[i, vocabulary.index(t)] = 1
    return out

# %% one_hot.unknown-accepted strangers get the last column
def one_hot(tokens, vocabulary):
    place = {w: j for j, w in enumerate(vocabulary)}
    out = np.zeros((len(tokens), len(vocabulary)))
    for i, t in enumerate(tokens):
        out[i, place.get(t, -1)] = 1
    return out

# %% general.changed-step the tokens are read backwards
def one_hot(tokens, vocabulary):
    out = np.zeros((len(tokens), len(vocabulary)))
    for i, t in enumerate(tokens[::-1]):
        out[i, vocabulary.index(t)] = 1
    return out

# %% general.changed-step minus one for all that is not hot
def one_hot(tokens, vocabulary):
    out = -np.ones((len(tokens), len(vocabulary)))
    for i, t in enumerate(tokens):
        out[i, vocabulary.index(t)] = 1
    return out

# %% general.returns-early the return stands inside the loop
def one_hot(tokens, vocabulary):
    vectors = np.zeros((len(tokens), len(vocabulary)))
    for i, token in enumerate(tokens):
        vectors[i, vocabulary.index(token)] = 1
        return vectors

# %% general.not-implemented the stub as it was handed out
def one_hot(tokens, vocabulary):
    raise NotImplementedError()

# %% general.returns-none forgot to return
def one_hot(tokens, vocabulary):
    vectors = np.zeros((len(tokens), len(vocabulary)))
    for i, token in enumerate(tokens):
        vectors[i, vocabulary.index(token)] = 1

# %% general.wrong-type a list of lists
def one_hot(tokens, vocabulary):
    return [[int(w == t) for w in vocabulary] for t in tokens]

# %% general.wrong-type a dictionary
def one_hot(tokens, vocabulary):
    return {t: np.eye(len(vocabulary))[vocabulary.index(t)] for t in tokens}

# %% general.raises a name that does not exist
def one_hot(tokens, vocabulary):
    vectors = np.zeros((len(tokens), len(vocabulary)))
    for i, token in enumerate(tokens):
        vectors[i, vocab.index(token)] = 1
    return vectors

# %% general.mutates-input sorts nothing but empties the token list
def one_hot(tokens, vocabulary):
    rows = []
    while tokens:
        rows.append(np.eye(len(vocabulary))[vocabulary.index(tokens.pop(0))])
    return np.array(rows).reshape(len(rows), len(vocabulary))

# %% general.uses-globals reads the notebook's own tokens
tokens = "Carlos Alcaraz is a very skilled tennis player and philanthropist".split()
vocabulary = sorted(set(tokens))
def one_hot(words, vocab):
    out = np.zeros((len(tokens), len(vocabulary)))
    for i, t in enumerate(tokens):
        out[i, vocabulary.index(t)] = 1
    return out

# %% general.hardcoded-answer the same table whatever comes
def one_hot(tokens, vocabulary):
    return np.eye(5)

# %% general.hardcoded-size ten rows and ten columns
def one_hot(tokens, vocabulary):
    out = np.zeros((10, 10))
    for i, t in enumerate(tokens):
        out[i, vocabulary.index(t)] = 1
    return out

# %% general.timeout never leaves the loop
def one_hot(tokens, vocabulary):
    i = 0
    out = np.zeros((len(tokens), len(vocabulary)))
    while i < len(tokens) + 1:
        out[i % max(len(tokens), 1)] = 0
    return out

# %% one_hot.part-of-a-word `in` between two words
def one_hot(tokens, vocabulary):
    matrix = np.zeros((len(tokens), len(vocabulary)))
    for i in range(len(tokens)):
        for j in range(len(vocabulary)):
            if tokens[i] in vocabulary[j]:
                matrix[i, j] = 1
    return matrix

# %% one_hot.part-of-a-word `in` between two words, the other way round
def one_hot(tokens, vocabulary):
    rows = [[int(word in token) for word in vocabulary] for token in tokens]
    if any(token not in vocabulary for token in tokens):
        raise ValueError("unknown word")
    return np.array(rows).reshape(len(tokens), len(vocabulary))
