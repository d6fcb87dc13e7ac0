"""Wrong functions that are right on most inputs: the hidden cases hold one on which each of them is wrong."""

from __future__ import annotations

import pytest
from catalogue import HOME
from hidden_runs import has_full_marks, outcomes

RIGHT = {
    "one_hot": "np.eye(len(a[1]))[np.array([a[1].index(token) for token in a[0]], dtype=int)]",
    "project_qkv": "(a[0] @ a[1], a[0] @ a[2], a[0] @ a[3])",
    "scaled_scores": "right(*a)",
    "softmax": "right(*a)",
    "attend": "right(*a)",
    "multi_head": "np.hstack([attend(*(a[0] @ W for W in Ws)) for Ws in zip(*a[1:4])]) @ a[4]",
    "layer_norm": "right(*a)",
    "feed_forward": "right(*a)",
    "block": "one_block(*a)",
    "stack": "layer_norm(through(a[0] + positional_encoding(*a[0].shape), a[1]))",
}
THROUGH = """
def through(x, layers):
    for weights in layers:
        x = one_block(x, causal_mask(len(x)), *weights)
    return x
"""
ENCODED = "np.where(np.arange(d) % 2, np.cos(p[:, None] / w), np.sin(p[:, None] / w))"
WAVES = "    w = 10000 ** (np.arange(d) // 2 * 2 / d)\n"
WAVE = f"def positional_encoding(n, d):\n{WAVES}    p = np.arange(n)\n    x = {ENCODED}\n"
NORMAL = "(x - x.mean(-1, keepdims=True))"
NORMED = f"{NORMAL} / np.sqrt(x.var(-1, keepdims=True) + 1e-5)"
HEADS = "[attend(*(x @ W for W in Ws)) for Ws in zip(W_Q, W_K, W_V)]"
HIDDEN = "def feed_forward(x, W_1, b_1, W_2, b_2):\n    h = x @ W_1 + b_1\n"
SHIFTED = "    e = np.exp(x - x.max(-1, keepdims=True))\n    return e / e.sum(-1, keepdims=True)"
BLOCK = "one_block(x, {mask}, *weights)"


def in_one_place(function: str) -> str:
    """A function that writes what it gives into the same arrays each time: they are as large as is ever asked for."""
    return (
        f"{THROUGH}\nmade, right = [np.empty(10**5) for _ in range(3)], globals().get({function!r})\n"
        f"def {function}(*a):\n    due = {RIGHT.get(function, 'right(*a)')}\n    parts = due if isinstance(due, tuple) else (due,)\n"
        "    given = [place[:part.size].reshape(part.shape) for place, part in zip(made, parts)]\n"
        "    for place, part in zip(given, parts):\n        place[...] = part\n"
        "    return tuple(given) if isinstance(due, tuple) else given[0]"
    )


def by_sizes(function: str) -> str:
    """A function that keeps what it gave, by the sizes of its inputs."""
    return (
        f"{THROUGH}kept, right = {{}}, globals().get({function!r})\ndef {function}(*a):\n    sizes = tuple(getattr(one, 'shape', len(one)) for one in a)\n"
        f"    if sizes not in kept:\n        kept[sizes] = {RIGHT[function]}\n    return kept[sizes]"
    )


WRONG = [
    *[(function, by_sizes(function)) for function in RIGHT],
    *[(function, in_one_place(function)) for function in HOME],
    # a loop, a slice or a table that ends where the sizes of the lesson do
    (
        "one_hot",
        "def one_hot(tokens, vocabulary):\n    rows = np.zeros((len(tokens), len(vocabulary)))\n    for i, token in enumerate(tokens):\n"
        "        j = vocabulary.index(token)\n        if i < 10:\n            rows[i, j] = 1\n    return rows",
    ),
    ("project_qkv", "def project_qkv(x, *Ws):\n    return [x[:10] @ W for W in Ws]"),
    ("project_qkv", "def project_qkv(x, *Ws):\n    return [x[:, :8] @ W[:8] for W in Ws]"),
    ("project_qkv", "def project_qkv(x, *Ws):\n    return [x @ W[:, :8] for W in Ws]"),
    *[
        ("scaled_scores", f"def scaled_scores(Query, Key):\n    s = Query{q} @ Key{k}.T / np.sqrt({d})\n    return s")
        for q, k, d in (("[:10]", "", "Key.shape[1]"), ("", "[:10]", "Key.shape[1]"), ("[:, :8]", "[:, :8]", "Key.shape[1]"), ("", "", "min(Key.shape[1], 8)"))
    ],
    ("softmax", "def softmax(x):\n    e = np.exp(x - x.max(-1, keepdims=True))\n    return e / e[..., :10].sum(-1, keepdims=True)"),
    ("softmax", "def softmax(x):\n    if x.ndim == 3:\n        return np.array([softmax(table) for table in x[:10]])\n" + SHIFTED),
    ("attend", "def attend(Query, Key, Value):\n    return softmax(scaled_scores(Query, Key))[:, :10] @ Value[:10]"),
    ("attend", "def attend(Query, Key, Value):\n    return softmax(scaled_scores(Query, Key))[:10] @ Value"),
    ("attend", "def attend(Query, Key, Value):\n    return softmax(scaled_scores(Query, Key)) @ Value[:, :8]"),
    ("multi_head", f"def multi_head(x, W_Q, W_K, W_V, W_O):\n    heads = np.hstack({HEADS}[:3])\n    return heads @ W_O[: heads.shape[1]]"),
    ("multi_head", f"def multi_head(x, W_Q, W_K, W_V, W_O):\n    x = x[:10]\n    return np.hstack({HEADS}) @ W_O"),
    *[("causal_mask", f"table = np.triu(np.full(({n}, {n}), -np.inf), 1)\ndef causal_mask(n):\n    return table[:n, :n]") for n in (50, 64, 100, 128)],
    ("causal_mask", "def causal_mask(n):\n    return np.where(np.subtract.outer(*[np.arange(n)] * 2) % 64 < 63, 0, -np.inf) if n > 64 else np.triu(np.full((n, n), -np.inf), 1)"),
    *[("positional_encoding", f"{WAVE}    return x{cut}") for cut in ("[:64]", "[:128]", "[:, :16]")],
    ("layer_norm", f"def layer_norm(x):\n    return ({NORMED})[:10]"),
    ("feed_forward", f"{HIDDEN}    return np.maximum(h[:, :9], 0) @ W_2[:9] + b_2"),
    ("feed_forward", f"{HIDDEN}    return (np.maximum(h, 0) @ W_2 + b_2)[:10]"),
    ("block", "def block(x, mask, W_Q, W_K, W_V, W_O, *weights):\n    three = W_O[: 3 * W_V.shape[2]]\n    return one_block(x, mask, W_Q[:3], W_K[:3], W_V[:3], three, *weights)"),
    ("block", "def block(x, mask, *weights):\n    return one_block(x[:10], mask[:10, :10], *weights)"),
    ("stack", f"{THROUGH}def stack(x, layers):\n    return layer_norm(through(x + positional_encoding(*x.shape), layers[:4]))"),
    ("stack", f"{THROUGH}def stack(x, layers):\n    return layer_norm(through((x + positional_encoding(*x.shape))[:10], layers))"),
    # what is changed before an error, or on the way
    (
        "one_hot",
        "def one_hot(tokens, vocabulary):\n    for token in tokens:\n        if token not in vocabulary:\n            vocabulary.append(token)\n"
        "            raise ValueError(token)\n    return np.eye(len(vocabulary))[np.array([vocabulary.index(token) for token in tokens], dtype=int)]",
    ),
    (
        "one_hot",
        "def one_hot(tokens, vocabulary):\n    rows = []\n    while tokens:\n        rows.append(np.eye(len(vocabulary))[vocabulary.index(tokens.pop(0))])\n"
        "    return np.array(rows).reshape(-1, len(vocabulary))",
    ),
    ("stack", f"{THROUGH}def stack(x, layers):\n    x += positional_encoding(*x.shape)\n    return layer_norm(through(x, layers))"),
    ("stack", "def stack(x, layers):\n    x = x + positional_encoding(*x.shape)\n    while layers:\n        x = one_block(x, causal_mask(len(x)), *layers.pop(0))\n    return layer_norm(x)"),
    # a number in the place of minus infinity, or as an end that numbers have
    *[("softmax", f"def softmax(x):\n    x = {x}\n{SHIFTED}") for x in (
        "np.where(np.isinf(x), -1000, x)", "np.where(np.isinf(x), -100, x)", "np.clip(x, -700, None)", "np.clip(x, None, 1400)", "np.clip(x, -1000, 1000)",
    )],
    *[("softmax", f"def softmax(x):\n    e = np.exp(x - {shift})\n    return e / e.sum(-1, keepdims=True)") for shift in (
        "(x.max(-1, keepdims=True) if x.max() > 100 else 0)", "np.where(np.isinf(x), 0, x).max(-1, keepdims=True)", "np.maximum(x.max(-1, keepdims=True), 0)",
    )],
    *[("block", f"def block(x, mask, *weights):\n    return {BLOCK.format(mask=mask)}") for mask in (
        "np.where(np.isinf(mask), -1000, mask)", "np.clip(mask, -100, 0)",
    )],
    *[("layer_norm", f"def layer_norm(x):\n    return {normal}") for normal in (
        f"np.clip({NORMED}, -3, 3)", f"np.clip({NORMED}, -5, 5)", f"{NORMAL} / np.maximum(x.std(-1, keepdims=True), 1)",
    )],
    # what is only small
    *[("attend", f"def attend(Query, Key, Value):\n    weights = softmax(scaled_scores(Query, Key))\n    return {kept} @ Value") for kept in (
        "np.where(weights < 1e-4, 0, weights)", "np.where(weights > 1e-3, weights, 0)",
    )],
    ("attend", "def attend(Query, Key, Value):\n    return softmax(np.clip(scaled_scores(Query, Key), -6, 6)) @ Value"),
    *[("feed_forward", f"{HIDDEN}    return {active} @ W_2 + b_2") for active in (
        "np.where(h > 0.005, h, 0)", "np.where(h > 1e-5, h, 0)", "np.maximum(np.round(h, 5), 0)", "np.logaddexp(0, 50 * h) / 50",
    )],
    # what is kept from call to call is right for other inputs alone
    (
        "one_hot",
        "known = {}\ndef one_hot(tokens, vocabulary):\n    known.update({word: j for j, word in enumerate(vocabulary)})\n"
        "    return np.eye(len(vocabulary))[np.array([known[token] for token in tokens], dtype=int)]",
    ),
    (
        "one_hot",
        "known = {}\ndef one_hot(tokens, vocabulary):\n    of = known.setdefault(len(vocabulary), list(vocabulary))\n"
        "    return np.eye(len(of))[np.array([of.index(token) for token in tokens], dtype=int)]",
    ),
    (
        "softmax",
        "kept = {}\ndef softmax(x):\n    e = np.exp(x - kept.setdefault(x.shape, x.max(-1, keepdims=True)))\n"
        "    return e / e.sum(-1, keepdims=True)",
    ),
    *[
        (
            "positional_encoding",
            f"kept = {{}}\ndef positional_encoding(n, d):\n{WAVES}    p = np.arange(n)\n"
            f"    return kept.setdefault({key}, {ENCODED})[:n]",
        )
        for key in ("n", "d")
    ],
    # signs at a word's end, and words that are a part of others, at either place
    (
        "one_hot",
        "def one_hot(tokens, vocabulary):\n    words = [word.strip('.,') for word in vocabulary]\n"
        "    return np.eye(len(words))[np.array([words.index(token.strip('.,')) for token in tokens], dtype=int)]",
    ),
    *[
        (
            "one_hot",
            f"def one_hot(tokens, vocabulary):\n    places = [[j for j, w in enumerate(vocabulary) if {alike}] for t in tokens]\n"
            f"    return np.eye(len(vocabulary))[np.array([found[{which}] for found in places], dtype=int)]",
        )
        for alike in ("t in w", "w in t", "w.startswith(t)", "t.startswith(w)")
        for which in (0, -1)
    ],
    # many tokens
    *[
        (
            "positional_encoding",
            f"def positional_encoding(n, d):\n{WAVES}    p = {places}\n    return {ENCODED}",
        )
        for places in ("np.arange(n) % 50", "np.minimum(np.arange(n), 63)")
    ],
    # a single query, key or row
    ("scaled_scores", "def scaled_scores(Query, Key):\n    return np.atleast_2d((Query @ Key.T).squeeze()) / np.sqrt(Key.shape[1])"),
    ("softmax", "def softmax(x):\n    e = np.exp(x - x.max(-1, keepdims=True)).squeeze()\n    return e / e.sum(-1, keepdims=True)"),
    ("attend", "def attend(Query, Key, Value):\n    return softmax(np.squeeze(scaled_scores(Query, Key))) @ Value"),
    ("attend", "def attend(Query, Key, Value):\n    return np.atleast_2d(softmax(scaled_scores(Query, Key)).squeeze()) @ Value"),
    # small weights
    (
        "softmax",
        "def softmax(x):\n    e = np.exp(x - x.max(-1, keepdims=True))\n    w = e / e.sum(-1, keepdims=True)\n"
        "    return np.where(w < 1e-4, 0, w)",
    ),
    # large scores
    *[
        ("scaled_scores", f"def scaled_scores(Query, Key):\n    return np.clip(Query @ Key.T / np.sqrt(Key.shape[1]), -{end}, {end})")
        for end in (10, 100, 700)
    ],
    # what is added to the variance
    ("layer_norm", f"def layer_norm(x):\n    return {NORMAL} / np.sqrt(x.var(-1, keepdims=True) + 1e-4)"),
    # another mask than the one that is given
    *[("block", f"def block(x, mask, *weights):\n    return {BLOCK.format(mask=mask)}") for mask in (
        "causal_mask(len(x)) if mask.any() else mask", "np.triu(mask, 1) if mask.any() else mask", "mask + causal_mask(len(x))",
    )],
]  # fmt: skip


@pytest.mark.parametrize(("function", "source"), WRONG)
def test_a_function_that_is_wrong_on_some_inputs_has_no_full_marks(function: str, source: str) -> None:
    found, alone = outcomes(function, source)
    assert not (alone and all(right for _, right in found))
    assert any(right for kind, right in found if kind == "ordinary")


@pytest.mark.parametrize("function", RIGHT)
def test_what_is_kept_by_all_that_counts_has_full_marks(function: str) -> None:
    source = by_sizes(function).replace("getattr(one, 'shape', len(one))", "repr(one)")
    assert has_full_marks(function, source)


@pytest.mark.parametrize("epsilon", ["1e-5", "1e-6", "1e-8", "1e-12", "2e-5"])
def test_how_small_the_epsilon_is_costs_nothing(epsilon: str) -> None:
    source = f"def layer_norm(x):\n    return {NORMAL} / np.sqrt(x.var(-1, keepdims=True) + {epsilon})"
    assert has_full_marks("layer_norm", source)
