# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Counting words
#
# Which word does your favourite song sing most often? Nobody counts that by hand. A *dictionary* is made for it:
# each word is a key, and its value is how often you have met it so far.
#
# ```
# "row row row your boat"
#
#   row   ─► 3
#   your  ─► 1
#   boat  ─► 1
# ```

# %%
from autograder import check

song = "Row row row your boat gently down the stream"
print(song.lower().split())

# %% [markdown]
# > **Predict.** "Row" and "row": does Python think that they are the same word?
#
# <details><summary>Answer</summary>
#
# It does not: to Python a capital letter is another letter. `lower()` makes both the same.
#
# </details>
#
# Now write `count_words`.


# %% nbgrader={"grade": false, "grade_id": "count_words", "locked": false, "schema_version": 3, "solution": true, "task": false}
def count_words(text):
    """How often each word of a text comes.

    text: a string of words with spaces or line ends between them, and no punctuation.
    Returns a dictionary from each word, in small letters, to the number of times it comes. Capital and small letters
    make no difference. An empty text gives an empty dictionary.
    """
    ### BEGIN SOLUTION
    counts = {}
    for word in text.lower().split():
        counts[word] = counts.get(word, 0) + 1
    return counts
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-count_words", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(count_words)

# %% [markdown]
# And the winner is:

# %%
try:
    counts = count_words(song)
    print(max(counts, key=counts.get))
except Exception as error:  # not written yet, or not what this cell can use
    print(f"This cell waits for your count_words: check(count_words) says why. ({error!r})")
