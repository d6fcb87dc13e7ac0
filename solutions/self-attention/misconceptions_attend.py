"""The mistakes that students make in `attend`, each as what they work out in the place of a step.

Several entries may share an id: one mistake, made in different ways.
"""

from functools import partial

from autograder.author import edit

mistake = partial(edit, read="The context-aware output")  # the heading to read again, where none is named

TWO_VALUES = "np.array([[2.0, 0.0], [0.0, 4.0]])"
ATTEND_EVENLY = f"attend(np.zeros((3, 2)), np.ones((2, 2)), {TWO_VALUES})"
ATTEND_APART = f"attend(np.array([[3.0, 0.0], [0.0, 1.0]]), np.array([[1.0, 1.0], [0.0, 2.0]]), {TWO_VALUES})"
ATTEND_SHAPE = "attend(np.ones((3, 4)), np.ones((5, 4)), np.ones((5, 2))).shape"
APART = "about 1.786 0.428 and 0.660 2.679"

# Of each: what it is, what is worked out and where, the words for it, and a line by which students can see it.
# fmt: off
ATTEND_MISCONCEPTIONS = (
    mistake("attend.unscaled", "The scores were not divided by √d_k",
        {"scale": "products"}, read="Scaled scores",
        off="The output is off", question="What would happen to the weights if every vector were a hundred times as long?",
        why="The scores went into softmax as plain dot products. They grow with the number of features, and large scores make softmax give nearly all weight to one word. So the output is close to a single value, where it should mix several. Your scaled scores from before do the division.",
        look=f"{ATTEND_APART}  # {APART}"),
    mistake("attend.unstable", "Large scores overflow: the row maximum was not subtracted",
        {"shift": "scores"}, read="Softmax", edge=True,
        off="Large inputs go wrong", question="What is the exponential of 1000, and does a computer have room for it?",
        why="On small numbers this does no harm. Scores beyond 709 are too large for the exponential: it becomes inf, and inf divided by inf is nan. From there nan spreads over the whole output row. A softmax that first moves each row so that its largest entry is 0 has no such trouble.",
        look="attend(np.array([[2000.0]]), np.array([[1.0], [1.0]]), np.array([[1.0], [3.0]]))  # 2, no nan"),
    mistake("attend.no-softmax", "The scores were used as weights, without softmax",
        {"divide": "scores"}, elsewhere="The scores were used as they are, without softmax",
        off="The output is off", question="What do the weights of one query add up to here?",
        why="The values were added up with the raw scores. Scores may be negative and add up to anything, so the output can be far away from all values. Softmax turns each row of scores into shares that add up to 1. Only then is the output an average of the values.",
        look=f"{ATTEND_EVENLY}  # equal scores give the plain average: 1 2 in each row"),
    *mistake("attend.wrong-axis", "The weights add up to 1 down the columns, not along the rows",
        {"row sum": "exponentials.sum(axis=0, keepdims=True)", "row maximum": "scores.max(axis=0, keepdims=True)"}, read="Softmax",
        off="The output is off", question="Which numbers compete for the attention of one query?",
        why="Softmax ran along the wrong axis. A row of weights belongs to one query and says how it spreads its attention over the keys, so the row must add up to 1. Here all queries share the attention of each key, and the output is no average any more.",
        look=f"{ATTEND_EVENLY}  # equal scores give the plain average: 1 2 in each row").also({"row sum": "exponentials.sum(axis=0, keepdims=True)"}),
    mistake("attend.weights-transposed", "The weights were flipped before they met the values",
        {"weighted sum": "weights.T @ Value"},
        off="The output is off", question="Whose weights stand in row 0, and whose values do they meet?",
        why="Row i of the weights belongs to query i. After the flip it holds what all queries give to key i, which does not add up to 1. With as many queries as keys it runs without an error. The weights fit the values as they are: one column for each key, one row of values for each key.",
        look=f"{ATTEND_APART}  # {APART}"),
    mistake("attend.key-for-value", "The keys were added up, where the values should be",
        {"weighted sum": "weights @ Key"},
        off="The output is off", question="What does a word pass on once it is found?",
        why="The weights are right, but they were used on the keys. A key only says how well a word fits a query. What the word then passes on is its value. When keys and values have the same size, no error tells you, so check with values that differ from the keys.",
        look=f"{ATTEND_EVENLY}  # the average of the values: 1 2 in each row"),
    mistake("attend.query-for-value", "The queries were added up, where the values should be",
        {"weighted sum": "weights @ Query"},
        off="The output is off", question="What does a word pass on once it is found?",
        why="The weights are right, but they were used on the queries. A query says what a word looks for, and is done once the scores are there. What is mixed is what the words have to say: their values. With as many queries as keys this runs without an error.",
        look=f"attend(np.zeros((2, 2)), np.ones((2, 2)), {TWO_VALUES})  # the average of the values: 1 2"),
    mistake("attend.returns-weights", "The weights came back, not the output",
        {"weighted sum": "weights"},
        off="This is not the output yet", question="What do the numbers of one row of your result stand for?",
        why="The function stops one step early. The weights say how much each query attends to each key, but what we want is what the query learns from that. For this, every value is multiplied by its weight and all are added up. The result has as many columns as a value.",
        look=f"{ATTEND_SHAPE}  # three queries, two features of a value: 3 by 2"),
    *mistake("attend.mean-pooled", "A plain average was taken, so the tokens lost their differences",
        {"weighted sum": "(weights @ Value).mean(axis=0)"},
        off="The rows of the output are too much alike", question="If all words listen in the same way, why would we need queries?",
        why="Either the output rows were averaged into one, or every value got the same weight. Then all queries get the same answer, whatever they ask. The point of attention is that each query weighs the values in its own way and gets an output row of its own.",
        look=f"{ATTEND_APART}  # {APART}: each query gets a row of its own").also(
        {"weighted sum": "(weights @ Value).mean(axis=0, keepdims=True)"},
        {"weighted sum": "np.tile(Value.mean(axis=0), (len(weights), 1))"},
        {"weighted sum": "Value.mean(axis=0)"}, {"weighted sum": "Value.mean(axis=0, keepdims=True)"},
    ),
    *mistake("attend.summed-over-tokens", "The output rows were added up into one",
        {"weighted sum": "(weights @ Value).sum(axis=0)"},
        off="Rows of the output are missing", question="How many words look, and how many rows should come back?",
        why="There is a sum too many. Adding up over the keys is part of the product of weights and values. After that, each query has its own output row, and these rows stay apart. Added together, they no longer belong to any token.",
        look=f"{ATTEND_SHAPE}  # three queries are three rows").also({"weighted sum": "(weights @ Value).sum(axis=0, keepdims=True)"}),
    *mistake("attend.residual-added", "An input was added to the output",
        {"weighted sum": "weights @ Value + Value"},
        off="The output is off", question="Which values does equation 1 add up, and is there anything else?",
        why="In a whole transformer, the input of a layer is added to its output, which is called a residual connection. But that comes later and outside of attention. The output here is the weighted sum of the values and nothing else. With more queries than keys, the addition stops with an error about shapes.",
        look=f"attend(np.ones((2, 2)), np.ones((2, 2)), {TWO_VALUES})  # the average of the values: 1 2").also(
        {"weighted sum": "weights @ Value + Query"}, {"weighted sum": "weights @ Value + Key"},
    ),
    mistake("attend.swapped-query-key", "Query and Key changed places",
        {"product": "Key @ Query.T"}, read="Scaled scores",
        off="The output is off", question="Who asks, and who is asked?",
        why="The keys ask and the queries answer. The table of scores has then one row for each key, and softmax spreads the attention of the wrong side. With as many queries as keys nothing stops you. Look at the order of the arguments where the scores are made.",
        look=f"{ATTEND_APART}  # {APART}"),
    mistake("attend.softmax-twice", "Softmax was applied twice",
        {"divide": "softmax(exponentials / sums)"},
        off="The output is off", question="What does softmax do with numbers that are all between 0 and 1?",
        why="The weights went through softmax once more. They still add up to 1, but since they all lie between 0 and 1, a second softmax makes them nearly even. Words that should count for nothing get a good share. It often happens when the scores already come back as weights.",
        look=f"{ATTEND_APART}  # {APART}"),
    *mistake("attend.causal-mask", "Later words were hidden from earlier ones",
        {"scale": "np.where(np.tri(*products.shape, 0, dtype=bool), products / np.sqrt(Key.shape[-1]), -np.inf)"}, elsewhere="All that lies above the diagonal was hidden",
        off="Some rows of the output are off", question="May the first word of this sentence look at the last one?",
        why="A mask hides every key that comes after its query. Models that write text word by word need that, so that they cannot peek ahead. This function is the plain version: each word may attend to all words, before and after it. A sign of the mask is that the first row only sees the first value.",
        look="attend(np.ones((2, 2)), np.ones((3, 2)), np.array([[0.0], [0.0], [3.0]]))  # equal scores give the plain average, 1, also in the first row").also(
        {"scale": "np.where(np.tri(*products.shape, max(len(Key) - len(products), 0), dtype=bool), products / np.sqrt(Key.shape[-1]), -np.inf)"},
        {"scale": "np.where(np.tri(*products.shape, 0, dtype=bool), products / np.sqrt(Key.shape[-1]), 0.0)"},
        {"divide": "np.tril(exponentials / sums)"},
    ),
    mistake("attend.hard-max", "Only the best match was used",
        {"divide": "np.eye(scores.shape[-1])[scores.argmax(axis=-1)]"},
        off="The output is off", question="What should the second best word get, if it is nearly as good?",
        why="Each query took the value of its highest score and left out the rest. That is a look-up, not attention. Softmax gives the best match the most weight, and the others their share. So the output is a mixture, which can change little by little while the model learns.",
        look=f"{ATTEND_APART}  # {APART}"),
)
