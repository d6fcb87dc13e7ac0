# Right ways to write one_hot, beside those of the corpus, for mistakes to be made in.

# %% right a table of rows, each built word by word
def one_hot(tokens, vocabulary):
    table = []
    for token in tokens:
        if token not in vocabulary:
            raise ValueError(f"{token} is not in the vocabulary")
        row = []
        for word in vocabulary:
            if word == token:
                row.append(1.0)
            else:
                row.append(0.0)
        table.append(row)
    return np.array(table).reshape(len(tokens), len(vocabulary))


# %% right a helper finds the place, another makes the row
def place_of(word, words):
    for number in range(len(words)):
        if words[number] == word:
            return number
    raise KeyError(word)


def unit_row(place, width):
    row = np.zeros(width)
    row[place] = 1
    return row


def one_hot(tokens, vocabulary):
    width = len(vocabulary)
    result = np.zeros((len(tokens), width))
    for i in range(len(tokens)):
        result[i] = unit_row(place_of(tokens[i], vocabulary), width)
    return result


# %% right two arrays of places, set at once
def one_hot(tokens, vocabulary):
    n_tokens = len(tokens)
    n_words = len(vocabulary)
    columns = np.zeros(n_tokens, dtype=int)
    for i, token in enumerate(tokens):
        columns[i] = vocabulary.index(token)
    matrix = np.zeros((n_tokens, n_words))
    matrix[np.arange(n_tokens), columns] = 1.0
    return matrix


# %% right a nested loop with a flag for strangers
def one_hot(tokens, vocabulary):
    rows = len(tokens)
    cols = len(vocabulary)
    out = np.zeros((rows, cols))
    for r in range(rows):
        found = False
        for c in range(cols):
            if tokens[r] == vocabulary[c]:
                out[r, c] = 1
                found = True
        if not found:
            raise ValueError("unknown word: " + tokens[r])
    return out


# %% right counting up through zip, with a dictionary made by a loop
def one_hot(tokens, vocabulary):
    lookup = {}
    counter = 0
    for word in vocabulary:
        lookup[word] = counter
        counter += 1
    identity = np.identity(len(vocabulary))
    vectors = np.zeros((len(tokens), len(vocabulary)))
    for k, token in enumerate(tokens):
        vectors[k, :] = identity[lookup[token], :]
    return vectors


# %% right integers compared with a range
def one_hot(tokens, vocabulary):
    ids = np.array([vocabulary.index(token) for token in tokens], dtype=int)
    all_ids = np.arange(len(vocabulary))
    same = ids[:, np.newaxis] == all_ids[np.newaxis, :]
    return same.astype(float)


# %% right rows added to an empty matrix
def one_hot(tokens, vocabulary):
    size = len(vocabulary)
    encoded = np.zeros((0, size))
    for token in tokens:
        position = vocabulary.index(token)
        vector = np.zeros((1, size))
        vector[0, position] = 1
        encoded = np.concatenate([encoded, vector], axis=0)
    return encoded


# %% right the transposed table, turned at the end
def one_hot(tokens, vocabulary):
    table = np.zeros((len(vocabulary), len(tokens)), dtype=int)
    for column, token in enumerate(tokens):
        row = vocabulary.index(token)
        table[row, column] = 1
    return table.T


# %% right a generator of rows
def one_hot(tokens, vocabulary):
    def rows():
        for token in tokens:
            j = vocabulary.index(token)
            before = [0] * j
            after = [0] * (len(vocabulary) - j - 1)
            yield before + [1] + after

    return np.array(list(rows()), dtype=float).reshape(-1, len(vocabulary))
