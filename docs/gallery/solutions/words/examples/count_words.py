# Ways in which students write count_words. Each cell is a notebook cell; its heading says what graders should find.

# %% right a Counter made a dictionary
from collections import Counter

def count_words(text):
    return dict(Counter(text.lower().split()))

# %% right sorted, and with a question first
def count_words(some_text):
    counts = {}
    for word in sorted(some_text.split()):
        word = word.lower()
        if word in counts:
            counts[word] += 1
        else:
            counts[word] = 1
    return counts

# %% count_words.capitals-apart lower() was called and its result thrown away
def count_words(text):
    text.lower()
    counts = {}
    for word in text.split():
        counts[word] = counts.get(word, 0) + 1
    return counts

# %% count_words.letters over the text itself
def count_words(text):
    counts = {}
    for word in text.lower():
        counts[word] = counts.get(word, 0) + 1
    return counts

# %% count_words.starts-at-zero put down with 0
def count_words(text):
    counts = {}
    for word in text.lower().split():
        if word not in counts:
            counts[word] = 0
        else:
            counts[word] += 1
    return counts

# %% general.returns-none it is printed
def count_words(text):
    print({word: text.lower().split().count(word) for word in text.lower().split()})
