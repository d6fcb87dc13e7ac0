"""The mistakes that students make in `scaled_scores`, each as what they work out in the place of a step.

Several entries may share an id: one mistake, made in different ways.
"""

from functools import partial

from autograder.author import edit

mistake = partial(edit, read="Scaled scores")  # the heading to read again

TWO_BY_THREE = "np.array([[2.0, 0.0, 0.0]]), np.array([[3.0, 0.0, 0.0]])"

QUERY, KEY = "np.array([[1.0, 2.0], [3.0, 4.0]])", "np.array([[5.0, 6.0], [7.0, 8.0]])"
TWO_TOKENS = f"scaled_scores({QUERY}, {KEY})"
TWO_PRODUCTS = "the products are 17 23 and 39 53, divided by 1.414"
A_HALF = r"\(?\s*-?\s*(0?\.5|1(\.0)?\s*/\s*2)"
A_ROOT = rf"sqrt|\*\*\s*{A_HALF}|\bpow(er)?\(.*,\s*{A_HALF}|\bhypot\b|\bexp\(.*\blog\("

# Of each: what it is, what is worked out and where, the words for it, and a line by which students can see it.
# fmt: off
SCALED_SCORES_MISCONCEPTIONS = (
    mistake("scaled_scores.unscaled", "The scores were not divided by √d_k",
        {"scale": "products"},
        off="The size of the scores is off", question="What would happen to these scores if every vector were a hundred times as long?",
        why="The dot products are right, but they were handed on as they are. The longer the vectors, the larger their dot products get, just because more terms are added. Large scores make softmax give nearly all weight to one word. Dividing by the square root of d_k keeps the size the same for any d_k.",
        look=f"scaled_scores({TWO_BY_THREE})  # 2·3 / √3 is about 3.46"),
    *mistake("scaled_scores.divided-by-d_k", "The scores were divided by d_k, not by its square root",
        {"scale": "products / Key.shape[-1]"}, telltale=rf"(?s)\A(?!.*({A_ROOT}))",
        off="The size of the scores is off", question="If a sum has four times as many random terms, how many times as large does it get?",
        why="The root is missing below the line. A sum of d_k random terms does not grow like d_k. It grows like the square root of d_k, because the terms partly cancel out. Dividing by all of d_k makes the scores too small, and the weights become almost even.",
        look=f"scaled_scores({TWO_BY_THREE})  # 2·3 / √3 is about 3.46").also(
        {"scale": "products / (Key.shape[-1] / 2)"}, {"scale": "products / Key.shape[-1] / 2"},
        telltale="", title="The scores were divided by d_k and a factor of 2, not by its square root",
        why="A square root is a power of one half. But Python works out a power before a division, so that a half written as 1/2 without parentheses of its own splits up: first the power of 1, which changes nothing, then a division by 2. The scores come out with d_k and a 2 in them, and no root.",
    ),
    mistake("scaled_scores.multiplied-by-sqrt", "The scores were multiplied by √d_k, not divided",
        {"scale": "products * np.sqrt(Key.shape[-1])"},
        off="The size of the scores is off", question="Should the scores of longer vectors be made larger or smaller?",
        why="The square root of d_k is there, but it makes the scores larger where it should make them smaller. Softmax then puts nearly all weight on one word. The scaling is meant to undo the growth that comes from adding up d_k terms, so it must divide.",
        look=f"scaled_scores({TWO_BY_THREE})  # 2·3 / √3 is about 3.46"),
    *mistake("scaled_scores.scaled-by-n_tokens", "The scores were divided by a number of tokens, not of features",
        {"scale": "products / np.sqrt(Key.shape[0])"},
        off="The size of the scores is off", question="Should the score of two words change when a third word joins the sentence?",
        why="The size was read from the wrong axis: it counts the tokens, which are the rows. d_k is the length of one key, so it is the number of columns. Adding words to a sentence does not make a dot product larger. Adding features does, and that is what the scaling undoes.",
        look=f"scaled_scores({TWO_BY_THREE})  # one token, three features: 2·3 / √3 is about 3.46").also(
        {"scale": "products / np.sqrt(Query.shape[0])"}, {"scale": "products / Key.shape[0]"},
        {"scale": "products / Query.shape[0]"},
    ),
    *mistake("scaled_scores.scaled-twice", "The scores were divided by √d_k twice",
        {"scale": "products / Key.shape[-1]"}, telltale=A_ROOT,
        off="The size of the scores is off", question="On how many lines is something divided?",
        why="The division happens in two places: once on a query or key, and again on the product. Twice the root of d_k is the same as all of d_k, so the scores come out too small and the weights almost even. It often slips in when a helper divides already.",
        look=f"scaled_scores({TWO_BY_THREE})  # 2·3 / √3 is about 3.46").also(
        {"scale": "products / Key.shape[-1] ** 1.5"}, telltale="",
        title="The scores were divided by √d_k three times",
    ),
    mistake("scaled_scores.transposed", "Rows and columns are swapped: keys ask and queries answer",
        {"product": "Key @ Query.T"}, elsewhere="Keys ask and queries answer: rows and columns of their product are swapped",
        off="The scores stand in the wrong places", question="Who looks in row 0: a query or a key?",
        why="The table has one row for each key. It should have one row for each query, because softmax works along rows and every query spreads its own attention. With as many keys as queries the shape looks right, so the slip shows in the numbers alone. Test it with three queries and two keys.",
        look="scaled_scores(np.ones((3, 4)), np.ones((2, 4))).shape  # three queries are three rows"),
    *mistake("scaled_scores.self-product", "The queries met themselves, or the keys did",
        {"product": "Query @ Query.T"},
        off="The scores are off", question="Two words are compared here. Which vector of the one, and which vector of the other?",
        why="Both sides of the product are the same matrix. So the scores tell how alike two queries are, or two keys. What we want is how well a query fits a key: the one asks, the other answers. A telling sign is that the table looks the same when it is flipped along its diagonal.",
        look=f"{TWO_TOKENS}  # {TWO_PRODUCTS}").also({"product": "Key @ Key.T"}),
    *mistake("scaled_scores.elementwise", "Query and Key were multiplied entry by entry",
        {"product": "Query * Key"},
        off="The scores are off", question="How many scores are there for two queries and three keys?",
        why="The star multiplies entries at the same place. A score is a dot product: multiply entry by entry, then add up to a single number, for each pair of a query and a key. With two queries and three keys there are six scores. The star cannot give them, and often stops with an error about shapes.",
        look="scaled_scores(np.ones((2, 3)), np.ones((2, 3)))  # two by two scores, each 3 / √3").also(
        {"product": "(Query * Key).sum(axis=-1)"},
        {"product": "(Query * Key).sum(axis=-1, keepdims=True)"}, {"product": "(Query * Key).sum()"},
    ),
    mistake("scaled_scores.feature-product", "Features met features, where tokens should meet tokens",
        {"product": "Query.T @ Key"},
        off="The scores are off", question="What do the rows of your result stand for, words or features?",
        why="The wrong matrix was flipped. The product now adds up over the tokens and gives one row and one column for each feature. A score compares two tokens, so the sum must run over their features. With as many queries as keys there is no error, only a table of the wrong size.",
        look="scaled_scores(np.ones((2, 3)), np.ones((2, 3))).shape  # two tokens: two by two"),
    mistake("scaled_scores.untransposed", "The keys were not flipped before the product",
        {"product": "Query @ Key"},
        off="The scores are off", question="Which vectors does this product multiply entry by entry?",
        why="A matrix product runs rows of the first against columns of the second. The keys are rows too, so they must be flipped first, or the shapes do not fit and NumPy stops with an error. Only where a sentence has exactly as many tokens as features does it run, and then the numbers are wrong.",
        look=f"{TWO_TOKENS}  # {TWO_PRODUCTS}"),
    *mistake("scaled_scores.cosine", "The scores were divided by the lengths of the vectors",
        {"scale": "products / np.outer(np.linalg.norm(Query, axis=-1), np.linalg.norm(Key, axis=-1))"},
        off="The size of the scores is off, and not everywhere alike", question="May a word with a long key be louder than one with a short key?",
        why="This is cosine similarity: it looks at the angle between two vectors and forgets how long they are. All scores then lie between −1 and 1. In attention a long key may speak louder than a short one, so the lengths stay. Only the square root of d_k divides, the same for all pairs.",
        look=f"scaled_scores({TWO_BY_THREE})  # 2·3 / √3 is about 3.46").also(
        {"scale": "products / np.outer(np.linalg.norm(Query, axis=-1), np.linalg.norm(Key, axis=-1)) / np.sqrt(Key.shape[-1])"},
    ),
    *mistake("scaled_scores.softmaxed-early", "Softmax was applied already",
        {"scale": "softmax(products / np.sqrt(Key.shape[-1]))"}, elsewhere="Softmax was applied twice",
        off="The scores are not what the next step needs", question="Can a score be negative, and what do scores add up to?",
        why="The result holds weights that add up to 1, not scores. Softmax is the next function, and attention applies it to what comes back from here. If this function does it too, it happens twice, and the weights come out far too even. Scores may be negative, and their rows need not add up to anything.",
        look=f"scaled_scores({TWO_BY_THREE})  # a plain score: 2·3 / √3 is about 3.46").also(
        {"scale": "softmax(products)"}, {"scale": "softmax((products / np.sqrt(Key.shape[-1])).T).T"},
    ),
    *mistake("scaled_scores.floor-division", "The division cut off the decimals",
        {"scale": "products // np.sqrt(Key.shape[-1])"},
        off="The scores are off", question="Where could the decimals of the scores get lost?",
        why="Two slashes divide and then round down to a whole number, even for decimals. A score of 1.73 becomes 1, and one of −0.2 becomes −1. So scores that differ become equal, and the weights lose what made them different. One slash keeps the decimals.",
        look=f"scaled_scores({TWO_BY_THREE})  # 2·3 / √3 is about 3.46, not a whole number").also({"scale": "products // Key.shape[-1]"}),
    mistake("scaled_scores.floor-division", "The square root lost its decimals",
        {"scale": "products / int(np.sqrt(Key.shape[-1]))"},
        off="The scores are off", question="Where could the decimals of the scores get lost?",
        why="The square root of d_k was cut down to a whole number before the division. For d_k = 6 it becomes 2, where 2.449 is right. Where d_k is 4, 9 or 16 nothing is lost, so a test with such a size passes. A square root is rarely whole: keep its decimals.",
        look=f"scaled_scores({TWO_BY_THREE})  # 2·3 / √3 is about 3.46"),
    *mistake("scaled_scores.sqrt-of-everything", "The root was taken of the scores too",
        {"scale": "np.sqrt(products / Key.shape[-1])"},
        off="The scores are off", question="Which part of the formula stands under the root?",
        why="The parentheses of the square root reach too far: they hold the products as well as d_k. A negative product has no real root, so nan appears, and NumPy prints a warning. Only d_k belongs below the root. The dot products stay as they are.",
        look="scaled_scores(np.array([[1.0, 0.0]]), np.array([[-1.0, 0.0]]))  # about −0.707, not nan").also(
        {"scale": "np.sqrt(products)"}, {"scale": "np.sqrt(products) / Key.shape[-1]"},
        {"scale": "np.sqrt(products / np.sqrt(Key.shape[-1]))"},
        {"scale": "np.sqrt(np.abs(products) / Key.shape[-1])"},
    ),
    mistake("scaled_scores.negated", "All scores have the wrong sign",
        {"scale": "-products / np.sqrt(Key.shape[-1])"},
        off="The signs of the scores are off", question="Should a good match get a large score or a small one?",
        why="Each score is right but for its sign. The query then attends most to the word that fits it worst. Scores are about likeness, not distance: a larger dot product means a better match, and so it must stay larger.",
        look=f"scaled_scores({TWO_BY_THREE})  # two vectors that point the same way: above zero"),
)
