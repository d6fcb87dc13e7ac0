"""Functions as the pipeline reports them, written by hand: real mistakes, with the matrices that NumPy gives for them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autograder.course.steps import dot, number
from autograder.records import Check, Diagnosis, Explanation, FunctionReport, WorkedStep

SENTENCE = ("Carlos", "Alcaraz", "is", "a", "very", "skilled", "tennis", "player", "and", "philanthropist")


def rng() -> np.random.Generator:
    return np.random.default_rng(2017)


def softmax(x: np.ndarray, axis: int = -1) -> np.ndarray:
    weights = np.exp(x - x.max(axis=axis, keepdims=True))
    return weights / weights.sum(axis=axis, keepdims=True)


def queries_and_keys() -> tuple[np.ndarray, np.ndarray]:
    generator = rng()
    return generator.normal(size=(5, 3)).round(2), generator.normal(size=(4, 3)).round(2)


def explanation(
    case: str,
    inputs: dict[str, np.ndarray | list[str]],
    expected: np.ndarray | None,
    got: np.ndarray | None,
    summary: str,
    worked: tuple[WorkedStep, ...] = (),
    **more: object,
) -> Explanation:
    wrong = first = None
    if got is not None and expected is not None and got.shape == expected.shape:
        wrong = ~np.isclose(got, expected, rtol=1e-5, atol=1e-8)
        first = tuple(int(i) for i in np.argwhere(wrong)[0]) if wrong.any() else None
    fields = {"part": None, "wrong": wrong, "first": first, **more}
    return Explanation(case, tuple(inputs.items()), expected, got, summary=summary, worked=worked, **fields)


def checks(*given: tuple[str, float, bool, str]) -> tuple[Check, ...]:
    return tuple(Check(name, passed, points, message) for name, points, passed, message in given)


def unscaled_scores() -> FunctionReport:
    Query, Key = queries_and_keys()
    raw = Query @ Key.T
    worked = (
        WorkedStep(
            "dot products",
            "Multiply the query row with the key row, entry by entry, and add up the products.",
            r"R_{ij} = \sum_{f=1}^{d_k} Q_{if} K_{jf}",
            "R[i,j] = sum over f of Q[i,f] * K[j,f]",
            dot(Query[0], Key[0]),
        ),
        WorkedStep(
            "scale",
            "Divide by the square root of `d_k`, the number of features in a query.",
            r"S_{ij} = \frac{R_{ij}}{\sqrt{d_k}}",
            "S[i,j] = R[i,j] / sqrt(d_k)",
            f"{number(raw[0, 0])} / √3 = {number(raw[0, 0] / np.sqrt(3))}",
        ),
    )
    return FunctionReport(
        "scaled_scores",
        0.5,
        3.0,
        False,
        checks(
            ("the shape is (n_q, n_k)", 0.5, True, ""),
            ("two sentences", 1.0, False, "The numbers differ from the reference in every cell."),
            ("more queries than keys", 0.75, False, "The numbers differ from the reference in every cell."),
            ("one token", 0.5, False, "The numbers differ from the reference."),
            ("leaves its inputs alone", 0.25, False, "`Query` is not what it was before the call."),
        ),
        (
            Diagnosis(
                "scaled_scores.unscaled",
                "The scores are not divided by √d_k",
                "scale",
                4,
                "The dot products are there, but they stay as large as they come out. With more features a dot "
                "product has more terms, so it grows with √d_k, and the softmax after it puts nearly all weight "
                "on one word.",
                "scaled_scores(Query, Key) / (Query @ Key.T)",
                "“Why the scores are scaled”, below the first picture of the dot product.",
            ),
            Diagnosis(
                "general.mutates-input",
                "The function changes the array it is given",
                None,
                3,
                "`Query -= 0` and the like write into the caller's array.",
                "Run `before = Query.copy()`, call the function, then `np.array_equal(before, Query)`.",
                "“Arrays are shared, not copied”",
            ),
        ),
        source=(
            "def scaled_scores(Query, Key):\n"
            "    # how much does each query want each key?\n"
            "    Query -= 0\n"
            "    scores = Query @ Key.T\n"
            "    return scores\n"
        ),
        explanation=explanation(
            "more queries than keys",
            {"Query": Query, "Key": Key},
            raw / np.sqrt(3),
            raw,
            "Every cell is 1.732 times what it should be, and 1.732 is √3, the square root of `d_k` here.",
            worked,
        ),
    )


def softmax_wrong_axis() -> FunctionReport:
    x = (rng().normal(size=(10, 10)) * 2).round(2)
    expected, got = softmax(x), np.exp(x - x.max(axis=-1, keepdims=True))
    got = got / got.sum(axis=0)
    shifted = x[0] - x[0].max()
    worked = (
        WorkedStep(
            "row maximum",
            "Find the largest entry of the row.",
            r"m_i = \max_j x_{ij}",
            "m[i] = max over j of x[i,j]",
            f"max of row 0 = {number(x[0].max())}",
        ),
        WorkedStep(
            "shift",
            "Subtract it, so that the exponential never overflows.",
            r"z_{ij} = x_{ij} - m_i",
            "z[i,j] = x[i,j] - m[i]",
            f"{number(x[0, 0])} − {number(x[0].max())} = {number(shifted[0])}",
        ),
        WorkedStep(
            "exponential",
            "Make every entry positive.",
            r"e_{ij} = \exp(z_{ij})",
            "e[i,j] = exp(z[i,j])",
            f"exp({number(shifted[0])}) = {number(np.exp(shifted[0]))}",
        ),
        WorkedStep(
            "row sum",
            "Add up the exponentials of the row.",
            r"s_i = \sum_j e_{ij}",
            "s[i] = sum over j of e[i,j]",
            " + ".join(number(e) for e in np.exp(shifted)) + f" = {number(np.exp(shifted).sum())}",
        ),
        WorkedStep(
            "divide",
            "Divide by that sum: now the row sums to one.",
            r"\mathrm{softmax}(x)_{ij} = \frac{e_{ij}}{s_i}",
            "softmax(x)[i,j] = e[i,j] / s[i]",
            f"{number(np.exp(shifted[0]))} / {number(np.exp(shifted).sum())} = {number(expected[0, 0])}",
        ),
    )
    return FunctionReport(
        "softmax",
        1.0,
        3.0,
        False,
        checks(
            ("rows sum to one", 0.5, False, "Some rows of the result do not sum to one."),
            ("a sentence of ten words", 1.0, False, "The numbers differ from the reference."),
            ("a single row", 0.5, True, ""),
            ("stays finite for large logits", 0.5, True, ""),
            ("leaves its inputs alone", 0.5, False, "Not counted."),
        ),
        (
            Diagnosis(
                "softmax.wrong-axis",
                "The sum runs down the columns instead of along the rows",
                "row sum",
                3,
                "For a matrix, `axis=0` adds up the entries of a column. Each word's attention is a row, so "
                "it is the rows that have to sum to one.",
                "softmax(x).sum(axis=-1)",
                "“One row, one word: what softmax does to a row”",
            ),
        ),
        source=(
            "def softmax(x):\n"
            "    e = np.exp(x - x.max(axis=-1, keepdims=True))\n"
            "    return e / e.sum(axis=0)\n"
        ),
        explanation=explanation(
            "a sentence of ten words",
            {"x": x},
            expected,
            got,
            "Your columns sum to one, your rows do not.",
            worked,
            agrees=("exponential",),
            labels=(SENTENCE, SENTENCE),
        ),
    )


def attend_carried() -> FunctionReport:
    return FunctionReport(
        "attend",
        4.0,
        4.0,
        True,
        checks(
            ("the shape is (n_q, d_v)", 1.0, True, ""),
            ("two sentences", 2.0, True, ""),
            ("large scores", 1.0, True, ""),
        ),
        carried_from=("scaled_scores", "softmax"),
        source="def attend(Query, Key, Value):\n    return softmax(scaled_scores(Query, Key)) @ Value\n",
    )


def one_hot_missing() -> FunctionReport:
    tokens, vocabulary = ["tennis", "is", "tennis"], ["a", "is", "player", "tennis", "very"]
    expected = np.array([[float(token == word) for word in vocabulary] for token in tokens])
    return FunctionReport(
        "one_hot",
        0.0,
        3.0,
        False,
        checks(
            ("the shape is (n, V)", 0.5, False, "There is no function `one_hot` to call."),
            ("repeated tokens", 1.5, False, "There is no function `one_hot` to call."),
            ("a word outside the vocabulary", 1.0, False, "There is no function `one_hot` to call."),
        ),
        (
            Diagnosis(
                "general.missing",
                "There is no function called `one_hot` in the notebook",
                why="It may have another name, stand inside another function, or its cell stopped with an error "
                "before the function was made.",
                look="Run all cells from the top, then `one_hot` in a cell of its own.",
                read="“One column for each word”",
            ),
        ),
        explanation=explanation(
            "repeated tokens",
            {"tokens": tokens, "vocabulary": vocabulary},
            expected,
            None,
            "There is no function `one_hot` to call.",
            labels=(tuple(tokens), tuple(vocabulary)),
        ),
    )


def project_unexplained() -> FunctionReport:
    embeddings = rng().normal(size=(4, 6)).round(2)
    weights = {
        name: rng().normal(size=(6, size)).round(2) for name, size in (("W_Q", 3), ("W_K", 3), ("W_V", 5))
    }
    expected = embeddings @ weights["W_V"]
    got = expected.copy()
    got[2] = got[2] * 1.2 + 0.0001
    got[3, 4] = np.nan
    return FunctionReport(
        "project_qkv",
        1.0,
        3.0,
        False,
        (
            Check("gives three arrays", True, 1.0, hidden=False),
            Check("two sentences", False, 1.0, "`Value` differs from the reference."),
            Check("one token", False, 1.0, "The function raised `IndexError`."),
        ),
        note="Checks of mere properties are worth at most a third of the points.",
        source=(
            "import numpy as np\n\ndef project_qkv(E, W_Q, W_K, W_V):\n    Q = E @ W_Q\n    K = E @ W_K\n"
            "    V = E @ W_V\n    V[2] = V[2] * 1.2 + 0.0001\n    V[3, 4] = np.nan\n    return Q, K, V\n"
        ),
        explanation=explanation(
            "two sentences",
            {"embeddings": embeddings, **weights},
            expected,
            got,
            "Of the three arrays, `Value` is wrong in row 2 and in one cell of row 3.",
            part="Value",
            observations=(
                "`Query` and `Key` are right.",
                "Row 2 of `Value` is wrong, whatever the input.",
                "The result is nan at `[3, 4]`, where all inputs are finite.",
            ),
        ),
    )


def softmax_three_d() -> FunctionReport:
    x = (rng().normal(size=(5, 4, 6)) * 3).round(2)
    return replace(
        softmax_wrong_axis(),
        explanation=explanation(
            "three dimensions",
            {"x": x},
            softmax(x),
            softmax(x, axis=1),
            "The entries of each column sum to one; each row should.",
        ),
    )


def multi_head_mixed() -> FunctionReport:
    generator = rng()
    n, d_model, heads, d_v = 6, 8, 2, 3
    attended = generator.normal(size=(heads, n, d_v))
    W_O = generator.normal(size=(heads * d_v, d_model)).round(2)
    expected = attended.transpose(1, 0, 2).reshape(n, heads * d_v) @ W_O
    got = attended.reshape(n, heads * d_v) @ W_O
    weights = {name: generator.normal(size=(heads, d_model, 3)).round(2) for name in ("W_Q", "W_K", "W_V")}
    return FunctionReport(
        "multi_head",
        1.5,
        6.0,
        False,
        checks(
            ("the shape is (n, d_model)", 1.5, True, ""),
            ("two heads", 2.0, False, "The numbers differ from the reference in every cell."),
            ("one head", 1.0, False, "The function raised `ValueError`."),
            ("d_v differs from d_k", 1.5, False, "The numbers differ from the reference in every cell."),
        ),
        (
            Diagnosis(
                "multi_head.reshape-mixed",
                "A reshape mixes the features of the heads with the tokens",
                "concatenate",
                8,
                "`reshape` keeps the order of the numbers in memory. With heads first, it cuts one head's rows "
                "into pieces and lays them beside each other as if they were one token.",
                "np.arange(12).reshape(2, 3, 2).reshape(3, 4)",
                "“From heads back to words”",
            ),
        ),
        source=(
            "def multi_head(embeddings, W_Q, W_K, W_V, W_O):\n    heads = []\n    for h in range(len(W_Q)):\n"
            "        Q, K, V = embeddings @ W_Q[h], embeddings @ W_K[h], embeddings @ W_V[h]\n"
            "        heads.append(attend(Q, K, V))\n    out = np.stack(heads)\n    n = embeddings.shape[0]\n"
            "    out = out.reshape(n, -1)  # put the heads side by side, so that every word has the features of "
            "all heads in one long row, as in the picture in the lesson\n    return out @ W_O\n"
        ),
        explanation=explanation(
            "two heads",
            {"embeddings": generator.normal(size=(n, d_model)).round(2), **weights, "W_O": W_O},
            expected,
            got,
            "Every cell is wrong, though each head alone is right.",
        ),
    )
