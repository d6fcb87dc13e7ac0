"""What the lessons say, and what must then be true: claims, the right guesses worked out, and the points to be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# What the text says in words, or of numbers that no cell prints: the sentence, and what must then be true.
CLAIMS: Mapping[str, Sequence[tuple[str, str]]] = {
    "embeddings": (
        ("two of them do not occur in the sentence", "set(vocabulary) - set(tokens) == {'net', 'racket'}"),
        ("√2 ≈ 1.41", "round(2**0.5, 2) == 1.41"),
        ("whole tenths", "np.allclose(10 * table, np.round(10 * table))"),
        (
            'The embedding of "tennis". The zeros',
            "np.array_equal(one_hot(tokens, vocabulary) @ table, embeddings)",
        ),
        (
            "of shape (1, 12), with the table, of shape (12, 8)",
            "one_hot(['tennis'], vocabulary).shape == (1, 12) and table.shape == (12, 8)",
        ),
        ("Ours have d_model = 8 numbers", "d_model == 8 == embeddings.shape[1]"),
        ('The query of "tennis" begins with 1.03', "np.isclose(Query[6, 0], 1.03)"),
        (
            "but for 61 words",
            "len(learned) == 61 and all(one.shape == (d_model,) for one in learned.values())",
        ),
        (
            '"tennis" and "football" (1.00), "very" and "quite" (1.00), "piano" and "music" (0.86)',
            "[round(alike(learned[one], learned[other]), 2) for one, other in"
            " (('tennis', 'football'), ('very', 'quite'), ('piano', 'music'))] == [1, 1, 0.86]",
        ),
    ),
    "self-attention": (
        ("4.59", "round(np.sum(Query[6] * Key[3]), 2) == 4.59 and np.all(Query[6] * Key[3] > 0)"),
        ("√d_k = √6 ≈ 2.45", "round(6**0.5, 2) == 2.45"),
        ("(16 times as many)", "64 == 16 * 4"),
        ("(256 times as many)", "1024 == 256 * 4"),
        ("with 305 digits before the point", "len(str(int(np.exp(700.0)))) == 305"),
        ("differ by 2.16", "round(another_run['philanthropist'] - another_run['player'], 2) == 2.16"),
        (r"$e^{2.16} \approx 8.7$", "round(np.exp(2.16), 1) == 8.7 == round(weights[9] / weights[7], 1)"),
        (
            '"philanthropist" with 0.26 and "a" with 0.21; then "Alcaraz" with 0.15',
            "[tokens[i] for i in np.argsort(-weights)[:3]] == ['philanthropist', 'a', 'Alcaraz']"
            " and list(np.sort(weights)[:-4:-1].round(2)) == [0.26, 0.21, 0.15]",
        ),
        (
            "0.19 · value of Carlos + 0.06 · value of Alcaraz + 0.15 · value of is + 0.38 · value of a",
            "list(attend(Query, Key, np.eye(10))[6, :4].round(2)) == [0.19, 0.06, 0.15, 0.38]",
        ),
        ("Each row adds up to 1", "np.allclose(attend(Query, Key, np.eye(10)).sum(axis=1), 1)"),
        (
            '"Carlos" gives "tennis" a weight of 0.59, and "tennis" gives "Carlos" one of 0.19',
            "(W := attend(Query, Key, np.eye(10)).round(2))[0, 6] == 0.59 and W[6, 0] == 0.19",
        ),
        (
            '"tennis" spends 0.38 of its attention on "a"',
            "(W := attend(Query, Key, np.eye(10)).round(2))[6].argmax() == 3 and W[6, 3] == 0.38",
        ),
        ("d_model = 8, d_k = 6 and d_v = 4", "trained.shape[1] == 8 and W_Q_learned.shape == (8, 6)"),
        (
            '"very" looks at "skilled" (0.54), "skilled" at "player" (0.69), "tennis" at "Alcaraz" (0.77)',
            "[(tokens[trained_weights[tokens.index(one)].argmax()], trained_weights[tokens.index(one)].max().round(2))"
            " for one in ('very', 'skilled', 'tennis')] == [('skilled', 0.54), ('player', 0.69), ('Alcaraz', 0.77)]",
        ),
        ('"Carlos" and "Alcaraz" at each other', "list(trained_weights[:2].argmax(axis=1)) == [1, 0]"),
        (
            '"a" and "and" do not know which noun',
            "all({tokens[i] for i in np.argsort(-trained_weights[tokens.index(one)])[:2]}"
            " == {'player', 'philanthropist'} for one in ('a', 'and'))",
        ),
        (
            '"very" and "skilled" have next to nothing of their own to tell',
            "np.all(np.abs(Value_learned[4:6]) < 0.15)",
        ),
        ('"skilled" takes home 0.90 of sport', "trained_output[5, 0].round(2) == 0.9"),
        (
            'In the first sentence "net" takes home 0.80 of sport, in the second 0.69 of the sea',
            "[(topics[one.argmax()], one.max().round(2)) for one in of_net.values()]"
            " == [('sport', 0.8), ('sea', 0.69)]",
        ),
    ),
    "multi-head": (
        ("d_v = 3 numbers", "d_v == 3"),
        ("With h = 2 heads", "h == 2"),
        ("| W_Q | h × d_model × d_k | 2 × 8 × 4 |", "W_Q.shape == (2, 8, 4) == W_K.shape"),
        ("| W_V | h × d_model × d_v | 2 × 8 × 3 |", "W_V.shape == (2, 8, 3)"),
        (
            'In head 0 "tennis" looks most at "very" (0.31), in head 1 at "and" (0.20)',
            "[(tokens[w[6].argmax()], w[6].max().round(2)) for w in weights.values()]"
            " == [('very', 0.31), ('and', 0.2)]",
        ),
        (
            '"player" looks at "skilled" in head 0 (0.77) and at "Alcaraz" in head 1 (0.74)',
            "[(tokens[w[7].argmax()], w[7].max().round(2)) for w in trained_weights.values()]"
            " == [('skilled', 0.77), ('Alcaraz', 0.74)]",
        ),
        (
            "It lies between the adjectives and the persons",
            "{'skilled', 'Alcaraz'} < set(sorted(alike, key=lambda word: -alike[word])[:6])",
        ),
        ("It is the same, now in row 3", "np.allclose(forwards[6], backwards[3])"),
    ),
    "layers": (
        ("number for number", "embeddings.shape == (10, 8)"),
        ("Each row still adds up to 1", "np.allclose(seen.sum(axis=1), 1)"),
        (
            "one sentence of ten words is now nine lessons at once",
            "len(tokens) == 10 and list(np.isinf(causal_mask(10)).sum(axis=1)) == list(range(9, -1, -1))",
        ),
        (
            "The variance is 2/3, and its root is about 0.82",
            "np.isclose(token.var(), 2 / 3) and round((2 / 3) ** 0.5, 2) == 0.82",
        ),
        ("called epsilon, is added to the variance: 0.00001", "1e-5 == 0.00001"),
        (
            "next with its neighbours 3 and 5, and alike on both sides",
            "set(np.argsort(encoding @ encoding[4])[-3:]) == {3, 4, 5}"
            " and np.allclose((encoding @ encoding[4])[:4], (encoding @ encoding[4])[8:4:-1])",
        ),
        (
            "The first two columns go up and down within a few words. The last four have hardly moved",
            "np.ptp(encoding[:, :2], axis=0).min() > 1.5 and np.ptp(encoding[:, 4:], axis=0).max() < 0.1",
        ),
        (
            "a table of 62 embeddings, one for each word of the lessons before and one for the full stop, and two layers",
            "table.shape == (62, 16) and len(trained_layers) == 2 and vocabulary[-1] == '.'",
        ),
        ("multiply the scores by 3 before softmax, and then by 0.3", "round(0.3 * 10) == 3"),
        (
            'After "tennis" the model is nearly sure',
            "next_words('Carlos Alcaraz is a very skilled tennis').max() > 0.9 > 0.5 > next_words('Carlos Alcaraz is a very').max()",
        ),
        (
            "The piano, the fish, the ball",
            "[vocabulary[next_words(text).argmax()] for text in ('Clara Schumann plays the', 'the old fisher catches the',"
            " 'Serena Williams catches the')] == ['piano', 'fish', 'ball']",
        ),
    ),
}
# What a right guess is, worked out; a text is a Python expression of the solved lesson's names.
PREDICTED: Mapping[str, Mapping[str, str]] = {
    "embeddings": {
        "how many tokens": "len(tokens)",
        "tokens[6]": "tokens[6]",
        "shape of the one-hot matrix": "one_hot(tokens, vocabulary).shape",
        "how many ones": "int(one_hot(tokens, vocabulary).sum())",
        "column of tennis": "vocabulary.index('tennis')",
        "one-hot: nearer to tennis": "'neither' if np.ptp([np.linalg.norm(vectors[0] - one) for one in vectors[1:]]) == 0"
        " else 'one of them'",
        "shape of one-hot times table": "(one_hot(['tennis'], vocabulary) @ table).shape",
        "first number of the query of tennis": "Query[6, 0]",
        "shape of Query": "Query.shape",
        "shape of Value": "Value.shape",
        "trained: nearest to tennis": "max(['music', 'is', 'football'], key=lambda one: alike(learned[one], learned['tennis']))",
        "rows that stay when the sentence is turned round": "int(np.sum(np.all(one_hot(tokens, vocabulary)"
        " == one_hot(tokens[::-1], vocabulary), axis=1)))",
        "ones in the vector for a sum of two embeddings": "int(both.sum()) if np.allclose((both := one_hot(['tennis',"
        " 'player'], vocabulary).sum(axis=0)) @ table, row_of['tennis'] + row_of['player']) else -1",
    },
    "self-attention": {
        "better match for tennis": "'a' if Query[6] @ Key[3] > Query[6] @ Key[9] else 'philanthropist'",
        "shape of the scores of 4 words that look at 7": "scaled_scores(Query[:4], Key[:7]).shape",
        "times wider with 16 times as many entries": "int((64 / 4) ** 0.5)",
        "the row of both scores": "tokens[6]",
        "4.59, scaled": "scaled_scores(Query, Key)[6, 3]",
        "weight of ln 3": "softmax(np.log([1, 2, 3]))[2]",
        "e to the power of 710": "'inf' if 710 > np.log(np.finfo(float).max) else 'number'",
        "the two words that tennis looked at most": "{list(another_run)[i] for i in np.argsort(-weights)[:2]}",
        "the largest weight of scores 8, 16 and 24": "round(float(softmax(np.array([8.0, 16.0, 24.0]))[2]), 2)",
        "the weighted sum of three values": "tuple(np.array([0.5, 0.3, 0.2]) @ values)",
        "attend with the identity matrix for values": "'weights' if np.allclose(attend(Query, Key, np.eye(10)),"
        " softmax(scaled_scores(Query, Key))) else 'else'",
        "trained: tennis looks at": "tokens[trained_weights[6].argmax()]",
        "trained: very looks at": "tokens[trained_weights[4].argmax()]",
        "trained: skilled looks at": "tokens[trained_weights[5].argmax()]",
        "net: the same output in both sentences": "bool(np.allclose(*of_net.values(), atol=0.1))",
        "shape of the output of one query": "output.shape",
        "outputs of shuffled tokens": "'shuffled' if np.allclose(attend(Query[::-1], Key[::-1], Value[::-1]),"
        " attend(Query, Key, Value)[::-1]) else 'else'",
        "the temperature with the most even weights": "min([0.2, 1, 5], key=lambda t: softmax(scaled_scores(Query, Key)"
        "[6] / t).max())",
        "what the soft dictionary gives": "attend(100 * np.eye(4)[2:3], np.eye(4), np.array([[10.0], [20], [30], [40]]))"
        ".item()",
    },
    "multi-head": {
        "shape of W_Q[0]": "W_Q[0].shape",
        "shape of the queries of head 0": "(embeddings @ W_Q[0]).shape",
        "tennis looks at the same word in both heads": "len({w[6].argmax() for w in weights.values()}) == 1",
        "the axis along which heads are joined": "-1 if np.concatenate([head_0, head_1], axis=-1).shape == (2, 4) else 0",
        "trained: player in head 0": "tokens[trained_weights['Head 0: which adjective?'][7].argmax()]",
        "trained: player in head 1": "tokens[trained_weights['Head 1: which person?'][7].argmax()]",
        "shape of the output of multi_head": "first.shape",
        "the output can go through multi_head again": "first.shape == embeddings.shape",
        "row of tennis when the sentence is turned round": "tokens[::-1].index('tennis')",
        "its output changes": "not np.allclose(forwards[6], backwards[3])",
        "the head that has no say": "[i for i in (0, 1) if np.allclose(multi_head(embeddings, W_Q, W_K, W_V * (np.arange(2)"
        " != i)[:, None, None], off := np.where(np.arange(6)[:, None] < 3, 0, W_O)), multi_head(embeddings, W_Q, W_K, W_V,"
        " off))][0]",
        "swapped heads, the same output": "bool(np.allclose(multi_head(embeddings, W_Q[::-1], W_K[::-1], W_V[::-1], W_O),"
        " first))",
        "what of W_O to swap": "'rows' if np.allclose(multi_head(embeddings, W_Q[::-1], W_K[::-1], W_V[::-1],"
        " np.concatenate([W_O[3:], W_O[:3]])), first) else 'columns'",
        "numbers in the W_Q of eight heads": "np.zeros((8, 512, 64)).size",
    },
    "layers": {
        "weight of the first token on itself": "seen[0, 0]",
        "each weight of the last token": "softmax(np.ones((4, 4)) + causal_mask(4))[3, 0]",
        "row of position 0 with four features": "tuple(int(x) for x in positional_encoding(1, 4)[0])",
        "the fastest features": "'first' if np.ptp(encoding[:, :2]) > np.ptp(encoding[:, 6:]) else 'last'",
        "position most like position 4": "int((encoding @ encoding[4]).argmax())",
        "what becomes of the 3": "layer_norm(token[None])[0, 2]",
        "shape of W_1": "random_layers[0][4].shape",
        "numbers in W_1 and W_2": "random_layers[0][4].size + random_layers[0][6].size",
        "numbers in the attention": "sum(one.size for one in random_layers[0][:4])",
        "a block of zeros changes its input": "not np.array_equal(block(x, causal_mask(10), *(np.zeros(shape) for shape in shapes)), x)",
        "rows that change with the last word": "int(changed.sum())",
        "after skilled tennis": "vocabulary[next_words('Carlos Alcaraz is a very skilled tennis').argmax()]",
        "the same word after the": "len({next_words(text).argmax() for text in ('Clara Schumann plays the',"
        " 'the old fisher catches the', 'Serena Williams catches the')}) == 1",
        "without the order, still player": "vocabulary[(table @ stack((asked := table[places_of('Carlos Alcaraz is a very"
        " skilled tennis')]) - positional_encoding(*asked.shape), trained_layers)[-1]).argmax()] == 'player'",
        "the factor that makes it bolder": "3 if softmax(3 * np.log(p := next_words('Carlos Alcaraz is a very'))).max() >"
        " softmax(0.3 * np.log(p)).max() else 0.3",
        "billions of numbers in 96 layers": "round(12 * 12288**2 * 96 / 1e9)",
    },
}
# The points of the introduction that these lessons tell: facts, and where the text says them.
POINTS: Mapping[str, Sequence[str]] = {
    "embeddings": (
        "understand a word by the words around it",
        "called *self-attention*",
        "the sentence has to become numbers",
        "first to *one-hot* and then to *dense* ones",
        "0 everywhere but in its own column, where it is 1",
        '["cat", "dog", "mouse"]',
        "about how it is related to others, than a long one-hot vector",
        "Real models use many more dimensions",
        "nothing of it has to be computed again",
        "draw the table at random",
        "with another seed they would be others",
        '"This is what I am looking for."',
        '"This is what I can be found by."',
        '"This is what I pass on to whoever finds me."',
        "They start at random, too, and training moves them step by step",
        "d_k, which need not be d_model",
    ),
    "self-attention": (
        "by their *dot product*",
        "A high score means: this is what I was looking for",
        r"\frac{Q K^{T}}{\sqrt{d_k}}",
        "longer queries would have larger scores for no other reason than their length",
        "Scores are hard to read",
        "add up to 1 in each row",
        '"38 % of my attention"',
        "from another run of this course, in which the random draws were different",
        "With another seed it would be yet another word",
        "The output of a token is the *weighted sum* of all values",
        "pulled most towards those with the largest weights",
        "*context-aware*",
    ),
    "multi-head": (
        "a question of grammar",
        "a question of topic",
        "like having several people read the same sentence",
        "Models such as ChatGPT or Gemini stack many such layers",
        "the output of each is the input of the next",
        "knows a great deal about all the others",
        "writes text that hangs together",
    ),
    "layers": (
        "they stack dozens of layers",
        "The output of the first is the input of the second",
        "to the probability of the next word",
        "what they write is often right and makes sense",
    ),
}
